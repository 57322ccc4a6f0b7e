// Reading of Coinbase's time stamps, straight from bytes for the hot path: RFC 3339 with any number of fractional digits,
// Go's printed time, HTTP dates. Calendar arithmetic only; the clock of this machine is never read.

const ZERO = 0x30;
const DAY_MS = 86_400_000;
const SHORTEST = 20;
const MONTH_DAYS = new Uint8Array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - ZERO;
  const ones = (bytes[at + 1] as number) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function isDay(year: number, month: number, day: number): boolean {
  if (!(month >= 1 && month <= 12 && day >= 1) || day > (MONTH_DAYS[month - 1] as number)) return false;
  return month !== 2 || day <= 28 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

/** Offset of `Z`, `+hh:mm` or `+hhmm` in ms when it ends exactly at `end`; NaN otherwise. */
function zoneMs(bytes: Uint8Array, at: number, end: number): number {
  const mark = bytes[at];
  if ((mark === 0x5a || mark === 0x7a) && at + 1 === end) return 0;
  if (mark !== 0x2b && mark !== 0x2d) return Number.NaN;
  const colon = bytes[at + 3] === 0x3a ? 1 : 0;
  if (at + 5 + colon !== end) return Number.NaN;
  const hours = twoDigits(bytes, at + 1);
  const minutes = twoDigits(bytes, at + 3 + colon);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  return (mark === 0x2d ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Epoch ms with fraction of the RFC 3339 text in `bytes[start, end)`; NaN when it is none. Allocates nothing. */
export function instantOfBytes(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < SHORTEST) return Number.NaN;
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  const second = twoDigits(bytes, start + 17);
  const separator = bytes[start + 10];
  if (bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return Number.NaN;
  if (separator !== 0x54 && separator !== 0x74 && separator !== 0x20) return Number.NaN;
  if (bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return Number.NaN;
  if (!isDay(year, month, day) || !(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  let at = start + 19;
  let fraction = 0;
  if (bytes[at] === 0x2e) {
    at += 1;
    let digits = 0;
    let scale = 100;
    for (
      let digit = (bytes[at] as number) - ZERO;
      at < end && digit >= 0 && digit <= 9;
      digit = (bytes[at] as number) - ZERO
    ) {
      fraction += digit * scale;
      scale /= 10;
      digits += 1;
      at += 1;
    }
    if (digits === 0) return Number.NaN;
  }
  const zone = zoneMs(bytes, at, end);
  return daysOf(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1_000 + fraction - zone;
}

/** Epoch ms with fraction of an RFC 3339 text, or null. */
export function readInstant(text: string): number | null {
  // A Buffer, as the frames are: a second class of bytes would slow the reading of both.
  const bytes = Buffer.from(text);
  const instant = instantOfBytes(bytes, 0, bytes.length);
  return Number.isNaN(instant) ? null : instant;
}

const GO_TIME =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4})(?: [A-Za-z+\-0-9]{1,8})?(?: m=[+-]?\d+(?:\.\d+)?)?$/;

/** Epoch ms of a heartbeat's `current_time`: Go's printed time with monotonic suffix, or RFC 3339 (reference 3.8); else null. */
export function readGoTime(text: string): number | null {
  const parts = GO_TIME.exec(text.trim());
  return readInstant(parts === null ? text.trim() : `${parts[1]}T${parts[2]}${parts[3]}`);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const HTTP_DATE = /^[a-z]{3}, (\d{2}) ([a-z]{3}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/i;

/** Epoch ms of an HTTP date (RFC 9110, fixed form), or null. */
export function readHttpDate(text: string): number | null {
  const parts = HTTP_DATE.exec(text.trim());
  if (parts === null) return null;
  const month = MONTHS.indexOf((parts[2] ?? '').toLowerCase()) + 1;
  return readInstant(`${parts[3]}-${String(month).padStart(2, '0')}-${parts[1]}T${parts[4]}Z`);
}
