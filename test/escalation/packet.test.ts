// The packet of each case of the escalation guide: every required field has a value, says why it does not apply, or is named as missing.

import { describe, expect, it } from 'vitest';
import type { BalanceView, OrderView } from '../../src/core/snapshot.ts';
import {
  buildPacket,
  type PacketCall,
  type PacketInput,
  type PacketResponse,
  packetJson,
} from '../../src/escalation/packet.ts';
import { AT, endpoint, finding, row, snapshot } from './snapshot.ts';

const KEY = 'organizations/7f3c2a9e-0000-4000-8000-000000000001/apiKeys/2b1f9f6c-0000-4000-8000-00000000d0aa';
const ORDER = '0a1b2c3d-0000-4000-8000-000000000001';
const CANARY = 'q7Zk2CANARYx9-_fVtR4mWc1bNs8yLp0aGh3jKd5eUo6iQwXz';

const stuck: OrderView = {
  orderId: ORDER,
  productId: 'BTC-USD',
  side: 'BUY',
  user: 'FILLED 0.5',
  rest: 'OPEN 0',
  filled: '0.5 in 3',
  agrees: false,
  disagreesForMs: 41_000,
  note: 'the user channel says done',
};

const differing: BalanceView = {
  currency: 'BTC',
  accounts: '0.75',
  breakdown: '0.5',
  ui: '',
  agrees: false,
  disagreesForMs: 62_000,
};

function answer(change: Partial<PacketResponse> = {}): PacketResponse {
  return {
    seq: 9,
    at: AT,
    endpoint: 'products',
    method: 'GET',
    url: 'https://api.coinbase.com/api/v3/brokerage/products?limit=2',
    status: 500,
    headers: { 'cf-ray': '8e6f2c', 'content-type': 'application/json' },
    body: '{"error":"INTERNAL","error_details":"x","message":"y"}',
    ...change,
  };
}

function call(seq: number, ms: number, name: string, status: number): PacketCall {
  const url = `https://api.coinbase.com/api/v3/brokerage/${name}?limit=2`;
  return { seq, at: AT + ms, endpoint: name, method: 'GET', url, status };
}

function packet(change: Partial<PacketInput> = {}) {
  return buildPacket({
    finding: null,
    snapshot: snapshot(),
    responses: [],
    keyId: KEY,
    windowRows: [],
    version: '0.1.0',
    ...change,
  });
}

const serverErrors = finding({
  code: 'SERVER_ERRORS',
  title: 'GET /products answers 500 for 4 min 12 s while everything else works.',
  escalate: { to: 'T2', category: '5xx', reason: 'persistent' },
  facts: [3, 9],
  evidence: ['20:14:06 GET products: 500 y'],
  steps: [{ text: 'persistent', result: 'pass', detail: '9 in 4 min' }],
});

const field = (built: ReturnType<typeof packet>, name: string) => built.fields.find((each) => each.name === name);

