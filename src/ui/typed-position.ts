// A place in a recording as a person types it: counted from its start or from here, a time of day, or an instant. Pure.

import type { ReplayView } from '../core/snapshot.ts';

/** What may be typed, for people. */
export const TIMES = '12:41, 90s, +30s, 20:14:07 or RFC 3339';

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };
const AMOUNT = /^([+-])?\s*(?:(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)?|(\d+):(\d{2}))$/;
const CLOCK = /^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})(?:\.(\d{1,3}))?$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?$/i;
const DAY_MS = 86_400_000;
/** A screen shows whole seconds: the second in which a recording begins is one of its own. */
const SECOND_MS = 1_000;

/** `+30s` and `-2m` from here, `90s` from the start; a bare number is none without a sign. */
function counted(text: string, hereMs: number): number | null {
  const [, sign, amount, unit, minutes, seconds] = AMOUNT.exec(text) ?? [];
  if (sign === undefined && unit === undefined) return null;
  const ms =
    amount === undefined
      ? Number(minutes) * 60_000 + Number(seconds) * 1_000
      : Number(amount) * (UNITS[unit ?? 's'] ?? 1_000);
  return sign === undefined ? ms : hereMs + (sign === '-' ? -ms : ms);
}

function ofInstant(text: string, startAt: number): number | null {
  const [, day = '', time = '', zone = 'Z'] = INSTANT.exec(text) ?? [];
  const at = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(at) ? null : at - startAt;
}

/** The time of day of the day it began, or of the next one; of two that the recording does not hold, the nearer. */
function ofClock(ofDayMs: number, startAt: number, lengthMs: number): number {
  const today = ofDayMs - (startAt % DAY_MS);
  if (today >= -SECOND_MS) return Math.max(0, today);
  const tomorrow = today + DAY_MS;
  return tomorrow - lengthMs <= -today ? tomorrow : today;
}

/** Position of a typed time, ms from the start of the recording; it may lie outside of it. Null when it is unreadable. */
export function positionOf(text: string, { positionMs, lengthMs, startAt }: ReplayView): number | null {
  const typed = text.trim();
  const told = counted(typed, positionMs) ?? ofInstant(typed, startAt);
  if (told !== null) return told;
  const match = CLOCK.exec(typed);
  if (match === null) return null;
  const [, hours, minutes, seconds, fraction = ''] = match;
  const within = Number(minutes) * 60_000 + Number(seconds) * 1_000 + Number(fraction.padEnd(3, '0'));
  if (hours === undefined) return within;
  const ofDay = Number(hours) * 3_600_000 + within;
  const byClock = ofClock(ofDay, startAt, lengthMs);
  return (byClock > lengthMs || byClock < 0) && ofDay <= lengthMs ? ofDay : byClock;
}
