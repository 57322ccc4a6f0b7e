// What can be told of the tokens of a captured program by looking at them: built wrong, or kept too long. Our own are never so.

import type { TokenClaims } from '../core/fact.ts';
import type { Model } from '../core/model.ts';
import type { AuthOutcome } from '../core/tokens.ts';
import { plural } from './rule.ts';

const SIGNATURE_BYTES = 64;
const ALGORITHMS = new Set(['ES256', 'EdDSA']);

export interface TokenFault {
  /** What is wrong, as the end of “a refused token …”. */
  what: string;
  fix: string;
}

function signatureFault(token: TokenClaims): TokenFault | null {
  const bytes = token.signatureBytes;
  if (bytes === undefined || bytes === SIGNATURE_BYTES) return null;
  // DER wraps two numbers of about 32 bytes; its length varies with their first bits (reference 2.2).
  const isDer = token.alg === 'ES256' && bytes >= 67 && bytes <= 72;
  if (isDer)
    return {
      what: `has a signature of ${bytes} bytes, which is the DER form; a JWT carries r‖s, ${SIGNATURE_BYTES} bytes`,
      fix: 'sign in the JOSE form: in Node `dsaEncoding: "ieee-p1363"`, elsewhere convert DER to r‖s',
    };
  return {
    what: `has a signature of ${plural(bytes, 'byte')}, where ${token.alg} makes ${SIGNATURE_BYTES}`,
    fix: 'sign with a JWT library and the private key of this key id',
  };
}

/** What is wrong with the making of a token (reference 6.1, rows 5 to 7); null when it looks right. */
export function tokenFault(token: TokenClaims): TokenFault | null {
  if (!ALGORITHMS.has(token.alg))
    return {
      what: `says alg “${token.alg}”; CDP keys sign with ES256 (P-256) or EdDSA (Ed25519)`,
      fix: 'choose the algorithm by the key: ES256 for a P-256 key, EdDSA for an Ed25519 key',
    };
  const signature = signatureFault(token);
  if (signature !== null) return signature;
  if (token.kid === token.sub) return null;
  return {
    what: `names two keys: kid “${token.kid}”, sub “${token.sub}”`,
    fix: 'put the whole key name, organizations/…/apiKeys/… or the UUID, into both kid and sub',
  };
}

/**
 * How long a token had been over when it was used, by the clock of the capture, ms; 0 when it was not, and for our own traffic.
 * The program made the token by that very clock, so however wrong the clock is, the token was kept too long.
 */
export function keptTooLongMs(model: Model, outcome: Pick<AuthOutcome, 'at' | 'token'>): number {
  if (model.capture === null || outcome.token === null) return 0;
  return Math.max(0, outcome.at - outcome.token.exp * 1_000);
}
