// The JSON contract, field by field: keys may be added, never renamed. Types and forms are held against a live story.

import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import { connectionLine, findingLine, helloLine, statsLine, summary, verdictLine } from '../../src/report/line.ts';
import { KEY_ID } from '../support/facts.ts';
import { Story } from '../support/story.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const isInstant = expect.stringMatching(INSTANT);
const aNumber = expect.any(Number);
const aText = expect.any(String);

/** What a reader of the line sees. */
function printed(line: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(line)) as Record<string, unknown>;
}

function newest(story: Story, name: Fact['fact']): Fact {
  const fact = story.facts.findLast((each) => each.fact === name);
  if (fact === undefined) throw new Error(`${name} was not told`);
  return fact;
}

const bad401 = { status: 401, headers: { 'content-type': 'text/plain' }, body: 'Unauthorized' };

describe('hello', () => {
  test.each(['live', 'demo', 'replay'] as const)('%s', (mode) => {
    const story = new Story().up();
    const { settings } = story.engine.model;
    const line = printed(helloLine('0.1.0', mode, 1_795_185_000_123, settings, KEY_ID));
    expect(line).toMatchObject({ type: 'hello', version: '0.1.0', mode, at: '2026-11-20T14:30:00.123Z' });
    expect(line['settings']).toMatchObject({ products: ['BTC-USD', 'ETH-USD'], publicUrl: settings?.publicUrl });
  });

  test('without a key', () => {
    expect(printed(helloLine('0.1.0', 'live', 0, null, null))['settings']).toBeNull();
  });
});

describe('connection', () => {
  function line(story: Story, name: Fact['fact']): Record<string, unknown> {
    return printed(connectionLine(newest(story, name), story.engine.model));
  }

  test('connecting, open, closed, waiting', () => {
    const story = new Story().up();
    const host = 'advanced-trade-ws.coinbase.com';
    const common = { type: 'connection', connection: 'public', at: isInstant, host };
    story.closes('public', { code: 1006, cause: 'reset', reason: 'gone \u001b[2J', detail: 'read ECONNRESET' });
    expect(line(story, 'socket.closed')).toMatchObject({ ...common, state: 'closed', closeCode: 1006, cause: 'reset' });
    expect(line(story, 'socket.closed')['closeReason']).not.toContain('\u001b');
    expect(line(story, 'retry.scheduled')).toMatchObject({
      ...common,
      state: 'waiting',
      attempt: 2,
      nextAttemptMs: aNumber,
    });
    story.opens('public');
    expect(line(story, 'socket.connecting')).toMatchObject({ ...common, state: 'connecting', attempt: aNumber });
    expect(line(story, 'socket.opened')).toMatchObject({ ...common, state: 'open' });
  });

  test('refused and failed attempts are closes too', () => {
    const story = new Story().begin();
    story.refuses('user', 503, '<html>');
    expect(line(story, 'upgrade.refused')).toMatchObject({
      state: 'closed',
      closeCode: 1006,
      closeReason: '',
      cause: 'refused',
      status: 503,
    });
    story.cannotConnect('user', 'dns', 'ENOTFOUND');
    expect(line(story, 'connect.failed')).toMatchObject({
      state: 'closed',
      cause: 'connect-failed',
      phase: 'dns',
      errorCode: 'ENOTFOUND',
    });
  });

  test('other facts have none', () => {
    const story = new Story().up();
    for (const name of ['tick', 'frame.received', 'ping.sent', 'response.arrived'] as const)
      expect(connectionLine(newest(story, name), story.engine.model)).toBeNull();
  });
});

describe('finding', () => {
  const story = new Story();
  story.clockAheadMs = 45_000;
  story.up();
  story.clockAheadMs = 0;
  story.answers('time');
  const lines = story.changes.map((change) => printed(findingLine(change)));

  test('raised', () => {
    expect(lines[0]).toEqual({
      type: 'finding',
      status: 'raised',
      at: isInstant,
      key: 'AUTH_CLOCK_SKEW',
      count: 1,
      code: 'AUTH_CLOCK_SKEW',
      severity: 'critical',
      party: 'configuration',
      confidence: 'high',
      connection: null,
      title: aText,
      evidence: expect.arrayContaining([aText]),
      steps: expect.arrayContaining([
        { text: aText, result: expect.stringMatching(/^(pass|fail|unknown)$/), detail: aText },
      ]),
      fix: expect.arrayContaining([aText]),
      disprove: aText,
      escalate: null,
      subject: {},
      facts: expect.any(Array),
    });
  });

  test('cleared, with the reason', () => {
    expect(lines.at(-1)).toMatchObject({ status: 'cleared', code: 'AUTH_CLOCK_SKEW', clearedBecause: aText });
  });

  test('for T2', () => {
    const failing = { status: 500, headers: { 'content-type': 'application/json' }, body: '{"message":"x"}' };
    const other = new Story().up();
    for (let times = 0; times < 3; times += 1) other.answers('accounts', failing);
    const line = printed(other.changes.map(findingLine).find((each) => each['code'] === 'SERVER_ERRORS'));
    expect(line['escalate']).toEqual({ to: 'T2', category: '5xx', reason: aText });
    expect(line['connection']).toBe('rest');
  });
});

