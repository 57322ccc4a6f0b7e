// The stamp at the beginning of an encoded line, without reading the rest of it.

import { LINE_END } from './codec.ts';
import { ISO_BYTES, readIso, readNumber, readWhole } from './digits.ts';

export interface LineStamp {
  seq: number;
  /** Epoch ms. */
  at: number;
  /** Monotonic ms. */
  t: number;
}

const SEQ_AT = '{"seq":'.length;
const AT_BYTES = ',"at":"'.length;
const T_BYTES = '","t":'.length;

/** The stamp of a line as this version writes it; null for any other line. */
export function stampOf(line: Buffer): LineStamp | null {
  const number = readWhole(line, SEQ_AT);
  if (number === null) return null;
  const { value: seq, end } = number;
  const instant = end + AT_BYTES;
  const at = readIso(line, instant);
  if (Number.isNaN(at)) return null;
  const t = readNumber(line, instant + ISO_BYTES + T_BYTES);
  return t === null ? null : { seq, at, t: t.value };
}

/** The stamp of the last of whole lines. */
export function lastStampIn(lines: Buffer): LineStamp | null {
  const start = lines.length < 2 ? 0 : lines.lastIndexOf(LINE_END, lines.length - 2) + 1;
  return stampOf(lines.subarray(start));
}
