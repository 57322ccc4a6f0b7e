// How far the local clock is from the server's: an estimate with its uncertainty, from time calls (good) or `Date` headers (coarse).
// Offset is local minus server, milliseconds: positive means that the local clock is ahead.

export interface OffsetSample {
  offsetMs: number;
  /** Half the round trip, plus the resolution of the source. */
  uncertaintyMs: number;
  t: number;
}

export interface ClockOffset {
  samples: OffsetSample[];
  source: 'time' | 'date' | 'none';
  measured: number;
  /** A `Date` header contradicts the estimate: a clock has moved since, and a time call should say by how much. */
  doubted: boolean;
}

const SAMPLES_KEPT = 8;
const SAMPLE_AGE_MS_MAX = 120_000;
/** A `Date` header has whole seconds. */
const DATE_RESOLUTION_MS = 500;
/** Edges stamp `Date` a little before or after: only a clear contradiction raises doubt. */
const DOUBT_MS = 1_000;

export function newClockOffset(): ClockOffset {
  return { samples: [], source: 'none', measured: 0, doubted: false };
}

/** The estimate: the most certain of the kept samples, or null before the first. */
export function bestOffset(clock: ClockOffset): OffsetSample | null {
  let best: OffsetSample | null = null;
  for (const sample of clock.samples) {
    if (best === null || sample.uncertaintyMs <= best.uncertaintyMs) best = sample;
  }
  return best;
}

function contradicts(a: OffsetSample, b: OffsetSample): boolean {
  return Math.abs(a.offsetMs - b.offsetMs) > a.uncertaintyMs + b.uncertaintyMs + 50;
}

function keep(clock: ClockOffset, sample: OffsetSample): void {
  // Samples that the newest one contradicts were taken before a clock moved.
  const agreeing = clock.samples.filter((old) => sample.t - old.t <= SAMPLE_AGE_MS_MAX && !contradicts(old, sample));
  clock.samples = [...agreeing, sample].slice(-SAMPLES_KEPT);
  clock.measured += 1;
}

/** A time call's answer: `midpointAt` is the local wall clock half way, `serverMs` what the server said, `roundTripMs` the whole trip. */
export function addTimeSample(
  clock: ClockOffset,
  midpointAt: number,
  serverMs: number,
  roundTripMs: number,
  t: number,
): void {
  if (clock.source === 'date') clock.samples = [];
  clock.source = 'time';
  clock.doubted = false;
  keep(clock, { offsetMs: midpointAt - serverMs, uncertaintyMs: Math.max(1, roundTripMs / 2), t });
}

/** A `Date` header: the estimate itself while no time call has succeeded, afterwards a check on it. */
export function addDateSample(
  clock: ClockOffset,
  midpointAt: number,
  serverDateMs: number,
  roundTripMs: number,
  t: number,
): void {
  const sample = {
    offsetMs: midpointAt - (serverDateMs + DATE_RESOLUTION_MS),
    uncertaintyMs: DATE_RESOLUTION_MS + roundTripMs / 2,
    t,
  };
  if (clock.source === 'time') {
    const best = bestOffset(clock);
    clock.doubted =
      best !== null && Math.abs(best.offsetMs - sample.offsetMs) > best.uncertaintyMs + sample.uncertaintyMs + DOUBT_MS;
    return;
  }
  clock.source = 'date';
  keep(clock, sample);
}

/** Server time for a local wall-clock instant, epoch ms; the local instant itself before anything was measured. */
export function serverTime(clock: ClockOffset, localAt: number): number {
  const best = bestOffset(clock);
  return best === null ? localAt : localAt - best.offsetMs;
}