describe('a packet about server errors', () => {
  const built = packet({
    finding: serverErrors,
    snapshot: snapshot({
      verdict: {
        party: 'coinbase',
        confidence: 'high',
        sentence: 'Coinbase answers 500.',
        findingKey: 'SERVER_ERRORS',
      },
      endpoints: [endpoint('time', 41, 0, { '200': 41 }), endpoint('products', 9, 9, { '500': 9 })],
      probes: {
        at: AT - 5_000,
        reason: 'a request failed',
        results: [
          { name: 'dns', target: 'api', result: 'pass', detail: '', tookMs: 3 },
          { name: 'GET /products', target: 'api', result: 'fail', detail: '500', tookMs: 80 },
        ],
      },
    }),
    responses: [
      answer({ seq: 3, body: 'older' }),
      answer(),
      answer({ seq: 12, endpoint: 'time', body: 'of another finding' }),
    ],
    windowRows: [row(8, -87), row(9, 0, { glyph: '←', what: '500 in 87 ms', detail: 'INTERNAL', tone: 'critical' })],
    calls: [
      call(2, -50_000, 'time', 200),
      call(3, -40_000, 'products', 500),
      call(5, -20_000, 'time', 200),
      call(9, 0, 'products', 500),
    ],
  });

  it('is complete', () => {
    expect(built.missing).toEqual([]);
    expect([built.category, built.code]).toEqual(['5xx', 'SERVER_ERRORS']);
    expect(built.fields.map(({ name }) => name)).toEqual([
      'API key id',
      'Order id',
      'Product id',
      'Request timestamp (UTC)',
      'Full error response',
    ]);
    expect(field(built, 'Order id')).toMatchObject({ value: null, none: 'not about an order' });
    expect(field(built, 'Full error response')?.value).toBe(answer().body);
  });

  it('reads as T2 needs it, on one screen', () => {
    expect(built.markdown).toBe(
      [
        '# T2: GET /products answers 500 for 4 min 12 s while everything else works',
        '',
        'Verdict: Coinbase (high confidence). 2 of 2 such calls failed between 20:13:26 and 20:14:06 UTC, the part at hand of what began at 20:09:54; 1 of 1 other calls succeeded in the same time.',
        '',
        '| field                   | value |',
        '| ----------------------- | ----- |',
        `| API key id              | ${KEY} |`,
        '| Order id                | none: not about an order |',
        '| Product id              | none: GET /products?limit=2 names no product (watched: BTC-USD, ETH-USD) |',
        '| Request timestamp (UTC) | 2026-11-22T20:14:06.489Z   since 20:09:54.120Z   last 20:14:06.489Z |',
        '| Request                 | GET https://api.coinbase.com/api/v3/brokerage/products?limit=2   status 500   cf-ray 8e6f2c |',
        '',
        '## Error response, complete (GET /products?limit=2)',
        '```json',
        '{"error":"INTERNAL","error_details":"x","message":"y"}',
        '```',
        '',
        '## What works and what does not (probed 20:14:01 UTC; requests of the same time)',
        'dns ✓ 3 ms   GET /products ✗ 500   GET /products ✗ 500 ×2   GET /time ✓ 200   public socket ✓ open',
        'user socket ✓ open',
        '',
        '## The minute around it (whole: window.ndjson; opens with `cbscope replay`)',
        '```',
        '20:14:06.402  REST    →  GET            /products?limit=2',
        '20:14:06.489  REST    ←  500 in 87 ms   INTERNAL',
        '```',
        '',
        '## Tried and checked',
        "GET /products?limit=2 asked 9 times · own clock against Coinbase's: +40 ms ± 20 ms · ✓ persistent: 9 in 4 min",
        '',
        '## Removed from this packet',
        "Nothing had to be removed; the key's secret is in no file of it. Pseudonyms: none. You may still need to ask for: the customer's client, SDK and its version.",
        '',
      ].join('\n'),
    );
  });

  it('says the same as JSON', () => {
    const json = JSON.parse(packetJson(built));
    expect(json).toMatchObject({
      category: '5xx',
      missing: [],
      finding: { code: 'SERVER_ERRORS' },
      at: '2026-11-22T20:14:06.489Z',
    });
    expect(json.request.body).toBe(answer().body);
  });
});

