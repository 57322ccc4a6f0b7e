// No secret survives redaction wherever it stands, what is innocent is left alone by reference, and twice is once.

import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { forgetSecrets, registerSecret, registerSignature } from '../../src/base/secret.ts';
import type { FactBody } from '../../src/core/fact.ts';
import { makeIdentity } from '../../src/exchange/identity.ts';
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

  describe('loses a key that nobody loaded, without its label lines', () => {
    const { es256, ed25519, p384 } = makeIdentity().keys;
    const bare = (pem: string): string => pem.replace(/-----[^-]*-----|\s/g, '');
    const der = (pem: string): Buffer => Buffer.from(bare(pem), 'base64');
    const inLines = (pem: string, end: string): string => (bare(pem).match(/.{1,64}/g) ?? []).join(end);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const jwk = createPrivateKey(es256.secret).export({ format: 'jwk' });

    it.each([
      ['SEC1', bare(es256.secret)],
      ['SEC1 in lines', inLines(es256.secret, '\n')],
      ['SEC1 in escaped lines', inLines(es256.secret, '\\n')],
      ['PKCS #8', bare(es256.pkcs8)],
      ['PKCS #8 of Ed25519', bare(ed25519.pkcs8)],
      ['another curve', bare(p384.secret)],
      ['another curve, PKCS #8', bare(p384.pkcs8)],
      ['RSA', rsa.export({ type: 'pkcs1', format: 'der' }).toString('base64')],
      ['RSA, PKCS #8', rsa.export({ type: 'pkcs8', format: 'der' }).toString('base64')],
      ['hex', der(es256.secret).toString('hex')],
      ['hex of PKCS #8', der(es256.pkcs8).toString('hex').toUpperCase()],
      ['hex of Ed25519', der(ed25519.pkcs8).toString('hex')],
      ['the portal’s Ed25519', ed25519.secret],
      ['SEC1, URL-encoded', encodeURIComponent(inLines(es256.secret, '\n'))],
      ['SEC1, URL-encoded twice', encodeURIComponent(encodeURIComponent(bare(es256.secret)))],
      ['the portal’s Ed25519, URL-encoded', encodeURIComponent(ed25519.secret)],
      ['a JSON Web Key', JSON.stringify(jwk)],
      ['a JSON Web Key in JSON', JSON.stringify(JSON.stringify(jwk))],
    ])('%s', (_what, key) => {
      const { text, removed } = redactText(`the key is ${key}, please help`);
      expect(text).toContain('[private key removed]');
      expect(text).toMatch(/^the key is .*, please help$/s);
      for (let at = 0; at + 40 < key.length && !key.includes('kty'); at += 20)
        expect(text).not.toContain(key.slice(at, at + 40));
      expect(text).not.toContain(String(jwk['d']));
      expect(removed.map((each) => each.kind)).toEqual(['private key']);
      expect(findSecretLike(`x ${key} y`)).toMatchObject({ kind: 'private key' });
      expect(redactText(text)).toEqual({ text, removed: [] });
    });

    it('but neither a public key nor 64 bytes that are none', () => {
      const spki = createPublicKey(es256.secret).export({ type: 'spki', format: 'der' }).toString('base64');
      const chance = `${'Ab1+'.repeat(21)}Ab==`;
      const text = `${spki} ${chance} ${JSON.stringify({ ...jwk, d: undefined })}`;
      expect(redactText(text)).toEqual({ text, removed: [] });
    });
  });

  it('loses most of a signature of ours, and one with something in front of it', () => {
    registerSignature(CANARY);
    for (const form of [CANARY.slice(5), CANARY.slice(0, 44), `prefix${CANARY}`]) {
      const { text } = redactText(`token …${form} refused`);
      expect(text).toBe('token …[removed] refused');
    }
  });

  it('loses a secret that is cut off by an ellipsis', () => {
    registerSecret('passphrase', CANARY);
    expect(redactText(`"${CANARY.slice(0, 30)}…" is unknown`).text).toBe('"[redacted]…" is unknown');
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
      { name: 'cb-2fa-token', value: CANARY },
      { name: 'X-Api-Key', value: CANARY },
      { name: 'CB-ACCESS-KEY', value: 'an id' },
    ],
  });
  expect(value).toEqual({
    headers: [
      { name: 'Cookie', value: 'a=[removed]' },
      { name: 'CB-ACCESS-SIGN', value: '[removed]' },
      { name: 'cb-2fa-token', value: '[removed]' },
      { name: 'X-Api-Key', value: '[removed]' },
      { name: 'CB-ACCESS-KEY', value: 'an id' },
    ],
  });
});
