// Figures as people read them: durations, counts, bytes, rates, UTC clock times. Pure; reads no clock.

import { grouped } from '../base/grouped.ts';

export { grouped };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (value: number): string => String(value).padStart(2, '0');

/** `0:41`, `12:41`, `2:58:11`, `3 d 4 h`: for ages and time left, whole seconds. */
export function clockDuration(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / SECOND)) * SECOND;
  if (whole >= DAY) return `${Math.floor(whole / DAY)} d ${Math.floor((whole % DAY) / HOUR)} h`;
  const hours = Math.floor(whole / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const seconds = two(Math.floor((whole % MINUTE) / SECOND));
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

/** `0.4 s`, `14.2 s`, then `1:27`: for silences and lateness. */
export function shortDuration(ms: number): string {
  const shown = Math.max(0, ms);
  return shown < 59_950 ? `${(shown / SECOND).toFixed(1)} s` : clockDuration(shown);
}

/** `4 s`, then `1:27`: time left, whole seconds, rounded up so that 0 means now. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND));
  return seconds < 60 ? `${seconds} s` : clockDuration(seconds * SECOND);
}

/** `31 ms`, `1.9 s`: a measured latency; a dash when unmeasured. */
export function latency(ms: number | null | undefined, absent = '–'): string {
  if (ms === null || ms === undefined) return absent;
  if (ms < 10) return `${ms < 0.05 ? 0 : Number(ms.toFixed(1))} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : shortDuration(ms);
}

/** `+0.04 s`, `−3.20 s`: a signed offset. */
export function offset(ms: number, minus = '−'): string {
  const digits = Math.abs(ms) < 99_995 ? 2 : 0;
  return `${ms <= -5 ? minus : '+'}${(Math.abs(ms) / SECOND).toFixed(digits)} s`;
}

/** `13 B`, `1.1 kB`, `186 kB`, `12.4 MB`: decimal units. */
export function bytes(size: number): string {
  if (size < 1_000) return `${Math.round(size)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = size / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 99.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `214`, `0.5`: events a second. */
export function rate(perSecond: number): string {
  if (perSecond > 0 && perSecond < 9.95) return perSecond.toFixed(1);
  return grouped(perSecond);
}

/** `20:14:07` in UTC; with milliseconds when asked. */
export function clockTime(at: number, withMilliseconds = false): string {
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return '--:--:--';
  const iso = new Date(at).toISOString();
  const from = iso.indexOf('T') + 1;
  return iso.slice(from, from + (withMilliseconds ? 12 : 8));
}

/** `1 call`, `2 calls`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** What a window of lines leaves out at its end: `12 lines below`; nothing when it ends with the last one. */
export function linesBelow(count: number): string {
  return count <= 0 ? '' : `${counted(count, 'line')} below`;
}
