// Where the lines of a scale stand and what is written at them: round figures upwards, round times of day along. Pure.

/** Recorded ms shown from left to right, and the wall clock at the left. */
export interface TimeSpan {
  fromT: number;
  toT: number;
  fromAt: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 168].map((hours) => hours * HOUR),
];
const TIMES_MAX = 6;
const FIGURES_MAX = 4;

/** Round figures from 0 to the first one at or above the greatest. */
export function figureTicks(measured: number): number[] {
  // What is beyond that was not measured by any clock.
  const greatest = Math.min(measured, 1e15);
  const rough = Math.max(greatest, 1e-9) / FIGURES_MAX;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const count = Math.max(1, Math.ceil(greatest / step - 0.001));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

/** Round times of day (UTC) within a span, as recorded ms with what is written there. */
export function timeTicks({ fromT, toT, fromAt }: TimeSpan): { t: number; label: string }[] {
  const spanMs = toT - fromT;
  const step = STEPS_MS.find((each) => spanMs / each <= TIMES_MAX) ?? Math.ceil(spanMs / TIMES_MAX / HOUR) * HOUR;
  const ticks: { t: number; label: string }[] = [];
  for (let at = Math.ceil(fromAt / step) * step; at <= fromAt + spanMs; at += step) {
    const text = new Date(at).toISOString();
    const label = step >= 24 * HOUR ? text.slice(5, 10) : step >= MINUTE ? text.slice(11, 16) : text.slice(11, 19);
    ticks.push({ t: fromT + at - fromAt, label });
  }
  return ticks;
}
