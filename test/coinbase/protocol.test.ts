// The tables of the protocol: channels, endpoints, hosts, close codes, limits, messages.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHANNELS,
  carriedBy,
  channelForEndpoint,
  channelOfData,
  connectionFor,
  isKnownChannel,
  nearestChannel,
} from '../../src/coinbase/channels.ts';
import { closeCode } from '../../src/coinbase/close-codes.ts';
import { LEVEL2_PRODUCTS_MAX, LIMITS, SUBSCRIBE_WITHIN_MS } from '../../src/coinbase/documented-limits.ts';
import { subscribeMessage } from '../../src/coinbase/encode.ts';
import {
  CACHED,
  ENDPOINTS,
  endpointOf,
  endpointOfPath,
  endpointUrl,
  restBase,
  signingUri,
} from '../../src/coinbase/endpoints.ts';
import { isCoinbaseHost, isLoopback, isSandbox, judgeHost, PRODUCTION_URLS } from '../../src/coinbase/hosts.ts';
import { plainDecimal } from '../../src/coinbase/json-value.ts';
import { sampleText } from './samples.ts';

describe('channels', () => {
  it('are nine, and the names of data lead back', () => {
    expect(Object.keys(CHANNELS)).toHaveLength(9);
    for (const each of Object.values(CHANNELS)) expect(channelOfData(each.dataName)).toBe(each);
    expect(channelOfData('l2_data')?.name).toBe('level2');
    expect(channelOfData('level2')?.name).toBe('level2');
    expect(channelOfData('subscriptions')).toBeNull();
    expect(isKnownChannel('toString')).toBe(false);
  });

  it('go to the host that carries them', () => {
    expect(Object.keys(CHANNELS).filter((name) => connectionFor(name) === 'user')).toEqual([
      'user',
      'futures_balance_summary',
    ]);
    expect(connectionFor('no_such')).toBe('public');
    expect(Object.keys(CHANNELS).filter((name) => carriedBy('user', name))).toEqual([
      'heartbeats',
      'user',
      'futures_balance_summary',
    ]);
    expect(Object.keys(CHANNELS).every((name) => carriedBy('public', name))).toBe(true);
  });

  it.each([
    ['heartbeat', 'heartbeats'],
    ['full', 'market_trades'],
    ['matches', 'market_trades'],
    ['l2_data', 'level2'],
    ['Level2', 'level2'],
    ['tickers', 'ticker'],
    ['tikcer', 'ticker'],
    ['market-trades', 'market_trades'],
    ['candels', 'candles'],
    ['usr', 'user'],
    ['users', 'user'],
    ['ticker', 'ticker'],
    ['qqqqqqqqqq', null],
    ['', null],
    ['x'.repeat(10_000), null],
  ])('nearest to %j is %j', (name, nearest) => {
    expect(nearestChannel(name)).toBe(nearest);
  });

  it('name the channel that carries what is polled', () => {
    expect(
      ['products', 'orders', 'fills', 'product_book', 'candles', 'accounts', 'time'].map(channelForEndpoint),
    ).toEqual(['ticker', 'user', 'user', 'level2', 'candles', null, null]);
  });
});

describe('subscribeMessage', () => {
  it.each([
    ['ticker_public', { type: 'subscribe', channel: 'ticker', productIds: ['BTC-USD', 'ETH-USD'] }],
    ['heartbeats', { type: 'subscribe', channel: 'heartbeats', productIds: [] }],
    ['user', { type: 'subscribe', channel: 'user', productIds: [], jwt: '<header>.<claims>.<signature>' }],
    [
      'futures_balance_summary',
      { type: 'subscribe', channel: 'futures_balance_summary', productIds: [], jwt: '<header>.<claims>.<signature>' },
    ],
  ] as const)('writes %s as the sample', (name, request) => {
    expect(JSON.parse(subscribeMessage(request))).toEqual(JSON.parse(sampleText(`ws_out_subscribe_${name}.json`)));
  });
});

