// What an engine found, as the text that two engines are compared by.

import type { Engine } from '../../src/engine/engine.ts';
import { summary } from '../../src/report/line.ts';

/** The whole report of an engine, byte for byte: what `report --json` prints. */
export function exactly(engine: Engine): string {
  return JSON.stringify(summary(engine.model, engine.verdict, engine.book.history.values(), true));
}
