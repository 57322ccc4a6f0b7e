// Measures this tool's own lateness and size, so that nobody else is blamed for it.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Emit } from './feed.ts';

/** Figures that only the engine knows. */
export interface Gauges {
  /** Facts waiting for the recording's writer. */
  queue: number;
  dropped: number;
  screensPerSecond: number;
}

export interface LoopMonitor {
  /** Tells of the time since the last call; `lateMs` is how late the caller itself was. */
  report(lateMs: number): void;
  stop(): void;
}

const RESOLUTION_MS = 20;
const NS_PER_MS = 1_000_000;
const NOTHING: Gauges = { queue: 0, dropped: 0, screensPerSecond: 0 };

export function createLoopMonitor(emit: Emit, gauges: () => Gauges = () => NOTHING): LoopMonitor {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return {
    report(lateMs) {
      // The histogram counts the whole interval between two of its own beats.
      const measuredMs = histogram.count === 0 ? 0 : histogram.max / NS_PER_MS - RESOLUTION_MS;
      histogram.reset();
      const { heapUsed, rss } = process.memoryUsage();
      const lagMs = Math.max(0, measuredMs, lateMs);
      emit({ fact: 'loop.measured', lagMs, heapBytes: heapUsed, rssBytes: rss, ...gauges() });
    },
    stop() {
      histogram.disable();
    },
  };
}
