// A file that begins in the middle of a session: what was known then stands in its first facts, so that nothing false is raised because
// the rest is missing, and what was open is still told.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { resumedFrom } from '../../src/core/resume.ts';
import { Engine } from '../../src/engine/engine.ts';
import { seededStory } from '../support/seeded-story.ts';
import { Story } from '../support/story.ts';

const isOpening = ({ fact }: Fact): boolean => fact === 'session.started' || fact === 'key.inspected';

/** The facts from the first tick behind `part` of a session on, as a file that begins there. */
function begunAt(facts: readonly Fact[], part: number): { file: Fact[]; standing: Engine; start: number } | null {
  const start = facts.findIndex(({ fact }, index) => index >= part * facts.length && fact === 'tick');
  const tick = facts[start];
  if (tick === undefined) return null;
  const standing = new Engine();
  for (const fact of facts.slice(0, start + 1)) standing.replay(fact);
  const { seq, at, t } = tick;
  const resumed = { ...resumedFrom(standing.model, [...standing.book.open.keys()]), seq, at, t };
  return { file: [...facts.slice(0, start).filter(isOpening), resumed, ...facts.slice(start + 1)], standing, start };
}

/** Keys of findings above info that were open at the beginning of the rest or raised in it. */
function keysFrom(facts: readonly Fact[], standing = new Engine()): Set<string> {
  const keys = new Set(standing.book.open.keys());
  const engine = new Engine({
    onChanges: (changes) => {
      for (const { finding, status } of changes) {
        if (status !== 'cleared' && finding.severity !== 'info') keys.add(finding.key);
      }
    },
  });
  for (const fact of facts) engine.replay(fact);
  return keys;
}

/** Keys of the whole session's findings that were open or raised behind a fact. */
function keysBehind(facts: readonly Fact[], start: number): Set<string> {
  const keys = new Set<string>();
  let index = 0;
  const engine: Engine = new Engine({
    onChanges: (changes) => {
      if (index > start) for (const { finding } of changes) keys.add(finding.key);
    },
  });
  for (; index < facts.length; index += 1) {
    const fact = facts[index];
    if (fact !== undefined) engine.replay(fact);
    if (index === start) for (const key of engine.book.open.keys()) keys.add(key);
  }
  return keys;
}

/** A close is told by itself where what explained it lies before the file: it happened all the same. */
function isOfClose(key: string, file: readonly Fact[]): boolean {
  return file.some((fact) => fact.fact === 'socket.closed' && key === `WS_DROPPED ${fact.connection}`);
}

describe('a file that begins in the middle of a session', () => {
  it('raises nothing that the whole session does not tell', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(999), (seed, permille) => {
        const { facts } = seededStory(seed);
        const begun = begunAt(facts, permille / 1_000);
        if (begun === null) return;
        const told = keysBehind(facts, begun.start);
        const untold = [...keysFrom(begun.file)].filter((key) => !told.has(key) && !isOfClose(key, begun.file));
        expect(untold).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('tells what was open, until it was not seen again for a while', () => {
    const story = new Story().up();
    story.fails('accounts', 'ECONNREFUSED');
    story.advance(2_000);
    const open = [...story.engine.book.open.keys()];
    expect(open).toEqual(['NET_REFUSED']);
    story.advance(60_000);
    const begun = begunAt(story.facts, story.facts.findIndex(({ t }) => t > 12_000) / story.facts.length);
    const told: string[] = [];
    const engine = new Engine({
      onChanges: (changes) => {
        for (const { finding, status } of changes)
          told.push(`${status} ${finding.key}: ${finding.clearedBecause ?? finding.title}`);
      },
    });
    for (const fact of begun?.file ?? []) engine.replay(fact);
    expect(told.filter((line) => line.includes('NET_REFUSED'))).toEqual([
      expect.stringMatching(/^raised NET_REFUSED: It was open when this recording begins: /),
      'cleared NET_REFUSED: not seen again since this recording began',
    ]);
  });

  it('knows nothing of findings that a later version named', () => {
    const { facts } = new Story().up();
    const begun = begunAt(facts, 0.5);
    const engine = new Engine();
    for (const fact of begun?.file ?? []) {
      engine.replay(
        fact.fact === 'session.resumed' ? { ...fact, openFindings: ['MOON_ROSE public', '', '__proto__'] } : fact,
      );
    }
    expect([...engine.book.history.keys()]).toEqual([]);
  });
});
