// Tokens in place of ids: the same id the same token all over one packet, whatever its shape and however often its text was escaped; what the
// ticket needs stays.

import { expect, test } from 'vitest';
import { Pseudonyms } from '../../src/escalation/pseudonyms.ts';

const KEPT = '0a1b2c3d-0000-4000-8000-000000000001';
const OTHER = '0a1b2c3d-0000-4000-8000-000000000002';
const PORTFOLIO = '0a1b2c3d-0000-4000-8000-000000000003';

function applied(text: string, kept: string[] = [KEPT]): string {
  const pseudonyms = new Pseudonyms(kept);
  pseudonyms.learn(text);
  return pseudonyms.apply(text);
}

test('a UUID becomes a token named for what it is, in JSON, in JSON in JSON and in a path', () => {
  const body = JSON.stringify({ order_id: OTHER, retail_portfolio_id: PORTFOLIO });
  const text = `${body} ${JSON.stringify(body)} GET /orders/historical/${OTHER} ${OTHER.toUpperCase()} ${KEPT}`;
  const out = applied(text);
  const [order] = /order_[0-9a-f]{6}/.exec(out) ?? [];
  expect(out.split(String(order))).toHaveLength(5);
  expect(out.match(/portfolio_[0-9a-f]{6}/g)).toHaveLength(2);
  expect(out).not.toContain(OTHER);
  expect(out).toContain(KEPT);
});

test.each([
  ['user_id', '2222-000000-000000', 'user'],
  ['order_id', '0000-000000-000000', 'order'],
  ['user_id', '5a3f0c9d7e1b2a4c6d8e0f12', 'user'],
  ['account_id', 'main account, EUR', 'account'],
  ['client_order_id', 'bot-0001', 'client'],
  ['portfolio_uuid', 'DEFAULT_1', 'portfolio'],
])('an id of another shape, %s %s, too', (name, id, kind) => {
  const text = `${JSON.stringify({ [name]: id })} ${JSON.stringify(JSON.stringify({ [name]: id }))} about ${id}.`;
  const out = applied(text);
  expect(out).not.toContain(id);
  expect(new Set(out.match(new RegExp(`${kind}_[0-9a-f]{6}`, 'g'))).size).toBe(1);
  expect(applied(text, [id])).toBe(text);
});

test('an id of figures alone is replaced where it is an id, and a figure stays a figure', () => {
  const out = applied('{"account_id":"1000000","sequence_num":1000000} GET /accounts/1000000');
  expect(out).toMatch(/^\{"account_id":"(account_[0-9a-f]{6})","sequence_num":1000000\} GET \/accounts\/\1$/);
});

test('another packet has other tokens, and ids of requests stay', () => {
  const text = JSON.stringify({ account_id: OTHER, request_id: PORTFOLIO });
  expect(applied(text)).not.toBe(applied(text));
  expect(applied(text)).toContain(PORTFOLIO);
});

test('four times as many ids take about four times as long', () => {
  const tookMs = (count: number): number => {
    const text = JSON.stringify(Array.from({ length: count }, (_, index) => ({ client_order_id: `bot-${index}-abc` })));
    const before = process.cpuUsage();
    expect(applied(text)).not.toContain('bot-');
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  tookMs(1_000);
  expect(tookMs(20_000)).toBeLessThan(Math.max(2_000, 16 * tookMs(5_000)));
});
