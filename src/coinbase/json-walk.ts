// One walk over the bytes of a JSON text that proves it well-formed, plain and free of what looks like a secret.
// Each walker takes a position and answers the position after what it read, or -1. Nothing is allocated.

import { STOPS, secretAround, watchFor } from '../base/secret-watch.ts';

// What ends the fast run through a string: quote, backslash, control and non-ASCII bytes, the last letters of `eyJ` and `-----BEG`, and
// one letter of each registered secret.
STOPS.fill(1, 0, 0x20);
STOPS.fill(1, 0x80, 0x100);
STOPS[0x22] = 1;
STOPS[0x5c] = 1;
STOPS[0x4a] = 1;
STOPS[0x47] = 1;

// A header that somebody gave back.
watchFor('Bearer', true);

const DIGIT = new Uint8Array(256);
DIGIT.fill(1, 0x30, 0x3a);

const TOKEN_LETTER = new Uint8Array(256);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/') {
  TOKEN_LETTER[letter.charCodeAt(0)] = 1;
}

const DEPTH_MAX = 16;
/** A signature or a key of 64 bytes takes 86 letters of base64; nothing else in this feed is as long without a break. */
const SIGNATURE_LETTERS = 80;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** After any spaces from `at`. Other white space is below 0x20, which makes a frame not plain. */
export function skipSpaces(bytes: Uint8Array, at: number): number {
  let here = at;
  while (bytes[here] === SPACE) here += 1;
  return here;
}

/** After the string whose first character is at `at` (behind the quote), or -1. Small, so that it is compiled into its callers. */
export function skipString(bytes: Uint8Array, at: number): number {
  let here = at;
  while (STOPS[bytes[here] as number] === 0) here += 1;
  return bytes[here] === QUOTE && here - at < SIGNATURE_LETTERS ? here + 1 : skipOddString(bytes, here, at);
}

/** The rest of a string with something in it to be looked at, or a long one: rare, and kept out of the quick way. */
function skipOddString(bytes: Uint8Array, from: number, start: number): number {
  let here = from;
  for (;;) {
    while (STOPS[bytes[here] as number] === 0) here += 1;
    if (bytes[here] === QUOTE) break;
    here = skipStop(bytes, here, start);
    if (here < 0) return -1;
  }
  return here - start >= SIGNATURE_LETTERS && holdsLongRun(bytes, start, here) ? -1 : here + 1;
}

function skipStop(bytes: Uint8Array, here: number, start: number): number {
  const byte = bytes[here];
  if (byte === undefined || byte < SPACE) return -1;
  if (byte === BACKSLASH) return skipEscape(bytes, here + 1);
  if (byte >= 0x80) return skipUtf8(bytes, here);
  if (byte === 0x4a && endsTokenMark(bytes, here, start)) return -1;
  if (byte === 0x47 && endsPemMark(bytes, here, start)) return -1;
  return secretAround(bytes, here) ? -1 : here + 1;
}

function holdsLongRun(bytes: Uint8Array, start: number, end: number): boolean {
  let run = 0;
  for (let at = start; at < end && run < SIGNATURE_LETTERS; at += 1)
    run = TOKEN_LETTER[bytes[at] as number] === 1 ? run + 1 : 0;
  return run >= SIGNATURE_LETTERS;
}

// `eyJ` and then a run with a dot: the beginning of a JWT.
function endsTokenMark(bytes: Uint8Array, here: number, start: number): boolean {
  if (here - 2 < start || bytes[here - 1] !== 0x79 || bytes[here - 2] !== 0x65) return false;
  let end = here + 1;
  while (TOKEN_LETTER[bytes[end] as number] === 1) end += 1;
  return bytes[end] === 0x2e;
}

// `-----BEG`: the beginning of a PEM label.
function endsPemMark(bytes: Uint8Array, here: number, start: number): boolean {
  if (here - 7 < start || bytes[here - 1] !== 0x45 || bytes[here - 2] !== 0x42) return false;
  for (let back = 3; back <= 7; back += 1) if (bytes[here - back] !== 0x2d) return false;
  return true;
}

function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

