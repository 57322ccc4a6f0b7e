import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFrame,
  decodeResponse,
  isCacheHit,
  isMalformed,
  readRateHeaders,
  readServerDate,
} from '../../src/coinbase/decode.ts';
import type { Meaning } from '../../src/core/meaning.ts';
import { compact, sampleNames, sampleText, session } from './samples.ts';

const oddityNames = (text: string) => decodeFrame(text).oddities.map((oddity) => oddity.name);

const DATA: Record<string, Meaning> = {
  candles_snapshot: { kind: 'data', channel: 'candles', snapshot: true, productIds: ['BTC-USD'] },
  candles_update: { kind: 'data', channel: 'candles', snapshot: false, productIds: ['BTC-USD'] },
  futures_balance_summary: { kind: 'data', channel: 'futures_balance_summary', snapshot: true, productIds: [] },
  heartbeats_legacy_string_counter: {
    kind: 'heartbeat',
    counter: 3049,
    counterWasString: true,
    currentTimeMs: Date.UTC(2023, 5, 23, 20, 31, 56) + 121.961769,
    uptimeS: 91_717.525857105,
  },
  heartbeats_public: {
    kind: 'heartbeat',
    counter: 139_651,
    counterWasString: false,
    currentTimeMs: 1_795_185_001_257.89,
    uptimeS: 139_651.272674714,
  },
  heartbeats_user_host: {
    kind: 'heartbeat',
    counter: 88_204,
    counterWasString: false,
    currentTimeMs: 1_795_185_001_611.24,
    uptimeS: 88_204.917002551,
  },
  l2_data_snapshot: { kind: 'data', channel: 'level2', snapshot: true, productIds: ['BTC-USD'] },
  l2_data_update: { kind: 'data', channel: 'level2', snapshot: false, productIds: ['BTC-USD'] },
  market_trades_snapshot: { kind: 'data', channel: 'market_trades', snapshot: true, productIds: ['BTC-USD'] },
  market_trades_update: { kind: 'data', channel: 'market_trades', snapshot: false, productIds: ['BTC-USD'] },
  status_snapshot: { kind: 'data', channel: 'status', snapshot: true, productIds: ['BTC-USD', 'ETH-USD'] },
  subscriptions_ack_empty: { kind: 'subscriptions', channels: {} },
  subscriptions_ack_invalid_product_omitted: { kind: 'subscriptions', channels: { ticker: ['BTC-USD'] } },
  subscriptions_ack_level2: { kind: 'subscriptions', channels: { level2: ['BTC-USD'] } },
  subscriptions_ack_public: {
    kind: 'subscriptions',
    channels: { heartbeats: ['heartbeats'], ticker: ['BTC-USD', 'ETH-USD'] },
  },
  subscriptions_ack_user: { kind: 'subscriptions', channels: { user: ['5f0e1d2c-3b4a-4958-8776-6554433221f0'] } },
  ticker_batch: { kind: 'data', channel: 'ticker_batch', snapshot: false, productIds: ['ETH-USD'] },
  ticker_closed_session: { kind: 'data', channel: 'ticker', snapshot: false, productIds: ['BIT-27NOV26-CDE'] },
  ticker_snapshot: { kind: 'data', channel: 'ticker', snapshot: true, productIds: ['BTC-USD', 'ETH-USD'] },
  ticker_update: { kind: 'data', channel: 'ticker', snapshot: false, productIds: ['BTC-USD'] },
  error_auth_failure: { kind: 'error', message: 'authentication failure', reason: null },
  error_exchange_style: { kind: 'error', message: 'Failed to subscribe', reason: 'No channels provided' },
  error_failure_to_subscribe: { kind: 'error', message: 'failure to subscribe', reason: null },
  error_l2_limit: { kind: 'error', message: 'too many L2 streams requested in a single session', reason: null },
  error_rate_limit: { kind: 'error', message: 'rate limit exceeded', reason: null },
  user_positions: { kind: 'user', snapshot: false, orders: [] },
  user_snapshot_empty: { kind: 'user', snapshot: true, orders: [] },
};

