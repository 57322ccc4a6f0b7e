// The last look before a packet is kept: does any byte of it give a secret away? It finds, and says where; it never repairs.

import { findSecret } from '../base/secret.ts';
import { findSecretLike } from '../recording/secret-patterns.ts';

/** One secret found: which file, what it is, how it was written, and at which byte. Never the secret itself. */
export interface ScanHit {
  file: string;
  kind: string;
  encoding: string;
  offset: number;
}

function lettersOf(text: string): Uint8Array {
  const letters = new Uint8Array(256);
  for (const letter of text) letters[letter.charCodeAt(0)] = 1;
  return letters;
}

// Runs that may be something else in base64 or in hex: a binary frame, an encoded header.
const LETTERS = {
  base64: lettersOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-'),
  hex: lettersOf('0123456789abcdefABCDEF'),
};
const RUN_MIN = { base64: 24, hex: 32 };
const LINE_BREAK = Buffer.from('\n');
const NEEDLESS_ESCAPE = /\\u00([2-7][0-9a-fA-F])|\\\//g;

function findIn(bytes: Buffer): Omit<ScanHit, 'file'> | null {
  const registered = findSecret(bytes);
  if (registered !== null) return registered;
  const like = findSecretLike(bytes.toString('latin1'));
  return like === null ? null : { kind: like.kind, encoding: 'pattern', offset: like.offset };
}

function findUnescaped(bytes: Buffer): Omit<ScanHit, 'file'> | null {
  const text = bytes.toString('latin1');
  const first = text.search(NEEDLESS_ESCAPE);
  if (first < 0) return null;
  const plain = text.replace(NEEDLESS_ESCAPE, (_escape, hex: string | undefined) =>
    hex === undefined ? '/' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const hit = findIn(Buffer.from(plain, 'latin1'));
  // Its place in the text as it stands is not worth finding out: the first escape leads near enough.
  return hit === null ? null : { ...hit, encoding: `${hit.encoding}, unicode-escaped`, offset: first };
}

const URL_ESCAPE = /%[0-9a-f]{2}/i;

/** What was written for a URL, plain; the offset is that of the first escape. */
function findInUrl(bytes: Buffer): Omit<ScanHit, 'file'> | null {
  const text = bytes.toString('latin1');
  if (!URL_ESCAPE.test(text)) return null;
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const hit = findIn(Buffer.from(plain, 'latin1'));
  return hit === null ? null : { ...hit, encoding: `${hit.encoding}, URL-encoded`, offset: text.search(URL_ESCAPE) };
}

interface Run {
  start: number;
  end: number;
}

/** The stretches of at least `min` such bytes. One byte in `min` is looked at: a regular expression takes ten times as long. */
function runsOf(bytes: Buffer, letters: Uint8Array, min: number): Run[] {
  const isOne = (at: number): boolean => letters[bytes[at] as number] === 1;
  const runs: Run[] = [];
  for (let at = min - 1; at < bytes.length; at += min) {
    if (!isOne(at)) continue;
    let start = at;
    let end = at + 1;
    while (start > 0 && isOne(start - 1)) start -= 1;
    while (end < bytes.length && isOne(end)) end += 1;
    if (end - start >= min) runs.push({ start, end });
    at = end;
  }
  return runs;
}

/** Every run decoded and looked through in one go; a line break keeps neighbours apart. */
function findInRuns(bytes: Buffer, encoding: 'base64' | 'hex'): Omit<ScanHit, 'file'> | null {
  const runs = runsOf(bytes, LETTERS[encoding], RUN_MIN[encoding]);
  const decoded: Buffer[] = [];
  const ends: number[] = [];
  let length = 0;
  for (const { start, end } of runs) {
    const block = Buffer.from(bytes.toString('latin1', start, end), encoding);
    decoded.push(block, LINE_BREAK);
    length += block.length + LINE_BREAK.length;
    ends.push(length);
  }
  const hit = findIn(Buffer.concat(decoded, length));
  if (hit === null) return null;
  const offset = runs[ends.findIndex((end) => end > hit.offset)]?.start ?? 0;
  return { ...hit, encoding: `${hit.encoding}, inside ${encoding}`, offset };
}

/** The first secret in any file, or null when there is none: registered ones in every usual encoding, and whatever looks like one. */
export function scanPacket(files: ReadonlyMap<string, Buffer>): ScanHit | null {
  for (const [file, bytes] of files) {
    const named = findIn(Buffer.from(file));
    if (named !== null) return { file: 'a file name', ...named };
    const hit =
      findIn(bytes) ??
      findUnescaped(bytes) ??
      findInUrl(bytes) ??
      findInRuns(bytes, 'hex') ??
      findInRuns(bytes, 'base64');
    if (hit !== null) return { file, ...hit };
  }
  return null;
}
