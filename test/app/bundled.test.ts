// What can be played covers the whole catalogue, and each bundled recording raises what it is about and nothing worse.

import { describe, expect, test } from 'vitest';
import { bytesOfRecorded, RECORDED_EXAMPLES } from '../../src/app/recorded-examples.ts';
import { Engine } from '../../src/engine/engine.ts';
import { scenarios } from '../../src/exchange/scenarios.ts';
import { HAR_EXAMPLES } from '../../src/import/examples.ts';
import { CATALOGUE } from '../../src/playbook/catalogue.ts';
import { decodeLine, isProblem } from '../../src/recording/codec.ts';

test('every code of the catalogue can be played', () => {
  const played = new Set([...scenarios, ...HAR_EXAMPLES, ...RECORDED_EXAMPLES].map(({ code }) => code));
  expect(Object.keys(CATALOGUE).filter((code) => !played.has(code))).toEqual([]);
});

describe('a bundled recording', () => {
  test.each(RECORDED_EXAMPLES.map((example) => [example.name, example] as const))(
    '%s raises its code alone',
    (_, example) => {
      const engine = new Engine();
      const [, ...lines] = bytesOfRecorded(example).toString('utf8').trimEnd().split('\n');
      for (const line of lines) {
        const fact = decodeLine(Buffer.from(line));
        if (isProblem(fact)) throw new Error(fact.problem);
        engine.replay(fact);
      }
      expect([...engine.book.history.keys()]).toEqual([example.code]);
    },
  );
});
