// Owns the REST budgets: who has how much left this second, the 429 and the penalty that a run of them brings.
import { plainType, throttleBody } from './pages.ts';
import { SlidingWindow } from './rate-limit.ts';
import type { Reply } from './rest-call.ts';
import type { World } from './world.ts';

export type Bucket = 'public' | 'private';

/** The outcome for one request: let through with these headers, or answered here. */
export interface Spent {
  headers: Record<string, string>;
  refusal: Reply | null;
}

const runMs = 10_000;

export class RestLimits {
  readonly #world: World;
  readonly #used = new SlidingWindow(1000);
  readonly #refusals = new SlidingWindow(runMs);
  #penaltyUntil = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** The penalty box: plain text, whatever was asked. */
  penalty(): Reply | null {
    const inForce = this.#world.faults.find('penalty') !== null || performance.now() < this.#penaltyUntil;
    return inForce ? { status: 403, type: plainType, text: 'Too many errors' } : null;
  }

  lift(): void {
    this.#penaltyUntil = 0;
  }

  /** Counts a request of `who` against a bucket. A refused request uses up nothing. */
  spend(bucket: Bucket, who: string): Spent {
    const limit = this.#limit(bucket);
    const name = `${bucket}:${who}`;
    const others = this.#others(bucket);
    const used = this.#used.count(name) + others;
    if (used >= limit) return this.#refuse(bucket, name, limit);
    this.#used.add(name);
    return { headers: this.#headers(bucket, limit, limit - used - 1), refusal: null };
  }

  #refuse(bucket: Bucket, name: string, limit: number): Spent {
    const { knobs, faults } = this.#world;
    const fault = faults.find('limits')?.fault;
    this.#refusals.add(name);
    if (knobs.penaltyAfter > 0 && this.#refusals.count(name) >= knobs.penaltyAfter) {
      this.#penaltyUntil = performance.now() + knobs.penaltySeconds * 1000;
      this.#refusals.reset(name);
    }
    const wait = fault?.retryAfter === undefined ? knobs.retryAfterSeconds : fault.retryAfter;
    const headers = this.#headers(bucket, limit, 0);
    if (wait !== null) headers['retry-after'] = String(wait);
    return { headers, refusal: { status: 429, ...throttleBody(fault?.body ?? knobs.rateBody) } };
  }

  #limit(bucket: Bucket): number {
    const fault = this.#world.faults.find('limits')?.fault;
    const { publicPerSecond, privatePerSecond } = this.#world.knobs;
    return bucket === 'public'
      ? (fault?.publicPerSecond ?? publicPerSecond)
      : (fault?.privatePerSecond ?? privatePerSecond);
  }

  /** What another program of the same user takes from the same budget, rising over the ramp. */
  #others(bucket: Bucket): number {
    const found = this.#world.faults.find('other-traffic', (f) => f.fault.bucket === bucket);
    if (found === null) return 0;
    const { perSecond, fromPerSecond, rampSeconds } = found.fault;
    const share =
      rampSeconds === undefined ? 1 : Math.min(1, (performance.now() - found.beganAt) / (rampSeconds * 1000));
    const from = fromPerSecond ?? 0;
    return Math.round(from + (perSecond - from) * share);
  }

  #headers(bucket: Bucket, limit: number, remaining: number): Record<string, string> {
    const wanted = this.#world.faults.find('limits')?.fault.headers ?? this.#world.knobs.rateHeaders;
    if (!wanted || bucket === 'public') return {};
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, remaining)),
      'x-ratelimit-reset': '1',
    };
  }
}
