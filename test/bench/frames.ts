// The hot path: frames a second through socket, scan, fold, rules, log, recording and file, beside a bare `ws` loop with JSON.parse,
// and the whole program with its screen in a terminal of 120×40. Nothing may be lost. `--frames=N --rounds=N --no-screen`.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENGINE_YOUNG_MB_MAX } from '../../src/core/bounds.ts';
import type { Question, Received } from './receive.ts';
import { residentMaxMb, program as startProgram } from './support-program.ts';
import { hasFlag, median, numberFlag, tell } from './support-row.ts';
import { type Sender, type SendingServer, startSending } from './support-sender.ts';
import { coinbaseMix, meanBytes } from './support-traffic.ts';

const FRAMES = numberFlag('frames', 1_000_000);
const ROUNDS = numberFlag('rounds', 5);
const WARM_UP = 200_000;
const here = dirname(fileURLToPath(import.meta.url));
const file = join(tmpdir(), `cbscope-bench-${process.pid}.ndjson`);

interface Measured {
  perSecond: number;
  /** Processor time of the receiver for one frame, all its threads. */
  cpuUs: number;
  rssMaxMb: number;
  problems: string[];
}

type Kind = 'parse' | 'session';
type Child = ReturnType<typeof fork>;

async function ask<Answer>(child: Child, question: Question): Promise<Answer> {
  child.send(question);
  const [answer] = await once(child, 'message');
  return answer as Answer;
}

async function measure(server: SendingServer, kind: Kind): Promise<Measured> {
  const profile = hasFlag('profile') ? ['--cpu-prof', `--cpu-prof-dir=${tmpdir()}/cbscope-prof-${kind}`] : [];
  const connected = server.receiver();
  // The bound that the engine's thread has in the program: three semi-spaces.
  const young =
    kind === 'session' ? [`--max-semi-space-size=${ENGINE_YOUNG_MB_MAX.live / 3}`, '--heap-growing-percent=40'] : [];
  const child = fork(join(here, 'receive.mjs'), [kind, server.url, file], { execArgv: [...profile, ...young] });
  const sender = await connected;
  await sender.burst(WARM_UP);
  const before = await ask<NodeJS.CpuUsage>(child, 'cpu');
  const { frames, tookMs } = await sender.burst(FRAMES);
  const after = await ask<NodeJS.CpuUsage>(child, 'cpu');
  const received = await ask<Received>(child, 'end');
  const problems = [...received.problems];
  if (received.frames !== sender.sent) problems.push(`${received.frames} of ${sender.sent} frames arrived`);
  const cpuUs = (after.user + after.system - before.user - before.system) / frames;
  return { perSecond: (frames * 1_000) / tookMs, cpuUs, rssMaxMb: received.rssMaxMb, problems };
}

interface Drawn {
  perSecond: number;
  bytesPerSecond: number;
  rssMaxMb: number;
}

/** The program as a user runs it, recording, its screen in a pseudo-terminal that is read at once. */
async function measureProgram(server: SendingServer): Promise<Drawn> {
  rmSync(file, { force: true });
  const connected = server.receiver();
  const args = ['watch', '--public-url', server.url, '--no-user', '--no-rest', '--env-file', '/dev/null'];
  const running = startProgram([...args, '--channels', 'ticker,level2,market_trades', '--record', file]);
  const sender: Sender = await connected;
  await sender.burst(WARM_UP);
  const bytesBefore = running.bytes();
  const { frames, tookMs } = await sender.burst(FRAMES);
  const bytes = running.bytes() - bytesBefore;
  const rssMaxMb = residentMaxMb(running.pid);
  await running.end();
  if (statSync(file).size < frames * 800) throw new Error('the program recorded less than it was sent');
  rmSync(file, { force: true });
  return { perSecond: (frames * 1_000) / tookMs, bytesPerSecond: (bytes * 1_000) / tookMs, rssMaxMb };
}

const million = (perSecond: number): string => `${(perSecond / 1e6).toFixed(3)} M frames/s`;

const server = await startSending();
process.stdout.write(`mean frame ${meanBytes(coinbaseMix(4_096)).toFixed(0)} bytes, ${ROUNDS} rounds of ${FRAMES}\n`);
const parse: Measured[] = [];
const session: Measured[] = [];
const program: Drawn[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  parse.push(await measure(server, 'parse'));
  session.push(await measure(server, 'session'));
  if (!hasFlag('no-screen')) program.push(await measureProgram(server));
}
server.close();

const problems = [...parse, ...session].flatMap((each) => each.problems);
const of = (measured: Measured[], field: 'perSecond' | 'cpuUs' | 'rssMaxMb'): number =>
  median(measured.map((each) => each[field]));
const reference = of(parse, 'perSecond');
const ratioOf = (rates: number[]): number => median(rates.map((rate, round) => rate / (parse[round]?.perSecond ?? 1)));
const ratio = ratioOf(session.map((each) => each.perSecond));
tell({
  what: 'socket → scan → fold → rules → recording',
  figure: million(of(session, 'perSecond')),
  reference: `ws + JSON.parse ${million(reference)}`,
  ratio,
  budget: '≥ 1.5',
  ok: ratio >= 1.5 && problems.length === 0,
});
if (program.length > 0) {
  const drawing = ratioOf(program.map((each) => each.perSecond));
  const rss = median(program.map((each) => each.rssMaxMb));
  tell({ what: 'the program, resident at most', figure: `${rss} MB` });
  tell({
    what: `the program, its screen at 120×40 (${(median(program.map((each) => each.bytesPerSecond)) / 1e3).toFixed(1)} kB/s)`,
    figure: million(median(program.map((each) => each.perSecond))),
    reference: `ws + JSON.parse ${million(reference)}`,
    ratio: drawing,
    budget: '≥ 1.5',
    ok: drawing >= 1.5,
  });
}
tell({
  what: 'processor time a frame, all threads',
  figure: `${of(session, 'cpuUs').toFixed(2)} µs`,
  reference: `ws + JSON.parse ${of(parse, 'cpuUs').toFixed(2)} µs`,
  ratio: of(session, 'cpuUs') / of(parse, 'cpuUs'),
});
tell({
  what: 'lost or out of order',
  figure: problems.length === 0 ? 'none' : problems.join('; '),
  budget: 'none',
  ok: problems.length === 0,
});
tell({
  what: 'the engine alone, resident at most',
  figure: `${of(session, 'rssMaxMb')} MB`,
  budget: '≤ 200 MB',
  ok: of(session, 'rssMaxMb') <= 200,
});
