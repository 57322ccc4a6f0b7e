// The timeline's facts of a live run, read from the encoded lines of the flight recorder when somebody looks. It keeps nothing but the
// chunk that was read last.

import type { Fact } from '../core/fact.ts';
import { decodeLine, isProblem, LINE_END } from '../recording/codec.ts';
import type { FlightRecorder } from '../recording/flight-recorder.ts';
import { stampOf } from '../recording/line-stamp.ts';
import { isListed, type Kept } from './fact-log.ts';

function listedIn(lines: Buffer): Fact[] {
  const facts: Fact[] = [];
  for (let start = 0, end = lines.indexOf(LINE_END); end >= 0; start = end + 1, end = lines.indexOf(LINE_END, start)) {
    const fact = decodeLine(lines.subarray(start, end));
    if (!isProblem(fact) && isListed(fact)) facts.push(fact);
  }
  return facts;
}

/** Listed facts by their number in the session, from 0. What is given is to be used at once: its bytes are only lent. */
export class KeptFacts implements Kept {
  readonly #flight: FlightRecorder;
  readonly #drain: () => void;
  #read: { before: number; items: number; facts: Fact[] } | null = null;

  /** `drain` hands the flight recorder what it does not have yet. */
  constructor(flight: FlightRecorder, drain: () => void) {
    this.#flight = flight;
    this.#drain = drain;
  }

  /** Number of the oldest fact held. */
  get first(): number {
    return this.#flight.itemsGone;
  }

  at(number: number): Fact | null {
    const { before, facts } = this.#chunk(number);
    return facts[number - before] ?? null;
  }

  /** The facts among which the one with this sequence number is, as many as lie in one chunk. */
  around(seq: number, from: number, to: number): Fact[] {
    let low = Math.max(from, this.first);
    let high = to;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const chunk = this.#flight.chunkOf(middle);
      const stamp = chunk === null ? null : stampOf(chunk.lines);
      if (stamp !== null && stamp.seq <= seq) low = middle;
      else high = middle;
    }
    return this.#chunk(low).facts;
  }

  #chunk(number: number): { before: number; facts: Fact[] } {
    if (number >= this.#flight.items) this.#drain();
    const chunk = this.#flight.chunkOf(number);
    if (chunk === null) return { before: 0, facts: [] };
    const { before, items, lines } = chunk;
    // A chunk is the same until it is packed together with others, which hold more.
    if (this.#read?.before !== before || this.#read.items !== items)
      this.#read = { before, items, facts: listedIn(lines) };
    return this.#read;
  }
}
