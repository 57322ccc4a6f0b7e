// Keeps one rate-limit bucket under its limit: a sliding second, corrected by what answers say. The queue itself is Bottleneck,
// made by `rest`; this file only decides how many may start.

import type { RateHeaders } from '../core/meaning.ts';
import type { Cancel, Clock } from './clock.ts';

/** The part of Bottleneck that is used here. */
export interface Limiter {
  schedule<T>(options: { priority: number }, run: () => Promise<T>): Promise<T>;
  currentReservoir(): Promise<number | null>;
  incrementReservoir(by: number): Promise<number>;
  stop(options: { dropWaitingJobs: boolean }): Promise<void>;
}

export interface BucketOptions {
  /** Requests a second that the server is thought to allow. */
  limit: number;
  windowMs: number;
  /** Share of the limit that we use. */
  fraction: number;
  clock: Clock;
  openLimiter(settings: { reservoir: number; maxConcurrent: number; minTime: number }): Limiter;
}

export interface Bucket {
  /** Runs when its turn has come; lower priorities (0–9) go first. Rejects when the bucket was stopped. */
  run<T>(priority: number, job: () => Promise<T>): Promise<T>;
  /** Answers are believed over assumptions; they only ever slow us down. */
  believe(headers: RateHeaders): Promise<void>;
  stop(): Promise<void>;
}

const CONCURRENT_MAX = 4;

function shareOf(limit: number, fraction: number): number {
  return Math.max(1, Math.floor(limit * fraction));
}

export function createBucket({ limit, windowMs, fraction, clock, openLimiter }: BucketOptions): Bucket {
  let capacity = shareOf(limit, fraction);
  const limiter = openLimiter({
    reservoir: capacity,
    maxConcurrent: CONCURRENT_MAX,
    minTime: Math.ceil(windowMs / limit),
  });
  const timers = new Set<Cancel>();
  const add = (amount: number): Promise<unknown> => limiter.incrementReservoir(amount).catch(() => undefined);
  const giveBack = (amount: number, afterMs: number): void => {
    const cancel = clock.setTimeout(() => {
      timers.delete(cancel);
      void add(amount);
    }, afterMs);
    timers.add(cancel);
  };

  return {
    run: (priority, job) =>
      limiter.schedule({ priority }, () => {
        // Sliding, not a fixed window: around the edge of a fixed one twice the limit can pass.
        giveBack(1, windowMs);
        return job();
      }),
    async believe({ limit: stated, remaining, resetSeconds }) {
      if (stated !== null && stated > 0) {
        const wanted = Math.min(shareOf(limit, fraction), shareOf(stated, fraction));
        const change = wanted - capacity;
        capacity = wanted;
        if (change !== 0) await add(change);
      }
      if (remaining === null) return;
      const held = await limiter.currentReservoir();
      if (held === null || held <= remaining) return;
      const taken = held - Math.max(0, Math.floor(remaining));
      await add(-taken);
      giveBack(taken, resetSeconds === null ? windowMs : Math.max(windowMs, resetSeconds * 1000));
    },
    async stop() {
      for (const cancel of timers) cancel();
      timers.clear();
      await limiter.stop({ dropWaitingJobs: true }).catch(() => undefined);
    },
  };
}