// `\b`, `\f` and most `\u00..` would hide control characters or the letters of a secret: such a text is parsed whole instead.
function skipEscape(bytes: Uint8Array, at: number): number {
  const letter = bytes[at];
  if (letter === QUOTE || letter === BACKSLASH || letter === 0x2f) return at + 1;
  if (letter === 0x6e || letter === 0x72 || letter === 0x74) return at + 1;
  if (letter !== 0x75) return -1;
  let code = 0;
  for (let index = 1; index <= 4; index += 1) {
    const digit = hexValue(bytes[at + index]);
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  const harmless = code >= 0xa0 || code === 0x3c || code === 0x3e || code === 0x26 || code === 0x27;
  return harmless ? at + 5 : -1;
}

// Well-formed UTF-8 as of Unicode table 3-7, without the C1 controls.
function skipUtf8(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  const next = bytes[at + 1] ?? 0;
  if (lead >= 0xc2 && lead <= 0xdf) {
    return next >= (lead === 0xc2 ? 0xa0 : 0x80) && next <= 0xbf ? at + 2 : -1;
  }
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (lead < 0xe0 || lead > 0xf4 || next < low || next > high) return -1;
  if (!isContinuation(bytes[at + 2])) return -1;
  if (lead <= 0xef) return at + 3;
  return isContinuation(bytes[at + 3]) ? at + 4 : -1;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte <= 0xbf;
}

function skipDigits(bytes: Uint8Array, at: number): number {
  let here = at;
  while (DIGIT[bytes[here] as number] === 1) here += 1;
  return here === at ? -1 : here;
}

/** After the number at `at`, or -1. */
export function skipNumber(bytes: Uint8Array, at: number): number {
  const whole = bytes[at] === 0x2d ? at + 1 : at;
  let here = bytes[whole] === 0x30 ? whole + 1 : skipDigits(bytes, whole);
  if (here < 0) return -1;
  if (bytes[here] === 0x2e) {
    here = skipDigits(bytes, here + 1);
    if (here < 0) return -1;
  }
  if (((bytes[here] as number) | 0x20) !== 0x65) return here;
  const sign = bytes[here + 1];
  return skipDigits(bytes, sign === 0x2b || sign === 0x2d ? here + 2 : here + 1);
}

function skipLiteral(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === 0x74) return bytes[at + 1] === 0x72 && bytes[at + 2] === 0x75 && bytes[at + 3] === 0x65 ? at + 4 : -1;
  if (first === 0x6e) return bytes[at + 1] === 0x75 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x6c ? at + 4 : -1;
  if (first !== 0x66 || bytes[at + 1] !== 0x61 || bytes[at + 2] !== 0x6c) return -1;
  return bytes[at + 3] === 0x73 && bytes[at + 4] === 0x65 ? at + 5 : -1;
}

/** After the value at `at` (no leading space), or -1. `depth` is that of the container it stands in. */
export function skipValue(bytes: Uint8Array, at: number, depth: number): number {
  const byte = bytes[at];
  if (byte === QUOTE) return skipString(bytes, at + 1);
  if (byte === 0x7b) return depth < DEPTH_MAX ? skipObject(bytes, at + 1, depth + 1) : -1;
  if (byte === 0x5b) return depth < DEPTH_MAX ? skipArray(bytes, at + 1, depth + 1) : -1;
  if (byte === 0x2d || (byte !== undefined && DIGIT[byte] === 1)) return skipNumber(bytes, at);
  return skipLiteral(bytes, at);
}

function skipObject(bytes: Uint8Array, at: number, depth: number): number {
  let here = skipSpaces(bytes, at);
  if (bytes[here] === 0x7d) return here + 1;
  for (;;) {
    if (bytes[here] !== QUOTE) return -1;
    here = skipString(bytes, here + 1);
    if (here < 0) return -1;
    here = skipSpaces(bytes, here);
    if (bytes[here] !== 0x3a) return -1;
    here = skipValue(bytes, skipSpaces(bytes, here + 1), depth);
    if (here < 0) return -1;
    here = skipSpaces(bytes, here);
    if (bytes[here] === 0x7d) return here + 1;
    if (bytes[here] !== 0x2c) return -1;
    here = skipSpaces(bytes, here + 1);
  }
}

function skipArray(bytes: Uint8Array, at: number, depth: number): number {
  let here = skipSpaces(bytes, at);
  if (bytes[here] === 0x5d) return here + 1;
  for (;;) {
    here = skipValue(bytes, here, depth);
    if (here < 0) return -1;
    here = skipSpaces(bytes, here);
    if (bytes[here] === 0x5d) return here + 1;
    if (bytes[here] !== 0x2c) return -1;
    here = skipSpaces(bytes, here + 1);
  }
}
