// A payload in lines: as JSON.stringify would have indented it where nothing is too wide, and nothing lost where something is.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexLines, jsonLines, type Lines, linesAfter, NO_LINES, plainLines } from '../../src/base/laid-out.ts';

const all = (lines: Lines): string[] => lines.window(0, lines.total);
const WIDE = 1_000_000;

describe('JSON', () => {
  it('is indented as JSON.stringify does it', () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const shown = all(jsonLines(JSON.stringify(value, null, space), WIDE)).join('\n');
        expect(shown).toBe(JSON.stringify(value, null, 2));
      }),
    ));

  it('keeps the digits of a number and the escapes of a string as they were sent', () => {
    const sent = String.raw`{"price":0.10000000000000000001,"size":1E400,"name":"A\"\u0042"}`;
    expect(all(jsonLines(sent, 80))).toEqual([
      '{',
      '  "price": 0.10000000000000000001,',
      '  "size": 1E400,',
      String.raw`  "name": "A\"\u0042"`,
      '}',
    ]);
  });

  it('breaks a long string at a space, and loses nothing of it', () => {
    const text = JSON.stringify({ reason: 'the quick brown fox jumps over the lazy dog and goes on' });
    expect(all(jsonLines(text, 30))).toEqual([
      '{',
      '  "reason": "the quick brown ',
      '    fox jumps over the lazy ',
      '    dog and goes on"',
      '}',
    ]);
  });

  it('fits any width, and put together is the text again', () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 16, max: 60 }), (value, width) => {
        const text = JSON.stringify(value);
        const lines = all(jsonLines(text, width));
        const bare = (each: string): string => each.replaceAll(/\s/g, '');
        expect(bare(lines.join(''))).toBe(bare(text));
      }),
    ));
});

describe('any lines', () => {
  const texts = fc.oneof(
    fc.array(fc.integer(), { maxLength: 2_000 }).map((list) => jsonLines(JSON.stringify(list), 40)),
    fc.string({ maxLength: 3_000, unit: 'grapheme' }).map((text) => plainLines(text, 20)),
    fc.uint8Array({ maxLength: 9_000 }).map(hexLines),
  );

  it('are the same in any window', () =>
    fc.assert(
      fc.property(texts, texts, fc.nat(3_000), fc.nat(60), (a, b, from, count) => {
        for (const lines of [a, b, linesAfter(a, b)]) {
          expect(lines.window(from, count)).toEqual(all(lines).slice(from, from + count));
          expect(all(lines)).toHaveLength(lines.total);
        }
      }),
    ));

  it('of a plain text are those it came with', () => {
    expect(all(plainLines('<html>\r\n\r\n<h1>403</h1>', 40))).toEqual(['<html>', '', '<h1>403</h1>']);
    expect(NO_LINES.window(0, 9)).toEqual([]);
  });

  it('of bytes say where, what and which letters', () =>
    expect(all(hexLines(new TextEncoder().encode('heartbeat \u00e9 and more')))).toEqual([
      '00000000  68 65 61 72 74 62 65 61 74 20 c3 a9 20 61 6e 64  heartbeat .. and',
      '00000010  20 6d 6f 72 65                                    more',
    ]));
});
