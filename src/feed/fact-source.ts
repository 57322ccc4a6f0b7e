// The facts of a recording in batches, from the beginning or a checkpoint as often as wanted. Small recordings that are read from the
// beginning stay in memory; of all others only the newest batch does, and going back reads the file again.

import type { Fact } from '../core/fact.ts';
import type { Batch, Place } from '../recording/batches.ts';
import type { Recording } from '../recording/reader.ts';

/** What a replay reads: an opened recording, or anything that gives facts in order. */
export type Readable = Pick<Recording, 'facts' | 'extent'> & Partial<Pick<Recording, 'batches'>>;

async function* factsOf(batches: AsyncGenerator<Batch>): AsyncGenerator<Fact[]> {
  for await (const { facts } of batches) yield facts;
}

/** Decoded facts kept in memory, bytes. */
export const KEPT_BYTES_MAX = 16 * 1024 * 1024;
// A fact without payload, as the engine of JavaScript holds it: a rough mean.
const FACT_BYTES = 300;

function sizeOf(batch: Fact[]): number {
  let bytes = batch.length * FACT_BYTES;
  for (const fact of batch) if (fact.fact === 'frame.received') bytes += fact.bytes.length;
  return bytes;
}

export class FactSource {
  readonly #recording: Readable;
  readonly #keptBytesMax: number;
  #reading: AsyncGenerator<Fact[]> | null = null;
  /** Where batch 0 begins; null is the beginning of the recording. */
  #origin: Place | null = null;
  /** Number of batches read so far by the present reading. */
  #read = 0;
  #newest: Fact[] | null = null;
  #complete = false;
  /** Every batch read so far; null when they are too many to keep. */
  #kept: Fact[][] | null = [];
  #keptBytes = 0;
  /** Why reading broke off, or null. */
  problem: string | null = null;

  constructor(recording: Readable, keptBytesMax = KEPT_BYTES_MAX) {
    this.#recording = recording;
    this.#keptBytesMax = keptBytesMax;
  }

  /** Batches are counted from here; null is the beginning. */
  async begin(origin: Place | null): Promise<void> {
    if (origin === null && this.#origin === null) return;
    await this.close();
    this.#origin = origin;
    this.#kept = origin === null ? [] : null;
  }

  /** Batch number `index`, or null behind the last one. Numbers go up by one; a smaller one must be 0: from the beginning. */
  async batch(index: number): Promise<Fact[] | null> {
    const kept = this.#kept?.[index];
    if (kept !== undefined) return kept;
    if (this.#complete && index >= this.#read) return null;
    if (index === this.#read - 1 && this.#newest !== null) return this.#newest;
    if (index < this.#read) await this.close();
    return this.#next();
  }

  /** Ends the present reading. */
  async close(): Promise<void> {
    const reading = this.#reading;
    this.#reading = null;
    this.#read = 0;
    this.#newest = null;
    this.#complete = false;
    this.#kept = this.#kept === null ? null : [];
    this.#keptBytes = 0;
    await reading?.return(undefined);
  }

  async #next(): Promise<Fact[] | null> {
    this.#reading ??= this.#open();
    const { value, done } = await this.#reading.next().catch((error: unknown) => this.#breakOff(error));
    if (done === true) {
      this.#complete = true;
      return null;
    }
    this.#read += 1;
    this.#newest = value;
    this.#keep(value);
    return value;
  }

  #open(): AsyncGenerator<Fact[]> {
    const { batches } = this.#recording;
    if (this.#origin === null || batches === undefined) return this.#recording.facts();
    return factsOf(batches.call(this.#recording, this.#origin));
  }

  /** A file that vanished or cannot be read any more ends there, for a person to see. */
  #breakOff(error: unknown): { value: undefined; done: true } {
    this.problem = error instanceof Error ? error.message : String(error);
    return { value: undefined, done: true };
  }

  #keep(batch: Fact[]): void {
    if (this.#kept === null) return;
    this.#keptBytes += sizeOf(batch);
    if (this.#keptBytes > this.#keptBytesMax) this.#kept = null;
    else this.#kept.push(batch);
  }
}
