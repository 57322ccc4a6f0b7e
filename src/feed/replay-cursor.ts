// Where a replay stands among the facts of its recording, and what it saw last. It hands facts out; it knows no clock.

import type { Fact } from '../core/fact.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { FactSource } from './fact-source.ts';

const HEARTBEAT = Buffer.from('{"channel":"heartbeats"');
const IDLE = new Set<Fact['fact']>(['tick', 'loop.measured', 'ping.sent', 'pong.received']);

/** True for what happens also when nothing happens: ticks, measurements of the loop, pings, heartbeats. */
export function isIdle(fact: Fact): boolean {
  if (fact.fact !== 'frame.received') return IDLE.has(fact.fact);
  return HEARTBEAT.equals(fact.bytes.subarray(0, HEARTBEAT.length));
}

export class ReplayCursor {
  /** Number of facts given out since the start. */
  given = 0;
  /** Recorded t of the last fact that was given out or passed; -Infinity at the start. */
  lastT = Number.NEGATIVE_INFINITY;
  /** The greatest of all that were given out or passed. */
  reachT = Number.NEGATIVE_INFINITY;
  /** Recorded t of the last fact that was not idle. */
  lastEventT = 0;
  readonly #source: FactSource;
  #batch = 0;
  #index = 0;

  constructor(source: FactSource) {
    this.#source = source;
  }

  /** To a checkpoint; null is the first fact. */
  async moveTo(at: Checkpoint | null): Promise<void> {
    this.given = at?.given ?? 0;
    this.lastT = at?.lastT ?? Number.NEGATIVE_INFINITY;
    this.reachT = at?.reachT ?? Number.NEGATIVE_INFINITY;
    this.lastEventT = at?.lastEventT ?? 0;
    this.#batch = 0;
    this.#index = 0;
    await this.#source.begin(at?.place ?? null);
  }

  /** The facts ahead, as far as they are at hand; null at the end. Never empty. */
  async ahead(): Promise<Fact[] | null> {
    for (;;) {
      const batch = await this.#source.batch(this.#batch);
      if (batch === null) return null;
      if (this.#index < batch.length) return this.#index === 0 ? batch : batch.slice(this.#index);
      this.#batch += 1;
      this.#index = 0;
    }
  }

  /** Notes a fact as passed, in order. */
  pass(fact: Fact): void {
    this.lastT = fact.t;
    if (fact.t > this.reachT) this.reachT = fact.t;
    if (!isIdle(fact)) this.lastEventT = fact.t;
  }

  /** Takes the first `count` of what is ahead. */
  take(ahead: Fact[], count: number): Fact[] {
    this.#index += count;
    this.given += count;
    return count === ahead.length ? ahead : ahead.slice(0, count);
  }
}
