// Times of a recording as they are typed on a command line, and what they mean once its beginning is known. It reads no clock.

import type { Read } from './values.ts';
import { readDuration } from './values.ts';

/** A typed time: an instant, a time of day by the UTC clock, or a distance from the beginning of the recording. All in ms. */
export type Moment =
  | { kind: 'instant'; at: number }
  | { kind: 'clock'; ofDayMs: number }
  | { kind: 'offset'; ms: number };

const DAY_MS = 86_400_000;
const CLOCK = /^(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/i;

function clockOf(text: string): Moment | null {
  const [, hours = '', minutes = '', seconds = '', fraction = ''] = CLOCK.exec(text) ?? [];
  if (hours === '' || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const ms = Number(fraction.padEnd(3, '0'));
  return { kind: 'clock', ofDayMs: (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000 + ms };
}

/** `2026-11-22T20:14:06Z`, `20:14:06` (UTC), or `90s`, `5m`, `1h` from the beginning. */
export function readMoment(name: string, text: string): Read<Moment> {
  const typed = text.trim();
  const at = INSTANT.test(typed) ? Date.parse(typed) : Number.NaN;
  if (!Number.isNaN(at)) return { value: { kind: 'instant', at } };
  const clock = clockOf(typed);
  if (clock !== null) return { value: clock };
  const duration = typed === '0' ? { value: 0 } : readDuration(name, typed);
  if (!('problem' in duration)) return { value: { kind: 'offset', ms: duration.value } };
  const problem = `${name} ${JSON.stringify(text)} is not a time of a recording; expected 2026-11-22T20:14:06Z, 20:14:06 (UTC) or 90s, 5m, 1h from its beginning`;
  return { problem };
}

/** Whether something lies before a moment; `at` epoch ms, `t` monotonic ms, both also of the recording's first fact. */
export function isBefore(
  moment: Moment,
  { at, t }: { at: number; t: number },
  first: { at: number; t: number },
): boolean {
  if (moment.kind === 'offset') return t - first.t < moment.ms;
  if (moment.kind === 'instant') return at < moment.at;
  const midnight = first.at - (first.at % DAY_MS);
  const sameDay = midnight + moment.ofDayMs;
  // A time of day before the beginning is one of the next day; the second of the beginning itself counts as today.
  return at < (sameDay < first.at - 1_000 ? sameDay + DAY_MS : sameDay);
}
