// Opening, indexing and winding a large recording: the pass over it, its memory, and seeks to anywhere. `--mb=1024 --file=FILE`

import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, Worker } from 'node:worker_threads';
import { indexFileOf } from '../../src/app/index-file.ts';
import type { Keyframe } from '../../src/app/keyframes.ts';
import { ReplayIndex } from '../../src/app/replay-index.ts';
import { ENGINE_YOUNG_MB_MAX } from '../../src/core/bounds.ts';
import { Engine } from '../../src/engine/engine.ts';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import { systemClock } from '../../src/feed/clock.ts';
import { createReplay } from '../../src/feed/replay.ts';
import type { Recording } from '../../src/recording/reader.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { makeRecording } from './make-recording.ts';
import { median, numberFlag, tell } from './support-row.ts';

const SEEKS = 60;
const named = process.argv.find((arg) => arg.startsWith('--file='))?.slice('--file='.length);
const file = named ?? join(tmpdir(), `cbscope-bench-replay-${process.pid}.ndjson`);
if (isMainThread && !existsSync(file)) makeRecording({ file, bytes: numberFlag('mb', 1_024) * 1024 * 1024 });

interface Wound {
  replay: ReturnType<typeof createReplay<Keyframe>>;
  engine: () => Engine;
}

function windable(recording: Recording, index: ReplayIndex): Wound {
  let engine = new Engine();
  const replay = createReplay<Keyframe>({
    recording,
    clock: systemClock,
    checkpoints: index.keyframes,
    onReset: async (from) => {
      engine = from === null ? new Engine() : await index.thaw(from);
    },
    onFacts: (facts) => {
      for (const fact of facts) engine.replay(fact);
    },
  });
  return { replay, engine: () => engine };
}

async function measure(): Promise<void> {
  const beganAt = performance.now();
  const recording = await openRecording(file);
  if ('problem' in recording) throw new Error(recording.problem);
  rmSync(indexFileOf(file), { force: true });
  const index = new ReplayIndex(recording);
  const { replay, engine } = windable(recording, index);
  await replay.seek(0);
  takeSnapshot(engine(), 'replay');
  const firstMs = performance.now() - beganAt;
  await index.run();
  const indexedMs = performance.now() - beganAt;
  replay.reaches(index.reachT);

  let state = 12_345;
  const tookMs: number[] = [];
  for (let count = 0; count < SEEKS; count += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const from = performance.now();
    await replay.seek(((state >>> 8) / 16_777_216) * index.reachT);
    takeSnapshot(engine(), 'replay');
    tookMs.push(performance.now() - from);
  }
  replay.stop();
  const againAt = performance.now();
  await new ReplayIndex(recording).run();
  const againMs = performance.now() - againAt;

  const gigabytes = recording.sizeBytes / 1024 ** 3;
  const rssMb = Math.round(process.resourceUsage().maxRSS / 1024);
  const { keyframes } = index;
  tell({
    what: `first snapshot of ${gigabytes.toFixed(2)} GB`,
    figure: `${firstMs.toFixed(0)} ms`,
    budget: '≤ 1 s',
    ok: firstMs <= 1_000,
  });
  tell({
    what: `indexed, ${keyframes.all.length} keyframes of ${(keyframes.bytes / 1e6).toFixed(0)} MB`,
    figure: `${(indexedMs / 1_000).toFixed(2)} s`,
    budget: '≤ 5 s a GB',
    ok: indexedMs <= 5_000 * Math.max(1, gigabytes),
  });
  const worst = Math.max(...tookMs);
  tell({
    what: `seek anywhere, median of ${SEEKS} ${median(tookMs).toFixed(0)} ms`,
    figure: `${worst.toFixed(0)} ms at worst`,
    budget: '≤ 100 ms',
    ok: worst <= 100,
  });
  tell({ what: 'indexed again, from the index kept beside it', figure: `${againMs.toFixed(0)} ms` });
  tell({ what: 'resident at most, indexing and winding', figure: `${rssMb} MB`, budget: '≤ 300 MB', ok: rssMb <= 300 });
}

// In a thread with the bounds that the program gives its engine.
if (isMainThread) {
  const resourceLimits = { maxYoungGenerationSizeMb: ENGINE_YOUNG_MB_MAX.replay };
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2), resourceLimits });
  worker.on('exit', () => {
    rmSync(indexFileOf(file), { force: true });
    if (named === undefined) rmSync(file, { force: true });
  });
} else await measure();