describe('decodeFrame', () => {
  it.each(Object.entries(DATA))('reads %s', (name, meaning) => {
    const { meaning: read } = decodeFrame(compact(`ws_in_${name}`));
    if (meaning.kind === 'heartbeat' && read.kind === 'heartbeat') {
      expect(read.currentTimeMs).toBeCloseTo(meaning.currentTimeMs ?? 0, 2);
      expect({ ...read, currentTimeMs: 0 }).toEqual({ ...meaning, currentTimeMs: 0 });
    } else expect(read).toEqual(meaning);
  });

  it('finds nothing odd in any sample but the Exchange one, pretty or compact', () => {
    for (const name of sampleNames('ws_in_')) {
      const wanted = name.endsWith('exchange_style') ? ['exchange-style'] : [];
      expect(oddityNames(compact(name)), name).toEqual(wanted);
      expect(oddityNames(sampleText(`${name}.json`)), name).toEqual(wanted);
    }
  });

  it.each([
    ['user_snapshot', true, 'OPEN', '0', '0.01'],
    ['user_update_partial_fill', false, 'OPEN', '0.004', '0.006'],
    ['user_update_filled', false, 'FILLED', '0.01', '0'],
    ['user_update_cancel_queued', false, 'CANCEL_QUEUED', '0', '0.5'],
    ['user_update_cancelled', false, 'CANCELLED', '0', '0'],
  ])('reads the orders of %s', (name, snapshot, status, cumulativeQuantity, leavesQuantity) => {
    const { meaning } = decodeFrame(compact(`ws_in_${name}`));
    if (meaning.kind !== 'user') throw new Error(meaning.kind);
    expect(meaning.snapshot).toBe(snapshot);
    expect(meaning.orders[0]).toMatchObject({ status, cumulativeQuantity, leavesQuantity, orderType: 'LIMIT' });
  });

  it('reads the sample sessions from their first frame to their last', () => {
    for (const name of ['session_public', 'session_user']) {
      const kinds = session(name).flatMap((line) =>
        line.ev === 'in' ? [decodeFrame(JSON.stringify(line.data)).meaning.kind] : [],
      );
      expect(kinds).not.toContain('unknown');
      expect(kinds).toContain('subscriptions');
    }
  });

  it('reads counters and sequence numbers that came as strings, and times in either form', () => {
    const { envelope, meaning, oddities } = decodeFrame(
      '{"channel":"heartbeats","sequence_num":"12","timestamp":"2026-11-20T14:30:00Z","events":[{"heartbeat_counter":"7","current_time":"2026-11-20T14:30:00.5+00:00"}]}',
    );
    expect(envelope.sequence).toBe(12);
    expect(meaning).toEqual({
      kind: 'heartbeat',
      counter: 7,
      counterWasString: true,
      currentTimeMs: 1_795_185_000_500,
      uptimeS: null,
    });
    expect(oddities.map((each) => each.name)).toEqual(['sequence-string']);
  });

  it('brings order words into one spelling', () => {
    const order = {
      order_id: 'o',
      order_side: 'buy',
      order_type: 'Stop Limit',
      status: 'canceled',
      cumulative_quantity: 0.1,
      number_of_fills: 2,
    };
    const text = JSON.stringify({
      channel: 'user',
      sequence_num: 1,
      timestamp: '2026-11-20T14:30:00Z',
      events: [{ type: 'Snapshot', orders: [order] }],
    });
    expect(decodeFrame(text).meaning).toMatchObject({
      snapshot: true,
      orders: [
        { side: 'BUY', orderType: 'STOP_LIMIT', status: 'CANCELLED', cumulativeQuantity: '0.1', numberOfFills: '2' },
      ],
    });
  });

  it.each([
    ['not JSON', 'hello', 'unknown', 'not-json'],
    ['an empty text', '', 'unknown', 'not-json'],
    ['a list', '[]', 'unknown', 'not-an-object'],
    ['a number', '5', 'unknown', 'not-an-object'],
    ['an object without channel', '{"a":1}', 'unknown', 'channel-missing'],
    ['a channel that is a number', '{"channel":5,"events":[]}', 'unknown', 'channel-missing'],
    ['no events', '{"channel":"ticker"}', 'unknown', 'events-missing'],
    ['an unknown channel', '{"channel":"tape","events":[]}', 'unknown', 'unknown-channel'],
    ['an Exchange message', '{"type":"l2update","product_id":"BTC-USD","changes":[]}', 'unknown', 'exchange-style'],
    ['an Exchange acknowledgement', '{"type":"subscriptions","channels":[]}', 'unknown', 'exchange-style'],
    [
      'an acknowledgement without list',
      '{"channel":"subscriptions","events":[{}]}',
      'unknown',
      'subscriptions-missing',
    ],
    ['a beat without counter', '{"channel":"heartbeats","events":[{}]}', 'heartbeat', 'counter-unreadable'],
    [
      'a beat below zero',
      '{"channel":"heartbeats","events":[{"heartbeat_counter":-4}]}',
      'heartbeat',
      'counter-unreadable',
    ],
    ['an order without id', '{"channel":"user","events":[{"orders":[{"status":"OPEN"}]}]}', 'user', 'order-without-id'],
    [
      'a sequence number below zero',
      '{"channel":"ticker","sequence_num":-1,"events":[]}',
      'data',
      'sequence-unreadable',
    ],
    ['no sequence number', '{"channel":"ticker","events":[]}', 'data', 'sequence-missing'],
    ['an unreadable time', '{"channel":"ticker","timestamp":"now","events":[]}', 'data', 'timestamp-unreadable'],
    ['hidden controls', '{"channel":"ticker","events":[{"x":"\\u001b[2J"}]}', 'data', 'control-characters'],
    ['raw controls', '{"channel":"ticker","events":[{"x":"\u001b[2J"}]}', 'unknown', 'control-characters'],
    ['an error without message', '{"type":"error"}', 'error', 'message-missing'],
  ])('names what is odd about %s', (_, text, kind, oddity) => {
    expect(decodeFrame(text).meaning.kind).toBe(kind);
    expect(oddityNames(text)).toContain(oddity);
  });

  it('reads errors in any case, and with their message elsewhere', () => {
    expect(decodeFrame('{"type":"ERROR","error":"x"}').meaning).toEqual({ kind: 'error', message: 'x', reason: null });
    expect(decodeFrame('{"type":"error","channel":"user","message":"no"}').meaning).toMatchObject({ kind: 'error' });
  });

  it('takes harmless peculiarities for no malformed frame', () => {
    expect(isMalformed(decodeFrame(compact('ws_in_error_exchange_style')))).toBe(false);
    expect(isMalformed(decodeFrame('junk'))).toBe(true);
  });

  it('bounds its lists', () => {
    const orders = Array.from({ length: 900 }, (_, index) => ({ order_id: `o${index}` }));
    const { meaning, oddities } = decodeFrame(
      JSON.stringify({ channel: 'user', events: [{ type: 'update', orders }] }),
    );
    expect(meaning.kind === 'user' && meaning.orders.length).toBe(500);
    expect(oddities.map((each) => each.name)).toContain('list-cut');
  });

  it('survives names of Object and of prototypes', () => {
    const ack = '{"channel":"subscriptions","events":[{"subscriptions":{"__proto__":["a"],"constructor":["b"]}}]}';
    const { meaning } = decodeFrame(ack);
    expect(meaning.kind === 'subscriptions' && Object.keys(meaning.channels)).toEqual(['__proto__', 'constructor']);
    expect(decodeFrame('{"channel":"__proto__","events":[]}').meaning.kind).toBe('unknown');
  });

  it('never throws, and says for every text what it is', () => {
    const key = fc.constantFrom('channel', 'events', 'type', 'sequence_num', 'timestamp', 'message', 'reason', 'x');
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('user', 'heartbeats', 'subscriptions', 'l2_data', 'error', 'update'),
      fc.array(
        fc.dictionary(
          fc.constantFrom('orders', 'subscriptions', 'tickers', 'heartbeat_counter', 'current_time', 'type'),
          fc.jsonValue(),
        ),
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.dictionary(key, value).map((each) => JSON.stringify(each)),
        ),
        (text) => {
          const { meaning, oddities } = decodeFrame(text);
          if (meaning.kind === 'unknown') expect(oddities.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 600 },
    );
    expect(decodeFrame(`{"a":${'['.repeat(200_000)}`).meaning.kind).toBe('unknown');
  });
});

