import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { findSecret, forgetSecrets } from '../../src/base/secret.ts';
import { inspectCredentials, inspectNothing, isKeyIdShape } from '../../src/coinbase/key.ts';
import type { KeyDefect } from '../../src/core/fact.ts';

// Keys are made here, at each run; none is stored.
const KEY_ID = 'organizations/11111111-2222-4333-8444-555555555555/apiKeys/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const BARE_ID = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const p256 = ec('prime256v1');
const ed = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: KeyObject, type: 'sec1' | 'pkcs8' | 'pkcs1' | 'spki') =>
  String(key.export({ format: 'pem', type } as never));
const sec1 = pem(p256.privateKey, 'sec1');
const pkcs8 = pem(p256.privateKey, 'pkcs8');
const edPem = pem(ed.privateKey, 'pkcs8');
const edDer = ed.privateKey.export({ format: 'der', type: 'pkcs8' });
const seed = edDer.subarray(16);
const publicHalf = ed.publicKey.export({ format: 'der', type: 'spki' }).subarray(12);
const ed64 = Buffer.concat([seed, publicHalf]).toString('base64');
const body = sec1.replace(/-----[^-]+-----/g, '').trim();
const oneLine = (text: string) => text.replaceAll('\n', '');

const inspect = (secret: string, keyId = KEY_ID, source = 'COINBASE_API_KEY') =>
  inspectCredentials({ source, keyId, secret, alsoFound: [] });

/** The key in the box is the key that went in. */
function boxed(secret: string, keyId = KEY_ID): unknown {
  const key = inspect(secret, keyId).key;
  return key === null ? null : createPrivateKey(key.pem.unbox()).export({ format: 'jwk' });
}

afterEach(forgetSecrets);

const EC_JWK = p256.privateKey.export({ format: 'jwk' });
const ED_JWK = ed.privateKey.export({ format: 'jwk' });

