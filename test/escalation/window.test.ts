// Windows cut from the middle of a session: bounded around their moment, and folded by themselves they tell what the session told, no more.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { recordedCase } from '../../src/app/recording-case.ts';
import { windowOf } from '../../src/app/recording-window.ts';
import type { Fact } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { Checkpoints } from '../../src/recording/checkpoints.ts';
import { decodeLine, encodeHeader, isProblem, LineEncoder } from '../../src/recording/codec.ts';
import { cutLines } from '../../src/recording/lines-cut.ts';
import type { Window } from '../../src/recording/window.ts';
import { CODE_STORIES } from '../playbook/stories.ts';
import { Story } from '../support/story.ts';

const BEFORE_MS = 200_000;

const isOpening = ({ fact }: Fact): boolean => fact === 'session.started' || fact === 'key.inspected';

function checkpointsOf(facts: readonly Fact[]): Checkpoints {
  const checkpoints = new Checkpoints();
  const engine = new Engine();
  for (const fact of facts) {
    engine.replay(fact);
    checkpoints.note(fact, engine.model, engine.book.open.keys());
  }
  return checkpoints;
}

function encoded(facts: readonly Fact[]): Buffer {
  const encoder = new LineEncoder();
  for (const fact of facts) encoder.append(fact);
  return encoder.take();
}

function factsIn(lines: Buffer): Fact[] {
  const facts: Fact[] = [];
  for (const line of lines.toString().split('\n').slice(0, -1)) {
    const fact = decodeLine(Buffer.from(line));
    if (isProblem(fact)) throw new Error(`${fact.problem}: ${line}`);
    facts.push(fact);
  }
  return facts;
}

function cut(facts: readonly Fact[], momentT: number, aroundMs: number, bytesMax?: number): Window {
  const wish = { momentT, fromT: momentT - aroundMs, toT: momentT + aroundMs };
  const bounded = bytesMax === undefined ? wish : { ...wish, bytesMax };
  return cutLines([encoded(facts)], bounded, facts.filter(isOpening), checkpointsOf(facts).bySeq());
}

function raisedBy(facts: readonly Fact[]): string[] {
  const raised = new Set<string>();
  const engine = new Engine({
    onChanges: (changes) => {
      for (const { status, finding } of changes)
        if (status === 'raised' && finding.severity !== 'info') raised.add(finding.key);
    },
  });
  for (const fact of facts) engine.replay(fact);
  return [...raised].sort();
}

const LIVE = CODE_STORIES.filter((each) => each.begins === undefined);

describe.each(LIVE)('a window around $code: $what', (each) => {
  const story = new Story().up();
  story.advance(BEFORE_MS);
  const happensT = story.t;
  each.happens(story);
  const endT = story.t;

  test('tells nothing that the session did not tell', () => {
    const whole = raisedBy(story.facts);
    const froms = [happensT - 70_000, happensT - 31_500, happensT - 4_200, happensT + 2_700];
    for (const fromT of froms.filter((each) => each < endT - 2_000)) {
      const window = cut(story.facts, (fromT + endT) / 2, (endT - fromT) / 2);
      const facts = factsIn(window.lines);
      expect(facts.map(({ fact }) => fact)).toContain('session.resumed');
      expect(whole).toEqual(expect.arrayContaining(raisedBy(facts)));
    }
  });
});

describe('a window', () => {
  const story = new Story().up();
  story.advance(BEFORE_MS);

  test('of quiet time raises nothing and goes on from the last numbers', () => {
    const window = cut(story.facts, BEFORE_MS / 2, 30_000);
    const facts = factsIn(window.lines);
    expect(facts.slice(0, 3).map(({ fact }) => fact)).toEqual(['session.started', 'key.inspected', 'session.resumed']);
    expect(raisedBy(facts)).toEqual([]);
    const engine = new Engine();
    for (const fact of facts) engine.replay(fact);
    expect(engine.model.connections.public).toMatchObject({ state: 'open', sequence: { gaps: 0, repeats: 0 } });
    expect(engine.verdict).toMatchObject({ party: 'healthy', confidence: 'high' });
    const seqs = facts.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  test('that begins with the session begins as the session did', () => {
    const facts = factsIn(cut(story.facts, 10_000, 60_000).lines);
    expect(facts).toEqual(story.facts.filter(({ t }) => t <= 70_000));
  });

  test('that is too large keeps what is around the moment and says at which ends it was cut', () => {
    const momentT = BEFORE_MS / 2;
    const window = cut(story.facts, momentT, 60_000, 20_000);
    const around = factsIn(window.lines).filter((fact) => !isOpening(fact));
    expect(window).toMatchObject({ cutBefore: true, cutAfter: true });
    expect(window.lines.length).toBeLessThan(26_000);
    const before = momentT - (around[0]?.t ?? 0);
    const after = (around.at(-1)?.t ?? 0) - momentT;
    expect(Math.abs(before - after)).toBeLessThan(1_500);
    expect(raisedBy(factsIn(window.lines))).toEqual([]);
  });

  test('of a file is the same however it is found', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'cbscope-window-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const file = join(dir, 'a.ndjson');
    const header = { format: 'cbscope-recording', version: 1, at: new Date(0).toISOString(), tool: 't' } as const;
    const text = encodeHeader({ ...header, mode: 'live', partial: false });
    await writeFile(file, Buffer.concat([text, encoded(story.facts)]));
    const found = await recordedCase(file, null, {});
    if ('problem' in found) throw new Error(found.problem);
    expect(found.isOneSession).toBe(true);
    for (const momentT of [0, 40_000, 123_456, BEFORE_MS]) {
      const sought = await windowOf(found, momentT, 20_000);
      const walked = await windowOf({ ...found, isOneSession: false }, momentT, 20_000);
      expect(sought).toEqual(walked);
      if ('problem' in sought) throw new Error(sought.problem);
      expect(factsIn(sought.lines).length).toBeGreaterThan(100);
    }
  });
});
