// Takes secrets out of facts and texts before anything keeps or shows them. It must never let a secret through because a text is odd,
// and must leave untouched, by reference, whatever holds none.

import { findSignature, guardedText, withoutSecrets } from '../base/secret.ts';
import type { FactBody, FactOf } from '../core/fact.ts';
import {
  ENCODED_MARK,
  findSecretLike,
  HEX_MARK,
  looksSuspicious,
  maskedHeader,
  REMOVED,
  type RemovedKind,
  SECRET_RULES,
  secretByName,
} from './secret-patterns.ts';

/** How many secrets of one kind were taken out. */
export interface Removed {
  kind: RemovedKind;
  count: number;
}

/** Adds counts by kind. */
export function addRemoved(...lists: readonly (readonly Removed[])[]): Removed[] {
  const counts = new Map<RemovedKind, number>();
  for (const { kind, count } of lists.flat()) counts.set(kind, (counts.get(kind) ?? 0) + count);
  return [...counts].map(([kind, count]) => ({ kind, count }));
}

/** What was removed so far, by kind. Handed down while one text or fact is redacted. */
type Tally = Map<RemovedKind, number>;

function count(tally: Tally, kind: RemovedKind, times = 1): void {
  tally.set(kind, (tally.get(kind) ?? 0) + times);
}

function byRules(text: string, tally: Tally): string {
  if (!looksSuspicious(text)) return text;
  let out = text;
  for (const { kind, pattern, replace } of SECRET_RULES) {
    out = out.replace(pattern, (match: string, ...rest: string[]) => {
      const replaced = replace(match, ...rest);
      if (replaced !== match) count(tally, kind);
      return replaced;
    });
  }
  return out;
}

function byRegistry(text: string, tally: Tally): string {
  const out = withoutSecrets(text);
  if (out !== text)
    count(tally, 'registered secret', Math.max(1, out.split('[redacted]').length - text.split('[redacted]').length));
  return out;
}

const SIGNATURE_LIKE = /[A-Za-z0-9_-]{40,}/g;

/** A signature of one of our own tokens that stands alone, without its claims. */
function withoutBareSignatures(text: string, tally: Tally): string {
  return text.replace(SIGNATURE_LIKE, (run) => {
    if (findSignature(Buffer.from(run)) === null) return run;
    count(tally, 'token signature');
    return REMOVED;
  });
}

const BASE64_RUN = /[A-Za-z0-9+/_-]{24,}={0,2}/g;

const HEX_RUN = /(?:[0-9a-fA-F]{2}){16,}/g;

/** A signature of ours, encoded, is no shorter than this. */
const SIGNATURE_RUN_MIN = 54;

/** Runs that decode to a token, a key, a bearer value or a signature of ours: the whole run goes. */
function withoutRuns(text: string, runs: RegExp, mark: RegExp, encoding: 'base64' | 'hex', tally: Tally): string {
  return text.replace(runs, (run) => {
    if (run.length < SIGNATURE_RUN_MIN && !mark.test(run)) return run;
    const decoded = Buffer.from(run, encoding);
    const like = findSecretLike(decoded.toString('latin1')) ?? findSignature(decoded);
    if (like === null) return run;
    count(tally, like.kind === 'token signature' || like.kind === 'bearer token' ? like.kind : 'private key');
    return REMOVED;
  });
}

/** A token, key or bearer value that stands in base64 or hex inside the text. */
function withoutEncoded(text: string, tally: Tally): string {
  const out = withoutRuns(text, BASE64_RUN, ENCODED_MARK, 'base64', tally);
  return withoutRuns(out, HEX_RUN, HEX_MARK, 'hex', tally);
}

function redactPlainly(text: string, tally: Tally): string {
  return withoutEncoded(withoutBareSignatures(byRegistry(byRules(text, tally), tally), tally), tally);
}

const ESCAPED = /\\(?:u00([2-7][0-9a-fA-F])|[\s\S])/g;

/** The text with needless JSON escapes undone: `\u0065` and `\/` hide a secret from every rule and mean the same without. */
function withoutNeedlessEscapes(text: string): string {
  return text.replace(ESCAPED, (written, hex: string | undefined) => {
    if (written === '\\/') return '/';
    if (hex === undefined) return written;
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return character === '"' || character === '\\' || character === '\u007f' ? written : character;
  });
}

function redactInto(text: string, tally: Tally): string {
  const plainly = redactPlainly(text, tally);
  if (!plainly.includes('\\u00') && !plainly.includes('\\/')) return plainly;
  const unescaped = withoutNeedlessEscapes(plainly);
  const hidden: Tally = new Map();
  const redacted = redactPlainly(unescaped, hidden);
  if (hidden.size === 0) return plainly;
  for (const [kind, times] of hidden) count(tally, kind, times);
  return redacted;
}

