// What was known at each tick, kept so that a window may begin at any of them. Bounded: when there are too many, every second one goes.

import type { Fact, FactOf } from '../core/fact.ts';
import type { Model } from '../core/model.ts';
import { resumedFrom } from '../core/resume.ts';

/** A beginning: it carries the stamp of the tick at which it was taken, and stands for everything up to that fact. */
export type Checkpoint = FactOf<'session.resumed'>;

const CHECKPOINTS_MAX = 4_096;

export class Checkpoints {
  #kept: Checkpoint[] = [];
  #everyTicks = 1;
  #ticks = 0;

  /** To be called after each fact was folded; only ticks are kept. */
  note(fact: Fact, model: Model, openFindings: Iterable<string>): void {
    if (fact.fact !== 'tick') return;
    this.#ticks += 1;
    if (this.#ticks % this.#everyTicks !== 0) return;
    this.#kept.push({ ...resumedFrom(model, [...openFindings]), seq: fact.seq, at: fact.at, t: fact.t });
    if (this.#kept.length < CHECKPOINTS_MAX) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 1);
    this.#everyTicks *= 2;
  }

  /** The newest one at or before `t` (monotonic ms), or null. */
  before(t: number): Checkpoint | null {
    return this.#kept.findLast((kept) => kept.t <= t) ?? null;
  }

  /** The oldest one that stands for this sequence number or a later one, or null. */
  from(seq: number): Checkpoint | null {
    return this.#kept.find((kept) => kept.seq >= seq) ?? null;
  }

  /** Between which moments the fact with this number was recorded, monotonic ms; infinite where no checkpoint tells. */
  spanOf(seq: number): { fromT: number; toT: number } {
    const before = this.#kept.findLast((kept) => kept.seq <= seq);
    const after = this.#kept.find((kept) => kept.seq > seq);
    return { fromT: before?.t ?? Number.NEGATIVE_INFINITY, toT: after?.t ?? Number.POSITIVE_INFINITY };
  }

  /** By the sequence number of the fact that each one stands for. */
  bySeq(): ReadonlyMap<number, Checkpoint> {
    return new Map(this.#kept.map((kept) => [kept.seq, kept]));
  }

  /** Monotonic ms of a wall-clock instant, by the nearest tick; null before the first. */
  tOf(at: number): number | null {
    let nearest: Checkpoint | null = null;
    for (const kept of this.#kept) {
      if (nearest === null || Math.abs(kept.at - at) < Math.abs(nearest.at - at)) nearest = kept;
    }
    return nearest === null ? null : nearest.t + (at - nearest.at);
  }

  /** Holds these instead, which were kept by another. */
  restore(kept: readonly Checkpoint[]): void {
    this.clear();
    this.#kept = [...kept];
  }

  clear(): void {
    this.#kept = [];
    this.#everyTicks = 1;
    this.#ticks = 0;
  }
}
