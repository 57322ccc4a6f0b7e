// What is said of a recording that holds nothing.

import type { Engine } from '../engine/engine.ts';

/** A file that was begun and holds no fact yet, or no whole one, is not healthy for that. */
export function sawNothing(engine: Engine, begunAt: string): void {
  const { model } = engine;
  model.at = Date.parse(begunAt);
  model.startedAt = model.at;
  const sentence = 'The recording holds no fact: nothing can be said of what it was to record.';
  engine.verdict = { party: 'unknown', confidence: 'low', sentence, findingKey: null };
}