describe('inspectCredentials', () => {
  it.each([
    ['SEC1', sec1, 'ES256', EC_JWK],
    ['PKCS8', pkcs8, 'ES256', EC_JWK],
    ['CRLF line ends', sec1.replaceAll('\n', '\r\n'), 'ES256', EC_JWK],
    ['no final line break', sec1.trimEnd(), 'ES256', EC_JWK],
    ['a PEM of Ed25519', edPem, 'EdDSA', ED_JWK],
    ['64 bytes of Ed25519', ed64, 'EdDSA', ED_JWK],
    ['a seed of 32 bytes', seed.toString('base64'), 'EdDSA', ED_JWK],
    ['48 bytes of DER', edDer.toString('base64'), 'EdDSA', ED_JWK],
    ['64 bytes in base64url', Buffer.concat([seed, publicHalf]).toString('base64url'), 'EdDSA', ED_JWK],
    [
      'parameters before the key',
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${sec1}`,
      'ES256',
      EC_JWK,
    ],
  ])('finds nothing wrong with %s', (_, secret, algorithm, jwk) => {
    for (const keyId of [KEY_ID, BARE_ID]) {
      const { inspection } = inspect(secret, keyId);
      expect(inspection).toMatchObject({
        defects: [],
        repaired: false,
        usable: true,
        algorithm,
        correctedLine: null,
        explanation: '',
        keyId,
      });
      expect(boxed(secret, keyId)).toEqual(jwk);
    }
  });

  it.each<[string, string, KeyDefect[]]>([
    ['literal backslash-n', sec1.replaceAll('\n', '\\n'), ['literal-backslash-n']],
    ['literal backslash-r-backslash-n', sec1.replaceAll('\n', '\\r\\n'), ['literal-backslash-n']],
    ['doubly escaped line breaks', sec1.replaceAll('\n', '\\\\n'), ['double-escaped-newlines']],
    ['spaces for line breaks', sec1.trim().replaceAll('\n', ' '), ['spaces-for-newlines']],
    [
      'spaces in the body only',
      `-----BEGIN EC PRIVATE KEY-----\n${body.replaceAll('\n', ' ')}\n-----END EC PRIVATE KEY-----\n`,
      ['spaces-for-newlines'],
    ],
    ['no line breaks', oneLine(sec1), ['one-line']],
    ['Ed25519 without line breaks', oneLine(edPem), ['one-line']],
    ['double quotes', `"${sec1}"`, ['quotes-kept']],
    ['single quotes', `'${sec1.trim()}'`, ['quotes-kept']],
    ['quotes and literal backslash-n', `"${sec1.replaceAll('\n', '\\n')}"`, ['quotes-kept', 'literal-backslash-n']],
    ['blanks around', `  ${sec1.trim()} `, ['surrounding-space']],
    ['indented lines', sec1.trim().replaceAll('\n', '\n    '), ['indented-lines']],
    ['a SEC1 body under a PKCS8 label', sec1.replaceAll('EC PRIVATE', 'PRIVATE'), ['label-mismatch']],
    ['a PKCS8 body under a SEC1 label', pkcs8.replaceAll('PRIVATE', 'EC PRIVATE'), ['label-mismatch']],
    ['four dashes', sec1.replaceAll('-----', '----'), ['label-mismatch']],
    ['the body only', body, ['body-only']],
    ['the body only, in one line', oneLine(body), ['body-only']],
    ['a whole key file', JSON.stringify({ name: KEY_ID, privateKey: sec1 }), ['literal-backslash-n']],
    ['quoted Ed25519', `"${ed64}"`, ['quotes-kept']],
  ])('repairs %s', (_, secret, defects) => {
    const { inspection } = inspect(secret);
    expect(inspection).toMatchObject({ defects, repaired: true, usable: true });
    expect(inspection.correctedLine).toMatch(/^COINBASE_API_SECRET="/);
    expect(inspection.explanation).toMatch(/repaired in memory/);
    expect(boxed(secret)).toEqual(inspection.algorithm === 'ES256' ? EC_JWK : ED_JWK);
  });

  it.each<[string, string, KeyDefect]>([
    ['the first line only', '-----BEGIN EC PRIVATE KEY-----', 'first-line-only'],
    ['the first line with its quote', '"-----BEGIN EC PRIVATE KEY-----', 'first-line-only'],
    ['a lost last line', sec1.split('\n').toSpliced(3, 1).join('\n'), 'truncated'],
    ['a lost end', sec1.slice(0, 150), 'truncated'],
    ['a lost character', sec1.replace(body.slice(70, 71), ''), 'truncated'],
    ['a public key', pem(p256.publicKey, 'spki'), 'public-key'],
    [
      'a public key without label',
      p256.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      'public-key',
    ],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', 'certificate'],
    [
      'an encrypted key',
      String(p256.privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' })),
      'encrypted-key',
    ],
    [
      'an encrypted SEC1 key',
      String(p256.privateKey.export({ format: 'pem', type: 'sec1', cipher: 'aes-256-cbc', passphrase: 'x' })),
      'encrypted-key',
    ],
    ['RSA', pem(rsa.privateKey, 'pkcs1'), 'rsa'],
    ['RSA in PKCS8', pem(rsa.privateKey, 'pkcs8'), 'rsa'],
    ['secp256k1', pem(ec('secp256k1').privateKey, 'sec1'), 'wrong-curve'],
    ['secp256k1 in PKCS8', pem(ec('secp256k1').privateKey, 'pkcs8'), 'wrong-curve'],
    ['P-384', pem(ec('secp384r1').privateKey, 'pkcs8'), 'wrong-curve'],
    ['X25519', pem(generateKeyPairSync('x25519').privateKey, 'pkcs8'), 'wrong-curve'],
    ['Ed448', pem(generateKeyPairSync('ed448').privateKey, 'pkcs8'), 'wrong-curve'],
    ['a placeholder', '-----BEGIN EC PRIVATE KEY-----\n(NOT A KEY)\n-----END EC PRIVATE KEY-----\n', 'not-base64'],
    ['words', 'my secret key goes here!', 'not-base64'],
    ['a PEM without body', '-----BEGIN EC PRIVATE KEY-----\n-----END EC PRIVATE KEY-----', 'empty'],
    ['nothing', '', 'missing-secret'],
    ['blanks', '   ', 'empty'],
    ['empty quotes', '""', 'empty'],
    ['33 bytes', Buffer.alloc(33, 7).toString('base64'), 'wrong-length'],
    ['a legacy secret', 'abcdEFGH12345678abcdEFGH12345678', 'legacy-secret'],
    [
      'an OpenSSH key',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----',
      'unreadable',
    ],
    ['a whole key file of Ed25519', JSON.stringify({ id: KEY_ID, privateKey: ed64 }), 'unreadable'],
  ])('refuses %s', (_, secret, defect) => {
    const { inspection, key } = inspect(secret);
    expect(inspection.defects).toContain(defect);
    expect(inspection).toMatchObject({ usable: false, repaired: false, algorithm: null });
    expect(inspection.explanation).toMatch(/cannot be used\.$/);
    expect(key).toBeNull();
  });

  it.each<[string, string, string, KeyDefect, string]>([
    ['a legacy pair', 'AbCd1234efGh5678', 'abcdEFGH12345678abcdEFGH12345678', 'legacy-key', 'legacy'],
    [
      'an Exchange pair',
      '0123456789abcdef0123456789abcdef',
      Buffer.alloc(64, 5).toString('base64'),
      'exchange-key',
      'exchange',
    ],
    ['no key id', '', sec1, 'missing-key-id', 'ecdsa'],
  ])('refuses %s', (_, keyId, secret, defect, kind) => {
    const { inspection, key } = inspect(secret, keyId);
    expect(inspection.defects).toContain(defect);
    expect(inspection).toMatchObject({ kind, usable: false });
    expect(key).toBeNull();
  });

  it('names a key id of another shape, and uses it all the same', () => {
    for (const keyId of ['my-key', 'apiKeys/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee', `${KEY_ID}/`]) {
      expect(inspect(sec1, keyId).inspection).toMatchObject({
        defects: ['key-id-shape'],
        usable: true,
        repaired: false,
        correctedLine: null,
      });
    }
    expect(
      [
        KEY_ID,
        BARE_ID,
        KEY_ID.toUpperCase().replace('ORGANIZATIONS', 'organizations').replace('APIKEYS', 'apiKeys'),
      ].every(isKeyIdShape),
    ).toBe(true);
  });

  it('takes quotes and blanks from the key id, and shows its line', () => {
    const { inspection, key } = inspect(sec1, ` "${KEY_ID}"`);
    expect(inspection).toMatchObject({
      keyId: KEY_ID,
      usable: true,
      repaired: true,
      correctedLine: `COINBASE_API_KEY="${KEY_ID}"`,
    });
    expect(key?.keyId).toBe(KEY_ID);
  });

  it.each([
    ['PEM', sec1],
    ['Ed25519', ed64],
  ])('puts a swapped pair (%s) right without showing the secret', (_, secret) => {
    const { inspection, key } = inspect(KEY_ID, secret);
    expect(inspection).toMatchObject({ keyId: KEY_ID, defects: ['swapped'], usable: true, repaired: true });
    expect(key?.keyId).toBe(KEY_ID);
    expect(findSecret(Buffer.from(JSON.stringify(inspection)))).toBeNull();
  });

  it.each([sec1, ed64, edPem])('never shows a secret that stands where the key id belongs', (secret) => {
    for (const other of ['', secret, 'x']) {
      const { inspection } = inspect(other, secret);
      expect(inspection.usable && inspection.keyId !== 'x').toBe(false);
      expect(findSecret(Buffer.from(JSON.stringify(inspection)))).toBeNull();
      expect(JSON.stringify(inspection)).not.toContain(secret.slice(40, 60));
    }
  });

  it('masks the secret in the corrected line, names the variable, and keeps the label', () => {
    const wanted = '"-----BEGIN EC PRIVATE KEY-----\\n····\\n-----END EC PRIVATE KEY-----\\n"';
    expect(inspect(oneLine(sec1)).inspection.correctedLine).toBe(`COINBASE_API_SECRET=${wanted}`);
    expect(inspect(oneLine(sec1), KEY_ID, 'CDP_API_KEY_ID').inspection.correctedLine).toBe(
      `CDP_API_KEY_SECRET=${wanted}`,
    );
    expect(inspect('-----BEGIN EC PRIVATE KEY-----').inspection.correctedLine).toBe(`COINBASE_API_SECRET=${wanted}`);
    expect(inspect(`"${ed64}"`).inspection.correctedLine).toBe('COINBASE_API_SECRET="····"');
    expect(inspect(pem(rsa.privateKey, 'pkcs1')).inspection.correctedLine).toBeNull();
  });

  it('gives a sentence for a key file', () => {
    const { inspection } = inspectCredentials({
      source: '--key-file k.json',
      keyId: KEY_ID,
      secret: oneLine(sec1),
      alsoFound: ['CDP_API_KEY_ID'],
      fileName: 'k.json',
    });
    expect(inspection.correctedLine).toMatch(/^In the key file k\.json, "privateKey" should read /);
    expect(inspection.alsoFound).toEqual(['CDP_API_KEY_ID']);
  });

  it('keeps the public half of a 64-byte secret for the signer', () => {
    expect(inspect(ed64).key?.publicHalf).toBe(publicHalf.toString('base64'));
    expect(inspect(edPem).key?.publicHalf).toBeNull();
    expect(createPublicKey(createPrivateKey(inspect(ed64).key?.pem.unbox() ?? '')).export({ format: 'jwk' })).toEqual(
      ed.publicKey.export({ format: 'jwk' }),
    );
  });

  it('registers the secret as it was written and as it is used, but no label lines', () => {
    inspect(oneLine(sec1));
    inspect(ed64);
    expect(findSecret(Buffer.from(`x ${oneLine(sec1)} y`))).not.toBeNull();
    expect(findSecret(Buffer.from(body.split('\n')[1] ?? ''))).not.toBeNull();
    expect(findSecret(Buffer.from(ed64))).not.toBeNull();
    inspect('-----BEGIN EC PRIVATE KEY-----');
    inspect(KEY_ID, BARE_ID);
    expect(findSecret(Buffer.from(`-----BEGIN EC PRIVATE KEY----- ${KEY_ID} ${BARE_ID}`))).toBeNull();
  });

  it('prints no key material in any inspection, however the secret was mangled', () => {
    const mangle = fc.tuple(
      fc.constantFrom(sec1, pkcs8, edPem, ed64, body),
      fc.nat(300),
      fc.nat(300),
      fc.constantFrom('', ' ', '\\n', '"', '\n', '=', '-', '\u0000'),
    );
    fc.assert(
      fc.property(mangle, ([secret, from, length, put]) => {
        const mangled = secret.slice(0, from) + put + secret.slice(from + (length % 5));
        const { inspection, key } = inspect(mangled);
        const shown = JSON.stringify({ inspection, key });
        for (let at = 0; at + 16 <= body.length; at += 8) expect(shown).not.toContain(body.slice(at, at + 16));
        expect(inspection.usable).toBe(key !== null);
        forgetSecrets();
      }),
      { numRuns: 500 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (keyId, secret) => {
        inspectCredentials({ source: '', keyId, secret, alsoFound: [] });
        forgetSecrets();
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        inspect(
          `-----BEGIN PRIVATE KEY-----\n${Buffer.concat([Buffer.from([0x30, bytes.length]), bytes]).toString('base64')}\n-----END PRIVATE KEY-----`,
        );
        forgetSecrets();
      }),
      { numRuns: 500 },
    );
  });
});

it('inspectNothing says that there is none', () => {
  expect(inspectNothing()).toMatchObject({ source: null, kind: 'none', usable: false, defects: [], explanation: '' });
});
