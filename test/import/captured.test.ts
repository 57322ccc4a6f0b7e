// What is found in captures: each bundled one raises its code and nothing else critical; a written recording tells the same;
// and what looks like a captured program's mistakes, but is none, stays quiet.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTraffic, readCapture, writeCapture } from '../../src/app/import.ts';
import type { Fact } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { bytesOfExample, HAR_EXAMPLES } from '../../src/import/examples.ts';
import { readHar } from '../../src/import/har.ts';
import { CATALOGUE } from '../../src/playbook/catalogue.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { summary } from '../../src/report/line.ts';
import { allFacts, temporaryFolder } from '../recording/temporary.ts';
import { BODIES, PORTFOLIO } from '../support/facts.ts';
import {
  API,
  acknowledged,
  bytesOf,
  call,
  closed,
  flow,
  har,
  jwt,
  refused,
  send,
  signed,
  socket,
  subscribe,
  USER,
} from '../support/har.ts';
import { Story } from '../support/story.ts';

function folded(facts: readonly Fact[]): Engine {
  const engine = new Engine();
  for (const fact of facts) engine.replay(fact);
  return engine;
}

function look(value: unknown): Engine {
  const reading = readHar(bytesOf(value));
  if ('problem' in reading) throw new Error(reading.problem);
  return folded(reading.facts);
}

function findings(engine: Engine) {
  return [...engine.book.history.values()].map(({ finding, severity }) => ({ ...finding, severity }));
}

function codes(value: unknown): string[] {
  return findings(look(value))
    .filter(({ severity }) => severity !== 'info')
    .map(({ code }) => code)
    .sort();
}

/** Codes that an example shows beside its own, and why. */
const BESIDE: Record<string, string[]> = { 'har-retry-storm': ['RATE_LIMITED'] };

describe.each(HAR_EXAMPLES)('$name', (example) => {
  const engine = look(example.har);
  const { code } = example;

  it('raises its code and no other', () =>
    expect(
      findings(engine)
        .map((finding) => finding.code)
        .sort(),
    ).toEqual([...(code === null ? [] : [code]), ...(BESIDE[example.name] ?? [])].sort()));

  it('names the party of the code, with evidence, steps and a fix', () => {
    const finding = findings(engine).find((each) => each.code === code);
    if (code === null || finding === undefined) return expect(engine.verdict.party).toBe('healthy');
    const party = example.name === 'har-user-unsigned' ? 'configuration' : CATALOGUE[code]?.party;
    expect(finding.party).toBe(party);
    expect([finding.evidence.length > 0, finding.steps.length > 0, finding.fix.length > 0]).toEqual([true, true, true]);
  });

  it('is told the same from the recording that is written of it', async () => {
    const folder = await temporaryFolder();
    const [source, target] = [join(folder, 'a.har'), join(folder, 'a.ndjson')];
    await writeFile(source, bytesOfExample(example));
    const capture = await readCapture(source);
    if ('problem' in capture) throw new Error(capture.problem);
    expect(await writeCapture(target, capture)).toEqual({ ok: true });
    const recording = await openRecording(target);
    const direct = await openTraffic(source);
    if ('problem' in recording || 'problem' in direct) throw new Error('neither can be a problem');
    const told = async (facts: Fact[]) => {
      const { model, verdict, book } = folded(facts);
      return JSON.stringify(summary(model, verdict, [...book.history.values()], true));
    };
    expect(await told(await allFacts(recording))).toBe(await told(await allFacts(direct)));
  });
});