function asList(tally: Tally): Removed[] {
  return [...tally].map(([kind, times]) => ({ kind, count: times }));
}

/**
 * A text without tokens' signatures, private keys, bearer values, cookie values, signing headers, secret fields, e-mail addresses, and every secret
 * that this process has loaded. Doing it twice is doing it once; a text without secrets comes back as it is.
 */
export function redactText(text: string): { text: string; removed: Removed[] } {
  const tally: Tally = new Map();
  return { text: redactInto(text, tally), removed: asList(tally) };
}

/**
 * The last gate before a terminal, a pipe or the clipboard, and for what is typed: a text without registered secrets and without whatever
 * reads like one, for a recording or a hand may bring what was never loaded here.
 */
export function shownText(text: string): string {
  return redactText(guardedText(text)).text;
}

function redactNamed(name: string, value: string, tally: Tally): string {
  const text = redactInto(value, tally);
  const kind = secretByName(name, text);
  if (kind === null) return text;
  const masked = kind === 'secret field' ? REMOVED : maskedHeader(name, text);
  if (masked !== text) count(tally, kind);
  return masked;
}

/** A cookie of a HAR's list of them: its value goes, whatever it is called. */
function redactCookie(item: unknown, tally: Tally): unknown {
  if (typeof item !== 'object' || item === null || !('value' in item) || typeof item.value !== 'string') {
    return redactValue('', item, tally);
  }
  const { value } = item;
  if (value === '' || value === REMOVED) return redactValue('', item, tally);
  count(tally, 'cookie');
  return redactValue('', { ...item, value: REMOVED }, tally);
}

function redactList(name: string, list: unknown[], tally: Tally): unknown[] {
  let changed = false;
  const out = list.map((item) => {
    const redacted = name === 'cookies' ? redactCookie(item, tally) : redactValue('', item, tally);
    changed ||= redacted !== item;
    return redacted;
  });
  return changed ? out : list;
}

/** The name that says what a value is: its field's, or for `{name, value}` (a header of a HAR) the name beside it. */
function nameOf(field: string, fields: object): string {
  return field === 'value' && 'name' in fields && typeof fields.name === 'string' ? fields.name : field;
}

/** A shorter name of a field is never looked at: no secret is as short. */
const NAME_SUSPECT_MIN = 8;

function redactFields(fields: object, tally: Tally): object {
  let changed = false;
  const entries = Object.entries(fields).map(([name, value]) => {
    const redacted = redactValue(nameOf(name, fields), value, tally);
    const shownName = name.length < NAME_SUSPECT_MIN ? name : redactInto(name, tally);
    changed ||= redacted !== value || shownName !== name;
    return [shownName, redacted] as const;
  });
  return changed ? Object.fromEntries(entries) : fields;
}

function redactValue(name: string, value: unknown, tally: Tally): unknown {
  if (typeof value === 'string') return redactNamed(name, value, tally);
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? redactList(name, value, tally) : redactFields(value, tally);
}

type Frame = Extract<FactBody, { fact: 'frame.received' }>;

/** A frame that the envelope scan did not prove clean. Bytes that are not UTF-8 are looked at one character a byte. */
function redactFrame(frame: FactOf<'frame.received'> | Frame, tally: Tally): typeof frame {
  const { bytes } = frame;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  const encoding = Buffer.from(text, 'utf8').equals(buffer) ? 'utf8' : 'latin1';
  const given = encoding === 'utf8' ? text : buffer.toString('latin1');
  const redacted = redactInto(given, tally);
  return redacted === given ? frame : { ...frame, bytes: Buffer.from(redacted, encoding) };
}

function redactBody(fact: FactBody, tally: Tally): FactBody {
  switch (fact.fact) {
    case 'tick':
    case 'ping.sent':
    case 'pong.received':
    case 'loop.measured':
    case 'clock.jumped':
    case 'machine.slept':
      return fact;
    case 'frame.received':
      return fact.plain ? fact : redactFrame(fact, tally);
    default:
      return redactFields(fact, tally) as FactBody;
  }
}

/** Parsed JSON (a HAR, a body) without secrets in any of its strings, names of fields taken into account. */
export function redactJson(value: unknown): { value: unknown; removed: Removed[] } {
  const tally: Tally = new Map();
  return { value: redactValue('', value, tally), removed: asList(tally) };
}

/** A fact without secrets in any of its texts, and what was taken out. Its stamp stays; without secrets it is the same object. */
export function redactCounting<Some extends FactBody>(fact: Some): { fact: Some; removed: Removed[] } {
  const tally: Tally = new Map();
  // Redaction changes texts, never which fact it is.
  const redacted = redactBody(fact, tally) as Some;
  return { fact: redacted, removed: asList(tally) };
}

/** A fact without secrets in any of its texts; the same object when there are none. */
export function redactFact<Some extends FactBody>(fact: Some): Some {
  return redactCounting(fact).fact;
}
