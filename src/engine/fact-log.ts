// Facts and finding changes in the order in which they came, for the timeline and for opening one. The newest are held whole, bounded in
// number and bytes, unless somebody else has them. Every entry has a place that never changes; rows are worked out when looked at.

import { TIMELINE_BYTES_MAX, TIMELINE_FACTS_MAX } from '../core/bounds.ts';
import type { Fact } from '../core/fact.ts';
import type { FindingChange } from '../core/finding.ts';
import type { PlacedRow } from '../core/timeline.ts';
import { type Facts, factIn, type Neighbours, neighboursIn } from './facts-at-hand.ts';
import { shownFact } from './read-fact.ts';
import { type ToldRow, tellChange, tellFact } from './timeline-row.ts';
import { type Told, ToldChanges } from './told-changes.ts';

type Entry = Fact | Told;

function isFact(entry: Entry): entry is Fact {
  return !('change' in entry);
}

/** What an entry holds in memory besides its payload: a rough mean. */
const ENTRY_BYTES = 300;
const CHANGE_BYTES = 4 * ENTRY_BYTES;

function bytesOf(fact: Fact): number {
  if (fact.fact === 'frame.received') return ENTRY_BYTES + fact.bytes.byteLength;
  return ENTRY_BYTES + (fact.fact === 'response.arrived' ? fact.body.length : 0);
}

/** Facts that nobody wants to read one by one: they are folded and recorded, but not listed. */
const UNLISTED = new Set<Fact['fact']>(['tick', 'loop.measured', 'ping.sent', 'pong.received', 'token.made']);

/** A log without its facts, which are in the recording: how many entries it held, and the changes of findings among them. */
export interface FrozenLog {
  readonly total: number;
  readonly size: number;
  /** `index` counts from the oldest entry. */
  readonly changes: readonly { readonly index: number; readonly told: Told }[];
}

/** Who has all listed facts up to now, back to some oldest one, by their number from 0. What is given is to be used at once. */
export interface Kept {
  /** Number of the oldest fact held. */
  readonly first: number;
  at(number: number): Fact | null;
  /** Facts with those of this sequence number among them, if it is one of those from `from` up to `to`. */
  around(seq: number, from: number, to: number): Fact[];
}

/** Whether the log keeps such a fact. */
export function isListed(fact: Fact): boolean {
  return fact.fact === 'frame.received' || !UNLISTED.has(fact.fact);
}

/** Negative for what is no fact. */
type SignedBytes = number;

export class FactLog implements Facts {
  /** Null where nobody does, as in a replay; given before the first fact. */
  kept: Kept | null = null;
  readonly #changes = new ToldChanges();
  /** A ring: the entry of a place stands at the place's remainder. */
  readonly #entries = new Array<Entry | undefined>(TIMELINE_FACTS_MAX).fill(undefined);
  readonly #sizes: Record<number, SignedBytes> = new Int32Array(TIMELINE_FACTS_MAX);
  #firstHeld = 0;
  #total = 0;
  #bytes = 0;
  #factsHeld = 0;

  /** How many were ever listed: the place of the next one. */
  get total(): number {
    return this.#total;
  }

  /** Place of the oldest entry that can be told; `total` when none can. */
  get first(): number {
    if (this.kept === null) return this.#firstHeld;
    return Math.min(this.#firstHeld, Math.max(this.#changes.first, this.#changes.placeOf(this.kept.first)));
  }

  /** How many facts it holds, changes of findings not counted. */
  get factsHeld(): number {
    return this.#factsHeld;
  }

  push(fact: Fact): void {
    if (!isListed(fact)) return;
    this.#factsHeld += 1;
    this.#push(fact, bytesOf(fact));
  }

  pushChange(change: FindingChange, seq: number): void {
    if (change.status === 'updated') return;
    this.#changes.add(this.#total, { change, seq });
    this.#push({ change, seq }, -CHANGE_BYTES);
  }

  #push(entry: Entry, size: SignedBytes): void {
    if (this.kept !== null) this.#pass();
    else this.#hold(entry, size);
  }

