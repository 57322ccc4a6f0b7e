// The newest facts and finding changes, kept whole for the timeline and for opening one. Bounded in number and bytes; older facts are asked
// of whoever has them. Every entry has a place that never changes; rows are worked out when looked at.

import { TIMELINE_BYTES_MAX, TIMELINE_FACTS_MAX } from '../core/bounds.ts';
import type { Fact } from '../core/fact.ts';
import type { FindingChange } from '../core/finding.ts';
import type { PlacedRow } from '../core/timeline.ts';
import { shownFact } from './read-fact.ts';
import { type ToldRow, tellChange, tellFact } from './timeline-row.ts';
import { type Told, ToldChanges } from './told-changes.ts';

type Entry = Fact | Told;

function isFact(entry: Entry): entry is Fact {
  return !('change' in entry);
}

/** What an entry holds in memory besides its payload: a rough mean. */
const ENTRY_BYTES = 300;

function bytesOf(entry: Entry): number {
  if (!isFact(entry)) return 4 * ENTRY_BYTES;
  if (entry.fact === 'frame.received') return ENTRY_BYTES + entry.bytes.byteLength;
  return ENTRY_BYTES + (entry.fact === 'response.arrived' ? entry.body.length : 0);
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

/** Who has listed facts that the log holds no more, by their number from 0. What is given is to be used at once. */
export interface Older {
  /** Number of the oldest fact held. */
  readonly first: number;
  at(number: number): Fact | null;
  /** Facts with those of this sequence number among them, if it is one of those from `from` up to `to`. */
  around(seq: number, from: number, to: number): Fact[];
}

/** Whether the log keeps such a fact. */
export function isListed(fact: Fact): boolean {
  return !UNLISTED.has(fact.fact);
}

export class FactLog {
  /** Absent where nobody keeps more, as in a replay. */
  older: Older | null = null;
  readonly #changes = new ToldChanges();
  /** Those before `#head` are gone. */
  #entries: (Entry | undefined)[] = [];
  #head = 0;
  #total = 0;
  #bytes = 0;
  #factsHeld = 0;

  /** How many were ever listed: the place of the next one. */
  get total(): number {
    return this.#total;
  }

  /** Place of the oldest entry that can be told; `total` when none can. */
  get first(): number {
    if (this.older === null) return this.#firstHeld;
    return Math.min(this.#firstHeld, Math.max(this.#changes.first, this.#changes.placeOf(this.older.first)));
  }

  get #firstHeld(): number {
    return this.#total - (this.#entries.length - this.#head);
  }

  /** How many facts it holds, changes of findings not counted. */
  get factsHeld(): number {
    return this.#factsHeld;
  }

  push(fact: Fact): void {
    if (isListed(fact)) this.#push(fact);
  }

  pushChange(change: FindingChange, seq: number): void {
    if (change.status === 'updated') return;
    this.#changes.add(this.#total, { change, seq });
    this.#push({ change, seq });
  }

  #push(entry: Entry): void {
    this.#entries.push(entry);
    this.#total += 1;
    this.#bytes += bytesOf(entry);
    if (isFact(entry)) this.#factsHeld += 1;
    while (this.#total - this.#firstHeld > TIMELINE_FACTS_MAX || this.#bytes > TIMELINE_BYTES_MAX) this.#dropOldest();
  }

  #dropOldest(): void {
    const entry = this.#entries[this.#head];
    this.#entries[this.#head] = undefined;
    this.#head += 1;
    if (this.#head > TIMELINE_FACTS_MAX) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    if (entry === undefined) return;
    this.#bytes -= bytesOf(entry);
    if (isFact(entry)) this.#factsHeld -= 1;
  }

  freeze(): FrozenLog {
    const held = this.#entries.slice(this.#head);
    const changes = held.flatMap((entry, index) =>
      entry === undefined || isFact(entry) ? [] : [{ index, told: entry }],
    );
    return { total: this.#total, size: held.length, changes };
  }

  /** Holds again what it held: `facts` are the newest listed facts before that moment, as many as are at hand. */
  thaw({ total, size, changes }: FrozenLog, facts: readonly Fact[]): void {
    const told = new Map(changes.map(({ index, told }) => [index, told]));
    let next = facts.length - (size - changes.length);
    this.#total = total - size;
    for (let index = 0; index < size; index += 1) {
      const entry = told.get(index) ?? facts[next++];
      if (entry !== undefined) this.#push(entry);
      else this.#skip();
    }
  }

  /** The next entry is not at hand, and so is nothing before it. */
  #skip(): void {
    this.#entries = [];
    this.#head = 0;
    this.#bytes = 0;
    this.#factsHeld = 0;
    this.#total += 1;
  }

  /** What looking at the entry of this place costs, bytes; 0 when it is not held. */
  bytesAt(place: number): number {
    const entry = this.#at(place);
    return entry === undefined ? 0 : bytesOf(entry);
  }

  #at(place: number): Entry | undefined {
    const held = place - this.#firstHeld;
    if (held >= 0) return this.#entries[this.#head + held];
    if (this.older === null || place < this.first) return undefined;
    return this.#changes.at(place) ?? this.older.at(this.#changes.factsBefore(place)) ?? undefined;
  }

  /** The entry of this place as a line, worked out anew; null when it is not held. */
  tell(place: number): ToldRow<PlacedRow> | null {
    const entry = this.#at(place);
    if (entry === undefined) return null;
    const { row, fields } = isFact(entry) ? tellFact(shownFact(entry)) : tellChange(entry.change, entry.seq);
    return { row: { ...row, place }, fields };
  }

  /** The fact with this number, with its neighbours of the same kind and talker, or null when it is no longer held. */
  find(seq: number): { fact: Fact; previousSeq: number | null; nextSeq: number | null } | null {
    const held = this.#entries.filter((entry): entry is Fact => entry !== undefined && isFact(entry));
    const isHeld = this.older === null || (held[0]?.seq ?? 0) <= seq;
    const facts = isHeld ? held : (this.older?.around(seq, 0, this.#changes.factsBefore(this.#firstHeld)) ?? []);
    const index = facts.findIndex((fact) => fact.seq === seq);
    const fact = facts[index];
    if (fact === undefined) return null;
    const alike = (other: Fact): boolean => kindOf(other) === kindOf(fact);
    return {
      fact: shownFact(fact),
      previousSeq: facts.slice(0, index).findLast(alike)?.seq ?? null,
      nextSeq: facts.slice(index + 1).find(alike)?.seq ?? null,
    };
  }
}

function kindOf(fact: Fact): string {
  if ('connection' in fact) return `${fact.fact} ${fact.connection}`;
  return 'endpoint' in fact ? `rest ${fact.endpoint}` : fact.fact;
}
