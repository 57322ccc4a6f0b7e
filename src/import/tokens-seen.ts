// The tokens met in a capture, numbered in the order they are met: claims and the length of the signature, never the signature.

import { fromBase64 } from '../coinbase/base64.ts';
import { readToken } from '../coinbase/claims.ts';
import type { TokenClaims } from '../core/fact.ts';

export interface TokenSeen {
  token: TokenClaims;
  /** False when the very same token was met before. */
  isNew: boolean;
}

export interface TokensSeen {
  /** The claims of a token or of a whole Authorization value; null when it is none, or was masked before. */
  see(jwt: string): TokenSeen | null;
  readonly first: TokenClaims | null;
}

function signatureBytesOf(jwt: string): number | null {
  const signature = jwt.split('.')[2];
  return signature === undefined ? null : (fromBase64(signature)?.length ?? null);
}

export function createTokensSeen(): TokensSeen {
  const known = new Map<string, TokenClaims>();
  let first: TokenClaims | null = null;
  return {
    get first() {
      return first;
    },
    see(given) {
      const jwt = given.trim().replace(/^bearer\s+/i, '');
      const before = known.get(jwt);
      if (before !== undefined) return { token: before, isNew: false };
      const claims = readToken(jwt);
      if (claims === null) return null;
      const signatureBytes = signatureBytesOf(jwt);
      const token = { tokenId: known.size + 1, ...claims, ...(signatureBytes === null ? {} : { signatureBytes }) };
      known.set(jwt, token);
      first ??= token;
      return { token, isNew: true };
    },
  };
}
