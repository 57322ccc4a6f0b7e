// Text is as wide as the framework takes it to be, and cut text is no wider than it may be.

import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cellWidth, clipCells, fitCells, safeText } from '../../src/base/text.ts';
import { toAscii } from '../../src/ui/theme.ts';

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom('✅', '⚠️', '🇩🇪', '👩‍👩‍👧', 'नि', 'e\u0301', '日', 'ab', '1️⃣', '\u00ad', '가', '\u1100\u1161'),
      { maxLength: 20 },
    )
    .map((parts) => parts.join('')),
);

describe('made safe, any text', () => {
  it('is as wide as the framework measures it', () =>
    fc.assert(
      fc.property(texts, (text) => {
        expect(cellWidth(safeText(text))).toBe(stringWidth(safeText(text)));
      }),
    ));

  it('is cut to a width, and filled to one', () =>
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 30 }), (text, cells) => {
        expect(cellWidth(clipCells(safeText(text), cells))).toBeLessThanOrEqual(cells);
        expect(cellWidth(fitCells(safeText(text), cells))).toBe(cells);
      }),
    ));

  it('is as wide in ASCII', () =>
    fc.assert(
      fc.property(texts, (text) => {
        expect(toAscii(safeText(text))).toMatch(/^[ -~]*$/);
        expect(toAscii(safeText(text))).toHaveLength(cellWidth(safeText(text)));
      }),
    ));
});
