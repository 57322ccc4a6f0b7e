// Patterns match as those of JavaScript do, and cost no more than their size times the text.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesPattern, PATTERN_TEXT_MAX, type Pattern, patternOf } from '../../src/core/pattern.ts';

function pattern(text: string): Pattern {
  const read = patternOf(text);
  if (!read.ok) throw new Error(`${text}: ${read.problem}`);
  return read.pattern;
}

const atoms = fc.constantFrom(
  'a',
  'B',
  '.',
  '\\d',
  '\\W',
  '[ab]',
  '[^a-c1]',
  '[A-Z_]',
  '\\.',
  '\\x41',
  ' ',
  '\\b',
  '^',
  '$',
  '1',
);
const repeats = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '+?');
const { tree: sources } = fc.letrec<{ tree: string; part: string }>((tie) => ({
  tree: fc.array(tie('part'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.tuple(atoms, repeats).map(([atom, times]) => (/^(?:\\b|\^|\$)$/.test(atom) ? atom : atom + times)),
    fc.tuple(tie('tree'), tie('tree'), repeats).map(([one, other, times]) => `(${one}|${other})${times}`),
    fc.tuple(tie('tree'), repeats).map(([one, times]) => `(?:${one})${times}`),
  ),
}));

describe('a pattern', () => {
  it('matches what the same regular expression matches', () => {
    const texts = fc.stringMatching(/^[abcAB1_ .-]{0,12}$/);
    fc.assert(
      fc.property(
        sources.filter((source) => source.length <= 40),
        texts,
        (source, text) => {
          expect(matchesPattern(pattern(source), text)).toBe(new RegExp(source, 'i').test(text));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each(['(a+)+b', '(a|a)*b', '(a*)*b', '.*.*.*.*.*.*x', '(.*a){20}', '(a|b|ab)*c'])(
    'does not hang on %s',
    (source) => {
      // What a backtracking engine needs for these grows with a power of the length, or doubles with each character.
      expect(matchesPattern(pattern(source), 'a'.repeat(PATTERN_TEXT_MAX))).toBe(source === '(.*a){20}');
    },
  );

  it('never throws, whatever the text of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'binary' }), (source, text) => {
        const read = patternOf(source);
        if (read.ok) matchesPattern(read.pattern, text);
        else expect(read.problem).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });
});
