// A clock that stands still until it is told to move; timers run in order, promises settle in between.

import type { Cancel, Clock } from '../../src/feed/clock.ts';

interface Timer {
  dueMs: number;
  run: () => void;
  everyMs: number | null;
}

export class FakeClock implements Clock {
  wall = 1_800_000_000_000;
  monotonic = 1_000;
  boot = 50_000;
  cpu = 0;
  #timers = new Set<Timer>();

  wallMs = (): number => this.wall;
  monotonicMs = (): number => this.monotonic;
  sinceBootMs = (): number => this.boot;
  cpuMs = (): number => this.cpu;

  setTimeout = (run: () => void, delayMs: number): Cancel => this.#add(run, delayMs, null);
  setInterval = (run: () => void, everyMs: number): Cancel => this.#add(run, everyMs, everyMs);

  #add(run: () => void, delayMs: number, everyMs: number | null): Cancel {
    const timer = { dueMs: this.monotonic + Math.max(0, delayMs), run, everyMs };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** All clocks move together by `ms` without any timer running: a blocked loop. */
  block(ms: number): void {
    this.monotonic += ms;
    this.wall += ms;
    this.boot += ms;
  }

  /** Time passes and timers run. */
  async advance(ms: number): Promise<void> {
    const endMs = this.monotonic + ms;
    await settle();
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.block(Math.max(0, next.dueMs - this.monotonic));
      if (next.everyMs === null) this.#timers.delete(next);
      else next.dueMs = this.monotonic + next.everyMs;
      next.run();
      await settle();
    }
    this.block(Math.max(0, endMs - this.monotonic));
  }

  #next(endMs: number): Timer | undefined {
    return [...this.#timers].filter((timer) => timer.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}

/** Lets promise callbacks run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
