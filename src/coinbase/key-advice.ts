// What to tell people about configured credentials: one sentence, and the line to write instead with the secret masked.
// Never sees key material: it is given defects, names and the label of the PEM.

import type { KeyDefect } from '../core/fact.ts';

/** Each defect as the rest of a sentence that begins with `The secret` or `The key id`. */
const SAYS: Readonly<Record<KeyDefect, string>> = {
  'missing-key-id': 'the key id is missing',
  'missing-secret': 'the secret is missing',
  empty: 'the secret is empty',
  'exchange-key': 'the key has the shape of a Coinbase Exchange key, which Advanced Trade does not accept',
  'legacy-key': 'the key has the shape of a legacy API key; those ended in February 2025',
  'legacy-secret': 'the secret has the shape of a legacy API secret; those ended in February 2025',
  swapped: 'key id and secret are swapped',
  'first-line-only': 'only the first line of the PEM was read, as happens to an unquoted multi-line value',
  truncated: 'the key is cut short',
  'public-key': 'the secret is a public key, not the private one',
  certificate: 'the secret is a certificate, not a private key',
  'encrypted-key': 'the private key is encrypted with a passphrase',
  rsa: 'the secret is an RSA key; ECDSA P-256 or Ed25519 is wanted',
  'wrong-curve': 'the key is on another curve; ECDSA P-256 (prime256v1) or Ed25519 is wanted',
  'public-half-mismatch': 'the public half of the Ed25519 key does not belong to its private half',
  'not-base64': 'the secret holds characters that are not base64',
  'wrong-length': 'the secret has the wrong length: 32 or 64 bytes of Ed25519, or a PEM, are wanted',
  unreadable: 'the secret cannot be read as a private key',
  'double-escaped-newlines': 'the line breaks of the PEM are escaped twice',
  'literal-backslash-n': 'the line breaks of the PEM are the two characters \\n',
  'spaces-for-newlines': 'the line breaks of the PEM have become spaces',
  'one-line': 'the line breaks of the PEM are gone',
  'quotes-kept': 'quotes became part of the value',
  'surrounding-space': 'blanks surround the value',
  'indented-lines': 'the lines of the PEM are indented',
  'body-only': 'the BEGIN and END lines of the PEM are missing',
  'label-mismatch': 'the BEGIN line does not fit the key behind it',
  'key-id-shape': 'the key id is neither organizations/{uuid}/apiKeys/{uuid} nor a UUID',
};

const ORDER = Object.keys(SAYS) as KeyDefect[];
const NAMED_MAX = 3;

/** One sentence about the gravest defects, with what was done about them; empty without defects. */
export function explain(defects: readonly KeyDefect[], repaired: boolean, usable: boolean): string {
  const told = ORDER.filter((each) => defects.includes(each)).slice(0, NAMED_MAX);
  if (told.length === 0) return '';
  const parts = told.map((each) => SAYS[each]).join(', ');
  const ending = repaired ? '; repaired in memory for this run' : usable ? '' : '; the key cannot be used';
  return `${parts.charAt(0).toUpperCase()}${parts.slice(1)}${ending}.`;
}

const REWRITE: ReadonlySet<KeyDefect> = new Set([
  'literal-backslash-n',
  'double-escaped-newlines',
  'spaces-for-newlines',
  'one-line',
  'quotes-kept',
  'surrounding-space',
  'indented-lines',
  'body-only',
  'label-mismatch',
  'first-line-only',
  'truncated',
  'swapped',
] satisfies KeyDefect[]);

const MASK = '\u00b7\u00b7\u00b7\u00b7';

function maskedValue(label: string | null): string {
  return label === null ? `"${MASK}"` : `"-----BEGIN ${label}-----\\n${MASK}\\n-----END ${label}-----\\n"`;
}

export interface CorrectionOf {
  source: string;
  fileName: string | undefined;
  label: string | null;
  keyId: string;
  /** Defects of the secret, and of the key id: each has its own line. */
  secretDefects: readonly KeyDefect[];
  keyIdDefects: readonly KeyDefect[];
}

function inKeyFile(found: CorrectionOf): string {
  const where = found.fileName === undefined ? 'the key file' : `the key file ${found.fileName}`;
  const shape = maskedValue(found.label);
  return `In ${where}, "privateKey" should read ${shape}; download it again from the portal rather than editing it.`;
}

/** True when credentials came from a key file, by how the source is named. */
export function isKeyFile(source: string, fileName: string | undefined): boolean {
  return fileName !== undefined || /key.?file/i.test(source);
}

/** The `.env` line (or lines) to write instead, secret masked; a sentence for a key file; null when nothing is to be rewritten. */
export function correctedLine(found: CorrectionOf): string | null {
  const secretToo = found.secretDefects.some((each) => REWRITE.has(each));
  const keyIdToo = found.keyIdDefects.some((each) => REWRITE.has(each)) && found.keyId !== '';
  if (!secretToo && !keyIdToo) return null;
  if (isKeyFile(found.source, found.fileName)) return inKeyFile(found);
  const cdp = /CDP_/.test(found.source);
  const lines: string[] = [];
  if (keyIdToo) lines.push(`${cdp ? 'CDP_API_KEY_ID' : 'COINBASE_API_KEY'}="${found.keyId}"`);
  if (secretToo) lines.push(`${cdp ? 'CDP_API_KEY_SECRET' : 'COINBASE_API_SECRET'}=${maskedValue(found.label)}`);
  return lines.join('\n');
}
