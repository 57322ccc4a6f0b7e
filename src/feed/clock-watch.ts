// Tells three stories apart from two readings of the clocks: the wall clock was set, the machine slept, the process was stopped.
// Pure; it never reads a clock itself.

/** One reading of every clock, taken at a tick. */
export interface ClockReading {
  wallMs: number;
  monotonicMs: number;
  sinceBootMs: number;
  cpuMs: number;
}

/** What passed between two ticks beside ordinary time, milliseconds; 0 where nothing did. */
export interface ClockStory {
  /** The wall clock was moved by this much (positive: forward). */
  jumpedMs: number;
  /** The machine or the process stood still for this long. */
  sleptMs: number;
  /** How much of the sleep the monotonic clock did not count. */
  uncountedMs: number;
}

/** Smaller differences are rounding and slewing. */
const JUMP_MS_MIN = 500;
/** Uptime counts whole seconds on some systems. */
const SLEEP_MS_MIN = 1_500;
const STOPPED_MS_MIN = 5_000;
/** A process that computed less than this share of the time it was late was not running. */
const CPU_SHARE_IDLE = 0.1;
/** A forward jump this large at a late tick is a sleep, also where uptime does not count it. */
const SLEEP_JUMP_MS_MIN = 5_000;
const LATE_MS_MIN = 500;

/** Compares two readings `expectedMs` apart by plan. */
export function readClocks(before: ClockReading, after: ClockReading, expectedMs: number): ClockStory {
  const monotonicMs = after.monotonicMs - before.monotonicMs;
  const lateMs = monotonicMs - expectedMs;
  const jumpMs = after.wallMs - before.wallMs - monotonicMs;
  const uncountedMs = after.sinceBootMs - before.sinceBootMs - monotonicMs;
  if (uncountedMs > SLEEP_MS_MIN) {
    const restMs = jumpMs - uncountedMs;
    const jumpedMs = Math.abs(restMs) > Math.max(JUMP_MS_MIN, SLEEP_MS_MIN) ? restMs : 0;
    return { jumpedMs, sleptMs: uncountedMs, uncountedMs };
  }
  if (jumpMs > SLEEP_JUMP_MS_MIN && lateMs > LATE_MS_MIN) return { jumpedMs: 0, sleptMs: jumpMs, uncountedMs: jumpMs };
  const jumpedMs = Math.abs(jumpMs) > JUMP_MS_MIN ? jumpMs : 0;
  const idle = after.cpuMs - before.cpuMs < lateMs * CPU_SHARE_IDLE;
  return { jumpedMs, sleptMs: lateMs > STOPPED_MS_MIN && idle ? lateMs : 0, uncountedMs: 0 };
}
