// The playhead's arithmetic: where it stands, at which speed, and how long until something is due.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueIn, moved, playheadAt, positionAt, SPEEDS, setPlaying, setSpeed } from '../../src/feed/playhead.ts';

describe('a playhead', () => {
  it('stands still until it plays', () => {
    expect(positionAt(playheadAt(500), 99_999)).toBe(500);
    expect(dueIn(playheadAt(500), 501, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(dueIn(playheadAt(500), 500, 0)).toBe(0);
  });

  it.each([
    [0.25, 1_250],
    [1, 2_000],
    [64, 65_000],
  ])('moves at ×%d', (speed, after) => {
    const head = setPlaying(setSpeed(playheadAt(1_000), speed, 0), true, 0);
    expect(positionAt(head, 1_000)).toBe(after);
    expect(dueIn(head, after, 0)).toBe(1_000);
  });

  it('finds everything due at full speed, and stands where it was moved to', () => {
    const head = setPlaying(setSpeed(playheadAt(0), Number.POSITIVE_INFINITY, 0), true, 0);
    expect(dueIn(head, 1e12, 0)).toBe(0);
    expect(positionAt(moved(head, 77, 5), 1_000)).toBe(77);
  });

  it.each([
    [1_000, 64],
    [0, 0.25],
    [-3, 0.25],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('takes speed %d as %d', (asked, speed) => {
    expect(setSpeed(playheadAt(0), asked, 0).speed).toBe(speed);
  });

  it('never jumps when it starts, stops or changes speed', () => {
    const change = fc.record({ after: fc.nat(10_000), speed: fc.constantFrom(...SPEEDS), playing: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let head = playheadAt(0);
        let now = 0;
        for (const { after, speed, playing } of changes) {
          now += after;
          const before = positionAt(head, now);
          head = setPlaying(setSpeed(head, speed, now), playing, now);
          expect(positionAt(head, now)).toBeCloseTo(before, 6);
        }
      }),
    );
  });
});
