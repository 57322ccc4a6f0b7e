// What the exchange takes for a valid token over REST, row by row.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, startExchange } from '../../src/exchange/exchange.ts';
import { call, makeToken, type TokenParts } from './support.ts';

const path = '/accounts';
const now = () => Math.floor(Date.now() / 1000);

describe('a token over REST', () => {
  let exchange: Exchange;
  let uri: string;

  beforeAll(async () => {
    exchange = await startExchange({ overrides: { privatePerSecond: 1000 } });
    uri = `GET ${new URL(exchange.restUrl).host}/api/v3/brokerage/accounts`;
  });
  afterAll(() => exchange.close());

  const good: [string, () => TokenParts][] = [
    ['as the documents have it', () => ({})],
    [
      'with the earlier issuer and an audience',
      () => ({ claims: { iss: 'coinbase-cloud', aud: ['retail_rest_api_proxy'] } }),
    ],
    ['with uris in place of uri', () => ({ claims: { uri: undefined, uris: [uri] } })],
    ['without typ', () => ({ header: { typ: undefined } })],
    ['that begins this second', () => ({ claims: { nbf: now() } })],
    ['that lasts longer than two minutes', () => ({ claims: { exp: now() + 600 } })],
  ];
  test.each(good)('%s is taken', async (_name, parts) => {
    const answer = await call(exchange, path, { token: makeToken(exchange.keys.es256, uri, parts()) });
    expect(answer.status).toBe(200);
  });

  const bad: [string, () => TokenParts][] = [
    ['from the future', () => ({ claims: { nbf: now() + 3, exp: now() + 120 } })],
    ['that has ended', () => ({ claims: { nbf: now() - 200, exp: now() - 80 } })],
    ['of an unknown issuer', () => ({ claims: { iss: 'me' } })],
    ['whose sub is not its kid', () => ({ claims: { sub: 'other' } })],
    ['of an unknown key', () => ({ header: { kid: 'nobody' }, claims: { sub: 'nobody' } })],
    ['with the algorithm of the other key', () => ({ header: { alg: 'EdDSA' } })],
    ['without an algorithm', () => ({ header: { alg: 'none' } })],
    ['signed in DER form', () => ({ der: true })],
    ['signed with the key of another id', () => ({ signWith: exchange.keys.wrongPair })],
    ['with the query in its uri', () => ({ claims: { uri: `${uri}?limit=1` } })],
    ['with a scheme in its uri', () => ({ claims: { uri: uri.replace('GET ', 'GET http://') } })],
    ['of another method', () => ({ claims: { uri: uri.replace('GET', 'POST') } })],
    ['of another host', () => ({ claims: { uri: 'GET api.coinbase.com/api/v3/brokerage/accounts' } })],
    ['without a uri', () => ({ claims: { uri: undefined } })],
    ['without times', () => ({ claims: { nbf: undefined } })],
  ];
  test.each(bad)('%s is refused in plain text', async (_name, parts) => {
    const answer = await call(exchange, path, { token: makeToken(exchange.keys.es256, uri, parts()) });
    expect(answer.status).toBe(401);
    expect(answer.text).toBe('Unauthorized');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  test('missing or broken is refused', async () => {
    expect((await call(exchange, path, { key: null })).status).toBe(401);
    for (const token of ['x', 'a.b.c', 'a.b.c.d', '..'])
      expect((await call(exchange, path, { token })).status).toBe(401);
  });

  test('of an Ed25519 key with a bare id is taken', async () => {
    expect(Buffer.from(exchange.keys.ed25519.secret, 'base64')).toHaveLength(64);
    expect((await call(exchange, path, { key: exchange.keys.ed25519 })).status).toBe(200);
  });

  test('is not needed on public paths', async () => {
    expect((await call(exchange, '/time', { key: null })).status).toBe(200);
    expect((await call(exchange, '/products', { key: null })).status).toBe(401);
  });
});

test('a refusal can take the older JSON form', async () => {
  const exchange = await startExchange({ overrides: { unauthorizedStyle: 'v2' } });
  const answer = await call(exchange, path, { key: null });
  expect([answer.status, answer.json.errors[0].id]).toEqual([401, 'authentication_error']);
  await exchange.close();
});

test('a skewed server clock refuses tokens, shows in Date, and is forgiven by a tolerance', async () => {
  const exchange = await startExchange();
  exchange.apply({ kind: 'skew', ms: -45_000 });
  const refused = await call(exchange, path);
  expect(refused.status).toBe(401);
  expect(Date.now() - Date.parse(refused.headers.get('date') ?? '')).toBeGreaterThan(43_000);
  exchange.apply({ kind: 'token-tolerance', ms: 60_000 });
  expect((await call(exchange, path)).status).toBe(200);
  exchange.clear();
  expect((await call(exchange, path)).status).toBe(200);
  await exchange.close();
});

test('scopes, a disabled key and the bound portfolio', async () => {
  const exchange = await startExchange();
  const order = { method: 'POST', body: { order_ids: [] } };
  expect((await call(exchange, '/orders/batch_cancel', order)).status).toBe(200);
  exchange.apply({ kind: 'permissions', trade: false });
  const refused = await call(exchange, '/orders/batch_cancel', order);
  expect([refused.status, refused.json.message]).toEqual([403, 'Missing required scopes']);
  expect((await call(exchange, '/key_permissions')).json.can_trade).toBe(false);
  exchange.clear();
  exchange.apply({ kind: 'bind-portfolio', portfolio: 'bots' });
  const { portfolio_uuid: bound } = (await call(exchange, '/key_permissions')).json;
  const { portfolios } = (await call(exchange, '/portfolios')).json;
  expect(portfolios.find((p: { uuid: string }) => p.uuid === bound).name).toBe('bots');
  expect((await call(exchange, `/portfolios/${portfolios[0].uuid}`)).status).toBe(403);
  exchange.clear();
  exchange.apply({ kind: 'disable-key' });
  expect((await call(exchange, path)).status).toBe(401);
  await exchange.close();
});
