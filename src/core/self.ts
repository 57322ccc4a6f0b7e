// This tool's own health: when we were late, lateness elsewhere is ours and nobody else may be blamed.

export interface Self {
  lagMs: number;
  lagMaxMs: number;
  queue: number;
  dropped: number;
  heapBytes: number;
  rssBytes: number;
  screensPerSecond: number;
  /** Instants at which our loop was measured late by more than 500 ms, newest last, at most 20. */
  lateT: { t: number; at: number; seq: number; lagMs: number }[];
  slept: { t: number; at: number; seq: number; forMs: number } | null;
  jumped: { t: number; at: number; seq: number; byMs: number } | null;
  ticks: number;
  lastTickT: number | null;
  factsAtTick: number;
  factsPerSecond: number;
}

export const LATE_LOOP_MS = 500;
/** The first seconds load code and make keys: they are not judged. */
export const START_GRACE_MS = 5_000;

export function newSelf(): Self {
  return {
    lagMs: 0,
    lagMaxMs: 0,
    queue: 0,
    dropped: 0,
    heapBytes: 0,
    rssBytes: 0,
    screensPerSecond: 0,
    lateT: [],
    slept: null,
    jumped: null,
    ticks: 0,
    lastTickT: null,
    factsAtTick: 0,
    factsPerSecond: 0,
  };
}

export function foldLag(self: Self, lagMs: number, stamp: { t: number; at: number; seq: number }): void {
  self.lagMs = lagMs;
  if (stamp.t < START_GRACE_MS) return;
  self.lagMaxMs = Math.max(self.lagMaxMs, lagMs);
  if (lagMs <= LATE_LOOP_MS) return;
  self.lateT.push({ ...stamp, lagMs });
  if (self.lateT.length > 20) self.lateT.shift();
}

/** Whether our loop was late, or the machine slept, within `withinMs` before `t`. */
export function inSelfTrouble(self: Self, t: number, withinMs: number): boolean {
  const late = self.lateT.at(-1);
  if (late !== undefined && t - late.t <= withinMs) return true;
  // A tick that is overdue by much says so before the monitor does.
  if (self.lastTickT !== null && t > START_GRACE_MS && t - self.lastTickT > 1_000 + 2 * LATE_LOOP_MS + 500) return true;
  return self.slept !== null && t - self.slept.t <= withinMs;
}
