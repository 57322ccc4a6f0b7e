// One fact as one line of a recording, and back. The only place that knows where a frame's bytes stand in its line.
// It must never change a byte of a plain frame, and never throw because of what a line holds.

import { isUtf8 } from 'node:buffer';
import { invariant } from '../base/invariant.ts';
import type { ConnectionName, Fact, FactOf } from '../core/fact.ts';
import { ISO_BYTES, readIso, readNumber, readWhole, writeNumber, writeWhole } from './digits.ts';
import { RECORDING_FORMAT, type RecordingHeader } from './format.ts';
import { type Page, Pages } from './pages.ts';
import { isObject, shapeProblem } from './shape.ts';

/** Why a line is not a fact: `unknown fact NAME`, or what is wrong with it. */
export interface LineProblem {
  problem: string;
  /** True when the line is sound but names a fact that this version does not know. */
  unknown: boolean;
}

const START = Buffer.from('{"seq":');
const AT = Buffer.from(',"at":"');
const T = Buffer.from('","t":');
const END = Buffer.from('}\n');
const HEADER = Buffer.from(`{"format":"${RECORDING_FORMAT}"`);
const NEWLINE = 10;
const CLOSING_BRACE = 125;

const PLAIN: Record<ConnectionName, Buffer> = {
  public: Buffer.from(',"fact":"frame.received","connection":"public","json":'),
  user: Buffer.from(',"fact":"frame.received","connection":"user","json":'),
};

// Sequence number, instant and t at their longest, with their keys.
const PREFIX_BYTES_MAX = 128;
const FEW_BYTES = 16;

function payloadOf(frame: FactOf<'frame.received'>): Record<string, unknown> {
  const { bytes, binary } = frame;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (binary) return { base64: buffer.toString('base64') };
  return isUtf8(bytes) ? { text: buffer.toString('utf8') } : { binary: false, base64: buffer.toString('base64') };
}

/** Everything of a fact behind its stamp, from `,"fact":` to the closing brace and the end of the line. */
function restOf(fact: Fact): string {
  if (fact.fact === 'frame.received') {
    return `,${JSON.stringify({ fact: fact.fact, connection: fact.connection, ...payloadOf(fact) }).slice(1)}\n`;
  }
  const { seq, at, t, fact: name, ...fields } = fact;
  return `,${JSON.stringify({ fact: name, ...fields }).slice(1)}\n`;
}

/**
 * Lines appended into pages of memory; `take` hands them out where they stand. Plain frames cost one copy and no string.
 * The instant is written once a millisecond.
 */
export class LineEncoder {
  readonly #pages: Pages;
  #page: Page;
  #buffer: Buffer;
  /** Where the pending lines begin and end. */
  #start = 0;
  #length = 0;
  #at = Number.NaN;
  #instant = Buffer.alloc(0);

  constructor(pages = new Pages()) {
    this.#pages = pages;
    this.#page = pages.next(0);
    this.#buffer = this.#page.memory;
  }

  /** Bytes waiting to be taken. */
  get pendingBytes(): number {
    return this.#length - this.#start;
  }

  /** What the page has left: pending lines are moved when the next one needs more. */
  get roomBytes(): number {
    return this.#buffer.length - this.#length;
  }

  /** Where the pending lines stand. Who takes them may give it back when they are read no more. */
  get page(): Page {
    return this.#page;
  }

  append(fact: Fact): void {
    if (fact.fact === 'frame.received' && fact.plain && !fact.binary) return this.#appendPlain(fact);
    const rest = restOf(fact);
    this.#reserve(PREFIX_BYTES_MAX + rest.length * 3);
    this.#appendStamp(fact);
    this.#length += this.#buffer.write(rest, this.#length, 'utf8');
  }

  /** All lines appended since the last call. They are not written over before `page` was given back. */
  take(): Buffer {
    const taken = this.#buffer.subarray(this.#start, this.#length);
    this.#page.hold();
    this.#start = this.#length;
    return taken;
  }

  #appendPlain(frame: FactOf<'frame.received'>): void {
    const { bytes } = frame;
    this.#reserve(PREFIX_BYTES_MAX * 2 + bytes.length);
    this.#appendStamp(frame);
    this.#put(PLAIN[frame.connection]);
    this.#put(bytes);
    this.#put(END);
  }

  #appendStamp({ seq, at, t }: Fact): void {
    if (at !== this.#at) {
      this.#instant = Buffer.concat([AT, Buffer.from(new Date(at).toISOString()), T]);
      this.#at = at;
    }
    this.#put(START);
    this.#length = writeWhole(this.#buffer, this.#length, seq);
    this.#put(this.#instant);
    this.#length = writeNumber(this.#buffer, this.#length, t);
  }

  #put(bytes: Uint8Array): void {
    // A call costs as much as a few dozen bytes.
    if (bytes.length > FEW_BYTES) this.#buffer.set(bytes, this.#length);
    else
      for (let index = 0; index < bytes.length; index += 1) this.#buffer[this.#length + index] = bytes[index] as number;
    this.#length += bytes.length;
  }

  #reserve(more: number): void {
    if (this.roomBytes < more) this.#turnOver(more);
  }

  #turnOver(more: number): void {
    const pending = this.#buffer.subarray(this.#start, this.#length);
    const before = this.#page;
    // What nobody takes grows by doubling: each line would otherwise move all those before it.
    this.#page = this.#pages.next(Math.max(pending.length + more, pending.length * 2));
    this.#buffer = this.#page.memory;
    pending.copy(this.#buffer);
    this.#start = 0;
    this.#length = pending.length;
    before.giveBack();
  }
}

