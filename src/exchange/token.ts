// Owns the check of a JWT as the service makes it. It knows nothing of scopes, limits or where the token came from.
import { verify } from 'node:crypto';
import type { ServerClock } from './clock.ts';
import type { KnownKey } from './identity.ts';

/** A good token's key and end, or the reason for the refusal, which clients are never told. */
export type TokenCheck = { key: KnownKey; exp: number } | { refused: string };

export interface TokenRules {
  clock: ServerClock;
  known: ReadonlyMap<string, KnownKey>;
  toleranceMs: number;
  /** `METHOD host/path`; null where tokens carry no uri, as on the WebSocket. */
  uri: string | null;
}

const issuers = new Set(['cdp', 'coinbase-cloud']);

/** Checks a compact JWS: three parts, algorithm, key, issuer, times, uri, then the signature in its raw form. */
export function checkToken(token: string, rules: TokenRules): TokenCheck {
  const [head, body, signature, ...rest] = token.split('.');
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) {
    return { refused: 'not three parts' };
  }
  const header = readPart(head);
  const claims = readPart(body);
  if (header === null || claims === null) return { refused: 'not JSON' };
  const key = typeof header.kid === 'string' ? rules.known.get(header.kid) : undefined;
  if (key === undefined) return { refused: 'unknown kid' };
  if (header.alg !== key.alg) return { refused: 'algorithm does not fit the key' };
  const refused = claimsProblem(claims, key, rules);
  if (refused !== null) return { refused };
  if (!signatureFits(key, `${head}.${body}`, signature)) return { refused: 'signature' };
  return { key, exp: Number(claims.exp) };
}

function readPart(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function claimsProblem(claims: Record<string, unknown>, key: KnownKey, rules: TokenRules): string | null {
  const { iss, sub, nbf, exp } = claims;
  if (sub !== key.id) return 'sub is not kid';
  if (typeof iss !== 'string' || !issuers.has(iss)) return 'issuer';
  if (typeof nbf !== 'number' || typeof exp !== 'number') return 'nbf or exp missing';
  const now = rules.clock.now() / 1000;
  // A token made in the same whole second as the server's is taken: the measured tolerance was that and no more.
  if (nbf > Math.floor(now) + rules.toleranceMs / 1000) return 'nbf lies in the future';
  if (exp <= now) return 'expired';
  if (rules.uri !== null && !carriesUri(claims, rules.uri)) return `uri is not "${rules.uri}"`;
  return null;
}

function carriesUri(claims: Record<string, unknown>, wanted: string): boolean {
  if (claims.uri === wanted) return true;
  return Array.isArray(claims.uris) && claims.uris.includes(wanted);
}

function signatureFits(key: KnownKey, signed: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  if (bytes.length !== 64) return false;
  if (key.alg === 'EdDSA') return verify(null, Buffer.from(signed), key.publicKey, bytes);
  return verify('sha256', Buffer.from(signed), { key: key.publicKey, dsaEncoding: 'ieee-p1363' }, bytes);
}
