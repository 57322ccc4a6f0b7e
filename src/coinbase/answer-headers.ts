// What the headers of an answer say: limits, server date, cache. Names are lower case already; garbage reads as null.

import type { Headers } from '../core/fact.ts';
import type { RateHeaders } from '../core/meaning.ts';
import { readHttpDate } from './instant.ts';

function header(headers: Headers, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
}

// A plain count, or the first of a list such as `30, 30;w=1`.
function countOf(value: string | null): number | null {
  const digits = /^(\d{1,9})(?:\s*[,;].*)?$/.exec(value ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

const EPOCH_FROM = 1_000_000;
const EPOCH_MS_FROM = 100_000_000_000;
const RESET_AHEAD_MAX_S = 86_400;

function resetSeconds(value: string | null, dateMs: number | null): number | null {
  const number = /^\d{1,16}(\.\d{1,9})?$/.test(value ?? '') ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) return null;
  if (number < EPOCH_FROM) return number;
  if (dateMs === null) return null;
  const ahead = (number >= EPOCH_MS_FROM ? number / 1_000 : number) - dateMs / 1_000;
  // The date header has whole seconds, so a reset that is due now may lie a little behind it.
  if (ahead < -2 || ahead > RESET_AHEAD_MAX_S) return null;
  return Math.max(0, ahead);
}

function retryAfterSeconds(value: string | null, dateMs: number | null): number | null {
  if (value === null) return null;
  if (/^\d{1,7}(\.\d{1,6})?$/.test(value)) return Number(value);
  const until = readHttpDate(value);
  if (until === null || dateMs === null) return null;
  return Math.max(0, (until - dateMs) / 1_000);
}

/** Limits read from answer headers (reference 5.2): a reset below 1e6 is seconds, above it an epoch measured by the `date` header. */
export function readRateHeaders(headers: Headers): RateHeaders {
  const dateMs = readServerDate(headers);
  return {
    limit: countOf(header(headers, 'x-ratelimit-limit', 'ratelimit-limit')),
    remaining: countOf(header(headers, 'x-ratelimit-remaining', 'ratelimit-remaining')),
    resetSeconds: resetSeconds(header(headers, 'x-ratelimit-reset', 'ratelimit-reset'), dateMs),
    retryAfterSeconds: retryAfterSeconds(header(headers, 'retry-after'), dateMs),
  };
}

/** Epoch ms of the `date` header (whole seconds), or null. */
export function readServerDate(headers: Headers): number | null {
  const date = header(headers, 'date');
  return date === null ? null : readHttpDate(date);
}

const FROM_CACHE = new Set(['hit', 'stale', 'updating', 'revalidated']);

/** True when the edge answered from its cache: the content and the latency say nothing of now (reference part 1). */
export function isCacheHit(headers: Headers): boolean {
  const state = header(headers, 'cf-cache-status')?.toLowerCase() ?? '';
  return FROM_CACHE.has(state) || (countOf(header(headers, 'age')) ?? 0) > 0;
}