/** One fact as its line, with the newline. */
export function encodeFact(fact: Fact): Buffer {
  const encoder = new LineEncoder(new Pages(PREFIX_BYTES_MAX));
  encoder.append(fact);
  return encoder.take();
}

/** The first line of a file, with the newline. */
export function encodeHeader(header: RecordingHeader): Buffer {
  const { format, version, ...fields } = header;
  const line = JSON.stringify({ format, version, ...fields });
  invariant(line.startsWith('{"format":"cbscope-recording","version":'), 'a header names its format first');
  return Buffer.from(`${line}\n`);
}

function stands(wanted: Buffer, bytes: Buffer, at: number): boolean {
  if (at + wanted.length > bytes.length) return false;
  for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}

function connectionAt(line: Buffer, at: number): ConnectionName | null {
  if (stands(PLAIN.public, line, at)) return 'public';
  return stands(PLAIN.user, line, at) ? 'user' : null;
}

const OPENING_BRACE = 123;
const BEHIND_OBJECT = Buffer.from('},"');

/** False when it is certain that no field of another hand stands behind the frame: few frames have an object and a field behind it. */
function mayHoldMore(bytes: Buffer): boolean {
  return bytes[0] !== OPENING_BRACE || bytes.includes(BEHIND_OBJECT);
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** A plain frame as this version writes it; null when the line is anything else. Its bytes are a view of the line. */
function decodePlainFrame(line: Buffer): Fact | null {
  if (line[line.length - 1] !== CLOSING_BRACE || !stands(START, line, 0)) return null;
  const number = readWhole(line, START.length);
  if (number === null) return null;
  const { value: seq, end } = number;
  if (seq < 1 || !stands(AT, line, end)) return null;
  const instant = end + AT.length;
  const at = readIso(line, instant);
  if (Number.isNaN(at) || !stands(T, line, instant + ISO_BYTES)) return null;
  const time = readNumber(line, instant + ISO_BYTES + T.length);
  if (time === null) return null;
  const { value: t, end: behind } = time;
  const connection = connectionAt(line, behind);
  if (connection === null) return null;
  const start = behind + PLAIN[connection].length;
  if (start >= line.length - 1) return null;
  const bytes = line.subarray(start, line.length - 1);
  if (mayHoldMore(bytes) && !isJson(bytes)) return null;
  return { seq, at, t, fact: 'frame.received', connection, bytes, binary: false, plain: true };
}

type Fields = Record<string, unknown>;

function payloadFrom(fields: Fields): { bytes: Buffer; binary: boolean; plain: boolean } | null {
  const { json, text, base64, binary } = fields;
  // Written by another program, which may have put spaces in: the same JSON text, not the same bytes.
  if (json !== undefined) return { bytes: Buffer.from(JSON.stringify(json)), binary: false, plain: true };
  if (typeof text === 'string') return { bytes: Buffer.from(text), binary: false, plain: false };
  if (typeof base64 !== 'string') return null;
  return { bytes: Buffer.from(base64, 'base64'), binary: binary !== false, plain: false };
}

const problem = (text: string): LineProblem => ({ problem: text, unknown: false });

function stampOf({ seq, at, t }: Fields): { seq: number; at: number; t: number } | null {
  const instant = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  const counts = typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 1;
  if (!counts || Number.isNaN(instant) || typeof t !== 'number') return null;
  return { seq, at: Math.trunc(instant), t };
}

function factFrom(value: Fields): Fact | LineProblem {
  const stamp = stampOf(value);
  if (stamp === null) return problem('seq, at or t is missing or no number, time, number');
  if (value['fact'] === 'frame.received') {
    const { connection } = value;
    const payload = payloadFrom(value);
    if (connection !== 'public' && connection !== 'user') return problem('field connection is neither public nor user');
    if (payload === null) return problem('a frame without json, text or base64');
    return { ...stamp, fact: 'frame.received', connection, ...payload };
  }
  const wrong = shapeProblem(value);
  if (wrong === 'unknown fact')
    return { problem: `unknown fact ${JSON.stringify(value['fact'] ?? null)}`, unknown: true };
  if (wrong !== null) return problem(wrong);
  const { seq, at, t, ...body } = value;
  // The shape was checked field by field just now; the compiler cannot follow a table.
  return { ...stamp, ...body } as unknown as Fact;
}

/** The fact of one line (without its newline), or what is wrong with it. A frame's bytes may be a view of the line. */
export function decodeLine(line: Buffer): Fact | LineProblem {
  const frame = decodePlainFrame(line);
  if (frame !== null) return frame;
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8'));
  } catch {
    return problem('not one JSON object');
  }
  return isObject(value) ? factFrom(value) : problem('not one JSON object');
}

/** Tells what `decodeLine` gave. */
export function isProblem(decoded: Fact | LineProblem): decoded is LineProblem {
  return 'problem' in decoded;
}

/** True for the first line of a file, wherever it stands: files may have been joined into one. */
export function isHeader(line: Buffer): boolean {
  return stands(HEADER, line, 0);
}

/** Number of the newline byte, which ends a line. */
export const LINE_END = NEWLINE;
