// The box for secrets and the list of every secret this process has loaded or made. A boxed secret prints as [redacted] everywhere;
// the list answers one question: do these bytes contain any of them, in any usual encoding?

import { escapedForm, formsOf } from './secret-forms.ts';
import { watchFor, watchForNothing } from './secret-watch.ts';

/** What a secret is, for people; never its value. */
export type SecretKind = 'API key secret' | 'token signature' | 'passphrase' | 'environment value';

const SHORTEST_SECRET = 8;
const SIGNATURES_MAX = 1000;
/** A frame that holds this much of a secret is looked through. */
const WATCHED_PART_MIN = 6;

interface Registered {
  kind: SecretKind;
  encoding: string;
}

const lasting = new Map<string, Registered>();
/** Secrets that escaping changes, however often it was done. */
const escaped = new Map<string, { pattern: RegExp; kind: SecretKind }>();
/** Signatures of tokens, the oldest first, and the pieces by which a part of one is known. */
const signatures = new Set<string>();
const signatureOf = new Map<string, string>();

/** Registers key material for the life of the process: as it is, line by line of a PEM, and in each usual encoding. */
export function registerSecret(kind: SecretKind, value: string): void {
  if (value.trim().length < SHORTEST_SECRET) return;
  for (const { text, encoding, watched } of formsOf(value)) {
    if (text.length < SHORTEST_SECRET || lasting.has(text)) continue;
    lasting.set(text, { kind, encoding });
    if (watched) watchFor(text);
  }
  const form = escapedForm(value);
  if (form === null || escaped.has(value)) return;
  escaped.set(value, { pattern: form.pattern, kind });
  if (form.part.length >= WATCHED_PART_MIN) watchFor(form.part);
}

/** Registers the signature part of a token; the newest thousand are kept. */
export function registerSignature(signature: string): void {
  if (signature.length < SHORTEST_SECRET) return;
  signatures.add(signature);
  for (const piece of piecesOf(signature)) signatureOf.set(piece, signature);
  const [oldest] = signatures;
  if (signatures.size <= SIGNATURES_MAX || oldest === undefined) return;
  signatures.delete(oldest);
  for (const piece of piecesOf(oldest)) if (signatureOf.get(piece) === oldest) signatureOf.delete(piece);
}

const PIECE = 16;

function piecesOf(signature: string): string[] {
  const pieces = [signature];
  for (let at = 0; at + PIECE <= signature.length; at += PIECE) pieces.push(signature.slice(at, at + PIECE));
  return pieces;
}

/** A longer run holds no signature: to try each of its places would take too long. */
const RUN_MAX = 4_096;

/** Whether a run of base64url is a signature of ours, has one in it, or is most of one. */
function holdsSignature(run: string): boolean {
  if (signatureOf.has(run)) return true;
  if (run.length > RUN_MAX) return false;
  for (let at = 0; at + PIECE <= run.length; at += 1) if (signatureOf.has(run.slice(at, at + PIECE))) return true;
  return false;
}

export interface SecretHit {
  kind: SecretKind;
  encoding: string;
  /** Byte offset in what was scanned. */
  offset: number;
}

const TOKEN_LIKE = /[A-Za-z0-9_-]{40,}/g;

/** The first registered secret found in the bytes, or null. Never says which value, only which kind and where. */
export function findSecret(bytes: Buffer): SecretHit | null {
  for (const [value, { kind, encoding }] of lasting) {
    const offset = bytes.indexOf(value, 0, 'utf8');
    if (offset >= 0) return { kind, encoding, offset };
  }
  for (const { pattern, kind } of escaped.values()) {
    const offset = bytes.toString('utf8').search(pattern);
    if (offset >= 0) return { kind, encoding: 'JSON-escaped', offset };
  }
  return findSignature(bytes);
}

/** The first signature of one of our own tokens, or most of one, in the bytes; or null. */
export function findSignature(bytes: Buffer): SecretHit | null {
  if (signatures.size === 0) return null;
  for (const match of bytes.toString('latin1').matchAll(TOKEN_LIKE)) {
    if (holdsSignature(match[0])) return { kind: 'token signature', encoding: 'raw', offset: match.index };
  }
  return null;
}

/** This much of a secret's beginning at the end of a text, or before an ellipsis, is the secret, cut off. */
const CUT_SECRET_MIN = 12;

function withoutCutSecret(text: string, value: string): string {
  const at = text.lastIndexOf(value.slice(0, CUT_SECRET_MIN));
  if (at < 0) return text;
  let end = at + CUT_SECRET_MIN;
  while (end < text.length && text[end] === value[end - at]) end += 1;
  const isCut = end === text.length || text[end] === '…';
  return isCut ? `${text.slice(0, at)}[redacted]${text.slice(end)}` : text;
}

/**
 * Every registered lasting secret in `text` replaced by `[redacted]`, one that is cut off, too. Token signatures
 * are the redactor's pattern rule.
 */
export function withoutSecrets(text: string): string {
  let out = text;
  for (const value of lasting.keys()) {
    if (out.includes(value)) out = out.split(value).join('[redacted]');
    if (value.length > CUT_SECRET_MIN) out = withoutCutSecret(out, value);
  }
  for (const { pattern } of escaped.values()) out = out.replace(pattern, '[redacted]');
  return out;
}

// Header and claims begin `{"` in base64url; the signature is whatever base64url follows.
const TOKEN = /(eyJ[A-Za-z0-9_-]{5,1000}\.[A-Za-z0-9_-]{2,})\.[A-Za-z0-9_-]+/g;
const KEY_BLOCK =
  /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY-----([^-]{0,20000})(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY-----)?/g;
const KEY_BODY = /[A-Za-z0-9+/=]{16}/;

/**
 * The last gate before a terminal or a pipe: without registered secrets, signatures of our own tokens, and whatever reads as a token or
 * a private key, registered or not.
 */
export function guardedText(text: string): string {
  const out = withoutSecrets(text)
    .replace(TOKEN, '$1.[signature removed]')
    .replace(KEY_BLOCK, (block, body: string) => (KEY_BODY.test(body) ? '[private key removed]' : block));
  return signatures.size === 0
    ? out
    : out.replace(TOKEN_LIKE, (run) => (holdsSignature(run) ? '[signature removed]' : run));
}

/** Empties the list. For tests, which load and make many. */
export function forgetSecrets(): void {
  lasting.clear();
  escaped.clear();
  watchForNothing();
  signatures.clear();
  signatureOf.clear();
}

/** A secret in its box. Only the signer unboxes. */
export class Secret {
  #value: string;

  constructor(kind: SecretKind, value: string) {
    this.#value = value;
    registerSecret(kind, value);
  }

  unbox(): string {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}
