// The body of a captured answer as text: as it stands, from base64, and unpacked where a capture kept it as it came over the wire.

import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { fieldOf, type JsonRecord, textField } from '../coinbase/json-value.ts';
import { BODY_BYTES_MAX } from '../core/bounds.ts';
import type { Headers } from '../core/fact.ts';

/** A little more than is kept, so that the cut is told where the body is made a fact. */
const UNPACKED = { maxOutputLength: BODY_BYTES_MAX * 2 };

function unpacked(bytes: Buffer, headers: Headers): Buffer {
  const encoding = headers['content-encoding'] ?? '';
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    if (isGzip) return gunzipSync(bytes, UNPACKED);
    if (/\bbr\b/.test(encoding)) return brotliDecompressSync(bytes, UNPACKED);
    if (/\bdeflate\b/.test(encoding)) return inflateSync(bytes, UNPACKED);
  } catch {
    // Most captures unpack and leave the header: what does not unpack is taken as it is.
  }
  return bytes;
}

/** The body as text; null when the capture left it out. */
export function bodyOf(content: JsonRecord, headers: Headers): string | null {
  const text = fieldOf(content, 'text');
  if (typeof text !== 'string') return null;
  if (textField(content, 'encoding').toLowerCase() !== 'base64') return text;
  return unpacked(Buffer.from(text, 'base64'), headers).toString('utf8');
}
