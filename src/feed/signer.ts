// Signs tokens: the only file that opens a key's box and the only one that imports jose.
// The key lives here as a KeyObject; what leaves is a token and its claims. Every signature is registered as a secret.

import { createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { registerSignature } from '../base/secret.ts';
import { makeClaims } from '../coinbase/claims.ts';
import type { UsableKey } from '../coinbase/key.ts';
import type { KeyDefect, Talker, TokenClaims } from '../core/fact.ts';

export interface SignRequest {
  purpose: Talker;
  /** Server time, epoch ms. */
  nowMs: number;
  /** `GET host/path` for REST; absent for a WebSocket token (reference 2.4). */
  uri?: string;
}

export interface SignedToken {
  jwt: string;
  token: TokenClaims;
}

export interface Signer {
  readonly keyId: string;
  readonly algorithm: 'ES256' | 'EdDSA';
  /** A fresh token: own nonce, 120 s from 5 s before `nowMs`. */
  sign(request: SignRequest): Promise<SignedToken>;
}

/** Why a key that looked right cannot sign. */
export interface SignerProblem {
  problem: string;
  defect: KeyDefect;
}

const NONCE_BYTES = 16;

function importKey(key: UsableKey): KeyObject | null {
  try {
    return createPrivateKey(key.pem.unbox());
  } catch {
    // OpenSSL's message is the same for every defect and may quote the input (reference 2.6).
    return null;
  }
}

function fits(algorithm: UsableKey['algorithm'], key: KeyObject): boolean {
  if (algorithm === 'EdDSA') return key.asymmetricKeyType === 'ed25519';
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

function publicHalfFits(publicHalf: string | null, key: KeyObject): boolean {
  if (publicHalf === null) return true;
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return x === Buffer.from(publicHalf, 'base64').toString('base64url');
}

/** A signer for the key, or why there can be none. The key is imported once, here. */
export function createSigner(key: UsableKey): Signer | SignerProblem {
  const privateKey = importKey(key);
  if (privateKey === null) {
    return {
      problem: 'The secret has the outside of a private key, but cannot be loaded: it is damaged inside.',
      defect: 'unreadable',
    };
  }
  if (!fits(key.algorithm, privateKey)) {
    return { problem: `The secret does not hold a key for ${key.algorithm}.`, defect: 'wrong-curve' };
  }
  if (!publicHalfFits(key.publicHalf, privateKey)) {
    return {
      problem:
        'The public half of the Ed25519 secret does not belong to its private half: the value is damaged or mixed up.',
      defect: 'public-half-mismatch',
    };
  }
  const { keyId, algorithm } = key;
  let made = 0;
  return {
    keyId,
    algorithm,
    async sign({ nowMs, uri }) {
      made += 1;
      const tokenId = made;
      const claims = makeClaims({ keyId, nowS: nowMs / 1_000, uri });
      const header = { alg: algorithm, kid: keyId, nonce: randomBytes(NONCE_BYTES).toString('hex'), typ: 'JWT' };
      const jwt = await new SignJWT({ ...claims }).setProtectedHeader(header).sign(privateKey);
      registerSignature(jwt.slice(jwt.lastIndexOf('.') + 1));
      const { iss, sub, nbf, exp } = claims;
      return { jwt, token: { tokenId, alg: algorithm, kid: keyId, sub, iss, nbf, exp, uri: uri ?? null } };
    },
  };
}
