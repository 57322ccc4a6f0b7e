// The best estimate of the server's time, from answers to `/time`. It is kept against the monotonic clock, so that setting the
// wall clock does not move a token. It never sends anything.

import type { Clock } from './clock.ts';

const SAMPLES_MAX = 8;
const SAMPLE_AGE_MS_MAX = 120_000;
/** `epochMillis` is a whole number: the truth lies up to this much later. */
const RESOLUTION_MS = 1;

/** One answer of `/time`: when the request left and when its first byte came (monotonic), and what the server said (epoch ms). */
export interface TimeAnswer {
  sentMs: number;
  firstByteMs: number;
  serverMs: number;
}

interface Sample {
  /** Server time minus monotonic time. */
  offsetMs: number;
  uncertaintyMs: number;
  takenMs: number;
}

export interface ServerClock {
  /** Takes one measurement in; answers from a cache must not be given (reference part 1). */
  measured(answer: TimeAnswer): void;
  /** Server time now, epoch ms; the local wall clock before the first measurement. */
  nowMs(): number;
  /** Which clock `nowMs` stands on. */
  source(): 'server' | 'local';
  /** Server time minus the local wall clock, ± milliseconds; null before the first measurement. */
  estimate(): { offsetMs: number; uncertaintyMs: number } | null;
  /** The machine slept: monotonic time stood still for `forMs`, server time did not. */
  slept(forMs: number): void;
  /** Resolves at the first measurement. */
  readonly first: Promise<void>;
}

function sampleOf(answer: TimeAnswer): Sample {
  const halfTripMs = Math.max(0, answer.firstByteMs - answer.sentMs) / 2;
  const midpointMs = answer.sentMs + halfTripMs;
  return {
    offsetMs: answer.serverMs + RESOLUTION_MS / 2 - midpointMs,
    uncertaintyMs: halfTripMs + RESOLUTION_MS / 2,
    takenMs: answer.firstByteMs,
  };
}

function contradicts(one: Sample, other: Sample): boolean {
  return Math.abs(one.offsetMs - other.offsetMs) > one.uncertaintyMs + other.uncertaintyMs;
}

/** The least uncertain of the samples that are not too old; when all are, the newest. */
function best(samples: readonly Sample[], nowMs: number): Sample | null {
  const fresh = samples.filter((sample) => nowMs - sample.takenMs <= SAMPLE_AGE_MS_MAX);
  const newest = samples.at(-1) ?? null;
  return fresh.reduce<Sample | null>(
    (least, sample) => (least === null || sample.uncertaintyMs <= least.uncertaintyMs ? sample : least),
    fresh.length === 0 ? newest : null,
  );
}

export function createServerClock(clock: Clock): ServerClock {
  let samples: Sample[] = [];
  let resolveFirst: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    resolveFirst = resolve;
  });
  const current = (): Sample | null => best(samples, clock.monotonicMs());

  return {
    first,
    measured(answer) {
      const sample = sampleOf(answer);
      const known = current();
      if (known !== null && contradicts(sample, known)) samples = [];
      samples = [...samples, sample].slice(-SAMPLES_MAX);
      resolveFirst();
    },
    nowMs() {
      const sample = current();
      return sample === null ? clock.wallMs() : clock.monotonicMs() + sample.offsetMs;
    },
    source: () => (samples.length === 0 ? 'local' : 'server'),
    estimate() {
      const sample = current();
      if (sample === null) return null;
      const wallOverMonotonic = clock.wallMs() - clock.monotonicMs();
      return { offsetMs: sample.offsetMs - wallOverMonotonic, uncertaintyMs: sample.uncertaintyMs };
    },
    slept(forMs) {
      samples = samples.map((sample) => ({ ...sample, offsetMs: sample.offsetMs + forMs }));
    },
  };
}