describe('the counts of a packet about server errors', () => {
  const late = finding({ ...serverErrors, firstAt: AT - 30_000, facts: [3, 4], subject: { productId: 'BTC-USD' } });
  const accounts = 'https://api.coinbase.com/api/v3/brokerage/accounts';
  const built = packet({
    finding: late,
    responses: [answer({ seq: 3, endpoint: 'accounts', url: accounts, status: 502 })],
    calls: [
      call(1, -90_000, 'accounts', 200),
      call(3, -30_000, 'accounts', 502),
      call(4, -20_000, 'orders', 502),
      call(5, -15_000, 'time', 200),
      call(6, -10_000, 'accounts', 502),
      call(7, -5_000, 'accounts', 200),
    ],
  });

  it('agree in title, verdict and matrix', () => {
    expect(built.title).toBe('T2: GET /accounts and GET /orders answer 502 for 20 s while everything else works');
    expect(built.markdown).toContain('3 of 3 such calls failed between 20:13:36 and 20:13:56 UTC; 1 of 1 other calls');
    expect(built.markdown).toContain('GET /accounts ✗ 502 ×2   GET /orders ✗ 502   GET /time ✓ 200');
  });

  it('name no product where the request is about none', () => {
    expect(field(built, 'Product id')).toMatchObject({
      value: null,
      none: expect.stringContaining('names no product'),
    });
    const listed = packet({ finding: late, responses: [answer({ seq: 3 })] });
    expect(field(listed, 'Product id')?.value).toBe('BTC-USD');
  });

  it('do not take what fails, too, for working', () => {
    const calls = [call(3, -30_000, 'accounts', 502), call(5, -20_000, 'time', 503), call(6, 0, 'accounts', 502)];
    const responses = [answer({ seq: 3, endpoint: 'accounts', url: accounts, status: 502 })];
    expect(packet({ finding: late, responses, calls }).title).toContain('nothing else works');
  });

  it('tell when it is over', () => {
    const over = { ...late, status: 'cleared' as const, clearedAt: AT, clearedBecause: 'accounts answers again' };
    expect(packet({ finding: over }).markdown).toContain('Over since 20:14:06 UTC: accounts answers again.');
  });
});

describe('the sockets of a packet', () => {
  const ended = {
    seq: 5,
    at: AT,
    connection: 'public' as const,
    code: 1000,
    name: 'normal closure',
    meaning: '',
    reason: '',
    clean: true,
    by: 'client' as const,
    cause: 'asked' as const,
    detail: 'the duration is over',
    ageMs: 5,
    next: '',
  };
  it.each([
    ['asked', 'public socket ✓ open until watching ended'],
    ['reset', 'public socket ✗ closed'],
  ] as const)('closed for %s', (cause, says) => {
    const { connections } = snapshot();
    const closed = { ...connections, public: { ...connections.public, state: 'closed' as const } };
    const built = packet({ snapshot: snapshot({ connections: closed, closes: [{ ...ended, cause }] }) });
    expect(built.markdown).toContain(says);
  });
});

describe('a packet about the matching engine', () => {
  const about = finding({
    code: 'ORDER_STUCK',
    subject: { orderId: ORDER },
    escalate: { to: 'T2', category: 'matching', reason: '' },
  });

  it('puts the REST order beside the fills', () => {
    const built = packet({ finding: about, snapshot: snapshot({ orders: [stuck] }), uiShows: 'FILLED' });
    expect(built.missing).toEqual([]);
    expect(field(built, 'Order id')?.value).toBe(ORDER);
    expect(field(built, 'Product id')?.value).toBe('BTC-USD');
    expect(field(built, 'Full error response')?.none).toContain('REST order beside the fills');
    expect(built.markdown).toContain(
      '| REST order   | OPEN, filled 0 |\n| user channel | FILLED, filled 0.5 |\n| fills        | 0.5 in 3 |\n| web page     | FILLED |',
    );
    expect(built.markdown).toContain('The sources have disagreed for 41 s: the user channel says done.');
  });

  it('names what is missing and how to get it', () => {
    const built = packet({ category: 'matching', keyId: null });
    expect(built.missing).toEqual([
      'API key id',
      'Order id',
      'Product id',
      'Request timestamp (UTC)',
      'Full error response',
    ]);
    for (const { how } of built.fields) expect(how?.length).toBeGreaterThan(20);
    expect(built.markdown.match(/MISSING: /g)?.length).toBe(5);
  });

  it('is not about the finding of another order, nor of another case', () => {
    const other = '0a1b2c3d-0000-4000-8000-00000000ffff';
    const about = finding({ code: 'ORDER_STUCK', title: 'Order is stuck.', subject: { orderId: ORDER } });
    const seen = snapshot({ orders: [stuck, { ...stuck, orderId: other }], balances: [differing] });
    const own = packet({ finding: about, snapshot: seen });
    expect(own).toMatchObject({ title: expect.stringContaining('Order is stuck'), code: 'ORDER_STUCK' });
    const wanted = packet({ finding: about, snapshot: seen, orderId: other });
    expect(wanted).toMatchObject({ title: expect.stringContaining(`order ${other}`), code: null, missing: [] });
    expect(wanted.markdown).not.toContain(ORDER);
    const balance = packet({ finding: about, snapshot: seen, category: 'balance' });
    expect(balance).toMatchObject({ title: expect.stringContaining('balance of BTC'), code: null, missing: [] });
    expect(balance.markdown).not.toContain(ORDER);
  });

  it('is about the order that the web page is said to show, though all other sources agree', () => {
    const agreeing = { ...stuck, agrees: true, disagreesForMs: null };
    const shown = { category: 'matching', uiShows: `${ORDER} FILLED` } as const;
    const built = packet({ snapshot: snapshot({ orders: [agreeing] }), ...shown });
    expect(built).toMatchObject({ missing: [], title: expect.stringContaining(`the web page ${ORDER} FILLED`) });
  });

  it('takes what the user typed', () => {
    const given = {
      category: 'matching' as const,
      orderId: ORDER,
      productId: 'ETH-USD',
      at: AT - 1_000,
      note: 'seen twice',
    };
    const built = packet({ ...given, snapshot: snapshot({ orders: [stuck] }) });
    expect(built.missing).toEqual([]);
    expect(field(built, 'Product id')?.value).toBe('ETH-USD');
    expect(field(built, 'Request timestamp (UTC)')?.value).toBe('2026-11-22T20:14:05.489Z');
    expect(built.markdown).toContain('## Note\nseen twice\n');
    expect(packet({ ...given, orderId: 'another' }).missing).toEqual(['Full error response']);
  });
});

