// Rate limits, bucket by bucket: what was spent, what the headers say, when it would run out. Headers are believed over assumptions.

import type { RateHeaders } from './meaning.ts';

export type BucketName = 'rest-public' | 'rest-private' | 'rest-hour' | 'ws-connects' | 'ws-messages';

export interface HeaderSample {
  t: number;
  limit: number;
  remaining: number;
  /** When the window starts anew, when the headers say so. */
  resetSeconds: number | null;
}

export interface Bucket {
  name: BucketName;
  /** Window, ms. */
  windowMs: number;
  limit: number;
  source: 'header' | 'documented' | 'assumed';
  /** When each call of the last window left, oldest first (bounded by the limit of our own pacing). */
  spent: { t: number; who: string }[];
  /** Header samples of the last 60 s, oldest first. */
  samples: HeaderSample[];
  /** Since when less than a fifth remained without a better sample in between. */
  lowSinceT: number | null;
  lowSamples: number;
  refusals: number;
  lastRefusalT: number | null;
  total: number;
  /** The last time that the window held more calls than the limit, and how many. */
  burst: { t: number; calls: number } | null;
}

export type Limits = Record<BucketName, Bucket>;

const SPENT_KEPT_MAX = 10_100;
const SAMPLES_KEPT = 60;
export const LOW_FRACTION = 0.2;

function newBucket(name: BucketName, windowMs: number, limit: number, source: Bucket['source']): Bucket {
  return {
    name,
    windowMs,
    limit,
    source,
    spent: [],
    samples: [],
    lowSinceT: null,
    lowSamples: 0,
    refusals: 0,
    lastRefusalT: null,
    total: 0,
    burst: null,
  };
}

/** The figures of reference 5.1: sockets documented, REST assumed (old pages, no current official figure). */
export function newLimits(): Limits {
  return {
    'rest-public': newBucket('rest-public', 1_000, 10, 'assumed'),
    'rest-private': newBucket('rest-private', 1_000, 30, 'assumed'),
    'rest-hour': newBucket('rest-hour', 3_600_000, 10_000, 'assumed'),
    'ws-connects': newBucket('ws-connects', 1_000, 8, 'documented'),
    'ws-messages': newBucket('ws-messages', 1_000, 8, 'documented'),
  };
}

function forgetOld(bucket: Bucket, t: number): void {
  let old = 0;
  while (old < bucket.spent.length && t - (bucket.spent[old]?.t ?? t) > bucket.windowMs) old += 1;
  if (bucket.spent.length - old > SPENT_KEPT_MAX) old = bucket.spent.length - SPENT_KEPT_MAX;
  if (old > 0) bucket.spent.splice(0, old);
}

export function spend(bucket: Bucket, who: string, t: number): void {
  forgetOld(bucket, t);
  bucket.spent.push({ t, who });
  bucket.total += 1;
  if (bucket.spent.length > bucket.limit) bucket.burst = { t, calls: bucket.spent.length };
}

/** How many calls the last window holds. */
export function used(bucket: Bucket, t: number): number {
  forgetOld(bucket, t);
  return bucket.spent.length;
}

export function foldRateHeaders(bucket: Bucket, rate: RateHeaders, t: number): void {
  if (rate.limit === null || rate.remaining === null || rate.limit <= 0) return;
  bucket.limit = rate.limit;
  bucket.source = 'header';
  bucket.samples = bucket.samples.filter((sample) => t - sample.t <= 60_000).slice(-SAMPLES_KEPT);
  bucket.samples.push({
    t,
    limit: rate.limit,
    remaining: Math.max(0, rate.remaining),
    resetSeconds: rate.resetSeconds,
  });
  if (rate.remaining / rate.limit >= LOW_FRACTION) {
    bucket.lowSinceT = null;
    bucket.lowSamples = 0;
    return;
  }
  bucket.lowSinceT = bucket.lowSinceT ?? t;
  bucket.lowSamples += 1;
}

export function foldRefusal(bucket: Bucket, t: number): void {
  bucket.refusals += 1;
  bucket.lastRefusalT = t;
}

/** The header that is still believed for what remains, or null: then our own calls are all that is known. */
export function toldByHeader(bucket: Bucket, t: number): HeaderSample | null {
  const sample = bucket.samples.at(-1);
  return bucket.source === 'header' && sample !== undefined && t - sample.t <= 60_000 ? sample : null;
}

/** What remains now: the newest header sample, or the limit less what the window holds. */
export function remaining(bucket: Bucket, t: number): number {
  return toldByHeader(bucket, t)?.remaining ?? Math.max(0, bucket.limit - used(bucket, t));
}

/** The run of samples that only fell: from the last rise on, oldest first. */
function falling(samples: HeaderSample[]): HeaderSample[] {
  let start = samples.length - 1;
  while (start > 0 && (samples[start - 1]?.remaining ?? 0) >= (samples[start]?.remaining ?? 0)) start -= 1;
  return start < 0 ? [] : samples.slice(start);
}

/**
 * Seconds until the limit at the present rate, or null when it will not be reached so. A bucket that fills anew every second goes up and
 * down by itself: only a fall over four samples and 2 s counts, to less than half the limit and below all that was seen before it.
 */
export function forecastSeconds(bucket: Bucket, t: number): number | null {
  if (bucket.name === 'rest-hour') return forecastWindow(bucket, t);
  const newest = bucket.samples.at(-1);
  if (newest === undefined || t - newest.t > 10_000) return null;
  const run = falling(bucket.samples);
  const first = run[0];
  if (first === undefined || run.length < 4) return null;
  const spanMs = newest.t - first.t;
  const before = bucket.samples.slice(0, -run.length);
  const isLow = newest.remaining <= newest.limit / 2 && before.every((sample) => sample.remaining > newest.remaining);
  if (spanMs < 2_000 || !isLow) return null;
  const seconds = newest.remaining / ((first.remaining - newest.remaining) / (spanMs / 1_000)) - (t - newest.t) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

function forecastWindow(bucket: Bucket, t: number): number | null {
  const spent = used(bucket, t);
  const recent = bucket.spent.filter((call) => t - call.t <= 60_000).length;
  if (recent === 0) return null;
  const seconds = (bucket.limit - spent) / (recent / 60);
  // Within the hour old calls leave the window again: beyond it nothing can be said.
  return seconds <= 3_600 ? Math.max(0, seconds) : null;
}
