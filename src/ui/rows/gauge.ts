// Bars and sparklines: figures as a length or a height. Whoever draws one says its unit and its range beside it. Pure.

import type { Glyphs } from '../theme.ts';

/** A bar of `width` cells filled to `fraction`, half cells included. */
export function gauge(fraction: number, width: number, glyphs: Glyphs): string {
  const halves = Math.round(Math.max(0, Math.min(1, fraction)) * width * 2);
  const full = Math.floor(halves / 2);
  const half = halves % 2 === 1 ? glyphs.half : '';
  return glyphs.full.repeat(full) + half + glyphs.empty.repeat(Math.max(0, width - full - half.length));
}

/** Upper ends of the steps of lateness, ms; the last step is everything later. Fixed, so that a bar means the same at any time. */
const STEPS_MS = [25, 75, 150, 300, 600, 1_200, 2_000];

const stepOf = (lateMs: number): number => {
  const step = STEPS_MS.findIndex((limit) => lateMs <= limit);
  return step < 0 ? STEPS_MS.length : step;
};

/** One bar for each beat, oldest first, higher is later. */
export function sparkline(latenessMs: readonly number[], width: number, glyphs: Glyphs): string {
  return latenessMs
    .slice(-Math.max(0, width))
    .map((late) => glyphs.spark[stepOf(late)] ?? '')
    .join('');
}

/** What the lowest and the highest bar of a sparkline stand for. */
export function sparklineRange(glyphs: Glyphs): string {
  return `${glyphs.spark[0]} to 25 ms late, ${glyphs.spark.at(-1)} over 2 s`;
}

/** How many beats came in each step of lateness, with the step in words. */
export function latenessHistogram(latenessMs: readonly number[]): { step: string; beats: number }[] {
  const words = [...STEPS_MS.map((limit) => `to ${limit < 1_000 ? `${limit} ms` : `${limit / 1_000} s`}`), 'over 2 s'];
  return words.map((step, index) => ({ step, beats: latenessMs.filter((late) => stepOf(late) === index).length }));
}
