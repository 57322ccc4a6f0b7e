// The changes of findings that the timeline tells, each at its place among the facts: what translates places into numbers of facts and back.

import { FINDING_CHANGES_MAX } from '../core/bounds.ts';
import type { FindingChange } from '../core/finding.ts';

/** A change of a finding, with the fact after which it came. */
export interface Told {
  change: FindingChange;
  seq: number;
}

/** Ascending by place; the oldest are let go first. */
export class ToldChanges {
  #kept: { place: number; told: Told }[] = [];
  #gone = 0;

  add(place: number, told: Told): void {
    this.#kept.push({ place, told });
    if (this.#kept.length <= 2 * FINDING_CHANGES_MAX) return;
    this.#gone += this.#kept.length - FINDING_CHANGES_MAX;
    this.#kept = this.#kept.slice(-FINDING_CHANGES_MAX);
  }

  /** Places before this one cannot be told any more: changes among them are gone. */
  get first(): number {
    return this.#gone === 0 ? 0 : (this.#kept[0]?.place ?? 0);
  }

  at(place: number): Told | null {
    const change = this.#kept[this.#before(({ place: other }) => other < place)];
    return change?.place === place ? change.told : null;
  }

  /** How many facts were listed before this place. */
  factsBefore(place: number): number {
    return place - this.#gone - this.#before(({ place: other }) => other < place);
  }

  /** The place of a listed fact, by its number from 0. */
  placeOf(fact: number): number {
    return fact + this.#gone + this.#before(({ place }, index) => place - this.#gone - index <= fact);
  }

  /** How many of those kept come before the first one for which this is not so. */
  #before(isBefore: (change: { place: number }, index: number) => boolean): number {
    let from = 0;
    let to = this.#kept.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const change = this.#kept[middle];
      if (change !== undefined && isBefore(change, middle)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
