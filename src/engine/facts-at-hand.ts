// Facts that one of them may be opened of, with its neighbours: the next and the previous of its kind, talker and channel.

import { type EnvelopeScan, scanEnvelopeHead } from '../coinbase/envelope.ts';
import type { Fact } from '../core/fact.ts';
import { shownFact } from './read-fact.ts';

/** Sequence numbers; null where there is none at hand. */
export interface Neighbours {
  previousSeq: number | null;
  nextSeq: number | null;
}

export interface Facts {
  /** The fact with this number as it may be shown, or null when it is not at hand. */
  find(seq: number): Fact | null;
  beside(seq: number): Neighbours;
}

const scan: EnvelopeScan = { plain: false, channel: null, sequence: -1, timestampMs: Number.NaN, hasEvents: false };

function kindOf(fact: Fact): string {
  if (fact.fact === 'frame.received') {
    const channel = fact.plain && scanEnvelopeHead(fact.bytes, scan) ? scan.channel : null;
    return `${fact.fact} ${fact.connection} ${channel}`;
  }
  if ('connection' in fact) return `${fact.fact} ${fact.connection}`;
  return 'endpoint' in fact ? `rest ${fact.endpoint}` : fact.fact;
}

export function factIn(facts: readonly Fact[], seq: number): Fact | null {
  const fact = facts.find((each) => each.seq === seq);
  return fact === undefined ? null : shownFact(fact);
}

export function neighboursIn(facts: readonly Fact[], seq: number): Neighbours {
  const index = facts.findIndex((each) => each.seq === seq);
  const fact = facts[index];
  if (fact === undefined) return { previousSeq: null, nextSeq: null };
  const kind = kindOf(fact);
  const isAlike = (other: Fact): boolean => kindOf(other) === kind;
  return {
    previousSeq: facts.slice(0, index).findLast(isAlike)?.seq ?? null,
    nextSeq: facts.slice(index + 1).find(isAlike)?.seq ?? null,
  };
}

/** A few facts from elsewhere, in order. */
export class FactsAtHand implements Facts {
  readonly #facts: readonly Fact[];

  constructor(facts: readonly Fact[]) {
    this.#facts = facts;
  }

  find(seq: number): Fact | null {
    return factIn(this.#facts, seq);
  }

  beside(seq: number): Neighbours {
    return neighboursIn(this.#facts, seq);
  }
}
