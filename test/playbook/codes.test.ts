// Every code that the rules can raise, from facts: the right code, party, severity and connection within three seconds of the
// first sign, nothing else critical, an end, and the same findings from a replay of the same facts.

import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../src/playbook/catalogue.ts';
import { exactly } from '../support/findings.ts';
import { Story } from '../support/story.ts';
import { CODE_STORIES } from './stories.ts';

const WITHIN_MS = 3_000;
/** Raised from imported captures only; there is no live rule. */
const IMPORT_ONLY = ['RATE_RETRY_STORM'];

test('there is a story for every code', () => {
  const told = new Set([...CODE_STORIES.map((each) => each.code), ...IMPORT_ONLY]);
  expect([...told].sort()).toEqual(Object.keys(CATALOGUE).sort());
});

test('a healthy start raises nothing', () => {
  const story = new Story().up();
  story.advance(60_000);
  expect(story.raised()).toEqual([]);
  expect(story.engine.verdict).toMatchObject({ party: 'healthy', confidence: 'high' });
});

describe.each(CODE_STORIES)('$code: $what', (each) => {
  const story = new Story();
  if (each.begins === undefined) story.up();
  else each.begins(story);
  each.happens(story);
  const finding = story.finding(each.code);
  const history = [...story.changes];
  each.heals?.(story);

  test('is raised as it should be', () => {
    expect(finding, `open: ${history.map((change) => change.finding.key).join(', ')}`).toBeDefined();
    const known = history.findLast((change) => change.finding.code === each.code)?.finding;
    expect(known).toMatchObject({ severity: each.severity, party: each.party, connection: each.connection ?? null });
    expect((finding?.firstT ?? Number.POSITIVE_INFINITY) - story.signT).toBeLessThanOrEqual(WITHIN_MS);
  });

  test('nothing else is critical', () => {
    const criticals = history.filter((change) => change.finding.severity === 'critical');
    const others = new Set(criticals.map((change) => change.finding.code));
    others.delete(each.code);
    for (const code of each.beside ?? []) others.delete(code);
    expect([...others]).toEqual([]);
  });

  test('says what proves it and what to do', () => {
    const known = history.findLast((change) => change.finding.code === each.code)?.finding;
    expect(known?.title).toMatch(/[.”]$/);
    expect(known?.steps.length).toBeGreaterThan(0);
    expect(known?.fix.length).toBeGreaterThan(0);
    const escalates = CATALOGUE[each.code]?.escalation !== null;
    expect(known?.escalate === null).toBe(!escalates);
  });

  test(each.heals === undefined ? 'lasts' : 'ends', () => {
    if (each.heals === undefined) return expect(story.openCodes()).toContain(each.code);
    expect(story.openCodes()).not.toContain(each.code);
    const ended = story.changes.findLast((change) => change.finding.code === each.code);
    expect(ended).toMatchObject({ status: 'cleared' });
    expect(ended?.finding.clearedBecause).toMatch(/\w/);
  });

  test('a replay says the same', () => {
    expect(exactly(story.replayed())).toBe(exactly(story.engine));
  });
});
