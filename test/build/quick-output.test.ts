// The quick output draws what Ink's own does, whatever is written, clipped and transformed, also when it draws it again.

import fc from 'fast-check';
import RealOutput from 'ink-output-itself';
import { expect, test } from 'vitest';
import { type Clip, QuickOutput, type Transformer } from '../../src/build/quick-output.ts';

const WIDTH = 16;
const HEIGHT = 5;

const pieces = fc.constantFrom(
  'plain',
  ' ',
  '│',
  '─▟',
  'é→✓',
  '\n',
  '日',
  '👩‍🚀',
  '⚠️',
  '\u0301',
  '\u200b',
  '\u001b[31m',
  '\u001b[1;4m',
  '\u001b[39m',
  '\u001b[0m',
  '\r\n',
);
const text = fc.array(pieces, { maxLength: 8 }).map((all) => all.join(''));

const transformers: Record<string, Transformer> = {
  red: (line) => (line === '' ? '' : `\u001b[31m${line}\u001b[39m`),
  inverse: (line) => `\u001b[7m${line}\u001b[27m`,
  bracketed: (line, index) => `[${index}${line}]`,
  shorter: (line) => line.slice(1),
  taller: (line) => (line.length > 6 ? `${line}\nmore` : line),
  wide: (line) => line.replace('p', '日'),
};

type Step =
  | { step: 'write'; x: number; y: number; text: string; by: string[] }
  | { step: 'clip'; clip: Clip }
  | { step: 'unclip' };

const edge = fc.option(fc.integer({ min: -2, max: WIDTH + 2 }), { nil: undefined });
const write = fc.record({
  step: fc.constant('write' as const),
  x: fc.integer({ min: -3, max: WIDTH + 1 }),
  y: fc.integer({ min: -3, max: HEIGHT + 1 }),
  text,
  by: fc.array(fc.constantFrom(...Object.keys(transformers)), { maxLength: 2 }),
});
const plainWrite = write.map((one) => ({
  ...one,
  text: 'plain │',
  x: Math.abs(one.x),
  y: Math.abs(one.y),
  by: ['red'],
}));
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: write },
    { weight: 2, arbitrary: plainWrite },
    fc.record({ step: fc.constant('clip' as const), clip: fc.record({ x1: edge, x2: edge, y1: edge, y2: edge }) }),
    fc.constant({ step: 'unclip' as const }),
  ),
  { maxLength: 10 },
);

function drawn(output: RealOutput | QuickOutput, all: readonly Step[]): { output: string; height: number } {
  for (const one of all) {
    if (one.step === 'clip') output.clip(one.clip);
    else if (one.step === 'unclip') output.unclip();
    else {
      const by = one.by.map((name) => transformers[name] as Transformer);
      output.write(one.x, one.y, one.text, { transformers: by });
    }
  }
  return output.get();
}

const size = { width: WIDTH, height: HEIGHT };

test('the same lines as the real output, the first time and from memory', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const real = drawn(new RealOutput(size), all);
      expect(drawn(new QuickOutput(size), all)).toEqual(real);
      expect(drawn(new QuickOutput(size), all)).toEqual(real);
    }),
    { numRuns: 3_000 },
  );
});

test('what stood on another line or in another width is remembered for neither', () => {
  const at = (x: number, y: number): Step[] => [
    { step: 'write', x: 0, y: 0, text: 'first', by: [] },
    { step: 'write', x, y, text: 'second', by: ['red'] },
  ];
  for (const width of [WIDTH, 8])
    for (const y of [0, 1, 2])
      for (const x of [0, 3, 6])
        expect(drawn(new QuickOutput({ width, height: 3 }), at(x, y))).toEqual(
          drawn(new RealOutput({ width, height: 3 }), at(x, y)),
        );
});

test('more lines than are remembered are drawn right all the same', () => {
  const lines = Array.from({ length: 1_500 }, (_, index): Step[] => [
    { step: 'write', x: 0, y: 0, text: `line ${index}`, by: ['inverse'] },
  ]);
  for (const all of [...lines, ...lines])
    expect(drawn(new QuickOutput(size), all)).toEqual(drawn(new RealOutput(size), all));
});
