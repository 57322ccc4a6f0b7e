// Happenings of a capture put into one time: stamps for each fact, and a tick for each second in between.

import { TICK_EVERY_MS } from '../core/bounds.ts';
import type { Fact, FactBody } from '../core/fact.ts';
import { redactFact } from '../recording/redact.ts';
import type { Happening } from './har-call.ts';
import { rounded } from './har-entry.ts';

/** Without anything happening, time is told for this long: every rule has come to rest by then. */
const TICKS_AFTER_MS = 900_000;

/** Stamps facts with the capture's own clock. There is no other: durations are differences of wall-clock times. */
export class Timeline {
  readonly facts: Fact[] = [];
  readonly #startMs: number;
  #nextTickT = TICK_EVERY_MS;
  #lastT = 0;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** Takes a happening, not earlier than the last one; ticks that were due before it come first. */
  add({ atMs, body }: Happening): void {
    const t = Math.max(this.#lastT, rounded(atMs - this.#startMs));
    this.#tickUntil(t);
    this.#lastT = t;
    this.#push(redactFact(body), t);
  }

  #tickUntil(t: number): void {
    const quietFromT = this.#lastT + TICKS_AFTER_MS;
    while (this.#nextTickT <= t) {
      if (this.#nextTickT > quietFromT)
        this.#nextTickT = Math.max(this.#nextTickT, Math.floor(t / TICK_EVERY_MS) * TICK_EVERY_MS);
      this.#push({ fact: 'tick' }, this.#nextTickT);
      this.#nextTickT += TICK_EVERY_MS;
    }
  }

  #push(body: FactBody, t: number): void {
    const stamp = { seq: this.facts.length + 1, at: Math.floor(this.#startMs + t), t };
    this.facts.push({ ...stamp, ...body });
  }
}
