// The quick measure of text gives what the real one gives, whatever the text.

import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { quickWidth } from '../../src/build/quick-width.ts';

test.each([
  '',
  'plain',
  '╭─ 1 connections ─╮',
  '▁▂▃█',
  '日本',
  '👨‍👩‍👧',
  '\u001b[31mred\u001b[0m',
  '\u001b[1;31mred\u001b[39m → \u001b[2Kblue\u001b[',
  '\u001b[31m日\u001b[39m',
  'e\u0301',
  '⚠️',
  '…',
  '✓',
])('%j', (text) => {
  expect(quickWidth(text)).toBe(stringWidth(text));
});

const styled = fc
  .array(fc.constantFrom('a', '─', '→', '\u001b[1m', '\u001b[38;5;9m', '\u001b[', '\u001b', '日', '\u0301', ' '))
  .map((pieces) => pieces.join(''));

test('any text measures as the real measure says, the second time too', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string(), styled),
      (text) => {
        expect([quickWidth(text), quickWidth(text)]).toEqual([stringWidth(text), stringWidth(text)]);
      },
    ),
  );
});

test('options go to the real measure', () => {
  expect(quickWidth('\u001b[31mred', { countAnsiEscapeCodes: true })).toBe(
    stringWidth('\u001b[31mred', { countAnsiEscapeCodes: true }),
  );
});
