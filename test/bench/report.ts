// A large recording: `report` beside `jq -c .`, opening to the first screen, and seeking. 100 MB; `--megabytes=1000` for the full size.

import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReplaySession } from '../../src/app/replay-session.ts';
import type { Fact, FactBody } from '../../src/core/fact.ts';
import { encodeHeader, LineEncoder } from '../../src/recording/codec.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { program, ROOT } from './support-program.ts';
import { median, numberFlag, tell } from './support-row.ts';
import { frameMaker, opened, openingFacts } from './support-session.ts';

const BYTES = numberFlag('megabytes', 100) * 1e6;
const ROUNDS = numberFlag('rounds', BYTES > 5e8 ? 1 : 3);
const FRAMES_A_SECOND = 200;
const CHUNK_BYTES = 1e6;
const file = join(tmpdir(), `cbscope-bench-${process.pid}.ndjson`);

/** Writes a recording of a quiet session at 200 frames a second; returns its length, ms. */
function generate(): number {
  const fd = openSync(file, 'w');
  const startAt = Date.UTC(2026, 10, 22, 20, 14, 6);
  const at = new Date(startAt).toISOString();
  const encoder = new LineEncoder();
  const make = frameMaker();
  let written = writeSync(
    fd,
    encodeHeader({ format: 'cbscope-recording', version: 1, at, tool: 'bench', mode: 'live', partial: false }),
  );
  let seq = 0;
  let t = 0;
  const append = (body: FactBody): void => {
    const fact = body as Fact;
    seq += 1;
    Object.assign(fact, {
      seq,
      at: Math.floor(startAt + t),
      t,
      ...(fact.fact === 'frame.received' ? { plain: true } : {}),
    });
    encoder.append(fact);
  };
  for (const body of [...openingFacts(), opened()]) append(body);
  while (written < BYTES) {
    for (let index = 0; index < FRAMES_A_SECOND; index += 1) {
      t += 1_000 / FRAMES_A_SECOND;
      append(make('public'));
    }
    append({ fact: 'tick' });
    if (encoder.pendingBytes > CHUNK_BYTES) written += writeSync(fd, encoder.take());
  }
  closeSync(fd);
  return t;
}

function seconds(command: string, args: string[]): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore'], cwd: ROOT });
    child.on('error', reject);
    child.on('close', () => resolve((performance.now() - began) / 1_000));
  });
}

async function seekMs(lengthMs: number): Promise<number[]> {
  const recording = await openRecording(file);
  if ('problem' in recording) throw new Error(recording.problem);
  const session = new ReplaySession(file, tmpdir(), recording);
  await session.act({ action: 'replay-play', playing: false });
  const took: number[] = [];
  for (const part of [0.5, 0.9, 0.1, 0.7, 0.3]) {
    const began = performance.now();
    await session.act({ action: 'replay-seek', toT: lengthMs * part });
    took.push(performance.now() - began);
  }
  await session.stop();
  return took;
}

const lengthMs = generate();
const megabytes = statSync(file).size / 1e6;
process.stdout.write(`${megabytes.toFixed(0)} MB, ${(lengthMs / 60_000).toFixed(0)} minutes at 200 frames/s\n`);

const ours: number[] = [];
const jqs: number[] = [];
const opens: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  ours.push(await seconds(process.execPath, [join(ROOT, 'bin', 'cbscope.js'), 'report', file]));
  jqs.push(await seconds('jq', ['-c', '.', file]));
  const replay = program(['replay', file]);
  opens.push(await replay.firstScreen());
  await replay.end();
}
const seeks = await seekMs(lengthMs);
rmSync(file, { force: true });

const ratio = median(jqs.map((jq, round) => jq / (ours[round] ?? 1)));
tell({
  what: `report on ${megabytes.toFixed(0)} MB`,
  figure: `${median(ours).toFixed(2)} s, ${(megabytes / median(ours)).toFixed(0)} MB/s`,
  reference: `jq -c . ${median(jqs).toFixed(2)} s`,
  ratio,
  budget: '≥ 5',
  ok: ratio >= 5,
});
const open = median(opens);
tell({ what: 'open to the first screen', figure: `${open.toFixed(0)} ms`, budget: '≤ 1 s', ok: open <= 1_000 });
const seek = Math.max(...seeks);
tell({
  what: 'seek, slowest of five',
  figure: `${seek.toFixed(0)} ms (${seeks.map((ms) => ms.toFixed(0)).join(', ')})`,
  budget: '≤ 100 ms',
  ok: seek <= 100,
});
process.exit(0);
