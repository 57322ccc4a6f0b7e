// The last minutes in memory, as encoded lines: what `w` and an escalation packet are cut from. Bounded by bytes and by age.

import { FLIGHT_RECORDER_AGE_MS_MAX, FLIGHT_RECORDER_BYTES_MAX } from '../core/bounds.ts';
import type { Page } from './pages.ts';

interface Chunk {
  lines: Buffer;
  page: Page | null;
  /** t of its newest line. */
  t: number;
  /** Items counted before it, and in it. */
  before: number;
  items: number;
}

// A list is compacted when this many of its chunks have been let go: until then it still holds their memory.
const COMPACT_AFTER = 16;

/** A ring of chunks of whole lines; the oldest are let go first. */
export class FlightRecorder {
  #chunks: Chunk[] = [];
  #first = 0;
  #bytes = 0;
  #items = 0;
  readonly #bytesMax: number;
  readonly #ageMsMax: number;

  constructor(bytesMax = FLIGHT_RECORDER_BYTES_MAX, ageMsMax = FLIGHT_RECORDER_AGE_MS_MAX) {
    this.#bytesMax = bytesMax;
    this.#ageMsMax = ageMsMax;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many items were counted before the oldest chunk held. */
  get itemsGone(): number {
    return this.#chunks[this.#first]?.before ?? this.#items;
  }

  /**
   * Adds whole encoded lines, the newest of which has this `t` (monotonic ms). The chunk is kept by reference and its
   * page given back when it is let go. What `items` counts is the caller's.
   */
  append(chunk: Buffer, t: number, items = 0, page: Page | null = null): void {
    if (chunk.length === 0) return;
    this.#chunks.push({ lines: chunk, page, t, before: this.#items, items });
    this.#items += items;
    this.#bytes += chunk.length;
    this.#letGo(t - this.#ageMsMax);
  }

  /** The chunk that holds an item, by its number from 0, or null. Its memory is only lent: it is written over once the chunk is let go. */
  chunkOf(item: number): Pick<Chunk, 'lines' | 'before'> | null {
    let from = this.#first;
    let to = this.#chunks.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const { before = 0, items = 0 } = this.#chunks[middle] ?? {};
      if (before + items <= item) from = middle + 1;
      else to = middle;
    }
    const chunk = this.#chunks[from];
    return chunk !== undefined && chunk.before <= item ? chunk : null;
  }

  /** All lines from the chunk that holds `t` on: at most one flush too many at the front, never a line too few of what is held. */
  since(t: number): Buffer {
    const wanted: Buffer[] = [];
    for (let index = this.#first; index < this.#chunks.length; index += 1) {
      const chunk = this.#chunks[index];
      if (chunk !== undefined && chunk.t >= t) wanted.push(chunk.lines);
    }
    return Buffer.concat(wanted);
  }

  #letGo(olderThan: number): void {
    for (;;) {
      const oldest = this.#chunks[this.#first];
      const isLast = this.#first === this.#chunks.length - 1;
      if (oldest === undefined || isLast || (this.#bytes <= this.#bytesMax && oldest.t >= olderThan)) break;
      this.#bytes -= oldest.lines.length;
      oldest.page?.giveBack();
      this.#first += 1;
    }
    if (this.#first < COMPACT_AFTER) return;
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
  }
}
