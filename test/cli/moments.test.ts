// Times as they are typed for a recording, against its beginning.

import { describe, expect, it } from 'vitest';
import { isBefore, type Moment, readMoment } from '../../src/cli/moments.ts';

const FIRST = { at: Date.parse('2026-11-22T23:59:30.000Z'), t: 500 };

function momentOf(text: string): Moment {
  const read = readMoment('--since', text);
  if ('problem' in read) throw new Error(read.problem);
  return read.value;
}

/** Milliseconds behind the beginning at which the moment comes. */
function comesAfterMs(text: string): number {
  const moment = momentOf(text);
  let low = -120_000;
  let high = 2 * 86_400_000;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isBefore(moment, { at: FIRST.at + middle, t: FIRST.t + middle }, FIRST)) low = middle;
    else high = middle;
  }
  return high;
}

describe('a typed time', () => {
  it.each([
    ['2026-11-22T23:59:40Z', 10_000],
    ['2026-11-23T01:00:00.250+01:00', 30_250],
    ['23:59:45', 15_000],
    ['23:59:30', 0],
    ['00:00:10.5', 40_500],
    ['90s', 90_000],
    ['5m', 300_000],
  ])('%s comes where it says', (text, ms) => {
    expect(comesAfterMs(text)).toBe(ms);
  });

  it.each(['', 'noon', '25:00:00', '2026-11-22', '12:61:00', '-5s', 'NaN'])('%j is refused in one sentence', (text) => {
    expect(readMoment('--until', text)).toEqual({
      problem: expect.stringMatching(/^--until .* is not a time of a recording; expected /),
    });
  });
});
