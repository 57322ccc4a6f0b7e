// No secret survives redaction wherever it stands, what is innocent is left alone by reference, and twice is once.

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { forgetSecrets, registerSecret, registerSignature } from '../../src/base/secret.ts';
import type { FactBody } from '../../src/core/fact.ts';
import { redactFact, redactJson, redactText } from '../../src/recording/redact.ts';
import { findSecretLike } from '../../src/recording/secret-patterns.ts';
import { factBody } from './arbitrary-facts.ts';

const CANARY = 'q7Zk2CANARYx9-_fVtR4mWc1bNs8yLp0aGh3jKd5eUo6iQwXz';
const CLAIMS = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJvcmdhbml6YXRpb25zIn0';
const TOKEN = `${CLAIMS}.${CANARY}`;
const BODY = `MHcCAQEE${'I'.repeat(8)}CANARYx9${'A'.repeat(40)}`;
const PEM = `-----BEGIN EC PRIVATE KEY-----\n${BODY}\n${BODY}\n-----END EC PRIVATE KEY-----\n`;

afterEach(forgetSecrets);

describe('a text', () => {
  it.each([
    ['a token', `jwt ${TOKEN} end`, `jwt ${CLAIMS}.[signature removed] end`, 'token signature'],
    [
      'a bearer token',
      `Authorization: Bearer ${TOKEN}`,
      `Authorization: Bearer ${CLAIMS}.[signature removed]`,
      'token signature',
    ],
    ['an opaque bearer', `authorization: bearer ${CANARY}`, 'authorization: bearer [removed]', 'bearer token'],
    ['a key block', `x ${PEM} y`, 'x [private key removed]\n y', 'private key'],
    ['a key block in JSON', JSON.stringify({ k: PEM }), '{"k":"[private key removed]\\n"}', 'private key'],
    [
      'a key block in JSON in JSON',
      JSON.stringify(JSON.stringify({ k: PEM })),
      '"{\\"k\\":\\"[private key removed]\\\\n\\"}"',
      'private key',
    ],
    ['a key block cut short', PEM.slice(0, 90), '[private key removed]', 'private key'],
    ['a cookie header', `Cookie: a=${CANARY}; b=2`, 'Cookie: a=[removed]; b=[removed]', 'cookie'],
    [
      'a set-cookie',
      `set-cookie: __cf_bm=${CANARY}; Path=/; Max-Age=1`,
      'set-cookie: __cf_bm=[removed]; Path=/; Max-Age=1',
      'cookie',
    ],
    ['a signing header', `"CB-ACCESS-SIGN": "${CANARY}"`, '"CB-ACCESS-SIGN": "[removed]"', 'signing header'],
    ['a passphrase header', `CB-ACCESS-PASSPHRASE: ${CANARY}`, 'CB-ACCESS-PASSPHRASE: [removed]', 'signing header'],
    ['a secret field', `{"api_secret":"${CANARY}","n":1}`, '{"api_secret":"[removed]","n":1}', 'secret field'],
    ['a field with escapes', `{"privateKey":"ab\\"${CANARY}"}`, '{"privateKey":"[removed]"}', 'secret field'],
    [
      'a field in JSON in JSON',
      JSON.stringify(`{"secret":"${CANARY}"}`),
      '"{\\"secret\\":\\"[removed]\\"}"',
      'secret field',
    ],
    ['a field cut short', `{"passphrase":"${CANARY}`, '{"passphrase":"[removed]', 'secret field'],
    ['a parameter', `?signature=${CANARY}&a=1`, '?signature=[removed]&a=1', 'secret field'],
  ])('loses the secret of %s', (_what, text, expected, kind) => {
    const { text: redacted, removed } = redactText(text);
    expect(redacted).toBe(expected);
    expect(removed.map((each) => each.kind)).toContain(kind);
    expect(redactText(redacted)).toEqual({ text: redacted, removed: [] });
  });

  it('loses a token hidden behind needless escapes', () => {
    const hidden = `{"m":"\\u0065${TOKEN.slice(1)}","n":"a\\u000ab"}`;
    const { text, removed } = redactText(hidden);
    expect(text).toBe(`{"m":"${CLAIMS}.[signature removed]","n":"a\\u000ab"}`);
    expect(removed).toEqual([{ kind: 'token signature', count: 1 }]);
  });

  it('loses what this process has loaded, in every encoding', () => {
    registerSecret('API key secret', PEM);
    registerSignature(CANARY);
    const forms = [
      PEM,
      BODY,
      Buffer.from(PEM).toString('base64'),
      encodeURIComponent(PEM),
      Buffer.from(PEM).toString('hex'),
      CANARY,
    ];
    for (const form of forms) {
      const { text, removed } = redactText(`before ${form} after`);
      expect(text).not.toContain('CANARY');
      expect(text).not.toContain(form);
      expect(removed.length).toBeGreaterThan(0);
    }
  });

  it.each([
    'Bearer authentication failed',
    'www-authenticate: Bearer realm="x"',
    'Please enable cookies.',
    'expected -----BEGIN EC PRIVATE KEY-----, found nothing',
    '{"type":"error","message":"signature invalid"}',
    '{"secret":"short"}',
    'a plain text with ordinary words and 9f86d081-884c-4d65-9a2f-eaa0c55ad015',
  ])('without a secret stays: %s', (text) => {
    expect(redactText(text)).toEqual({ text, removed: [] });
  });

  it('is redacted once for all, whatever it holds', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        TOKEN,
        PEM,
        `Bearer ${CANARY}`,
        'cookie: a=b',
        '"secret":"',
        '\\"signature\\":\\"',
        '\\u0065',
        '"',
        '\\',
        '; ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const once = redactText(pieces.join('')).text;
        expect(redactText(once).text).toBe(once);
        expect(findSecretLike(once)).toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  it('takes no time that grows out of hand', () => {
    const hostile = [
      'eyJ'.repeat(60_000),
      'eyJ-'.repeat(40_000),
      '"secret":"'.repeat(20_000),
      '\\"secret\\":\\"x'.repeat(20_000),
      `-----BEGIN PRIVATE KEY-----${'\\'.repeat(200_000)}`,
      `cookie: ${'a'.repeat(200_000)}`,
      `bearer ${'a'.repeat(10)} `.repeat(10_000),
      `secret${' '.repeat(100_000)}=`,
    ];
    for (const text of hostile) {
      const began = performance.now();
      redactText(text);
      expect(performance.now() - began).toBeLessThan(2_000);
    }
  });
});

const headers = { authorization: `Bearer ${TOKEN}`, 'set-cookie': `a=${CANARY}; Path=/`, 'cf-ray': '8e6f' };
const stories: [string, FactBody][] = [
  [
    'a frame',
    {
      fact: 'frame.received',
      connection: 'user',
      bytes: Buffer.from(`{"jwt":"${TOKEN}"}`),
      binary: false,
      plain: false,
    },
  ],
  [
    'a binary frame',
    {
      fact: 'frame.received',
      connection: 'user',
      bytes: Buffer.from([0xff, ...Buffer.from(TOKEN)]),
      binary: true,
      plain: false,
    },
  ],
  ['a sent frame', { fact: 'frame.sent', connection: 'user', text: `{"jwt":"${TOKEN}"}`, token: null }],
  [
    'a refused upgrade',
    { fact: 'upgrade.refused', connection: 'user', host: 'h', status: 401, headers, bodyStart: TOKEN, phases: {} },
  ],
  [
    'an answer',
    {
      fact: 'response.arrived',
      requestId: 1,
      endpoint: 'accounts',
      status: 401,
      headers,
      body: JSON.stringify({ echoed: { api_secret: CANARY, token: TOKEN, pem: PEM } }),
      truncated: false,
      sizeBytes: 1,
      phases: {},
      midpointAt: 1,
      freshConnection: true,
    },
  ],
  [
    'a close reason',
    {
      fact: 'socket.closed',
      connection: 'user',
      code: 1008,
      reason: `bad token ${TOKEN}`,
      clean: true,
      by: 'server',
      cause: 'close-frame',
      errorCode: null,
      detail: PEM,
    },
  ],
  ['a note', { fact: 'user.asked', action: 'ui-shows', detail: `COINBASE_API_SECRET=${CANARY}` }],
];

describe('a fact', () => {
  it.each(stories)('that is %s lets no canary through', (_name, body) => {
    const redacted = redactFact(body);
    const bytes = redacted.fact === 'frame.received' ? Buffer.from(redacted.bytes).toString('latin1') : '';
    expect(JSON.stringify(redacted) + bytes).not.toContain('CANARY');
    expect(redactFact(redacted)).toBe(redacted);
    expect(redacted).not.toBe(body);
  });

  it('keeps bytes that are no text, around what it takes out', () => {
    const body = stories[1]?.[1];
    const redacted = body === undefined ? null : redactFact(body);
    expect(redacted).toMatchObject({ bytes: Buffer.from([0xff, ...Buffer.from(`${CLAIMS}.[signature removed]`)]) });
  });

  it('without a secret is the same object; with one, redacting again changes nothing', () => {
    fc.assert(
      fc.property(factBody, (body) => {
        const once = redactFact(body);
        return redactFact(once) === once;
      }),
    );
    const tick: FactBody = { fact: 'user.asked', action: 'freeze', detail: 'nothing secret' };
    expect(redactFact(tick)).toBe(tick);
  });
});

it('JSON of another program is redacted by the names in it', () => {
  const { value } = redactJson({
    headers: [
      { name: 'Cookie', value: `a=${CANARY}` },
      { name: 'CB-ACCESS-SIGN', value: CANARY },
    ],
  });
  expect(value).toEqual({
    headers: [
      { name: 'Cookie', value: 'a=[removed]' },
      { name: 'CB-ACCESS-SIGN', value: '[removed]' },
    ],
  });
});