describe('a uri', () => {
  const url = `${API}/accounts?limit=250`;
  const wrong = (uri: string | undefined, more: object = {}): object => {
    const token = uri === undefined ? { jwt: jwt(0) } : { token: { uri } };
    return har([signed({ atS: 0, url, status: 401, body: 'Unauthorized', ...token, ...more })]);
  };
  it.each([
    ['a query', 'GET api.coinbase.com/api/v3/brokerage/accounts?limit=250', /query string/],
    ['a scheme', 'GET https://api.coinbase.com/api/v3/brokerage/accounts', /scheme/],
    ['another host', 'GET api.exchange.coinbase.com/api/v3/brokerage/accounts', /host is api\.exchange/],
    ['another method', 'POST api.coinbase.com/api/v3/brokerage/accounts', /method is POST/],
    ['no prefix', 'GET api.coinbase.com/accounts', /lacks \/api\/v3\/brokerage/],
    ['an unfilled name', 'GET api.coinbase.com/api/v3/brokerage/accounts/{uuid}', /braces/],
    ['another path', 'GET api.coinbase.com/api/v3/brokerage/orders', /path is/],
    ['nothing', undefined, /no uri claim/],
  ])('with %s is named', (_, uri, evidence) => {
    const [finding, ...others] = findings(look(wrong(uri)));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'AUTH_URI_MISMATCH',
      evidence: expect.arrayContaining([expect.stringMatching(evidence)]),
    });
  });

  it('that is wrong in a token that was accepted is nobody’s business', () =>
    expect(codes(wrong('GET https://api.coinbase.com/accounts', { status: 200, body: { accounts: [] } }))).toEqual([]));
});

describe('tokens of calls', () => {
  const url = `${API}/accounts`;
  const refusal = { url, status: 401, body: 'Unauthorized' };
  it('one refused call that is all there is', () =>
    expect(findings(look(har([signed({ atS: 0, ...refusal })])))).toMatchObject([
      { code: 'AUTH_REJECTED', confidence: 'low' },
    ]));

  it('kept too long are a fault of the program', () => {
    const old = jwt(-200, { uri: 'GET api.coinbase.com/api/v3/brokerage/accounts' });
    const [finding, ...others] = findings(look(har([0, 5].map((atS) => signed({ atS, ...refusal, jwt: old })))));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'AUTH_REJECTED',
      party: 'configuration',
      title: expect.stringContaining('had been over'),
    });
  });

  it('that begin in Coinbase’s future are of a machine whose clock is ahead, though the capturing one is right', () => {
    const early = jwt(30, { uri: 'GET api.coinbase.com/api/v3/brokerage/accounts' });
    const [finding, ...others] = findings(look(har([0, 5].map((atS) => signed({ atS, ...refusal, jwt: early })))));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'AUTH_CLOCK_SKEW',
      severity: 'critical',
      party: 'configuration',
      count: 2,
      title: expect.stringContaining('in Coinbase’s future'),
    });
  });

  it('made for an hour leave a line of evidence', () =>
    expect(
      findings(look(har([0, 5].map((atS) => signed({ atS, ...refusal, token: { lifetimeS: 3_600 } })))))[0]?.evidence,
    ).toContainEqual(expect.stringContaining('made for 3600 s')));

  it('of another algorithm, and cut to nothing', () => {
    for (const token of [{ alg: 'HS256', signatureBytes: 32 }, { signatureBytes: 0 }])
      expect(codes(har([signed({ atS: 0, ...refusal, token })]))).toEqual(['AUTH_KEY_TYPE']);
  });

  it('that an unsigned call lacks', () => {
    const others = signed({ atS: 0, url, body: { accounts: [], has_next: false } });
    const [finding] = findings(look(har([others, call({ atS: 2, ...refusal, url: `${API}/products` })])));
    expect(finding).toMatchObject({ code: 'AUTH_NO_CREDENTIALS', severity: 'warning' });
  });

  it('refused once and accepted after are a passing matter', () =>
    expect(codes(har([signed({ atS: 0, ...refusal }), signed({ atS: 5, url, body: { accounts: [] } })]))).toEqual([
      'AUTH_FLAKY',
    ]));
});

describe('a portfolio', () => {
  const OTHER = '11111111-2222-4333-8444-555555555555';
  const permissions = signed({ atS: 0, url: `${API}/key_permissions`, body: BODIES.permissions() });
  const asked = (status: number, error: string, uuid = OTHER): object =>
    har([permissions, signed({ atS: 2, url: `${API}/portfolios/${uuid}`, status, body: { error, message: error } })]);

  it.each([
    [403, 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND'],
  ])('that is not the key’s is refused with %i', (status, error) => {
    const [finding, ...others] = findings(look(asked(status, error)));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'SCOPE_PORTFOLIO', severity: 'warning', party: 'key' });
    expect(finding?.evidence).toContainEqual(expect.stringContaining(OTHER));
  });

  it('that is the key’s own and refused is a question of scope', () =>
    expect(codes(asked(403, 'PERMISSION_DENIED', PORTFOLIO))).toEqual(['SCOPE_TRANSFER']));
});

