// The newest facts and finding changes, kept whole for the timeline and for opening one. Bounded; rows are worked out when looked at.

import { Ring } from '../base/ring.ts';
import { TIMELINE_FACTS_MAX, TIMELINE_ROWS_MAX } from '../core/bounds.ts';
import type { Fact } from '../core/fact.ts';
import type { FindingChange } from '../core/finding.ts';
import type { TimelineRow } from '../core/snapshot.ts';
import { changeRow, factRow } from './timeline-row.ts';

/** A change of a finding, with the fact after which it came. */
interface Told {
  change: FindingChange;
  seq: number;
}

type Entry = Fact | Told;

function isFact(entry: Entry): entry is Fact {
  return !('change' in entry);
}

/** Facts that nobody wants to read one by one: they are folded and recorded, but not listed. */
const UNLISTED = new Set<Fact['fact']>(['tick', 'loop.measured', 'ping.sent', 'pong.received', 'token.made']);

/** A log without its facts, which are in the recording: a change of a finding, or null where a fact stands; oldest first. */
export interface FrozenLog {
  readonly total: number;
  readonly entries: readonly (Told | null)[];
}

/** Whether the log keeps such a fact. */
export function isListed(fact: Fact): boolean {
  return !UNLISTED.has(fact.fact);
}

export class FactLog {
  readonly #entries = new Ring<Entry>(TIMELINE_FACTS_MAX);
  readonly #rows = new Map<Entry, TimelineRow>();

  /** How many facts were ever listed. */
  get total(): number {
    return this.#entries.total;
  }

  push(fact: Fact): void {
    if (isListed(fact)) this.#entries.push(fact);
  }

  pushChange(change: FindingChange, seq: number): void {
    if (change.status === 'updated') return;
    this.#entries.push({ change, seq });
  }

  /** How many facts it holds, changes of findings not counted. */
  get factsHeld(): number {
    return this.#entries.toArray().filter(isFact).length;
  }

  freeze(): FrozenLog {
    const entries = this.#entries.toArray().map((entry) => (isFact(entry) ? null : entry));
    return { total: this.total, entries };
  }

  /** Holds again what it held: `facts` are the newest listed facts before that moment, as many as are at hand. */
  thaw(frozen: FrozenLog, facts: readonly Fact[]): void {
    const places = frozen.entries.filter((entry) => entry === null).length;
    let next = facts.length - places;
    const entries = frozen.entries.map((entry) => entry ?? facts[next++]);
    this.#entries.refill(
      entries.filter((entry) => entry !== undefined),
      frozen.total,
    );
    this.#rows.clear();
  }

  /** The newest rows, oldest first. */
  rows(count = TIMELINE_ROWS_MAX): TimelineRow[] {
    const entries = this.#entries.newest(count);
    const kept = new Set(entries);
    for (const entry of this.#rows.keys()) if (!kept.has(entry)) this.#rows.delete(entry);
    return entries.map((entry) => this.#row(entry));
  }

  #row(entry: Entry): TimelineRow {
    const known = this.#rows.get(entry);
    if (known !== undefined) return known;
    const row = isFact(entry) ? factRow(entry) : changeRow(entry.change, entry.seq);
    this.#rows.set(entry, row);
    return row;
  }

  /** The fact with this number, with its neighbours of the same kind and talker, or null when it is no longer held. */
  find(seq: number): { fact: Fact; previousSeq: number | null; nextSeq: number | null } | null {
    const facts = this.#entries.toArray().filter(isFact);
    const index = facts.findIndex((fact) => fact.seq === seq);
    const fact = facts[index];
    if (fact === undefined) return null;
    const alike = (other: Fact): boolean => kindOf(other) === kindOf(fact);
    return {
      fact,
      previousSeq: facts.slice(0, index).findLast(alike)?.seq ?? null,
      nextSeq: facts.slice(index + 1).find(alike)?.seq ?? null,
    };
  }
}

function kindOf(fact: Fact): string {
  if ('connection' in fact) return `${fact.fact} ${fact.connection}`;
  return 'endpoint' in fact ? `rest ${fact.endpoint}` : fact.fact;
}
