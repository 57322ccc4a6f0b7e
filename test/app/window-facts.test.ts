// What a window tells a packet: requests with their outcomes, the frames that matter, and the newest record of each source.

import { expect, it } from 'vitest';
import { windowFacts } from '../../src/app/window-facts.ts';
import type { Fact, FactBody } from '../../src/core/fact.ts';
import { encodeFact } from '../../src/recording/codec.ts';

const AT = Date.parse('2026-11-22T20:14:06.000Z');
const ORDER = '0a1b2c3d-0000-4000-8000-000000000001';

/** Facts a second apart, encoded. */
function linesOf(...bodies: FactBody[]): Buffer {
  const facts = bodies.map(
    (body, index) => ({ seq: index + 1, at: AT + index * 1_000, t: index * 1_000, ...body }) as Fact,
  );
  return Buffer.concat(facts.map(encodeFact));
}

function frame(connection: 'public' | 'user', json: object): FactBody {
  const bytes = Buffer.from(JSON.stringify(json));
  return { fact: 'frame.received', connection, bytes, binary: false, plain: true };
}

const asked = (requestId: number, path: string): FactBody => ({
  fact: 'request.sent',
  requestId,
  endpoint: 'orders',
  url: `https://api.coinbase.com/api/v3/brokerage${path}`,
  method: 'GET',
  signed: true,
  bucket: 'rest-private',
  token: null,
  why: 'poll',
});

const answered = (requestId: number, status: number, body: object): FactBody => ({
  fact: 'response.arrived',
  requestId,
  endpoint: 'orders',
  status,
  headers: {},
  body: JSON.stringify(body),
  truncated: false,
  sizeBytes: 1,
  phases: {},
  midpointAt: AT,
  freshConnection: false,
});

const order = (status: string): object => ({ orders: [{ order_id: ORDER, status }] });
const ticker = frame('public', { channel: 'ticker', timestamp: '', sequence_num: 1, events: [] });
const LINES = linesOf(
  frame('user', { channel: 'user', events: [{ orders: [{ order_id: ORDER, status: 'FILLED' }] }] }),
  ticker,
  asked(1, '/orders/historical/batch?limit=9'),
  answered(1, 200, order('QUEUED')),
  answered(1, 200, order('OPEN')),
  answered(7, 502, {}),
  { fact: 'tick' },
  ticker,
);

const question = { momentAt: AT + 7_000, proving: new Set([1]), sought: { orderId: ORDER, currency: null } };

it('are its requests, with what came of them', () => {
  const { calls } = windowFacts(LINES, question);
  expect(calls.map(({ seq, status, url }) => [seq, status, url.replace(/^.*brokerage/, '')])).toEqual([
    [4, 200, '/orders/historical/batch?limit=9'],
    [5, 200, '/orders'],
    [6, 502, '/orders'],
  ]);
});

it('are rows of what is near or proves it, not of every frame', () => {
  const { rows } = windowFacts(LINES, question);
  expect(rows.map(({ seq }) => seq)).toEqual([1, 3, 4, 5, 6, 8]);
});

it('are the newest words of each source on what is sought', () => {
  const { proofs } = windowFacts(LINES, question);
  expect(proofs.map(({ source, from, seq, records }) => [source, from, seq, records[0]?.['status']])).toEqual([
    ['user channel', 'its socket', 1, 'FILLED'],
    ['REST order', 'GET /orders', 5, 'OPEN'],
  ]);
  expect(windowFacts(LINES, { ...question, sought: null }).proofs).toEqual([]);
});

it('are nothing where there is nothing', () => {
  expect(windowFacts(Buffer.from('no fact\n{"a":1}\n'), question)).toEqual({ rows: [], calls: [], proofs: [] });
});
