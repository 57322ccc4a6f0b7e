// The beat of the session: one tick a second on a steady grid, and what the clocks did between two of them.
// A blocked loop gives one late tick, never a burst of make-up ticks.

import { TICK_EVERY_MS } from '../core/bounds.ts';
import type { Cancel, Clock } from './clock.ts';
import { type ClockReading, readClocks } from './clock-watch.ts';
import type { Emit } from './feed.ts';

export interface TickerOptions {
  clock: Clock;
  emit: Emit;
  /** Runs before each tick with how late it is. */
  beforeTick(lateMs: number): void;
  /** Monotonic time stood still for this long while the machine slept. */
  onUncounted(forMs: number): void;
  everyMs?: number;
}

export interface Ticker {
  start(): void;
  stop(): void;
}

const EARLY_MS = 5;

export function createTicker(options: TickerOptions): Ticker {
  const { clock, emit, everyMs = TICK_EVERY_MS } = options;
  let startMs = 0;
  let dueMs = 0;
  let before: ClockReading | null = null;
  let cancel: Cancel = () => undefined;

  const read = (): ClockReading => ({
    wallMs: clock.wallMs(),
    monotonicMs: clock.monotonicMs(),
    sinceBootMs: clock.sinceBootMs(),
    cpuMs: clock.cpuMs(),
  });
  const tellStory = (after: ClockReading): void => {
    // On a grid, a tick after a late one comes sooner: what counts is when it was due.
    const expectedMs = before === null ? everyMs : dueMs - before.monotonicMs;
    const story = readClocks(before ?? after, after, expectedMs);
    before = after;
    if (story.uncountedMs > 0) options.onUncounted(story.uncountedMs);
    if (story.sleptMs > 0) emit({ fact: 'machine.slept', forMs: Math.round(story.sleptMs) });
    if (story.jumpedMs !== 0) emit({ fact: 'clock.jumped', byMs: Math.round(story.jumpedMs) });
  };
  const schedule = (): void => {
    const nowMs = clock.monotonicMs();
    const passed = Math.floor((nowMs + EARLY_MS - startMs) / everyMs);
    dueMs = startMs + (passed + 1) * everyMs;
    cancel = clock.setTimeout(beat, dueMs - nowMs);
  };
  const beat = (): void => {
    const after = read();
    const lateMs = Math.max(0, after.monotonicMs - dueMs);
    tellStory(after);
    schedule();
    options.beforeTick(lateMs);
    emit({ fact: 'tick' });
  };

  return {
    start() {
      startMs = clock.monotonicMs();
      before = read();
      schedule();
    },
    stop() {
      cancel();
    },
  };
}
