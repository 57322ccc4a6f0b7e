// Captures that are broken, or hold secrets: nothing throws, and no secret reaches a fact or the file written of it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { HAR_EXAMPLES } from '../../src/import/examples.ts';
import { readHar } from '../../src/import/har.ts';
import { decodeLine, encodeFact } from '../../src/recording/codec.ts';
import { API, bytesOf, call, har, jwt, receive, send, signed, socket, subscribe, USER } from '../support/har.ts';

function factsOf(value: unknown): Fact[] {
  const reading = readHar(bytesOf(value));
  return 'problem' in reading ? [] : reading.facts;
}

type Path = (string | number)[];

function paths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, inner]) => paths(inner, [...path, key]))];
}

function replaced(value: unknown, path: Path, put: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return put;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, put);
  return copy;
}

const SMALL = HAR_EXAMPLES.filter(({ har: example }) => JSON.stringify(example).length < 8_000);
const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    null,
    -1,
    0,
    1e300,
    '',
    'NaN',
    '9999-12-31T23:59:59Z',
    '1970-01-01T00:00:00Z',
    [],
    {},
    true,
    '\u0000\ud800',
  ),
);

describe('no capture makes anything throw', () => {
  it('with some of its values replaced', () => {
    const mutated = fc
      .tuple(fc.constantFrom(...SMALL), fc.array(fc.tuple(fc.nat(), junk), { minLength: 1, maxLength: 6 }))
      .map(([{ har: example }, changes]) =>
        changes.reduce<unknown>((value, [at, put]) => {
          const all = paths(value);
          return replaced(value, all[at % all.length] ?? [], put);
        }, example),
      );
    fc.assert(
      fc.property(mutated, (capture) => {
        const engine = new Engine();
        for (const [index, fact] of factsOf(capture).entries()) {
          expect(fact.seq).toBe(index + 1);
          expect(decodeLine(encodeFact(fact).subarray(0, -1))).toMatchObject({
            fact: fact.fact,
            t: fact.t,
            at: fact.at,
          });
          engine.replay(fact);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('with bytes cut off or anything at all', () => {
    const whole = bytesOf(SMALL[0]?.har);
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => void readHar(whole.subarray(0, length))),
      { numRuns: 40 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readHar(bytes)),
      { numRuns: 100 },
    );
  });

  it('with clocks centuries apart', () => {
    const far = [0, 1e9, -1e9, 5].map((atS) => call({ atS, url: `${API}/time` }));
    expect(factsOf(har(far)).length).toBeLessThan(30);
  });
});

describe('no secret gets through', () => {
  const canary = (name: string): string => `canary${name}0123456789abcdefABCDEF0123456789`;
  const signature = Buffer.alloc(64, 0x5a).toString('base64url');
  const pem = `-----BEGIN EC PRIVATE KEY-----\n${'MHcCAQEEIcanaryPEM'.repeat(4)}\n-----END EC PRIVATE KEY-----`;
  const capture = har([
    signed({
      atS: 0,
      url: `${API}/accounts?signature=${canary('Query')}`,
      headers: {
        Cookie: `session=${canary('Cookie')}`,
        'CB-ACCESS-KEY': 'q2Zb7XkT0aLwP9rs',
        'CB-ACCESS-SIGN': canary('Sign'),
        'CB-ACCESS-PASSPHRASE': canary('Pass'),
      },
      answer: { 'Set-Cookie': `__cf_bm=${canary('SetCookie')}; path=/` },
      body: { echo: `Bearer ${canary('Bearer')}`, private_key: canary('Field'), token: jwt(0), pem },
    }),
    socket({
      atS: 1,
      url: `${USER}?passphrase=${canary('Url')}`,
      headers: { 'Set-Cookie': `a=${canary('Upgrade')}` },
      messages: [
        subscribe(1.2, 'user', { jwt: jwt(1) }),
        subscribe(1.3, 'user', { jwt: canary('Opaque') }),
        send(1.4, { type: 'subscribe', api_key: 'k', passphrase: canary('WsPass'), signature: canary('WsSign') }),
        send(1.5, `not JSON {"jwt":"${jwt(2)}"`),
        receive(1.6, { type: 'error', message: `bad token ${jwt(3)}` }),
        receive(1.7, `text ${jwt(4)} Cookie: x=${canary('Frame')}`),
      ],
    }),
    call({ atS: 3, url: `https://user:${canary('UserInfo')}@api.coinbase.com/api/v3/brokerage/time`, status: 0 }),
    socket({ atS: 4, status: 403, body: `<html>${jwt(5)} ${pem}</html>` }),
  ]);
  const written = Buffer.concat(factsOf(capture).map(encodeFact)).toString('utf8');

  it('into the lines of the recording', () => {
    expect(written.length).toBeGreaterThan(2_000);
    const found = [...written.matchAll(/canary[A-Za-z]+/g)].map(([name]) => name);
    expect(found).toEqual([]);
    expect(written).not.toContain(signature);
  });

  it('while claims stay readable', () => {
    expect(written).toContain('.[signature removed]');
    expect(written).toContain('"signatureBytes":64');
  });
});
