// REST budgets: counted per second, told in headers, refused in three forms, punished after a run.
import { expect, test } from 'vitest';
import { type Answer, call, exchangeFor } from './support.ts';

const still = { orderEverySeconds: 0, traffic: false } as const;
const times = (n: number, action: () => Promise<Answer>) => Promise.all(Array.from({ length: n }, action));
const statuses = (answers: Answer[]) => answers.map((a) => a.status).sort();

test('ten public calls a second by address, thirty private ones by user', async () => {
  const exchange = await exchangeFor({ overrides: still });
  const open = await times(12, () => call(exchange, '/time', { key: null }));
  expect(statuses(open)).toEqual([...Array(10).fill(200), 429, 429]);
  expect(open[0]?.headers.get('x-ratelimit-limit')).toBeNull();
  const own = await times(31, () => call(exchange, '/key_permissions'));
  expect(statuses(own)).toEqual([...Array(30).fill(200), 429]);
  const left = own.map((a) => Number(a.headers.get('x-ratelimit-remaining'))).sort((a, b) => b - a);
  expect([left[0], left.at(-1)]).toEqual([29, 0]);
});

test.each([
  ['empty', '', /text\/plain/],
  ['html', '<title>Coinbase</title>', /text\/html/],
  ['json', 'rate_limit_exceeded', /json/],
] as const)('a 429 can have the %s body', async (body, part, type) => {
  const exchange = await exchangeFor({ overrides: still });
  exchange.apply({ kind: 'limits', privatePerSecond: 0, body, headers: false, retryAfter: 7 });
  const answer = await call(exchange, '/accounts');
  expect(answer.status).toBe(429);
  expect(answer.text).toContain(part);
  if (part === '') expect(answer.text).toBe('');
  expect(answer.headers.get('content-type')).toMatch(type);
  expect([answer.headers.get('retry-after'), answer.headers.get('x-ratelimit-limit')]).toEqual(['7', null]);
});

test('a run of refusals brings the penalty, which answers everything, and ends', async () => {
  const exchange = await exchangeFor({
    overrides: { ...still, penaltyAfter: 3, penaltySeconds: 0.2, privatePerSecond: 0 },
  });
  await times(3, () => call(exchange, '/accounts'));
  const punished = await call(exchange, '/time', { key: null });
  expect([punished.status, punished.text]).toEqual([403, 'Too many errors']);
  expect(punished.headers.get('content-type')).toMatch(/^text\/plain/);
  await expect.poll(async () => (await call(exchange, '/time', { key: null })).status).toBe(200);
});

test('another program of the same user eats the budget, rising over a ramp', async () => {
  const exchange = await exchangeFor({ overrides: still });
  exchange.apply({ kind: 'other-traffic', bucket: 'private', perSecond: 26 });
  expect((await call(exchange, '/accounts')).headers.get('x-ratelimit-remaining')).toBe('3');
  exchange.clear();
  exchange.apply({ kind: 'other-traffic', bucket: 'private', fromPerSecond: 5, perSecond: 40, rampSeconds: 0.4 });
  expect((await call(exchange, '/accounts')).status).toBe(200);
  await expect.poll(async () => (await call(exchange, '/accounts')).status).toBe(429);
});
