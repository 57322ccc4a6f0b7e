// Everything that can go wrong on the way, by chance: drops, repeats, reorders, delays, stalls, junk bytes, odd types, absurd numbers,
// refusals of every kind, tokens from another time, a late loop.

import type { Arrival, Trouble } from './ground.ts';
import type { Random } from './random.ts';

const ABSURD: readonly string[] = [
  '1e400',
  '-1',
  '9007199254740993',
  '0.5',
  '""',
  '"NaN"',
  'null',
  'true',
  '[]',
  '{}',
  '"\\u0000\\u001b[2J"',
  '[[[[[[1]]]]]]',
  '"2026-13-45T99:99:99Z"',
];
const CODES = ['ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNREFUSED', 'CERT_HAS_EXPIRED', 'EWHATEVER', ''];
const MESSAGES = [
  'authentication failure',
  'rate limit exceeded',
  'too many L2 streams requested in a single session',
  'failure to subscribe',
  '',
  '\u001b]0;owned\u0007',
  'x'.repeat(5_000),
];
const BODIES: readonly string[] = [
  '',
  'Unauthorized',
  'Too many errors',
  '<html><head><title>Coinbase</title></head></html>',
  '{"error":"unknown","error_details":"Missing required scopes","message":"Missing required scopes"}',
  '{"errors":[{"id":"rate_limit_exceeded","message":"Too many requests"}]}',
  '{"accounts":[{"currency":"BTC","available_balance":{"value":"1e999"},"hold":7}],"has_next":true}',
  '{"orders":[{"order_id":{}},{"order_id":"a","status":"QUEUED","created_time":"yesterday"},null,7]}',
  '{"fills":[{"order_id":"a","trade_id":"t","size":"-1","price":"0"}]}',
  '{"epochMillis":"99999999999999999999"}',
  '{"can_view":"maybe"}',
  '{"breakdown":{"spot_positions":[{"asset":"BTC","total_balance_crypto":-1e308}]}}',
  '[1,2,3]',
  '\u0000\u0001',
  '{"products":[{"product_id":1},{}]}',
];
const STATUSES = [200, 200, 204, 301, 400, 401, 401, 403, 403, 404, 418, 429, 429, 500, 502, 503, 520, 599];
const HEADERS = [
  {},
  { 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '-5', 'x-ratelimit-reset': 'soon' },
  { 'x-ratelimit-limit': '30', 'x-ratelimit-remaining': '999999999', 'retry-after': '1e9' },
  { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT', date: 'not a date' },
  { 'cf-cache-status': 'HIT', age: '4000', date: 'Fri, 20 Nov 2020 14:30:00 GMT' },
  { 'content-type': 'text/html', 'cf-mitigated': 'challenge', 'cf-ray': '\u001b[31m' },
];

function asText(text: string, afterMs = 0): Arrival {
  return { bytes: Buffer.from(text), binary: false, afterMs };
}

function junk(random: Random): Uint8Array {
  return Uint8Array.from({ length: random.whole(0, 80) }, () => random.whole(0, 255));
}

/** One value of the frame becomes something that no documentation mentions. */
function oddly(text: string, random: Random): string {
  const values = [...text.matchAll(/:("[^"]*"|-?\d[\d.]*)/g)];
  const chosen = values.length === 0 ? undefined : random.pick(values);
  if (chosen?.index === undefined) return text;
  return `${text.slice(0, chosen.index)}:${random.pick(ABSURD)}${text.slice(chosen.index + chosen[0].length)}`;
}

function torn(text: string, random: Random): string {
  return text.slice(0, random.whole(0, text.length - 1));
}

function renamed(text: string, random: Random): string {
  const name = random.pick([
    'tickers',
    '__proto__',
    'constructor',
    '',
    'subscriptions',
    'user',
    'heartbeats',
    'x'.repeat(300),
  ]);
  return text.replace(/"channel":"[^"]*"/, `"channel":${JSON.stringify(name)}`);
}

/** Troubles of one world; how rough it is, is part of the seed. */
export function hostile(random: Random): Trouble {
  const rate = random.pick([0.002, 0.01, 0.05, 0.2]);
  let stalledFrames = 0;
  const frame = (text: string): Arrival[] => {
    if (stalledFrames > 0) {
      stalledFrames -= 1;
      return [];
    }
    if (!random.chance(rate)) return [asText(text)];
    const ways: (() => Arrival[])[] = [
      () => [],
      () => [asText(text), asText(text)],
      () => [asText(text, random.between(1, 6_000))],
      () => [asText(oddly(text, random))],
      () => [asText(oddly(oddly(text, random), random))],
      () => [asText(torn(text, random))],
      () => [asText(renamed(text, random))],
      () => [asText(text), { bytes: junk(random), binary: false, afterMs: 0 }],
      () => [{ bytes: junk(random), binary: true, afterMs: 0 }],
      () => [asText(JSON.stringify({ type: 'error', message: random.pick(MESSAGES), reason: random.pick(MESSAGES) }))],
      () => {
        stalledFrames = random.whole(5, 200);
        return [];
      },
    ];
    return random.pick(ways)();
  };
  return {
    onFrame: frame,
    onRequest: () => {
      if (!random.chance(rate * 4)) return null;
      if (random.chance(0.2)) return { errorCode: random.pick(CODES) };
      return { status: random.pick(STATUSES), headers: random.pick(HEADERS), body: random.pick(BODIES) };
    },
    onConnect: () => {
      if (!random.chance(rate * 4)) return null;
      if (random.chance(0.5)) return { errorCode: random.pick(CODES) };
      return { status: random.pick(STATUSES), body: random.pick(BODIES) };
    },
    onSubscribe: () => (random.chance(rate * 2) ? random.pick(MESSAGES) : null),
    pongs: () => stalledFrames === 0 && !random.chance(rate),
    tokenMs: (serverMs) => (random.chance(rate) ? serverMs + random.pick([-400_000, -130_000, 90_000]) : serverMs),
    lagMs: () => (random.chance(rate) ? random.between(0, 8_000) : random.between(0, 20)),
  };
}

export const CLOSE_CODES = [
  1000, 1001, 1002, 1005, 1006, 1006, 1006, 1008, 1009, 1011, 1012, 1015, 3000, 4999, 0, 65_535,
];
