// The quick measure of text gives what the real one gives, whatever the text.

import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { isOneCellEach, quickWidth } from '../../src/build/quick-width.ts';

test.each([
  '',
  'plain',
  '╭─ 1 connections ─╮',
  '▁▂▃█',
  '日本',
  '👨‍👩‍👧',
  '\u001b[31mred\u001b[0m',
  'e\u0301',
  '⚠️',
  '…',
  '✓',
])('%j', (text) => {
  expect(quickWidth(text)).toBe(stringWidth(text));
});

test('any text measures as the real measure says, the second time too', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string()), (text) => {
      expect([quickWidth(text), quickWidth(text)]).toEqual([stringWidth(text), stringWidth(text)]);
    }),
  );
});

test('options go to the real measure', () => {
  expect(quickWidth('\u001b[31mred', { countAnsiEscapeCodes: true })).toBe(
    stringWidth('\u001b[31mred', { countAnsiEscapeCodes: true }),
  );
});

test('only printable ASCII, box drawing and blocks are answered without measuring', () => {
  expect(['a ~', '─▟', '\t', 'é', '', '\u007f'].map(isOneCellEach)).toEqual([true, true, false, false, true, false]);
});
