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

// Runs that may be base64 of something longer than themselves says: a binary frame, an encoded header.
const BASE64_RUN_MIN = 24;
const BASE64 = new Uint8Array(256);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-')
  BASE64[letter.charCodeAt(0)] = 1;
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
const HEX_RUN = /(?:[0-9a-f]{2}){16,}/gi;

/** What was written for a URL, plain; the offset is that of the first escape. */
function findInUrl(bytes: Buffer): Omit<ScanHit, 'file'> | null {
  const text = bytes.toString('latin1');
  if (!URL_ESCAPE.test(text)) return null;
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const hit = findIn(Buffer.from(plain, 'latin1'));
  return hit === null ? null : { ...hit, encoding: `${hit.encoding}, URL-encoded`, offset: text.search(URL_ESCAPE) };
}

/** Runs of hex, whatever their case. */
function findInHex(bytes: Buffer): Omit<ScanHit, 'file'> | null {
  for (const { 0: run, index } of bytes.toString('latin1').matchAll(HEX_RUN)) {
    const hit = findIn(Buffer.from(run, 'hex'));
    if (hit !== null) return { ...hit, encoding: `${hit.encoding}, inside hex`, offset: index };
  }
  return null;
}

interface DecodedRun {
  /** Where the run stands in the file, and where its bytes end among all the decoded ones. */
  offset: number;
  end: number;
}

/** Everything that may be base64, decoded and looked through in one go; a line break keeps neighbours apart. */
function findInBase64(bytes: Buffer): Omit<ScanHit, 'file'> | null {
  const runs: DecodedRun[] = [];
  const decoded: Buffer[] = [];
  let end = 0;
  // By hand: a regular expression takes ten times as long over a whole window.
  for (let start = 0; start < bytes.length; start += 1) {
    let behind = start;
    while (BASE64[bytes[behind] as number] === 1) behind += 1;
    if (behind - start >= BASE64_RUN_MIN) {
      const block = Buffer.from(bytes.toString('latin1', start, behind), 'base64');
      decoded.push(block, LINE_BREAK);
      end += block.length + LINE_BREAK.length;
      runs.push({ offset: start, end });
    }
    start = behind;
  }
  const hit = findIn(Buffer.concat(decoded, end));
  if (hit === null) return null;
  const offset = runs.find((run) => run.end > hit.offset)?.offset ?? 0;
  return { ...hit, encoding: `${hit.encoding}, inside base64`, offset };
}

/** The first secret in any file, or null when there is none: registered ones in every usual encoding, and whatever looks like one. */
export function scanPacket(files: ReadonlyMap<string, Buffer>): ScanHit | null {
  for (const [file, bytes] of files) {
    const named = findIn(Buffer.from(file));
    if (named !== null) return { file: 'a file name', ...named };
    const hit = findIn(bytes) ?? findUnescaped(bytes) ?? findInUrl(bytes) ?? findInHex(bytes) ?? findInBase64(bytes);
    if (hit !== null) return { file, ...hit };
  }
  return null;
}
