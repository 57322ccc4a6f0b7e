// Kills the recording program with SIGKILL at random moments, and tells from outside how much each recording lost: what the built-in
// exchange had sent by when, against the frames in the file. `--kills=20 --seed=N`

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../src/cli/exit-code.ts';
import { type Exchange, startExchange } from '../../src/exchange/exchange.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { startInTerminal } from './support-program.ts';
import { numberFlag, tell } from './support-row.ts';

const KILLS = numberFlag('kills', 20);
const SEED = numberFlag('seed', Math.floor(Math.random() * 2 ** 31));
const LOST_MS_MAX = 250;
const LOOK_EVERY_MS = 2;
/** After the recording is known to hold something. */
const LIVE_MS_MAX = 2_000;
const ROOT = process.env['CBSCOPE_ROOT'] ?? process.cwd();
const SCRIPT = join(ROOT, 'bin', 'cbscope.js');
const ENDINGS = ['ndjson', 'ndjson.gz', 'ndjson.zst'] as const;

const folder = mkdtempSync(join(tmpdir(), 'cbscope-bench-kill-'));

let state = SEED;
function chance(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return (state >>> 8) / 16_777_216;
}

interface Sent {
  atMs: number;
  frames: number;
}

const framesOf = ({ frames }: ReturnType<Exchange['stats']>): number => frames.public + frames.user;

/** What the exchange had sent, looked at every few milliseconds until `stop`. */
function watchSending(exchange: Exchange): { sent: Sent[]; stop: () => void } {
  const sent: Sent[] = [{ atMs: performance.now(), frames: 0 }];
  const timer = setInterval(() => {
    const frames = framesOf(exchange.stats());
    if (frames > (sent.at(-1)?.frames ?? 0)) sent.push({ atMs: performance.now(), frames });
  }, LOOK_EVERY_MS);
  return { sent, stop: () => clearInterval(timer) };
}

interface Victim {
  pid: number;
  gone: Promise<void>;
}

function startLines(args: string[]): Victim {
  const child = spawn(process.execPath, [SCRIPT, ...args, '--plain'], { stdio: 'ignore' });
  return { pid: child.pid ?? 0, gone: new Promise((resolve) => child.once('close', () => resolve())) };
}

async function framesIn(file: string): Promise<number> {
  const recording = await openRecording(file);
  if ('problem' in recording) throw new Error(recording.problem);
  let frames = 0;
  for await (const batch of recording.facts()) {
    frames += batch.filter(({ fact }) => fact === 'frame.received').length;
  }
  return frames;
}

function reportOn(file: string): Promise<number> {
  const child = spawn(process.execPath, [SCRIPT, 'report', file], { stdio: 'ignore' });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? -1)));
}

async function untilSending(sent: readonly Sent[]): Promise<void> {
  while ((sent.at(-1)?.frames ?? 0) < 20) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}

/** Time between the first frame that the file lacks and the kill, ms; 0 when it lacks none. */
async function lostMs(index: number): Promise<number> {
  const exchange = await startExchange({ seed: SEED + index, overrides: { pace: 4 } });
  const file = join(folder, `${index}.${ENDINGS[index % ENDINGS.length]}`);
  const { publicUrl, userUrl, restUrl, keys } = exchange;
  const key = join(folder, 'key.json');
  writeFileSync(key, JSON.stringify({ name: keys.es256.id, privateKey: keys.es256.secret }), { mode: 0o600 });
  const urls = ['--public-url', publicUrl, '--user-url', userUrl, '--rest-url', restUrl];
  const args = ['watch', ...urls, '--key-file', key, '--record', file];
  const { sent, stop } = watchSending(exchange);
  const { pid, gone } = index % 2 === 0 ? startLines(args) : startInTerminal(SCRIPT, args);
  await untilSending(sent);
  await new Promise((resolve) => setTimeout(resolve, chance() * LIVE_MS_MAX));
  process.kill(pid, 'SIGKILL');
  const killedMs = performance.now();
  await gone;
  stop();
  await exchange.close();
  const kept = await framesIn(file);
  const code = await reportOn(file);
  if (code === EXIT.internal || code === EXIT.usage) throw new Error(`report on ${file} ended with ${code}`);
  const missing = sent.find(({ frames }) => frames > kept);
  return missing === undefined ? 0 : Math.max(0, killedMs - missing.atMs);
}

const lost: number[] = [];
for (let index = 0; index < KILLS; index += 1) lost.push(await lostMs(index));
rmSync(folder, { recursive: true, force: true });
const worst = Math.max(...lost);
tell({
  what: `lost by kill -9, worst of ${KILLS} (seed ${SEED})`,
  figure: `${worst.toFixed(0)} ms (${lost.map((ms) => ms.toFixed(0)).join(' ')})`,
  budget: `≤ ${LOST_MS_MAX} ms`,
  ok: worst <= LOST_MS_MAX,
});