describe('endpoints', () => {
  it.each([
    'https://api.coinbase.com',
    'https://api.coinbase.com/',
    'https://api.coinbase.com/api/v3/brokerage',
    'https://api.coinbase.com/api/v3/brokerage//',
    'https://api.coinbase.com/api/v3',
  ])('builds on %s', (restUrl) => {
    expect(restBase(restUrl)).toBe('https://api.coinbase.com/api/v3/brokerage');
    expect(endpointUrl(restUrl, ENDPOINTS.accounts)).toBe(
      'https://api.coinbase.com/api/v3/brokerage/accounts?limit=250',
    );
  });

  it('fills paths, repeats keys, overrides the standing query', () => {
    const base = 'http://127.0.0.1:9001/x';
    expect(endpointUrl(base, ENDPOINTS.portfolio, { portfolio_uuid: 'a/b?c' })).toBe(
      'http://127.0.0.1:9001/x/api/v3/brokerage/portfolios/a%2Fb%3Fc',
    );
    expect(endpointUrl(base, ENDPOINTS.products, { product_ids: ['BTC-USD', 'ETH-USD'], cursor: '' })).toMatch(
      /products\?product_ids=BTC-USD&product_ids=ETH-USD$/,
    );
    expect(endpointUrl(base, ENDPOINTS.accounts, { limit: '5', cursor: 'a+b' })).toMatch(
      /accounts\?limit=5&cursor=a%2Bb$/,
    );
  });

  it.each([
    ['https://api.coinbase.com/api/v3/brokerage/accounts?limit=250', 'GET api.coinbase.com/api/v3/brokerage/accounts'],
    ['http://127.0.0.1:34567/api/v3/brokerage/accounts', 'GET 127.0.0.1:34567/api/v3/brokerage/accounts'],
    ['https://LocalHost:443/a%2Fb#x', 'GET localhost/a%2Fb'],
    ['http://[::1]:80/', 'GET [::1]/'],
    ['http://host', 'GET host/'],
  ])('signs %s as %s', (url, uri) => {
    expect(signingUri('get', url)).toBe(uri);
  });

  it('are read-only, and public ones are unsigned and may be cached', () => {
    expect(Object.keys(ENDPOINTS).sort()).toEqual([
      'accounts',
      'fills',
      'key_permissions',
      'market_products',
      'orders',
      'portfolio',
      'products',
      'time',
    ]);
    for (const each of Object.values(ENDPOINTS)) {
      expect(each.signed).toBe(each.bucket === 'rest-private');
      expect(endpointOfPath('GET', endpointUrl('https://h', each, { portfolio_uuid: 'p' }))).toEqual({
        name: each.name,
        scope: each.scope,
      });
    }
    expect([...CACHED].sort()).toEqual(['market_products', 'time']);
    expect(endpointOf('__proto__')).toBeNull();
  });

  it.each([
    ['POST', '/api/v3/brokerage/orders', 'create_order', 'trade'],
    ['post', 'https://api.coinbase.com/api/v3/brokerage/orders/preview?x=1', 'preview_order', 'view'],
    ['POST', '/orders/batch_cancel/', 'cancel_orders', 'trade'],
    ['POST', '/api/v3/brokerage/portfolios/move_funds', 'move_funds', 'transfer'],
    ['GET', '/api/v3/brokerage/orders/historical/fills', 'fills', 'view'],
    ['GET', '/api/v3/brokerage/orders/historical/7b1d', 'order', 'view'],
    ['GET', '/api/v3/brokerage/products/BTC-USD/candles', 'candles', 'view'],
    ['GET', '/api/v3/brokerage/market/products/BTC-USD/ticker', 'market_ticker', null],
  ])('knows %s %s', (method, path, name, scope) => {
    expect(endpointOfPath(method, path)).toEqual({ name, scope });
  });

  it('says null for what it does not know', () => {
    expect(endpointOfPath('GET', '/api/v3/brokerage/intx/positions')).toBeNull();
    expect(endpointOfPath('DELETE', '/api/v3/brokerage/accounts')).toBeNull();
    expect(endpointOfPath('GET', '')).toBeNull();
  });
});