describe('a packet about a balance', () => {
  it('puts accounts beside the breakdown and the web page', () => {
    const about = finding({ code: 'BALANCE_MISMATCH', subject: { currency: 'BTC' } });
    const built = packet({ finding: about, snapshot: snapshot({ balances: [differing] }), uiShows: 'BTC 0.5' });
    expect([built.category, built.missing]).toEqual(['balance', []]);
    expect(field(built, 'Product id')?.none).toContain('about the currency BTC');
    expect(built.markdown).toContain('| accounts, available + hold (BTC) | 0.75 |');
    expect(built.markdown).toContain('| portfolio breakdown              | 0.5 |');
    expect(built.markdown).toContain('| web page                         | BTC 0.5 |');
    expect(built.markdown).not.toContain('screenshot');
  });
});

it('a packet about a balance is about the currency that the web page is said to show', () => {
  const agreeing = { ...differing, agrees: true, disagreesForMs: null, breakdown: '0.75' };
  const seen = snapshot({ balances: [{ ...agreeing, currency: 'USD' }, agreeing] });
  const built = packet({ category: 'balance', snapshot: seen, uiShows: 'BTC 0.5' });
  expect(built.missing).toEqual([]);
  expect(built.title).toMatch(/balance of BTC: accounts say 0\.75, the breakdown 0\.75, the web page BTC 0\.5/);
  expect(packet({ category: 'balance', snapshot: seen }).missing).toContain('Full error response');
});