  /** Somebody else has it. Held by reference too, frames of a burst would live long enough to be promoted, and their memory with them. */
  #pass(): void {
    this.#total += 1;
    this.#firstHeld = this.#total;
    this.#factsHeld = 0;
  }

  #hold(entry: Entry, size: SignedBytes): void {
    if (this.#total - this.#firstHeld === TIMELINE_FACTS_MAX) this.#dropOldest();
    const slot = this.#total % TIMELINE_FACTS_MAX;
    this.#entries[slot] = entry;
    this.#sizes[slot] = size;
    this.#total += 1;
    this.#bytes += Math.abs(size);
    // The newest stays, whatever its size.
    while (this.#bytes > TIMELINE_BYTES_MAX && this.#total - this.#firstHeld > 1) this.#dropOldest();
  }

  #dropOldest(): void {
    const slot = this.#firstHeld % TIMELINE_FACTS_MAX;
    const size = this.#sizes[slot] ?? 0;
    this.#entries[slot] = undefined;
    this.#firstHeld += 1;
    this.#bytes -= Math.abs(size);
    if (size > 0) this.#factsHeld -= 1;
  }

  /** Everything held, oldest first. */
  #held(): Entry[] {
    const held: Entry[] = [];
    for (let place = this.#firstHeld; place < this.#total; place += 1)
      held.push(this.#entries[place % TIMELINE_FACTS_MAX] as Entry);
    return held;
  }

  freeze(): FrozenLog {
    const held = this.#held();
    const changes = held.flatMap((entry, index) => (isFact(entry) ? [] : [{ index, told: entry }]));
    return { total: this.#total, size: held.length, changes };
  }

  /** Holds again what it held: `facts` are the newest listed facts before that moment, as many as are at hand. */
  thaw({ total, size, changes }: FrozenLog, facts: readonly Fact[]): void {
    const told = new Map(changes.map(({ index, told }) => [index, told]));
    let next = facts.length - (size - changes.length);
    this.#total = total - size;
    this.#firstHeld = this.#total;
    for (let index = 0; index < size; index += 1) {
      const change = told.get(index);
      const fact = change === undefined ? facts[next++] : undefined;
      if (change !== undefined) this.#push(change, -CHANGE_BYTES);
      else if (fact !== undefined) this.push(fact);
      else this.#skip();
    }
  }

  /** The next entry is not at hand, and so is nothing before it. */
  #skip(): void {
    while (this.#firstHeld < this.#total) this.#dropOldest();
    this.#total += 1;
    this.#firstHeld += 1;
  }

  /** What looking at the entry of this place costs, bytes; 0 when it cannot be told. */
  bytesAt(place: number): number {
    if (place >= this.#firstHeld) return Math.abs(this.#sizes[place % TIMELINE_FACTS_MAX] ?? 0);
    const entry = this.#at(place);
    if (entry === undefined) return 0;
    return isFact(entry) ? bytesOf(entry) : CHANGE_BYTES;
  }

  #at(place: number): Entry | undefined {
    if (place >= this.#firstHeld) return place < this.#total ? this.#entries[place % TIMELINE_FACTS_MAX] : undefined;
    if (this.kept === null || place < this.first) return undefined;
    return this.#changes.at(place) ?? this.kept.at(this.#changes.factsBefore(place)) ?? undefined;
  }

  /** The entry of this place as a line, worked out anew; null when it is not held. */
  tell(place: number): ToldRow<PlacedRow> | null {
    const entry = this.#at(place);
    if (entry === undefined) return null;
    const { row, fields } = isFact(entry) ? tellFact(shownFact(entry)) : tellChange(entry.change, entry.seq);
    return { row: { ...row, place }, fields };
  }

  has(seq: number): boolean {
    return this.#around(seq).some((each) => each.seq === seq);
  }

  find(seq: number): Fact | null {
    return factIn(this.#around(seq), seq);
  }

  beside(seq: number): Neighbours {
    return neighboursIn(this.#around(seq), seq);
  }

  #around(seq: number): readonly Fact[] {
    const held = this.#held().filter(isFact);
    const isHeld = (held[0]?.seq ?? Number.POSITIVE_INFINITY) <= seq;
    if (isHeld || this.kept === null) return held;
    return this.kept.around(seq, 0, this.#changes.factsBefore(this.#firstHeld));
  }
}