describe('a subscribe', () => {
  const user = (atS: number, token = jwt(atS)) => subscribe(atS, 'user', { jwt: token });
  it('refused once, and no second try', () =>
    expect(codes(har([socket({ atS: 0, url: USER, messages: [user(0.2), refused(0.4)] })]))).toEqual([
      'WS_AUTH_FAILURE',
    ]));

  it('refused again and again with fresh tokens', () => {
    const messages = [0, 5, 10].flatMap((atS) => [user(atS + 0.2), refused(atS + 0.4)]);
    expect(codes(har([socket({ atS: 0, url: USER, messages })]))).toEqual(['AUTH_REJECTED']);
  });

  it('with an old token and no answer in the capture', () =>
    expect(
      codes(
        har([
          socket({ atS: 0, url: USER, messages: [subscribe(0.1, 'heartbeats'), user(0.2, jwt(-300)), ...flow(1, 5)] }),
        ]),
      ),
    ).toEqual(['WS_JWT_EXPIRED']));

  it('signed with HMAC', () => {
    const legacy = { api_key: 'q2Zb7XkT0aLwP9rs', timestamp: '1', signature: 'a1'.repeat(32) };
    expect(codes(har([socket({ atS: 0, messages: [subscribe(0.2, 'user', legacy), refused(0.3)] })]))).toEqual([
      'AUTH_LEGACY_KEY',
    ]);
  });

  it('in the words of another feed, on the right host', () =>
    expect(
      codes(
        har([
          socket({
            atS: 0,
            messages: [send(0.2, { type: 'subscribe', channels: ['ticker'], product_ids: ['BTC-USD'] }), refused(0.3)],
          }),
        ]),
      ),
    ).toEqual(['WS_BAD_CHANNEL']));

  it('with products a second time does not count them twice', () => {
    const products = Array.from({ length: 20 }, (_, index) => `C${index}-USD`);
    const again = [0.2, 60].flatMap((atS) => [
      subscribe(atS, 'level2', { product_ids: products }),
      acknowledged(atS + 0.2, atS < 1 ? 0 : 1, { level2: products }),
    ]);
    expect(codes(har([socket({ atS: 0, messages: again })]))).toEqual([]);
  });
});

describe('the end of a capture', () => {
  it('is told with every call in it, the last ones too', () => {
    const calls = Array.from({ length: 20 }, (_, index) =>
      signed({ atS: index * 0.15, url: `${API}/accounts`, status: 503, body: '' }),
    );
    expect(findings(look(har(calls))).find(({ code }) => code === 'SERVER_ERRORS')).toMatchObject({
      count: 20,
      title: expect.stringContaining('answered 20 times'),
    });
  });
});

describe('a frame too large', () => {
  it('is the limit of the captured program, not of this tool', () => {
    const messages = [subscribe(0, 'heartbeats'), ...flow(0, 8)];
    const [finding] = findings(look(har([socket({ atS: 0, messages, close: closed(8, 1009) })])));
    expect(finding).toMatchObject({ code: 'WS_TOO_BIG', party: 'configuration' });
  });
});

