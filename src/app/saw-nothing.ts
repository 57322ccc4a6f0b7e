// What is said of a recording as long as nothing of it was seen: a file that was begun and holds no fact yet is not healthy for that.

import type { Verdict } from '../core/finding.ts';
import type { Engine } from '../engine/engine.ts';

function notKnown(sentence: string): Verdict {
  return { party: 'unknown', confidence: 'low', sentence, findingKey: null };
}

export const UNSEEN = notKnown('Nothing of the recording is read yet.');
const NOTHING = notKnown('The recording holds no fact: nothing can be said of what it was to record.');

/** The engine of a recording that was read to its end and held nothing; `begunAt` is what its header says. */
export function sawNothing(engine: Engine, begunAt: string): void {
  const { model } = engine;
  model.at = Date.parse(begunAt);
  model.startedAt = model.at;
  engine.verdict = NOTHING;
}