describe('a packet about something else', () => {
  it('lets what the socket said stand in for an answer', () => {
    const about = finding({ code: 'WS_SERVER_FAULT', key: 'WS_SERVER_FAULT public', connection: 'public' });
    const close = {
      seq: 5,
      at: AT,
      connection: 'public' as const,
      code: 1011,
      name: 'internal error',
      meaning: 'm',
      reason: 'oops',
      clean: true,
      by: 'server' as const,
      cause: 'close-frame' as const,
      detail: '',
      ageMs: 5,
      next: 'n',
    };
    const built = packet({ finding: about, snapshot: snapshot({ closes: [close] }), keyId: null });
    expect(built.category).toBe('other');
    expect(built.missing).toEqual(['API key id']);
    expect(built.markdown).toContain(
      '## What the socket said\n```\n20:14:06.489  1011 internal error  oops  by server  close-frame\n```',
    );
    expect(built.markdown).toContain('public socket ✓ open');
  });

  it.each([
    ['matching', { snapshot: snapshot({ orders: [stuck], balances: [differing] }), responses: [answer()] }],
    ['balance', { snapshot: snapshot({ balances: [differing] }), responses: [answer()] }],
    ['5xx', { responses: [answer()] }],
    ['other', { responses: [answer({ status: 403 })] }],
    ['other', {}],
    ['5xx', { finding: serverErrors }],
  ] as const)('is taken for %s by what was seen', (category, seen) => {
    expect(packet({ ...seen, responses: [...('responses' in seen ? seen.responses : [])] }).category).toBe(category);
  });

  it('picks the answer that the user pointed at', () => {
    const responses = [answer({ at: AT - 9_000, body: 'first' }), answer({ at: AT - 5_000, body: 'second' }), answer()];
    expect(field(packet({ responses, at: AT - 4_900 }), 'Full error response')?.value).toBe('second');
  });

  it.each([
    ['/products/DOGE-USD/ticker', 'DOGE-USD'],
    ['/best_bid_ask?product_ids=SOL-USD', 'SOL-USD'],
    ['/accounts', null],
  ])('reads the product in %s', (path, product) => {
    const url = `https://api.coinbase.com/api/v3/brokerage${path}`;
    expect(field(packet({ responses: [answer({ url })] }), 'Product id')?.value).toBe(product);
  });

  it('made against the simulated exchange says so first', () => {
    expect(packet({ snapshot: snapshot({ mode: 'demo' }) }).title).toMatch(/^SIMULATED, not Coinbase: T2: /);
  });
});

describe('hostile text in a packet', () => {
  it('moves no cursor, draws no link, ends no block and breaks no table', () => {
    const evil = 'a\u001b[2J\u202eb | c\n# d <img src=x> [e](http://f) ```';
    const built = packet({
      finding: finding({ code: 'SERVER_ERRORS', title: evil, evidence: [evil] }),
      responses: [answer({ body: `{\n${evil}\n}`, url: `https://x/${evil}`, headers: { 'cf-ray': evil } })],
      note: evil,
      orderId: evil,
      windowRows: [row(1, 0, { detail: evil, what: evil })],
    });
    for (const text of [built.markdown, packetJson(built)]) {
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    const outside = built.markdown.replace(/^(````+|```)[^\n]*\n[\s\S]*?^\1$/gm, '');
    expect(outside).not.toMatch(/<img|\]\(http|^# d/m);
    for (const line of built.markdown.split('\n').filter((each) => each.startsWith('| '))) {
      expect(line.match(/(?<!\\)\|/g)?.length).toBe(3);
    }
    expect(JSON.parse(packetJson(built)).note).toBe(evil);
  });

  it('gives no secret away, wherever it stands', () => {
    const token = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJvcmcifQ.${CANARY}`;
    const built = packet({
      finding: finding({ code: 'SERVER_ERRORS', title: token, evidence: [token] }),
      responses: [
        answer({
          body: `{"jwt":"${token}"}`,
          headers: { 'cf-ray': token, 'set-cookie': `a=${CANARY}` },
          url: `https://x/?jwt=${token}`,
        }),
      ],
      note: `Bearer ${CANARY}`,
      windowRows: [row(1, 0, { detail: token })],
      removed: [{ kind: 'token signature', count: 2 }],
    });
    expect(built.markdown + packetJson(built) + built.title).not.toContain('CANARY');
    expect(built.markdown).toMatch(/\d+ token signatures/);
  });

  it('that is long is cut, and said to be', () => {
    const body = JSON.stringify({ message: 'é'.repeat(4_000) });
    const built = packet({ responses: [answer({ body })] });
    expect(built.markdown).toContain(`## Error response, beginning (GET /products?limit=2)`);
    expect(built.markdown).toMatch(/Cut here after 409[56] of 8014 bytes; escalation\.json holds it whole\./);
    expect(built.markdown).not.toContain('\ufffd');
    expect(built.markdown.length).toBeLessThan(7_000);
    expect(JSON.parse(packetJson(built)).request.body).toBe(body);
    const page = packet({ responses: [answer({ body: '<html>\n'.repeat(100) })] });
    expect(page.markdown.split('\n').length).toBeLessThan(80);
    expect(page.markdown).toContain('Cut here');
  });
});
