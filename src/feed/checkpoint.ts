// A place in a recording from which a replay can go on because somebody kept what was known there. It holds no fact and no model.

import type { Place } from '../recording/batches.ts';

export interface Checkpoint {
  /** Facts before it. */
  readonly given: number;
  /** Recorded t of the last of them, and of the last that was not idle, ms. */
  readonly lastT: number;
  readonly lastEventT: number;
  /** The greatest recorded t of them, ms: beyond `lastT` where a second session was appended. */
  readonly reachT: number;
  readonly place: Place;
}

/** Whoever keeps checkpoints; asked anew at every seek. */
export interface Checkpoints<At extends Checkpoint> {
  /** The last one before which nothing is later than recorded `t`, ms; null is the beginning. */
  upToTime(t: number): At | null;
  /** The last one with at most this many facts before it. */
  upToCount(given: number): At | null;
}
