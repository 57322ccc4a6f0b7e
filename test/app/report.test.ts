// A report of part of a recording: the findings of that part, told as the whole would tell them.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answer, partText, questionOf } from '../../src/app/report.ts';
import type { Fact } from '../../src/core/fact.ts';
import { parseFilter } from '../../src/core/filter.ts';
import { resumedFrom } from '../../src/core/resume.ts';
import { HEADER, recordingOf } from '../recording/fixed.ts';
import { temporaryFolder } from '../recording/temporary.ts';
import { Story } from '../support/story.ts';

function stampOf(fact: Fact | undefined): Pick<Fact, 'seq' | 'at' | 't'> {
  if (fact === undefined) throw new Error('a story has facts');
  return { seq: fact.seq, at: fact.at, t: fact.t };
}

async function recorded(): Promise<string> {
  const story = new Story().up();
  story.closes('public');
  story.advance(2_000);
  story.reopens('public');
  story.advance(60_000);
  story.closes('user');
  story.advance(5_000);
  const file = join(await temporaryFolder(), 'a.ndjson');
  await writeFile(file, recordingOf(story.facts));
  return file;
}

it.each([
  ['all of it', null, null, null, ['WS_DROPPED public', 'WS_DROPPED user']],
  ['its beginning', null, 30_000, null, ['WS_DROPPED public']],
  ['its end', 60_000, null, null, ['WS_DROPPED user']],
  ['one finding', null, null, 'WS_DROPPED user', ['WS_DROPPED user']],
  ['another code', null, null, 'RATE_LIMITED', []],
  ['what comes after it', 900_000, null, null, []],
] as const)('tells the findings of %s', async (_name, since, until, finding, expected) => {
  const at = (ms: number | null) => (ms === null ? null : ({ kind: 'offset', ms } as const));
  const answered = await answer(await recorded(), { since: at(since), until: at(until), finding, filter: null });
  if ('problem' in answered) throw new Error(answered.problem);
  expect(answered.findings.map((entry) => entry.finding.key)).toEqual(expected);
  expect(answered.part === null).toBe(since === 900_000);
});

it('counts from where a file begins, not from where its session did', async () => {
  const story = new Story().up();
  story.advance(100_000);
  const [started, key] = story.facts;
  const resumed = { ...resumedFrom(story.engine.model, []), ...stampOf(story.facts.at(-1)) };
  const from = story.facts.length;
  story.advance(10_000);
  story.closes('user');
  story.advance(5_000);
  const file = join(await temporaryFolder(), 'a.ndjson');
  const facts = [started, key, resumed, ...story.facts.slice(from)].flatMap((fact) => fact ?? []);
  await writeFile(file, recordingOf(facts));
  for (const [sinceMs, untilMs, found] of [
    [0, 9_000, 0],
    [9_000, null, 1],
  ] as const) {
    const since = { kind: 'offset', ms: sinceMs } as const;
    const until = untilMs === null ? null : ({ kind: 'offset', ms: untilMs } as const);
    const answered = await answer(file, { since, until, finding: null, filter: null });
    if ('problem' in answered) throw new Error(answered.problem);
    expect(answered.findings.length).toBe(found);
    if (sinceMs === 0) expect(answered.part?.fromAt).toBe(resumed.at);
  }
  const question = { since: null, until: null, finding: null, filter: null };
  const whole = await answer(file, question);
  if ('problem' in whole) throw new Error(whole.problem);
  expect(partText(question, whole).join('')).toMatch(/^The file begins in the middle of a session: it holds \d\d:/);
});

it.each([
  ['', ['WS_DROPPED public', 'WS_DROPPED user'], 0],
  ['connection:user', ['WS_DROPPED user'], 1],
  ['-/user/ code:WS_', ['WS_DROPPED public'], 1],
  ['status:429', [], 2],
])('tells the findings that match %j, and how many do not', async (text, expected, hidden) => {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  const everything = { since: null, until: null, finding: null };
  const answered = await answer(await recorded(), { ...everything, filter: parsed.filter });
  if ('problem' in answered) throw new Error(answered.problem);
  expect(answered.findings.map((entry) => entry.finding.key)).toEqual(expected);
  expect(answered.hidden).toBe(hidden);
});

it('tells what was marked in the part that is asked about', async () => {
  const story = new Story().up();
  story.tell({ fact: 'user.asked', action: 'mark', detail: 'first' });
  story.advance(60_000);
  story.tell({ fact: 'user.asked', action: 'mark', detail: 'order\u001b[2J stuck' });
  const file = join(await temporaryFolder(), 'a.ndjson');
  await writeFile(file, recordingOf(story.facts));
  const everything = { until: null, finding: null, filter: null };
  const whole = await answer(file, { ...everything, since: null });
  const end = await answer(file, { ...everything, since: { kind: 'offset', ms: 30_000 } });
  if ('problem' in whole || 'problem' in end) throw new Error('unreadable');
  expect(whole.marks.json().map(({ text }) => text)).toEqual(['first', 'order␛[2J stuck']);
  expect(end.marks.text()).toEqual([
    '',
    'marks:',
    expect.stringMatching(/^ {2}\d\d:\d\d:\d\d\.\d{3} {2}order␛\[2J stuck$/),
  ]);
});

it('does not call healthy what nothing was seen of', async () => {
  const file = join(await temporaryFolder(), 'a.ndjson');
  await writeFile(file, recordingOf([]));
  const answered = await answer(file, { since: null, until: null, finding: null, filter: null });
  if ('problem' in answered) throw new Error(answered.problem);
  expect(answered.engine.verdict).toMatchObject({ party: 'unknown', confidence: 'low' });
  expect(answered.engine.model.at).toBe(Date.parse(HEADER.at));
});

it('refuses a wrong filter with a sentence', () => {
  expect(questionOf({ filter: 'chanel:ticker' })).toEqual({
    problems: ['--filter "chanel:ticker": no field chanel (channel?): channel connection code status product order'],
  });
});

it.each([
  [{ since: '30s', until: '5s' }, '--until "5s" is not after --since "30s"; expected a later time'],
  [
    { since: '2026-11-22T20:14:06Z', until: '2026-11-22T20:14:06Z' },
    '--until "2026-11-22T20:14:06Z" is not after --since "2026-11-22T20:14:06Z"; expected a later time',
  ],
])('refuses an end before the beginning: %j', (flags, problem) => {
  expect(questionOf(flags)).toEqual({ problems: [problem] });
});
