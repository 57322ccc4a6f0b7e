// The last minutes in memory, as encoded lines: what `w` and an escalation packet are cut from. Bounded by bytes and by age.

import { FLIGHT_RECORDER_AGE_MS_MAX, FLIGHT_RECORDER_BYTES_MAX } from '../core/bounds.ts';

interface Chunk {
  lines: Buffer;
  /** t of its newest line. */
  t: number;
}

// A list is compacted when this many of its chunks have been let go.
const COMPACT_AFTER = 256;

/** A ring of chunks of whole lines; the oldest are let go first. */
export class FlightRecorder {
  #chunks: Chunk[] = [];
  #first = 0;
  #bytes = 0;
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

  /** Adds whole encoded lines, the newest of which has this `t` (monotonic ms). The chunk is kept by reference. */
  append(chunk: Buffer, t: number): void {
    if (chunk.length === 0) return;
    this.#chunks.push({ lines: chunk, t });
    this.#bytes += chunk.length;
    this.#letGo(t - this.#ageMsMax);
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
      this.#first += 1;
    }
    if (this.#first < COMPACT_AFTER) return;
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
  }
}
