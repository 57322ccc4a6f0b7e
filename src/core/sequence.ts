// The sequence counter of one connection: one counter for all channels, from 0, +1 a frame (reference 3.7).

import { SAME_TROUBLE_MS } from './bounds.ts';

export interface SequenceGap {
  t: number;
  at: number;
  seq: number;
  /** Last number before, first number after. */
  from: number;
  to: number;
  lost: number;
}

export interface Sequence {
  last: number | null;
  gaps: number;
  lost: number;
  repeats: number;
  lastGap: SequenceGap | null;
  lastRepeat: SequenceGap | null;
  /** Frames since the last number whose own number could not be read: they may have used up numbers. */
  unreadable: number;
  /** Gaps and repeats of the present trouble, by `SAME_TROUBLE_MS`. */
  gapsInARow: number;
  repeatsInARow: number;
}

export function newSequence(): Sequence {
  return {
    last: null,
    gaps: 0,
    lost: 0,
    repeats: 0,
    lastGap: null,
    lastRepeat: null,
    unreadable: 0,
    gapsInARow: 0,
    repeatsInARow: 0,
  };
}

/** Whether what happened last is one with what happens now, and not a trouble of its own. */
export function isSameTrouble(last: { t: number } | null, now: { t: number }): boolean {
  return last !== null && now.t - last.t < SAME_TROUBLE_MS;
}

/** A leap so far that no loss explains it. */
const STRAY_LEAP = 100_000;

/** After one stray number the counter goes on where it was: the stray one was odd, the ones after it are no repeats. */
function isBackInLine(lastGap: SequenceGap | null, number: number): boolean {
  return lastGap !== null && lastGap.lost >= STRAY_LEAP && number > lastGap.from && number <= lastGap.from + 2;
}

/** Folds one number. A first number above 0 is no gap: nobody knows what came before. */
export function foldSequence(sequence: Sequence, number: number, stamp: { t: number; at: number; seq: number }): void {
  const last = sequence.last;
  const unreadable = sequence.unreadable;
  sequence.unreadable = 0;
  if (last === null) {
    sequence.last = number;
    return;
  }
  if (number > last && number <= last + 1 + unreadable) {
    sequence.last = number;
    return;
  }
  const odd = {
    t: stamp.t,
    at: stamp.at,
    seq: stamp.seq,
    from: last,
    to: number,
    lost: Math.max(0, number - last - 1),
  };
  if (isBackInLine(sequence.lastGap, number)) {
    sequence.last = number;
    return;
  }
  if (number <= last) {
    sequence.repeats += 1;
    sequence.repeatsInARow = isSameTrouble(sequence.lastRepeat, stamp) ? sequence.repeatsInARow + 1 : 1;
    sequence.lastRepeat = odd;
    return;
  }
  sequence.gaps += 1;
  sequence.gapsInARow = isSameTrouble(sequence.lastGap, stamp) ? sequence.gapsInARow + 1 : 1;
  sequence.lost += odd.lost;
  sequence.lastGap = odd;
  sequence.last = number;
}

/** A new socket counts from 0 again; totals stay. */
export function restartSequence(sequence: Sequence): void {
  sequence.last = null;
  sequence.unreadable = 0;
}
