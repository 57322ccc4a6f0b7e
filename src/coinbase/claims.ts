// Tokens as claims: what a token of ours says, and what somebody's token says. Never a signature.

import { TOKEN_BACKDATED_S, TOKEN_LIFETIME_S } from '../core/bounds.ts';
import type { TokenClaims } from '../core/fact.ts';
import { fromBase64 } from './base64.ts';
import { fieldOf, type JsonRecord, listOf, parseJson, recordOf, textField } from './json-value.ts';

/** The claims to sign; times are seconds since the epoch (reference 2.2). */
export interface Claims {
  iss: 'cdp';
  sub: string;
  nbf: number;
  exp: number;
  /** Only for REST: a token for the WebSocket has none (reference 2.4). */
  uri?: string;
}

/** Claims of a fresh token: valid from 5 s before `nowS` (server time) for 120 s (reference 2.3). */
export function makeClaims(wanted: { keyId: string; nowS: number; uri?: string | undefined }): Claims {
  const nbf = Math.floor(wanted.nowS) - TOKEN_BACKDATED_S;
  const claims: Claims = { iss: 'cdp', sub: wanted.keyId, nbf, exp: nbf + TOKEN_LIFETIME_S };
  return wanted.uri === undefined ? claims : { ...claims, uri: wanted.uri };
}

const TOKEN_CHARACTERS_MAX = 16_384;

function jsonOfPart(part: string): JsonRecord | null {
  const bytes = fromBase64(part);
  return bytes === null ? null : recordOf(parseJson(new TextDecoder().decode(bytes)));
}

function secondsOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function uriOf(claims: JsonRecord): string | null {
  const first = listOf(fieldOf(claims, 'uris'))?.find((each) => typeof each === 'string' && each !== '');
  return textField(claims, 'uri') || (typeof first === 'string' ? first : null);
}

/**
 * Header and claims of a compact JWT, with `uris[0]` where there is no `uri` and `iat` where there is no `nbf` (0 without either).
 * Null when it is no JWT or says no `exp`. The signature is not looked at.
 */
export function readToken(jwt: string): Omit<TokenClaims, 'tokenId'> | null {
  if (jwt.length > TOKEN_CHARACTERS_MAX) return null;
  const parts = jwt
    .trim()
    .replace(/^bearer\s+/i, '')
    .split('.');
  if (parts.length < 2 || parts.length > 3) return null;
  const header = jsonOfPart(parts[0] ?? '');
  const claims = jsonOfPart(parts[1] ?? '');
  const exp = claims === null ? null : secondsOf(fieldOf(claims, 'exp'));
  if (header === null || claims === null || exp === null) return null;
  return {
    alg: textField(header, 'alg'),
    kid: textField(header, 'kid'),
    sub: textField(claims, 'sub'),
    iss: textField(claims, 'iss'),
    nbf: secondsOf(fieldOf(claims, 'nbf')) ?? secondsOf(fieldOf(claims, 'iat')) ?? 0,
    exp,
    uri: uriOf(claims),
  };
}

/** `header.claims.[signature removed]`; what is no JWT is removed altogether. */
export function withoutSignature(jwt: string): string {
  const parts = jwt.split('.');
  return parts.length === 3 ? `${parts[0]}.${parts[1]}.[signature removed]` : '[token removed]';
}
