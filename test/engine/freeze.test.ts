// A frozen engine knows what the engine knew: folded on from any moment, it comes to the same findings, screens and summary.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newTable } from '../../src/base/table.ts';
import type { Fact } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { isListed } from '../../src/engine/fact-log.ts';
import { freeze, thaw } from '../../src/engine/freeze.ts';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import { summary } from '../../src/report/line.ts';
import { seededStory } from '../support/seeded-story.ts';

function told(engine: Engine): string {
  const history = summary(engine.model, engine.verdict, engine.book.history.values(), true);
  return JSON.stringify([history, takeSnapshot(engine, 'replay')]);
}

function folded(facts: Fact[], engine = new Engine()): Engine {
  for (const fact of facts) engine.replay(fact);
  return engine;
}

describe('a frozen engine', () => {
  it('knows what it knew, and comes to the same from there', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(1_000), (seed, permille) => {
        const { facts } = seededStory(seed);
        const at = Math.floor((permille / 1_000) * facts.length);
        const first = folded(facts.slice(0, at));
        const before = told(first);
        // Plain data: it survives what a thread border or a file does to it.
        const frozen = structuredClone(first.freeze());
        const listed = facts.slice(0, at).filter(isListed);
        const whole = told(folded(facts.slice(at), first));
        for (const _ of [1, 2]) {
          const thawed = Engine.thawed(frozen, listed);
          expect(told(thawed)).toBe(before);
          expect(told(folded(facts.slice(at), thawed))).toBe(whole);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('keeps tables without a prototype, whatever is named in them', () => {
    const table = newTable<unknown>();
    Object.defineProperty(table, '__proto__', { value: { of: table }, enumerable: true });
    table['constructor'] = 2;
    const thawed = thaw(structuredClone(freeze({ table })));
    expect(Object.getPrototypeOf(thawed.table)).toBeNull();
    expect(Object.keys(thawed.table)).toEqual(['__proto__', 'constructor']);
    expect((Object.values(thawed.table)[0] as { of: unknown }).of).toBe(thawed.table);
    const named = thaw(freeze(JSON.parse('{"__proto__":{"a":1}}')));
    expect(JSON.stringify(named)).toBe('{"__proto__":{"a":1}}');
  });

  it('measures itself roughly', () => {
    const frozen = folded(seededStory(1, 60).facts).freeze();
    expect(frozen.bytes).toBeGreaterThan(10_000);
    expect(frozen.bytes).toBeLessThan(2_000_000);
  });
});
