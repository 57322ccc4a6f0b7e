// Instants as people type them are UTC, and nothing else is taken for one.

import { expect, test } from 'vitest';
import { typedTime } from '../../src/base/typed-time.ts';

const AT = Date.UTC(2026, 10, 22, 20, 14, 6);

test.each([
  ['2026-11-22T20:14:06Z', AT],
  ['2026-11-22T20:14:06', AT],
  [' 2026-11-22 20:14:06 ', AT],
  ['2026-11-22 20:14:06 UTC', AT],
  ['2026-11-22T20:14:06.489Z', AT + 489],
  ['2026-11-22T20:14:06,489', AT + 489],
  ['2026-11-22T21:14:06+01:00', AT],
  ['2026-11-22T20:14', AT - 6_000],
])('%s is an instant', (text, at) => {
  expect(typedTime(text)).toBe(at);
});

test.each(['', '22', 'yesterday 5', '2026-11-22', '20:14:06', '2026-11-31T99:14:06Z', 'at 2026-11-22T20:14:06Z'])(
  '“%s” is none',
  (text) => {
    expect(typedTime(text)).toBeNull();
  },
);
