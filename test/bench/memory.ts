// Memory of the engine with log, tape and flight recorder after millions of frames: flat, and small. `--frames=10000000` for the full run.

import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';
import { ENGINE_YOUNG_MB_MAX } from '../../src/core/bounds.ts';
import { systemClock } from '../../src/feed/clock.ts';
import { numberFlag, tell } from './support-row.ts';
import { fedSession, frameMaker } from './support-session.ts';

const FRAMES = numberFlag('frames', 3_000_000);
const FRAMES_A_TURN = 2_000;
const MARKS = 10;

if (isMainThread) {
  // As in the program: the engine in a thread with its own bound.
  const resourceLimits = { maxYoungGenerationSizeMb: ENGINE_YOUNG_MB_MAX.live };
  new Worker(fileURLToPath(import.meta.url), { argv: process.argv.slice(2), resourceLimits });
} else await fold();

async function fold(): Promise<void> {
  const { session, emit } = await fedSession(systemClock);
  const make = frameMaker();
  session.subscribe((snapshot) => void structuredClone(snapshot));
  const mb = (bytes: number): number => Math.round(bytes / 1e6);
  const marks: number[] = [];
  let tickedAt = performance.now();
  for (let frames = 0; frames < FRAMES; frames += FRAMES_A_TURN) {
    for (let index = 0; index < FRAMES_A_TURN; index += 1) emit(make('public'));
    // A turn of the event loop, as between two reads of a socket: timers, flushes and the collector have their time.
    await turn();
    if (performance.now() - tickedAt > 1_000) {
      tickedAt = performance.now();
      emit({ fact: 'tick' });
    }
    if (Math.floor((frames * MARKS) / FRAMES) > marks.length - 1) marks.push(process.memoryUsage.rss());
  }
  marks.push(process.memoryUsage.rss());
  const { traffic, sequence } = session.engine.model.connections.public;
  if (traffic.frames !== FRAMES || sequence.gaps > 0)
    throw new Error(`${traffic.frames} frames, ${sequence.gaps} gaps`);
  await session.stop('the bench is over');

  const most = Math.max(...marks);
  const early = Math.max(...marks.slice(2, 5));
  const late = Math.max(...marks.slice(-3));
  tell({
    what: `resident at most, ${(FRAMES / 1e6).toFixed(0)} M frames`,
    figure: `${mb(most)} MB`,
    budget: '≤ 200 MB',
    ok: most <= 200e6,
  });
  tell({
    what: 'resident at the end, beside a third of the way',
    figure: `${mb(late)} MB`,
    reference: `${mb(early)} MB`,
    ratio: late / early,
    budget: '≤ 1.1',
    ok: late / early <= 1.1,
  });
}
