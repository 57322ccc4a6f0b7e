// The verdict's confidence follows the control experiments: what else works, and what does not.

import { expect, test } from 'vitest';
import type { ProbeResult } from '../../src/core/fact.ts';
import type { Party, TrackedFinding } from '../../src/core/finding.ts';
import { newModel } from '../../src/core/model.ts';
import { newCaseBook } from '../../src/playbook/case-book.ts';
import { verdict } from '../../src/playbook/verdict.ts';
import { Story } from '../support/story.ts';

function openFinding(party: Party): TrackedFinding {
  return {
    key: 'X',
    code: 'X',
    severity: 'critical',
    party,
    confidence: 'high',
    connection: null,
    title: 'something is wrong',
    count: 1,
    evidence: [],
    facts: [],
    steps: [],
    fix: [],
    disprove: null,
    escalate: null,
    subject: {},
    status: 'raised',
    firstAt: 0,
    firstT: 60_000,
    lastAt: 0,
    lastT: 60_000,
    clearedAt: null,
    clearedT: null,
    clearedBecause: null,
    acknowledged: false,
    snoozedUntilT: null,
  };
}

function confidenceOf(party: Party, results: ProbeResult['result'][] | null, probesT = 61_000): string {
  const model = newModel();
  const book = newCaseBook();
  book.open.set('X', openFinding(party));
  const probe = (result: ProbeResult['result']): ProbeResult => ({
    name: 'tcp',
    target: 'a',
    result,
    detail: '',
    tookMs: 1,
  });
  if (results !== null) model.probes = { at: 0, t: probesT, reason: 'X', results: results.map(probe) };
  return verdict(model, book).confidence;
}

test.each([
  ['network', null, 'high'],
  ['network', ['pass', 'fail'], 'high'],
  ['network', ['pass', 'pass'], 'medium'],
  ['coinbase', ['pass', 'pass'], 'high'],
  ['coinbase', ['pass', 'fail'], 'medium'],
  ['key', ['fail', 'fail'], 'high'],
  ['network', ['skipped', 'skipped'], 'high'],
] as const)('a finding of the %s with experiments %j is told with %s confidence', (party, results, expected) => {
  expect(confidenceOf(party, results === null ? null : [...results])).toBe(expected);
});

test('experiments from long before say nothing', () => {
  expect(confidenceOf('network', ['pass'], 10_000)).toBe('high');
});

test('what was wrong and is over is not forgotten by the sentence', () => {
  const story = new Story();
  story.begin();
  const before = verdict(story.engine.model, story.engine.book).sentence;
  story.answers('accounts', { status: 429, headers: {}, body: '' });
  story.advance(1_000);
  story.polls = { time: false, permissions: false };
  story.answers('accounts');
  story.advance(30_000);
  expect([before, verdict(story.engine.model, story.engine.book).sentence]).toEqual([
    'No trouble seen so far; waiting for the public and the user socket.',
    'No trouble now, 1 finding earlier; waiting for the public and the user socket.',
  ]);
});
