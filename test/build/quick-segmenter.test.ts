// The quick segmenter parts any text as the real one does.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QuickSegmenter } from '../../src/build/quick-segmenter.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string(),
  fc.array(fc.constantFrom('a', '─', '→', '\u001b', '\u001b[1m', '\r', '\n', 'é', '✓')).map((all) => all.join('')),
);
const options = fc.constantFrom<Intl.SegmenterOptions | undefined>(
  undefined,
  {},
  { granularity: 'grapheme' },
  { granularity: 'word' },
);

test('the same segments, in the same order', () => {
  fc.assert(
    fc.property(texts, options, (text, wanted) => {
      const real = [...new Intl.Segmenter(undefined, wanted).segment(text)];
      const quick = [...new QuickSegmenter(undefined, wanted).segment(text)];
      expect(quick).toEqual(real);
    }),
  );
});

test('the same segment at any place', () => {
  const places = fc.oneof(fc.integer({ min: -2, max: 12 }), fc.double({ min: -2, max: 12 }), fc.constant(undefined));
  fc.assert(
    fc.property(texts, places, (text, at) => {
      expect(new QuickSegmenter().segment(text).containing(at)).toEqual(
        new Intl.Segmenter().segment(text).containing(at),
      );
    }),
  );
});

test('what it was made with is told as the real one tells it', () => {
  const made = { granularity: 'sentence' } as const;
  expect(new QuickSegmenter('en', made).resolvedOptions()).toEqual(new Intl.Segmenter('en', made).resolvedOptions());
});