describe('hosts', () => {
  it('are right where they belong', () => {
    expect(judgeHost(PRODUCTION_URLS.public, 'public')).toEqual({ ok: true, problem: null });
    expect(judgeHost(PRODUCTION_URLS.public, 'user').ok).toBe(true);
    expect(judgeHost(PRODUCTION_URLS.user, 'user').ok).toBe(true);
    expect(judgeHost(`${PRODUCTION_URLS.rest}/api/v3/brokerage`, 'rest').ok).toBe(true);
    expect(judgeHost('ws://127.0.0.1:4000/market', 'public').ok).toBe(true);
    expect(judgeHost('http://localhost:4000', 'rest').ok).toBe(true);
    expect(judgeHost('https://api-sandbox.coinbase.com', 'rest').ok).toBe(true);
    expect(judgeHost('wss://proxy.example.com', 'public').ok).toBe(true);
  });

  it.each([
    ['wss://ws-feed.exchange.coinbase.com', 'public', /Exchange/],
    ['wss://ws-direct.exchange.coinbase.com', 'user', /Exchange/],
    ['https://api.exchange.coinbase.com', 'rest', /Exchange/],
    ['wss://ws-feed.pro.coinbase.com', 'public', /Pro/],
    ['wss://ws-feed.gdax.com', 'public', /GDAX/],
    ['https://api.cdp.coinbase.com', 'rest', /CDP/],
    ['https://api.prime.coinbase.com', 'rest', /Prime/],
    ['wss://ws-md.international.coinbase.com', 'public', /International/],
    ['https://api.coinbase.com/v2/accounts', 'rest', /Coinbase App/],
    ['wss://advanced-trade-ws-user.coinbase.com', 'public', /user-order/],
    ['https://advanced-trade-ws.coinbase.com', 'rest', /WebSocket/],
    ['wss://api.coinbase.com', 'public', /REST/],
    ['https://advanced-trade-ws.coinbase.com', 'public', /wss:/],
    ['wss://WS-FEED.EXCHANGE.COINBASE.COM.', 'public', /Exchange/],
    ['not a url', 'rest', /not a URL/],
  ] as const)('%s is wrong for %s', (url, role, problem) => {
    const judged = judgeHost(url, role);
    expect(judged.ok).toBe(false);
    expect(judged.problem).toMatch(problem);
    expect(judged.problem).toContain(PRODUCTION_URLS[role]);
  });

  it.each([
    'localhost',
    'localhost:80',
    '127.0.0.1',
    '127.1.2.3:9',
    '::1',
    '[::1]',
    '[::1]:443',
    'a.localhost',
    '::ffff:127.0.0.1',
    'LOCALHOST',
  ])('%s is loopback', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each([
    '127.0.0.1.evil.com',
    'localhost.evil.com',
    '128.0.0.1',
    '10.0.0.1',
    '0.0.0.0',
    '::2',
    'evil127.0.0.1',
    '',
    'api.coinbase.com',
    '[::1].evil.com',
  ])('%s is not', (host) => {
    expect(isLoopback(host)).toBe(false);
  });

  it('know their own', () => {
    expect([
      isCoinbaseHost('api.coinbase.com:443'),
      isCoinbaseHost('coinbase.com.evil.com'),
      isCoinbaseHost('evilcoinbase.com'),
    ]).toEqual([true, false, false]);
    expect(isSandbox('api-sandbox.coinbase.com')).toBe(true);
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('public', 'user', 'rest'), (url, role) => {
        const { ok, problem } = judgeHost(url, role as 'public');
        expect(ok).toBe(problem === null);
        isLoopback(url);
      }),
    );
  });
});

describe('figures', () => {
  it('close codes have a name and a meaning, whatever the number', () => {
    expect(closeCode(1001)).toMatchObject({ name: 'Going Away' });
    expect(closeCode(1000).meaning).toMatch(/SDK/);
    expect(closeCode(3003).name).toBe('Registered by a library');
    expect(closeCode(4001).name).toBe('Private use');
    for (const code of [0, -1, 999, 1016, 5000, 65_536, Number.NaN]) expect(closeCode(code).name).toBe('Unknown');
  });

  it('limits say where they come from', () => {
    expect(Object.values(LIMITS).map((each) => [each.bucket, each.limit, each.source])).toEqual([
      ['rest-public', 10, 'assumed'],
      ['rest-private', 30, 'assumed'],
      ['rest-hour', 10_000, 'assumed'],
      ['ws-connects', 8, 'documented'],
      ['ws-messages', 8, 'documented'],
    ]);
    expect([LEVEL2_PRODUCTS_MAX, SUBSCRIBE_WITHIN_MS]).toEqual([30, 5_000]);
  });

  it('decimals lose their exponent and nothing else', () => {
    expect(
      ['1e-8', '1.5e-8', '-2.50E3', '1e3', '12.5e1', '0e5', '5', '1.20', '1e999999', 'x'].map(plainDecimal),
    ).toEqual(['0.00000001', '0.000000015', '-2500', '1000', '125', '0', '5', '1.20', '1e999999', 'x']);
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (number) => Number(plainDecimal(String(number))) === number,
      ),
    );
  });
});
