// The plain lines: every sentence about what a person wants to be told, free of control characters, and the summary that fits a ticket.

import { describe, expect, test } from 'vitest';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import {
  changeSentences,
  connectionSentence,
  summaryText,
  trafficSentence,
  verdictSentence,
} from '../../src/report/sentence.ts';
import { Story } from '../support/story.ts';

const HOSTILE = '\u001b]0;owned\u0007\u009b2J\r\nfake line';

function sentences(story: Story): string[] {
  return story.facts.map(connectionSentence).filter((sentence) => sentence !== null);
}

describe('connections', () => {
  test('open, close, wait', () => {
    const story = new Story().up();
    story.closes('public', { code: 1001, by: 'server', clean: true, cause: 'close-frame', reason: 'bye' });
    const [opened, , closed, waiting] = sentences(story);
    expect(opened).toMatch(/^14:30:00\.\d{3} {2}public {2}open {2}advanced-trade-ws\.coinbase\.com$/);
    expect(closed).toContain('public  closed 1001 by server (close-frame) “bye”');
    expect(waiting).toContain('next attempt (2) in');
  });

  test('refusals and failures', () => {
    const story = new Story().begin();
    story.refuses('public', 429);
    story.cannotConnect('public', 'dns', 'ENOTFOUND');
    expect(sentences(story).join('\n')).toContain('upgrade refused with HTTP 429');
    expect(sentences(story).join('\n')).toContain('connecting failed in dns: ENOTFOUND');
  });

  test('say nothing of ordinary facts', () => {
    const story = new Story().up();
    const before = sentences(story).length;
    story.advance(10_000);
    expect(sentences(story).length).toBe(before);
  });
});

describe('findings', () => {
  test('raised with the first thing to do, cleared with the reason, updates unsaid', () => {
    const story = new Story().up();
    story.sockets.public.sequence += 2;
    story.advance(15_000);
    const lines = story.changes.flatMap(changeSentences);
    expect(lines[0]).toMatch(/^14:30:\d\d\.\d{3} {2}! SEQUENCE_GAP {2}2 frames lost on the public socket/);
    expect(lines[1]).toMatch(/^ +fix: \w/);
    expect(lines.at(-1)).toMatch(/✓ SEQUENCE_GAP {2}cleared: \w/);
    expect(lines).toHaveLength(3);
  });
});

test('the verdict names the party and how sure it is', () => {
  const story = new Story().up();
  expect(verdictSentence(story.engine.verdict, 0)).toMatch(/▌HEALTHY {2}.+ \(high confidence\)$/);
});

test('the traffic line', () => {
  const story = new Story().up();
  const line = trafficSentence(takeSnapshot(story.engine, 'live'));
  expect(line).toMatch(/· public \d+\.\d frames\/s, user \d+\.\d frames\/s, REST \d+ calls, clock \+0\.00 s$/);
});

describe('the summary', () => {
  test('of a healthy run', () => {
    const story = new Story().up();
    const lines = summaryText(story.engine.model, story.engine.verdict, [...story.engine.book.history.values()]);
    expect(lines).toContain('findings: none');
  });

  test('of a stuck order says T2 and what to do', () => {
    const story = new Story().up();
    const failing = { status: 500, headers: {}, body: 'x' };
    for (let times = 0; times < 3; times += 1) story.answers('accounts', failing);
    const text = summaryText(story.engine.model, story.engine.verdict, [...story.engine.book.history.values()]).join(
      '\n',
    );
    expect(text).toMatch(/✗ SERVER_ERRORS +×3 .+ T2 {2}open/);
    expect(text).toContain('fix: ');
  });
});

test('network text never brings a control character', () => {
  const story = new Story().begin();
  story.opens('public', HOSTILE);
  story.receives('public', JSON.stringify({ type: 'error', message: HOSTILE, reason: HOSTILE }));
  story.receives('public', HOSTILE);
  story.closes('public', {
    code: 1008,
    by: 'server',
    clean: true,
    cause: 'close-frame',
    reason: HOSTILE,
    detail: HOSTILE,
  });
  story.refuses('public', 403, `<html><title>${HOSTILE}</title>`, { server: HOSTILE, 'cf-ray': HOSTILE });
  story.answers('accounts', { status: 403, headers: { 'cf-ray': HOSTILE }, body: `<title>${HOSTILE}</title>` });
  story.answers('orders', { status: 429, headers: { 'x-ratelimit-limit': HOSTILE }, body: HOSTILE });
  story.advance(5_000);
  const { engine } = story;
  const said = [
    ...sentences(story),
    ...story.changes.flatMap(changeSentences),
    ...summaryText(engine.model, engine.verdict, [...engine.book.history.values()]),
    verdictSentence(engine.verdict, 0),
    trafficSentence(takeSnapshot(engine, 'live')),
  ];
  for (const sentence of said) expect(sentence).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  expect(said.length).toBeGreaterThan(10);
});
