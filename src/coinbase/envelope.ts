// The envelope of a frame, read on its bytes: channel, sequence number and time stamp, and proof that the frame is one plain JSON text.
// The hot path of every data frame: one walk, no JSON.parse, no string of the frame, nothing allocated for a known channel.

import { ACKNOWLEDGEMENTS, CHANNELS } from './channels.ts';
import { instantOfBytes } from './instant.ts';
import { skipSpaces, skipString, skipValue } from './json-walk.ts';

export interface EnvelopeScan {
  /** One well-formed JSON object in one line, without control bytes and without what looks like a token or a key. */
  plain: boolean;
  /** As the frame says it (`l2_data`, not `level2`); null when the field is absent. */
  channel: string | null;
  /** -1 when the field is absent. */
  sequence: number;
  /** Epoch ms with fraction; NaN when the field is absent. */
  timestampMs: number;
  /** The frame has a field `events`, and it is a list. */
  hasEvents: boolean;
}

const ascii = new TextEncoder();
const KEY_CHANNEL = ascii.encode('channel');
const KEY_TIMESTAMP = ascii.encode('timestamp');
const KEY_SEQUENCE = ascii.encode('sequence_num');
const KEY_EVENTS = ascii.encode('events');
const KEY_TYPE = ascii.encode('type');

interface Interned {
  name: string;
  bytes: Uint8Array;
}

// Channel names as they stand in frames, by their length: at most three to compare.
const INTERNED: Interned[][] = [];
for (const { name, dataName } of [...Object.values(CHANNELS), { name: ACKNOWLEDGEMENTS, dataName: ACKNOWLEDGEMENTS }]) {
  for (const each of name === dataName ? [name] : [name, dataName]) {
    INTERNED[each.length] = [...(INTERNED[each.length] ?? []), { name: each, bytes: ascii.encode(each) }];
  }
}
for (let length = 0; length < INTERNED.length; length += 1) INTERNED[length] ??= [];

const NAME_BYTES_MAX = 100;

function isAt(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (bytes[start + index] !== wanted[index]) return false;
  return true;
}

function hasBackslash(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === 0x5c) return true;
  return false;
}

function nameAt(bytes: Uint8Array, start: number, end: number): string | null {
  const length = end - start;
  const candidates = length < INTERNED.length ? (INTERNED[length] as Interned[]) : [];
  for (let index = 0; index < candidates.length; index += 1) {
    const each = candidates[index] as Interned;
    if (isAt(bytes, start, each.bytes)) return each.name;
  }
  if (length > NAME_BYTES_MAX || hasBackslash(bytes, start, end)) return null;
  return new TextDecoder().decode(bytes.subarray(start, end));
}

function readChannel(bytes: Uint8Array, at: number, into: EnvelopeScan): number {
  if (into.channel !== null || bytes[at] !== 0x22) return -1;
  const end = skipString(bytes, at + 1);
  if (end < 0) return -1;
  into.channel = nameAt(bytes, at + 1, end - 1);
  return into.channel === null ? -1 : end;
}

const SEQUENCE_DIGITS_MAX = 15;

function readSequence(bytes: Uint8Array, at: number, into: EnvelopeScan): number {
  if (into.sequence !== -1) return -1;
  let here = at;
  let value = 0;
  for (let byte = bytes[here] as number; byte >= 0x30 && byte <= 0x39; byte = bytes[here] as number) {
    value = value * 10 + (byte - 0x30);
    here += 1;
  }
  const digits = here - at;
  if (digits === 0 || digits > SEQUENCE_DIGITS_MAX || (digits > 1 && bytes[at] === 0x30)) return -1;
  into.sequence = value;
  return here;
}

function readTimestamp(bytes: Uint8Array, at: number, into: EnvelopeScan): number {
  if (!Number.isNaN(into.timestampMs) || bytes[at] !== 0x22) return -1;
  const end = skipString(bytes, at + 1);
  if (end < 0) return -1;
  into.timestampMs = instantOfBytes(bytes, at + 1, end - 1);
  return Number.isNaN(into.timestampMs) ? -1 : end;
}

