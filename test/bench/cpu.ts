// Processor time of the program with its full screen at 120×40 while frames come at 200 a second, and while only heartbeats come; and of the
// first at 200×60, for which there is no budget.
// `--seconds=N` is how long each is watched.

import { setTimeout as wait } from 'node:timers/promises';
import { cpuSeconds, type Program, program, SIZE } from './support-program.ts';
import { numberFlag, tell } from './support-row.ts';
import { type Sender, startSending } from './support-sender.ts';

const SECONDS = numberFlag('seconds', 20);
const FRAMES_A_SECOND = 200;
/** The start, and the compiler's work on what is hot: it takes most of half a minute at these paces. */
const SETTLE_MS = 30_000;

async function share(running: Program): Promise<number> {
  const before = cpuSeconds(running.pid);
  const began = performance.now();
  await wait(SECONDS * 1_000);
  return ((cpuSeconds(running.pid) - before) * 1_000) / (performance.now() - began);
}

async function measure(feed: (sender: Sender) => () => void, size = SIZE): Promise<number> {
  const server = await startSending();
  const connected = server.receiver();
  const channels = ['--channels', 'ticker,level2,market_trades', '--env-file', '/dev/null'];
  const running = program(['watch', '--public-url', server.url, '--no-user', '--no-rest', ...channels], size);
  const stop = feed(await connected);
  await wait(SETTLE_MS);
  const used = await share(running);
  stop();
  await running.end();
  server.close();
  return used;
}

const busy = await measure((sender) => sender.pace(FRAMES_A_SECOND));
const idle = await measure((sender) => sender.beat());
const large = await measure((sender) => sender.pace(FRAMES_A_SECOND), { columns: 200, rows: 60 });
const percent = (part: number): string => `${(part * 100).toFixed(1)} % of a core`;
tell({ what: `${FRAMES_A_SECOND} frames/s, 120×40`, figure: percent(busy), budget: '≤ 10 %', ok: busy <= 0.1 });
tell({ what: `${FRAMES_A_SECOND} frames/s, 200×60`, figure: percent(large) });
tell({ what: 'heartbeats only, 120×40', figure: percent(idle), budget: '≤ 4 %', ok: idle <= 0.04 });
process.exit(0);
