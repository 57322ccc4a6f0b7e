// The delay before the next connection attempt: exponential, capped, with full jitter, so that many clients do not come back together.
// Pure; randomness is handed in.

export interface Backoff {
  /** 1 for the first attempt after a loss. */
  attempt: number;
  baseMs: number;
  capMs: number;
  /** Never sooner than this. */
  floorMs: number;
}

/** Milliseconds to wait: uniform in [floorMs, min(capMs, baseMs × 2^(attempt−1))]; `random` gives [0, 1). */
export function drawDelay({ attempt, baseMs, capMs, floorMs }: Backoff, random: () => number): number {
  const doublings = Math.min(Math.max(0, attempt - 1), 40);
  const ceilingMs = Math.max(floorMs, Math.min(capMs, baseMs * 2 ** doublings));
  return Math.round(floorMs + random() * (ceilingMs - floorMs));
}