// One of the four fields when the key is theirs; `type` marks an error frame. The walk lets no letter be written as an escape,
// so no key is one of these in disguise.
function readMember(bytes: Uint8Array, key: number, keyEnd: number, at: number, into: EnvelopeScan): number {
  const length = keyEnd - key;
  if (length === 7 && isAt(bytes, key, KEY_CHANNEL)) return readChannel(bytes, at, into);
  if (length === 9 && isAt(bytes, key, KEY_TIMESTAMP)) return readTimestamp(bytes, at, into);
  if (length === 12 && isAt(bytes, key, KEY_SEQUENCE)) return readSequence(bytes, at, into);
  if (length === 6 && isAt(bytes, key, KEY_EVENTS)) into.hasEvents = bytes[at] === 0x5b;
  if (length === 4 && isAt(bytes, key, KEY_TYPE)) return -1;
  return skipValue(bytes, at, 1);
}

function walk(bytes: Uint8Array, into: EnvelopeScan): boolean {
  if (bytes[0] !== 0x7b) return false;
  let here = skipSpaces(bytes, 1);
  if (bytes[here] === 0x7d) return here + 1 === bytes.length;
  for (;;) {
    if (bytes[here] !== 0x22) return false;
    const key = here + 1;
    here = skipString(bytes, key);
    if (here < 0) return false;
    const keyEnd = here - 1;
    here = skipSpaces(bytes, here);
    if (bytes[here] !== 0x3a) return false;
    here = readMember(bytes, key, keyEnd, skipSpaces(bytes, here + 1), into);
    if (here < 0) return false;
    here = skipSpaces(bytes, here);
    if (bytes[here] === 0x7d) return here + 1 === bytes.length;
    if (bytes[here] !== 0x2c) return false;
    here = skipSpaces(bytes, here + 1);
  }
}

function clear(into: EnvelopeScan): void {
  into.channel = null;
  into.sequence = -1;
  into.timestampMs = Number.NaN;
  into.hasEvents = false;
}

function bufferOf(bytes: Uint8Array): Buffer {
  // The engine compiles the walk for one class of bytes; a second one makes all of it four times slower.
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The members up to a list of events, if channel, number and time stamp stand before it. */
function walkHead(bytes: Buffer, into: EnvelopeScan): boolean {
  if (bytes[0] !== 0x7b) return false;
  let here = skipSpaces(bytes, 1);
  for (;;) {
    if (bytes[here] !== 0x22) return false;
    const key = here + 1;
    const behind = skipString(bytes, key);
    if (behind < 0) return false;
    here = skipSpaces(bytes, behind);
    if (bytes[here] !== 0x3a) return false;
    const value = skipSpaces(bytes, here + 1);
    if (behind - 1 - key === 6 && isAt(bytes, key, KEY_EVENTS)) {
      into.hasEvents = bytes[value] === 0x5b;
      return into.hasEvents && into.channel !== null && into.sequence >= 0 && !Number.isNaN(into.timestampMs);
    }
    here = readMember(bytes, key, behind - 1, value, into);
    if (here < 0) return false;
    here = skipSpaces(bytes, here);
    if (bytes[here] !== 0x2c) return false;
    here = skipSpaces(bytes, here + 1);
  }
}

/**
 * Reads the envelope of a frame that was proven plain before (a recorded one), without walking through its events: false when they do
 * not come last, and the whole is to be scanned. `plain` is not touched.
 */
export function scanEnvelopeHead(bytes: Uint8Array, into: EnvelopeScan): boolean {
  clear(into);
  return walkHead(bufferOf(bytes), into);
}

/**
 * Scans a whole frame into `into` and returns `into.plain`. Total: any bytes may come. A frame that is not plain keeps what was read
 * up to there and is to be decoded whole. Not plain are also: an unreadable or repeated envelope field, a top-level `type`, line breaks.
 */
export function scanEnvelope(bytes: Uint8Array, into: EnvelopeScan): boolean {
  clear(into);
  into.plain = walk(bufferOf(bytes), into);
  return into.plain;
}