describe('stats', () => {
  const story = new Story().up();
  const line = printed(statsLine(takeSnapshot(story.engine, 'live')));

  test('has every field, of its type', () => {
    const connection = {
      messages: aNumber,
      bytes: aNumber,
      heartbeatCounter: aNumber,
      heartbeatAgeMs: aNumber,
      sequenceGaps: 0,
      reconnects: 0,
    };
    expect(line).toMatchObject({
      type: 'stats',
      at: isInstant,
      connections: { public: connection, user: connection },
      rest: { requests: aNumber, byStatus: { 200: aNumber } },
      tokens: expect.arrayContaining([expect.objectContaining({ connection: 'user', expiresInMs: aNumber })]),
      clock: { offsetMs: 0, uncertaintyMs: aNumber },
      self: { loopLagMs: 3, queue: 0, dropped: 0 },
    });
  });

  test('counts every bucket', () => {
    const limits = line['limits'] as { bucket: string; source: string }[];
    expect(limits.map((limit) => limit.bucket)).toEqual([
      'rest-public',
      'rest-private',
      'rest-hour',
      'ws-connects',
      'ws-messages',
    ]);
    for (const limit of limits)
      expect(limit).toMatchObject({
        limit: aNumber,
        remaining: aNumber,
        source: expect.stringMatching(/^(header|documented|assumed)$/),
      });
  });

  test('before anything happened', () => {
    const empty = printed(statsLine(takeSnapshot(new Story().engine, 'live')));
    expect(empty).toMatchObject({
      connections: { user: { messages: 0, heartbeatCounter: null, heartbeatAgeMs: null } },
    });
    expect(empty).toMatchObject({ clock: { offsetMs: null, uncertaintyMs: null }, tokens: [] });
  });
});

test('verdict', () => {
  const story = new Story().up();
  const line = printed(verdictLine(story.engine.verdict, 1_795_185_000_000));
  expect(line).toMatchObject({ type: 'verdict', party: 'healthy', confidence: 'high', sentence: aText, at: isInstant });
});

describe('summary and report', () => {
  const story = new Story().up();
  story.polls.permissions = false;
  for (let times = 0; times < 2; times += 1) {
    story.answers('accounts', bad401);
    story.answers('time', { why: 'clock' });
    story.advance(2_000);
  }
  const of = (whole: boolean): Record<string, unknown> =>
    printed(summary(story.engine.model, story.engine.verdict, story.engine.book.history.values(), whole));

  test('the last line of a run', () => {
    const line = of(false);
    expect(line).toMatchObject({
      at: isInstant,
      durationMs: Math.round(story.engine.model.t),
      verdict: { party: 'key', confidence: 'high', sentence: aText },
    });
    expect(line['findings']).toEqual([
      expect.objectContaining({
        code: 'AUTH_REJECTED',
        severity: 'critical',
        party: 'key',
        count: 2,
        firstAt: isInstant,
        lastAt: isInstant,
      }),
    ]);
    expect(line['counts']).toMatchObject({ facts: story.facts.length, closes: 0, requests: aNumber });
  });

  test.each([
    ['raised', 200],
    ['cleared', 15_000],
  ] as const)('the report’s findings hold what the last finding line told: %s', (status, laterMs) => {
    const other = new Story().up();
    other.sockets.public.sequence += 1;
    other.advance(1_000 + laterMs);
    const { type: _, ...told } = printed(other.changes.map(findingLine).at(-1));
    expect(told['status']).toBe(status);
    const whole = summary(other.engine.model, other.engine.verdict, other.engine.book.history.values(), true);
    expect(printed(whole)['findings']).toEqual([expect.objectContaining(told)]);
  });

  test('count all lives of a finding, with the worst it ever was', () => {
    const other = new Story().up();
    for (let times = 0; times < 3; times += 1) {
      other.sockets.public.sequence += 1;
      other.advance(15_000);
    }
    const line = printed(summary(other.engine.model, other.engine.verdict, other.engine.book.history.values(), false));
    expect(line['findings']).toEqual([expect.objectContaining({ code: 'SEQUENCE_GAP', count: 3, status: 'cleared' })]);
    expect(line['verdict']).toMatchObject({ party: 'healthy' });
  });
});