const good = (endpoint: string, name: string) => decodeResponse(endpoint, 200, {}, sampleText(`${name}.json`));

describe('decodeResponse', () => {
  it('reads both forms of server time', () => {
    expect(good('time', 'rest_time').meaning).toEqual({ kind: 'time', epochMs: 1_795_185_000_118 });
    const old = good('time', 'rest_time_v2');
    expect(old.meaning).toEqual({ kind: 'time', epochMs: 1_795_185_000_000 });
    expect(old.oddities[0]?.name).toBe('coarse-time');
    expect(decodeResponse('time', 200, {}, '{"epochMillis":1795185000118}').meaning).toMatchObject({
      epochMs: 1_795_185_000_118,
    });
    expect(decodeResponse('time', 200, {}, '{"epochMillis":"soon"}').meaning.kind).toBe('other');
    expect(decodeResponse('time', 200, {}, '{"epochMillis":"12"}').meaning.kind).toBe('other');
  });

  it('reads permissions', () => {
    expect(good('key_permissions', 'rest_key_permissions_view_only').meaning).toEqual({
      kind: 'key_permissions',
      canView: true,
      canTrade: false,
      canTransfer: false,
      portfolioUuid: '9a2f1c3e-5b7d-4f60-8a11-2c3d4e5f6071',
      portfolioType: 'DEFAULT',
    });
    expect(good('key_permissions', 'rest_key_permissions_trade').meaning).toMatchObject({ canTrade: true });
    expect(decodeResponse('key_permissions', 200, {}, '{"can_trade":true}').meaning.kind).toBe('other');
  });

  it('reads accounts and their pages', () => {
    const { meaning } = good('accounts', 'rest_accounts');
    if (meaning.kind !== 'accounts') throw new Error(meaning.kind);
    expect(meaning.accounts.map((each) => [each.currency, each.available, each.hold])).toEqual([
      ['BTC', '0.41230987', '0'],
      ['USD', '9094.6', '905.4'],
      ['ETH', '1.5', '0.5'],
    ]);
    expect(meaning).toMatchObject({ hasNext: false });
    expect(good('accounts', 'rest_accounts_page1').meaning).toMatchObject({ hasNext: true });
    expect(good('account', 'rest_account').meaning).toMatchObject({ accounts: [{ currency: 'BTC' }] });
  });

  it('leaves out an account without readable balance and says so', () => {
    const body =
      '{"accounts":[{"currency":"BTC"},{"currency":"USD","available_balance":{"value":"x"}},{"currency":"ETH","available_balance":1.5}]}';
    const { meaning, oddities } = decodeResponse('accounts', 200, {}, body);
    expect(meaning).toMatchObject({ accounts: [{ currency: 'ETH', available: '1.5', hold: '0' }] });
    expect(oddities[0]).toEqual({ name: 'row-unreadable', detail: '2 of 3 rows' });
  });

  it('reads orders and fills', () => {
    expect(good('orders', 'rest_orders_list').meaning).toMatchObject({
      hasNext: false,
      cursor: null,
      orders: [
        { orderId: '7b1d0f3a-4c52-4d8e-9a61-0c1b2a394857', status: 'OPEN', baseSize: '0.01', filledSize: '0' },
        { status: 'FILLED', orderType: 'MARKET', baseSize: null, filledSize: '0.00272' },
      ],
    });
    expect(good('order', 'rest_order_stuck_cancel_queued').meaning).toMatchObject({
      orders: [{ status: 'CANCEL_QUEUED' }],
    });
    expect(good('fills', 'rest_fills').meaning).toMatchObject({
      cursor: null,
      fills: [{ orderId: '7b1d0f3a-4c52-4d8e-9a61-0c1b2a394857', size: '0.003', sizeInQuote: false, side: 'BUY' }],
    });
  });

  it('ties aliases both ways', () => {
    expect(good('products', 'rest_products').meaning).toEqual({
      kind: 'products',
      productIds: ['BTC-USD', 'BTC-USDC', 'ETH-USD'],
      aliases: { 'BTC-USD': ['BTC-USDC'], 'BTC-USDC': ['BTC-USD'], 'ETH-USD': ['ETH-USDC'], 'ETH-USDC': ['ETH-USD'] },
    });
    expect(good('market_product', 'rest_product').meaning).toMatchObject({ productIds: ['BTC-USD'] });
  });

  it('keeps the digits of a portfolio as they came', () => {
    expect(good('portfolio', 'rest_portfolio_breakdown').meaning).toEqual({
      kind: 'portfolio',
      uuid: '9a2f1c3e-5b7d-4f60-8a11-2c3d4e5f6071',
      totals: [
        { asset: 'BTC', total: '0.41230987', accountType: 'ACCOUNT_TYPE_CRYPTO', isCash: false },
        { asset: 'USD', total: '10000.0', accountType: 'ACCOUNT_TYPE_FIAT', isCash: true },
        { asset: 'ETH', total: '2.0', accountType: 'ACCOUNT_TYPE_CRYPTO', isCash: false },
      ],
    });
    const exact =
      '{"breakdown":{"spot_positions":[{"asset":"SHIB","total_balance_crypto":12345678901234567890.123456789},{"asset":"BTC","total_balance_crypto":1.5e-8}]}}';
    expect(decodeResponse('portfolio', 200, {}, exact).meaning).toMatchObject({
      totals: [{ total: '12345678901234567890.123456789' }, { total: '0.000000015' }],
    });
  });

  it.each(sampleNames('rest_error_'))('reads %s as an error', (name) => {
    const { status, headers, body } = JSON.parse(sampleText(`${name}.json`)) as {
      status: number;
      headers: Record<string, string>;
      body: string;
    };
    const { meaning, error } = decodeResponse('accounts', status, headers, body);
    expect(meaning).toEqual({ kind: 'other' });
    expect(error?.status).toBe(status);
  });

  it('takes a refusal with HTTP 200 for an error, and a stray reason beside success for none', () => {
    expect(good('create_order', 'rest_create_order_rejected').error?.message).not.toBe('');
    expect(good('create_order', 'rest_create_order_success').error).toBeNull();
  });

  it('takes a challenge page with HTTP 200 for a page of the edge', () => {
    const { error, oddities } = decodeResponse(
      'accounts',
      200,
      { server: 'cloudflare' },
      '<!DOCTYPE html><title>Just a moment...</title>',
    );
    expect(error).toMatchObject({ form: 'html', message: 'Just a moment...', cloudflare: true });
    expect(oddities[0]?.name).toBe('html-for-json');
  });

  it('never throws', () => {
    const endpoint = fc.constantFrom(
      'time',
      'accounts',
      'orders',
      'fills',
      'products',
      'portfolio',
      'key_permissions',
      '__proto__',
      'x',
    );
    const key = fc.constantFrom(
      'accounts',
      'orders',
      'fills',
      'products',
      'breakdown',
      'spot_positions',
      'data',
      'error',
      'errors',
      'message',
      'epochMillis',
    );
    const body = fc.oneof(
      fc.string(),
      fc
        .dictionary(key, fc.oneof(fc.jsonValue(), fc.array(fc.dictionary(key, fc.jsonValue()))))
        .map((each) => JSON.stringify(each)),
    );
    fc.assert(
      fc.property(
        endpoint,
        fc.integer({ min: 0, max: 700 }),
        fc.dictionary(fc.string(), fc.string()),
        body,
        (name, status, headers, text) => {
          decodeResponse(name, status, headers, text);
          readRateHeaders(headers);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('answer headers', () => {
  const date = 'Fri, 20 Nov 2026 14:30:00 GMT';
  it('reads the sample headers', () => {
    const sample = JSON.parse(sampleText('rest_headers_private_200_ratelimit.json')) as Record<string, string>;
    expect(readRateHeaders(sample)).toEqual({ limit: 30, remaining: 29, resetSeconds: 1, retryAfterSeconds: null });
    expect(isCacheHit(JSON.parse(sampleText('rest_headers_public_200.json')) as Record<string, string>)).toBe(false);
  });

  it.each([
    [{ 'x-ratelimit-reset': '1795185030', date }, 30],
    [{ 'x-ratelimit-reset': '1795185030000', date }, 30],
    [{ 'x-ratelimit-reset': '1795185030' }, null],
    [{ 'x-ratelimit-reset': '2000000', date }, null],
    [{ 'x-ratelimit-reset': '1795184999', date }, 0],
    [{ 'x-ratelimit-reset': '0.25' }, 0.25],
    [{ 'x-ratelimit-reset': 'soon' }, null],
    [{ 'x-ratelimit-reset': '-1' }, null],
    [{}, null],
  ])('reads the reset of %j', (headers, seconds) => {
    expect(readRateHeaders(headers as Record<string, string>).resetSeconds).toBe(seconds);
  });

  it.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': 'Fri, 20 Nov 2026 14:30:09 GMT', date }, 9],
    [{ 'retry-after': 'Fri, 20 Nov 2026 14:30:09 GMT' }, null],
    [{ 'retry-after': 'later' }, null],
    [{ 'retry-after': '-5' }, null],
  ])('reads when to retry from %j', (headers, seconds) => {
    expect(readRateHeaders(headers as Record<string, string>).retryAfterSeconds).toBe(seconds);
  });

  it('reads counts, garbage as null', () => {
    const counts = (limit: string) => readRateHeaders({ 'x-ratelimit-limit': limit }).limit;
    expect([counts('30'), counts('30, 30;w=1'), counts('many'), counts(''), counts('1e3'), counts('-3')]).toEqual([
      30,
      30,
      null,
      null,
      null,
      null,
    ]);
  });

  it('reads the server date', () => {
    expect(readServerDate({ date })).toBe(1_795_185_000_000);
    expect(readServerDate({ date: 'today' })).toBeNull();
    expect(readServerDate({})).toBeNull();
  });

  it.each([
    ['HIT', true],
    ['stale', true],
    ['UPDATING', true],
    ['REVALIDATED', true],
    ['MISS', false],
    ['EXPIRED', false],
    ['DYNAMIC', false],
  ])('judges cf-cache-status %s', (state, hit) => {
    expect(isCacheHit({ 'cf-cache-status': state })).toBe(hit);
    expect(isCacheHit({ 'cf-cache-status': state, age: '1' })).toBe(true);
  });
});
