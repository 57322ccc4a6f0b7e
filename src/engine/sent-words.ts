// What goes out, in words: what a message asks for, and which token went with it. Pure.

import type { FactOf, TokenClaims } from '../core/fact.ts';
import type { FieldValues } from '../core/filter.ts';

export function sentWhat(text: string): string {
  const type = /"type"\s*:\s*"(\w+)"/.exec(text)?.[1] ?? 'message';
  return `${type} ${/"channel"\s*:\s*"([^"]{1,30})"/.exec(text)?.[1] ?? ''}`.trim();
}

export function sentFields(text: string): FieldValues {
  const channel = /"channel"\s*:\s*"([^"]{1,30})"/.exec(text)?.[1];
  const products = /"product_ids"\s*:\s*\[([^\]]*)\]/.exec(text)?.[1] ?? '';
  const product = [...products.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
  return channel === undefined ? { product } : { channel: [channel], product };
}

/** Which token went with it, and how long it was made for. */
export function tokenText(token: TokenClaims | null): string {
  return token === null ? '' : `token ${token.tokenId}, ${token.exp - token.nbf} s`;
}

/** What it is for unless that is the poll, and its token. */
export function sentDetail({ why, token }: FactOf<'request.sent'>): string {
  return [why === 'poll' ? '' : why, tokenText(token)].filter((part) => part !== '').join('  ');
}
