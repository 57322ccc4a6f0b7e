// Owns the exchange's API keys: makes them at start, in every form that a portal or a careless user may hand to a
// client.
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';

export interface ClientKey {
  /** What a client puts into `kid` and `sub`. */
  id: string;
  /** As the portal hands it out: a SEC1 PEM, or base64 of 64 bytes. */
  secret: string;
  /** The same key as a PKCS8 PEM. */
  pkcs8: string;
}

export interface ExchangeKeys {
  es256: ClientKey;
  ed25519: ClientKey;
  /** Same id as es256, secret of another key. */
  wrongPair: ClientKey;
  /** A readable EC key on a curve that the service does not take. */
  p384: ClientKey;
}

/** A key as the server knows it. */
export interface KnownKey {
  id: string;
  alg: 'ES256' | 'EdDSA';
  publicKey: KeyObject;
}

/** What `makeIdentity` returns: the client's side and the server's side of the same keys. */
export interface Identity {
  keys: ExchangeKeys;
  known: Map<string, KnownKey>;
}

/** Makes fresh keys. Nothing of them is ever the same twice, whatever the seed. */
export function makeIdentity(): Identity {
  const es256 = elliptic('P-256');
  const edPair = generateKeyPairSync('ed25519');
  const longId = `organizations/${randomUUID()}/apiKeys/${randomUUID()}`;
  const bareId = randomUUID();
  const keys: ExchangeKeys = {
    es256: { id: longId, ...es256.texts },
    ed25519: { id: bareId, secret: rawEd25519(edPair.privateKey), pkcs8: pem(edPair.privateKey, 'pkcs8') },
    wrongPair: { id: longId, ...elliptic('P-256').texts },
    p384: { id: longId, ...elliptic('P-384').texts },
  };
  const known = new Map<string, KnownKey>([
    [longId, { id: longId, alg: 'ES256', publicKey: es256.publicKey }],
    [bareId, { id: bareId, alg: 'EdDSA', publicKey: edPair.publicKey }],
  ]);
  return { keys, known };
}

function elliptic(namedCurve: string): { publicKey: KeyObject; texts: { secret: string; pkcs8: string } } {
  const pair = generateKeyPairSync('ec', { namedCurve });
  return {
    publicKey: pair.publicKey,
    texts: { secret: pem(pair.privateKey, 'sec1'), pkcs8: pem(pair.privateKey, 'pkcs8') },
  };
}

function pem(key: KeyObject, type: 'sec1' | 'pkcs8'): string {
  return key.export({ format: 'pem', type }).toString();
}

function rawEd25519(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' });
  return Buffer.concat([Buffer.from(jwk.d ?? '', 'base64url'), Buffer.from(jwk.x ?? '', 'base64url')]).toString(
    'base64',
  );
}
