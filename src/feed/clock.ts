// Time for the feed: the only file here that reads a clock or sets a timer. It never decides what lateness means.

import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';

/** Stops a timer; calling it twice does nothing. */
export type Cancel = () => void;

/** What the feed needs of time, so that tests can supply their own. */
export interface Clock {
  /** Epoch milliseconds by this machine. */
  wallMs(): number;
  /** Milliseconds that no clock setting can move; stands still while a Linux machine sleeps. */
  monotonicMs(): number;
  /** Milliseconds since the machine started, sleep included. */
  sinceBootMs(): number;
  /** Processor time this process has used, milliseconds. */
  cpuMs(): number;
  setTimeout(run: () => void, delayMs: number): Cancel;
  setInterval(run: () => void, everyMs: number): Cancel;
}

/** The machine's own clocks and Node's timers. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sinceBootMs: () => uptime() * 1000,
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  setTimeout: (run, delayMs) => {
    const timer = setTimeout(run, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
  setInterval: (run, everyMs) => {
    const timer = setInterval(run, everyMs);
    return () => clearInterval(timer);
  },
};

/** Resolves after `delayMs`, or at once when the signal is aborted. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted || delayMs <= 0) return resolve();
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.setTimeout(done, delayMs);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Waits for `promise`, but no longer than `waitMs`; says whether it came in time. A rejection counts as having come. */
export function within(clock: Clock, promise: Promise<unknown>, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.setTimeout(() => resolve(false), Math.max(0, waitMs));
    const came = (): void => {
      cancel();
      resolve(true);
    };
    promise.then(came, came);
  });
}
