import { generateKeyPairSync, verify } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { findSecret, forgetSecrets } from '../../src/base/secret.ts';
import { makeClaims, readToken, withoutSignature } from '../../src/coinbase/claims.ts';
import { inspectCredentials, refusedBySigner } from '../../src/coinbase/key.ts';
import { createSigner, type Signer } from '../../src/feed/signer.ts';
import { sampleText } from '../coinbase/samples.ts';

const KEY_ID = 'organizations/11111111-2222-4333-8444-555555555555/apiKeys/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const ed = generateKeyPairSync('ed25519');
const seed = ed.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(16);
const half = ed.publicKey.export({ format: 'der', type: 'spki' }).subarray(12);
const NOW_MS = 1_795_185_000_900;
const URI = 'GET api.coinbase.com/api/v3/brokerage/accounts';

afterEach(forgetSecrets);

function signerOf(secret: string): Signer {
  const { key } = inspectCredentials({ source: 'COINBASE_API_KEY', keyId: KEY_ID, secret, alsoFound: [] });
  if (key === null) throw new Error('the key of this test should be usable');
  const signer = createSigner(key);
  if ('problem' in signer) throw new Error(signer.problem);
  return signer;
}

const decoded = (part: string | undefined) =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;

describe('createSigner', () => {
  it.each([
    ['SEC1', ec, String(ec.privateKey.export({ format: 'pem', type: 'sec1' })), 'ES256'],
    ['PKCS8', ec, String(ec.privateKey.export({ format: 'pem', type: 'pkcs8' })), 'ES256'],
    ['Ed25519 of 64 bytes', ed, Buffer.concat([seed, half]).toString('base64'), 'EdDSA'],
    ['an Ed25519 seed', ed, seed.toString('base64'), 'EdDSA'],
  ])('signs with %s so that the public key agrees', async (_, pair, secret, algorithm) => {
    const { jwt, token } = await signerOf(secret).sign({ purpose: 'rest', nowMs: NOW_MS, uri: URI });
    const [header, claims, signature] = jwt.split('.');
    expect(decoded(header)).toEqual({
      alg: algorithm,
      kid: KEY_ID,
      nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
      typ: 'JWT',
    });
    expect(decoded(claims)).toEqual({ iss: 'cdp', sub: KEY_ID, nbf: 1_795_184_995, exp: 1_795_185_115, uri: URI });
    expect(Buffer.from(signature ?? '', 'base64url')).toHaveLength(64);
    const digest = algorithm === 'ES256' ? 'sha256' : null;
    const made = Buffer.from(`${header}.${claims}`);
    const key = { key: pair.publicKey, dsaEncoding: 'ieee-p1363' as const };
    expect(verify(digest, made, key, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
    const { tokenId, ...rest } = token;
    expect(tokenId).toBe(1);
    expect(readToken(jwt)).toEqual(rest);
  });

  it('counts tokens, never repeats a nonce, leaves out uri for a socket, registers signatures', async () => {
    const signer = signerOf(seed.toString('base64'));
    const made = await Promise.all([1, 2, 3].map(() => signer.sign({ purpose: 'user', nowMs: NOW_MS })));
    expect(made.map((each) => each.token.tokenId)).toEqual([1, 2, 3]);
    expect(new Set(made.map((each) => decoded(each.jwt.split('.')[0]).nonce)).size).toBe(3);
    for (const { jwt, token } of made) {
      expect(token.uri).toBeNull();
      expect(decoded(jwt.split('.')[1])).not.toHaveProperty('uri');
      expect(findSecret(Buffer.from(jwt))).toMatchObject({ kind: 'token signature' });
      expect(findSecret(Buffer.from(withoutSignature(jwt)))).toBeNull();
    }
  });

  it('refuses an Ed25519 secret whose halves do not belong together', () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(12);
    const secret = Buffer.concat([seed, other]).toString('base64');
    const { key, inspection } = inspectCredentials({ source: 's', keyId: KEY_ID, secret, alsoFound: [] });
    const signer = key === null ? null : createSigner(key);
    expect(signer).toMatchObject({ defect: 'public-half-mismatch', problem: expect.stringMatching(/public half/) });
    expect(refusedBySigner(inspection, 'public-half-mismatch')).toMatchObject({ usable: false, algorithm: null });
  });

  it('refuses a key that is damaged inside, without quoting it', () => {
    const der = ec.privateKey.export({ format: 'der', type: 'pkcs8' });
    der.fill(0xff, 40, 60);
    der[27] = 0x05;
    const secret = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
    const { key } = inspectCredentials({ source: 's', keyId: KEY_ID, secret, alsoFound: [] });
    const signer = key === null ? { problem: 'not even usable' } : createSigner(key);
    expect(signer).toHaveProperty('problem');
    expect(findSecret(Buffer.from(JSON.stringify(signer)))).toBeNull();
  });
});

describe('claims', () => {
  it('are valid from five seconds before now for 120 seconds', () => {
    expect(makeClaims({ keyId: 'k', nowS: 100.9 })).toEqual({ iss: 'cdp', sub: 'k', nbf: 95, exp: 215 });
    expect(makeClaims({ keyId: 'k', nowS: 100, uri: 'u' })).toMatchObject({ uri: 'u' });
  });

  it.each([
    ['jwt_rest_es256', 'cdp', URI],
    ['jwt_rest_eddsa', 'cdp', URI],
    ['jwt_rest_cdp_sdk_uris', 'cdp', URI],
    ['jwt_rest_legacy_coinbase_cloud', 'coinbase-cloud', URI],
    ['jwt_ws', 'cdp', null],
  ])('of %s are read', (name, iss, uri) => {
    const sample = JSON.parse(sampleText(`${name}.json`)) as { header: { alg: string }; claims: { sub: string } };
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const jwt = `${part(sample.header)}.${part(sample.claims)}.c2ln`;
    const wanted = {
      alg: sample.header.alg,
      kid: sample.claims.sub,
      sub: sample.claims.sub,
      iss,
      nbf: 1_795_185_000,
      exp: 1_795_185_120,
      uri,
    };
    expect(readToken(jwt)).toEqual(wanted);
    expect(readToken(`Bearer ${jwt}`)).toEqual(wanted);
    expect(readToken(withoutSignature(jwt))).toEqual(wanted);
  });

  it.each(['', 'x', 'a.b', 'a.b.c', 'e30.e30.x', `${'a'.repeat(20_000)}.e30.x`])('of %.20s are none', (text) => {
    expect(readToken(text)).toBeNull();
  });

  it('removes signatures and what is no token altogether', () => {
    expect(withoutSignature('h.c.s')).toBe('h.c.[signature removed]');
    expect(withoutSignature('whatever')).toBe('[token removed]');
  });
});
