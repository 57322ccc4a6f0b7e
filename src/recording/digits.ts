// Numbers and instants written to and read from bytes without a string in between. The text is that of JSON.stringify and toISOString.

const ZERO = 48;
const DOT = 46;
const THOUSANDTHS_MAX = 1e15;

/** Writes a whole number ≥ 0; returns the offset behind it. */
export function writeWhole(into: Buffer, offset: number, value: number): number {
  let end = offset + 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end += 1;
  let rest = value;
  for (let at = end - 1; at >= offset; at -= 1) {
    const tenth = Math.floor(rest / 10);
    into[at] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  return end;
}

/** Writes a number as JSON does; quick for what has at most three decimals. At most 32 bytes. */
export function writeNumber(into: Buffer, offset: number, value: number): number {
  const thousandths = Math.round(value * 1000);
  const quick =
    thousandths >= 0 && thousandths < THOUSANDTHS_MAX && thousandths / 1000 === value && !Object.is(value, -0);
  if (!quick) return offset + into.write(JSON.stringify(value), offset, 'latin1');
  const whole = Math.floor(thousandths / 1000);
  const fraction = thousandths - whole * 1000;
  let at = writeWhole(into, offset, whole);
  if (fraction === 0) return at;
  const tenths = Math.floor(fraction / 100);
  const hundredths = Math.floor((fraction - tenths * 100) / 10);
  const last = fraction - tenths * 100 - hundredths * 10;
  into[at++] = DOT;
  into[at++] = ZERO + tenths;
  if (hundredths !== 0 || last !== 0) into[at++] = ZERO + hundredths;
  if (last !== 0) into[at++] = ZERO + last;
  return at;
}

/** A number read from bytes, and where it ended. One object, reused: read it before the next call. */
export interface NumberReading {
  value: number;
  end: number;
}

const reading: NumberReading = { value: 0, end: 0 };

function digitsFrom(bytes: Buffer, start: number): NumberReading {
  let value = 0;
  let at = start;
  for (; at < bytes.length; at += 1) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  reading.value = value;
  reading.end = at;
  return reading;
}

/** Reads a whole number of 1 to 15 digits; null when something else stands there. */
export function readWhole(bytes: Buffer, start: number): NumberReading | null {
  const read = digitsFrom(bytes, start);
  const length = read.end - start;
  return length > 0 && length <= 15 ? read : null;
}

/** Reads a number ≥ 0 with at most three decimals exactly; null when something else stands there. */
export function readNumber(bytes: Buffer, start: number): NumberReading | null {
  const whole = readWhole(bytes, start);
  if (whole === null || bytes[whole.end] !== DOT) return whole;
  const { value, end } = whole;
  const fraction = digitsFrom(bytes, end + 1);
  const places = fraction.end - end - 1;
  if (places < 1 || places > 3 || value > 1e12) return null;
  const scale = places === 3 ? 1000 : places === 2 ? 100 : 10;
  // A whole number divided by a power of ten is rounded once: the same double as the decimal text.
  reading.value = (value * scale + fraction.value) / scale;
  return reading;
}

const ISO_SHAPE = '0000-00-00T00:00:00.000Z';
export const ISO_BYTES = ISO_SHAPE.length;

function pair(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) - ZERO) * 10 + (bytes[at + 1] as number) - ZERO;
}

function hasIsoShape(bytes: Buffer, start: number): boolean {
  if (start + ISO_BYTES > bytes.length) return false;
  for (let index = 0; index < ISO_BYTES; index += 1) {
    const wanted = ISO_SHAPE.charCodeAt(index);
    const byte = bytes[start + index] as number;
    const matches = wanted === ZERO ? byte >= ZERO && byte <= ZERO + 9 : byte === wanted;
    if (!matches) return false;
  }
  return true;
}

// The minute of the line before is usually that of this one.
const MINUTE_BYTES = '2026-11-22T20:14:'.length;
const knownMinute = new Uint8Array(MINUTE_BYTES);
let knownMinuteMs = Number.NaN;

function isKnownMinute(bytes: Buffer, start: number): boolean {
  for (let index = MINUTE_BYTES - 1; index >= 0; index -= 1)
    if (bytes[start + index] !== knownMinute[index]) return false;
  return true;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= ZERO + 9;
}

/** `06.489Z` at `at`, ms; NaN when it is written otherwise. */
function secondsOf(bytes: Buffer, at: number): number {
  if (bytes[at + 2] !== DOT || bytes[at + 6] !== 90 || !isDigit(bytes[at]) || !isDigit(bytes[at + 1]))
    return Number.NaN;
  if (!isDigit(bytes[at + 3]) || !isDigit(bytes[at + 4]) || !isDigit(bytes[at + 5])) return Number.NaN;
  return pair(bytes, at) * 1000 + ((bytes[at + 3] as number) - ZERO) * 100 + pair(bytes, at + 4);
}

/** Epoch milliseconds of `2026-11-22T20:14:06.489Z` at `start`; NaN when it is written otherwise. */
export function readIso(bytes: Buffer, start: number): number {
  if (isKnownMinute(bytes, start)) return knownMinuteMs + secondsOf(bytes, start + MINUTE_BYTES);
  const read = readWholeIso(bytes, start);
  if (Number.isNaN(read)) return read;
  knownMinute.set(bytes.subarray(start, start + MINUTE_BYTES));
  knownMinuteMs = read - secondsOf(bytes, start + MINUTE_BYTES);
  return read;
}

function readWholeIso(bytes: Buffer, start: number): number {
  if (!hasIsoShape(bytes, start)) return Number.NaN;
  const year = pair(bytes, start) * 100 + pair(bytes, start + 2);
  if (year < 1970) return Number.NaN;
  const milliseconds = ((bytes[start + 20] as number) - ZERO) * 100 + pair(bytes, start + 21);
  const day = Date.UTC(year, pair(bytes, start + 5) - 1, pair(bytes, start + 8));
  const hours = pair(bytes, start + 11);
  const minutes = pair(bytes, start + 14);
  return day + hours * 3_600_000 + minutes * 60_000 + pair(bytes, start + 17) * 1000 + milliseconds;
}
