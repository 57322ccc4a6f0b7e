// The forms in which a registered secret is recognised: whatever it was written as, and the private number inside the key.

import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { findSecret, forgetSecrets, registerSecret, withoutSecrets } from '../../src/base/secret.ts';

afterEach(forgetSecrets);

function privateNumber(key: KeyObject): string {
  return String(key.export({ format: 'jwk' }).d);
}

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const seed = Buffer.from(privateNumber(ed), 'base64url');
const ED_SECRET = Buffer.concat([seed, Buffer.alloc(32, 7)]).toString('base64');

describe('key material', () => {
  it.each([
    ['SEC1', String(ec.export({ type: 'sec1', format: 'pem' }))],
    ['PKCS #8', String(ec.export({ type: 'pkcs8', format: 'pem' }))],
    ['SEC1 with its line breaks escaped', String(ec.export({ type: 'sec1', format: 'pem' })).replaceAll('\n', '\\n')],
  ])('of a PEM in %s is found in each encoding, down to the private number', (_, pem) => {
    registerSecret('API key secret', pem);
    const number = Buffer.from(privateNumber(ec), 'base64url');
    const der = createPrivateKey(pem.replaceAll('\\n', '\n')).export({ type: 'sec1', format: 'der' });
    const written = [
      number.toString('base64url'),
      number.toString('base64'),
      number.toString('hex'),
      number.toString('hex').toUpperCase(),
      ...(pem.includes('EC PRIVATE') ? [der.toString('hex'), der.toString('base64')] : []),
      JSON.stringify(ec.export({ format: 'jwk' })),
    ];
    for (const text of written) expect(findSecret(Buffer.from(`x ${text} y`)), text).not.toBeNull();
  });

  it('of 64 bytes is found by its seed', () => {
    registerSecret('API key secret', ED_SECRET);
    for (const text of [seed.toString('hex'), seed.toString('base64url'), JSON.stringify(ed.export({ format: 'jwk' }))])
      expect(findSecret(Buffer.from(text))).not.toBeNull();
  });

  it('is not made of what is no key', () => {
    registerSecret('passphrase', 'correct horse battery staple and then some more words');
    expect(findSecret(Buffer.from('correct horse and other words, in hex 00'.repeat(9)))).toBeNull();
  });
});

describe('a registered secret', () => {
  const SECRET = 'CANARY+se/cret=value 0123';
  it.each([
    ['in upper-case hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
    ['with lower-case percents', encodeURIComponent(SECRET).replace(/%../g, (hex) => hex.toLowerCase())],
    ['as a form writes it', encodeURIComponent(SECRET).replaceAll('%20', '+')],
    ['in base64 at the second place of a group', Buffer.from(`x${SECRET}`).toString('base64')],
    ['in base64 at the third place', Buffer.from(`xy${SECRET}`).toString('base64')],
  ])('is found %s', (_, text) => {
    registerSecret('passphrase', SECRET);
    expect(findSecret(Buffer.from(`before ${text} after`))).not.toBeNull();
  });

  it.each([
    ['as it is', 'schlüssel-für-CANARY'],
    ['in the escapes of JSON', 'schl\\u00fcssel-f\\u00fcr-CANARY'],
    ['in the escapes of JSON, upper case', 'schl\\u00FCssel-f\\u00FCr-CANARY'],
  ])('with letters beyond ASCII is found %s', (_, text) => {
    registerSecret('passphrase', 'schlüssel-für-CANARY');
    expect(findSecret(Buffer.from(`{"a":"${text}"}`))).not.toBeNull();
    expect(withoutSecrets(`{"a":"${text}"}`)).toBe('{"a":"[redacted]"}');
  });

  it('goes, too, where a text ends within it', () => {
    registerSecret('passphrase', SECRET);
    expect(withoutSecrets(`body ${SECRET.slice(0, 15)}`)).toBe('body [redacted]');
    expect(withoutSecrets(`body ${SECRET.slice(0, 15)} goes on`)).toContain(SECRET.slice(0, 15));
  });
});
