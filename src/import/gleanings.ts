// What a capture gives away about the program behind it, gathered while its entries are read: what it watches, how it signs.

import type { Headers, Permission } from '../core/fact.ts';
import { createTokensSeen, type TokensSeen } from './tokens-seen.ts';

const NAMES_MAX = 500;

export interface Gleanings {
  tokens: TokensSeen;
  products: Set<string>;
  channels: Set<string>;
  /** A subscribe to a public channel carried a token. */
  signsPublic: boolean;
  /** Such as `CB-ACCESS-SIGN (header)`. */
  hmac: Set<string>;
  /** The key named by an HMAC header or subscribe. */
  hmacKey: string;
  needs: Set<Permission>;
  urls: { public: string; user: string; rest: string };
}

export function newGleanings(): Gleanings {
  return {
    tokens: createTokensSeen(),
    products: new Set(),
    channels: new Set(),
    signsPublic: false,
    hmac: new Set(),
    hmacKey: '',
    needs: new Set(['view']),
    urls: { public: '', user: '', rest: '' },
  };
}

/** Adds names, up to a bound. */
export function glean(into: Set<string>, names: readonly string[]): void {
  for (const name of names) if (into.size < NAMES_MAX && name.length <= 100) into.add(name);
}

/** Notes the headers of HMAC signing (reference 2.5). */
export function gleanHmacHeaders(gleanings: Gleanings, headers: Headers): void {
  for (const name of Object.keys(headers)) {
    if (/^cb-access-(key|sign|signature|timestamp|passphrase)$/.test(name))
      gleanings.hmac.add(`${name.toUpperCase()} (header)`);
  }
  gleanings.hmacKey ||= (headers['cb-access-key'] ?? '').slice(0, 200);
}
