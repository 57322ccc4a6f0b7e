// What is taken out of wire text before it becomes a fact: tokens lose their signature, headers and query values their secrets.
// Pure; it never decides what is sent.

import { withoutSecrets } from '../base/secret.ts';
import type { Headers } from '../core/fact.ts';

export const SIGNATURE_REMOVED = '[signature removed]';
const MASKED = '[masked]';

// Header, claims, signature: three base64url parts, the first of which is JSON that begins `{"`.
const TOKEN = /\b(eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+/g;
const SECRET_HEADER =
  /^(authorization|proxy-authorization|cookie|set-cookie|cb-access-.*|.*(token|secret|passphrase|api-?key).*)$/;
const SECRET_PARAMETER = /(token|secret|signature|passphrase|jwt|api_?key)/i;

/** Every JSON web token in `text` without its signature. */
export function withoutSignatures(text: string): string {
  return text.includes('eyJ') ? text.replace(TOKEN, `$1.${SIGNATURE_REMOVED}`) : text;
}

/** Text from the wire, safe to keep: no token signature, no secret this process has loaded. */
export function maskText(text: string): string {
  return withoutSecrets(withoutSignatures(text));
}

/** Headers with lower-case names, repeated ones joined, secret values masked. */
export function maskHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const out: Headers = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    const text = Array.isArray(value) ? value.join(', ') : value;
    out[maskText(key)] = SECRET_HEADER.test(key) ? MASKED : maskText(text);
  }
  return out;
}

/** A URL without user, password and secret-looking query values. */
export function maskUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return maskText(url);
  const secret = [...parsed.searchParams.keys()].filter((name) => SECRET_PARAMETER.test(name));
  if (parsed.username === '' && parsed.password === '' && secret.length === 0) return maskText(url);
  parsed.username = '';
  parsed.password = '';
  for (const name of secret) parsed.searchParams.set(name, MASKED);
  return maskText(parsed.href);
}
