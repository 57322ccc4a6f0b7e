// What is said to take one cell does so by the real measure, and joins with no neighbour.

import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { isOneCell, isOneCellEach } from '../../src/base/one-cell.ts';

const simple = Array.from({ length: 0x10000 }, (_, code) => code)
  .filter(isOneCell)
  .map((code) => String.fromCharCode(code));

test('every such character measures one cell', () => {
  expect(simple.length).toBeGreaterThan(1_000);
  expect(simple.filter((char) => stringWidth(char) !== 1)).toEqual([]);
});

test('every such character is a segment of its own, whatever stands beside it', () => {
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const text = simple.flatMap((char, index) => [char, simple[(index * 7 + 3) % simple.length] ?? '', char]).join('');
  expect([...graphemes.segment(text)].length).toBe(text.length);
});

test('control, wide, joining and half characters are none of them', () => {
  for (const char of ['\t', '\u001b', '\u007f', '\u0085', '\u00ad', '\u0301', '\u200d', '⌚', '日', '\ud83d', '\ufe0f'])
    expect(isOneCell(char.charCodeAt(0))).toBe(false);
});

test('a text is so when all its characters are', () => {
  expect(['a ~', '─▟', 'é→✓', '\t', '日', '', '\u007f'].map(isOneCellEach)).toEqual([
    true,
    true,
    true,
    false,
    false,
    true,
    false,
  ]);
});