describe('pace', () => {
  const calls = (gapsS: readonly number[], more: Omit<Parameters<typeof call>[0], 'atS'>) => {
    let atS = 0;
    const entries = [0, ...gapsS].map((gap) => {
      atS += gap;
      return call({ ...more, atS, tookMs: 10 });
    });
    return har(entries);
  };
  const product = `${API}/market/products/BTC-USD`;
  const times = (count: number, gap: number): number[] => Array.from({ length: count }, () => gap);
  const busy = { url: `${API}/market/products`, status: 503, body: '' };

  it.each<[string, object, string[]]>([
    ['every 2 s', calls(times(6, 2), { url: product }), ['RATE_POLLING']],
    ['every 3 s', calls(times(6, 3), { url: product }), []],
    ['five calls in one go', calls(times(5, 0.1), { url: product }), []],
    ['what no channel carries', calls(times(9, 1), { url: `${API}/time`, body: {} }), []],
    [
      'many products, each now and then',
      har(Array.from({ length: 12 }, (_, index) => call({ atS: index, url: `${API}/market/products/C${index}-USD` }))),
      [],
    ],
    [
      'pages of one list',
      har(
        Array.from({ length: 12 }, (_, index) =>
          signed({ atS: index / 2, url: `${API}/orders/historical/fills?cursor=${index + 1}`, body: { fills: [] } }),
        ),
      ),
      [],
    ],
    [
      'history in windows',
      har(
        Array.from({ length: 12 }, (_, index) =>
          call({ atS: index / 2, url: `${product}/candles?start=${index}&end=${index + 300}`, body: { candles: [] } }),
        ),
      ),
      [],
    ],
  ])('polling: %s', (_, capture, wanted) => expect(codes(capture)).toEqual(wanted));

  it.each<[string, readonly number[], boolean]>([
    ['a constant fifth of a second', times(5, 0.2), true],
    ['at once', times(5, 0.02), true],
    ['three retries only', times(3, 0.2), false],
    ['doubling from a tenth', [0.1, 0.2, 0.4, 0.8, 1.6], false],
    ['doubling from a second', [1, 2, 4, 8], false],
    ['growing, with jitter', [0.3, 0.2, 0.9, 2.1, 3.8], false],
    ['every 1.2 s', times(6, 1.2), false],
  ])('retries: %s', (_, gaps, isStorm) => expect(codes(calls(gaps, busy)).includes('RATE_RETRY_STORM')).toBe(isStorm));

  it('refused upgrades in a row are retries too', () => {
    const upgrades = Array.from({ length: 6 }, (_, index) =>
      socket({ atS: index * 0.3, status: 429, body: 'Too Many Requests' }),
    );
    expect(codes(har(upgrades))).toContain('RATE_RETRY_STORM');
  });
});

describe('a quiet capture', () => {
  const fed = [
    subscribe(0.2, 'heartbeats'),
    subscribe(0.3, 'ticker', { product_ids: ['BTC-USD'] }),
    acknowledged(0.4, 41, { heartbeats: ['heartbeats'], ticker: ['BTC-USD'] }),
  ];
  const calls = [0, 20, 40].map((atS) => call({ atS, url: `${API}/market/products`, body: { products: [] } }));
  it.each<[string, object]>([
    [
      'begun in the middle',
      har([socket({ atS: 0, messages: [...fed, ...flow(1, 10, { firstNumber: 42 })] }), ...calls]),
    ],
    [
      'closed by its own program',
      har([
        socket({ atS: 0, messages: [...fed, ...flow(1, 30, { firstNumber: 42 })], close: closed(30, 1000) }),
        ...calls,
      ]),
    ],
  ])('%s raises nothing', (_, capture) => expect(codes(capture)).toEqual([]));

  it('asks for nothing: no command follows from any fact', () => {
    const reading = readHar(bytesOf(har([socket({ atS: 0, messages: [...fed, refused(1)] }), ...calls])));
    if ('problem' in reading) throw new Error(reading.problem);
    const commands: unknown[] = [];
    const engine = new Engine({ perform: (command) => commands.push(command) });
    for (const fact of reading.facts) engine.replay(fact);
    expect(commands.filter((command) => (command as { command: string }).command !== 'probe')).toEqual([]);
  });
});

describe('our own traffic', () => {
  it('is never kept call by call, however it goes', () => {
    const story = new Story().begin();
    for (let poll = 0; poll < 20; poll += 1) {
      story.answers('orders', { status: 429, body: '' });
      story.advance(200);
    }
    expect(story.engine.model.calls).toEqual([]);
    expect([...story.engine.book.history.keys()].filter((key) => /RETRY_STORM|POLLING/.test(key))).toEqual([]);
  });
});
