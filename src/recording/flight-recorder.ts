// The last minutes in memory, as encoded lines: what `w` and an escalation packet are cut from. Bounded by bytes and by age.
// What is not the newest is packed in blocks, so that ten busy minutes fit.

import { zstdDecompressSync } from 'node:zlib';
import { FLIGHT_RECORDER_AGE_MS_MAX, FLIGHT_RECORDER_BYTES_MAX } from '../core/bounds.ts';
import { compressSync } from './compression.ts';
import type { Page } from './pages.ts';

interface Chunk {
  /** Whole lines, or a packed block of them. */
  bytes: Buffer;
  isPacked: boolean;
  page: Page | null;
  /** t of its newest line. */
  t: number;
  /** Items counted before it, and in it. */
  before: number;
  items: number;
}

// A list is compacted when this many of its chunks have been let go: until then it still holds their memory.
const COMPACT_AFTER = 16;

/** Lines packed together. */
const BLOCK_BYTES = 256 * 1024;
/** Lines packed in a second of the session: busy minutes and not bursts, which have better use for the processor. */
const PACKED_BYTES_A_MS_MAX = 4 * 1024;

const lengthOf = (chunks: readonly Chunk[]): number => chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);

/** Most blocks come out in one piece. */
const UNPACKING = { chunkSize: BLOCK_BYTES + 64 * 1024 };

function linesOf({ bytes, isPacked }: Chunk): Buffer {
  return isPacked ? zstdDecompressSync(bytes, UNPACKING) : bytes;
}

/** A ring of chunks of whole lines; the oldest are let go first. */
export class FlightRecorder {
  #chunks: Chunk[] = [];
  #first = 0;
  #bytes = 0;
  #items = 0;
  #joining: Buffer | null = null;
  #packAgainT = Number.NEGATIVE_INFINITY;
  #unpacked: { chunk: Chunk; lines: Buffer } | null = null;
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

  /** How many items were counted in all. */
  get items(): number {
    return this.#items;
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
    this.#chunks.push({ bytes: chunk, isPacked: false, page, t, before: this.#items, items });
    this.#items += items;
    this.#bytes += chunk.length;
    this.#letGo(t - this.#ageMsMax);
    this.#pack(t);
  }

  /** The chunk that holds an item, by its number from 0, or null. Its memory is only lent: it is written over once the chunk is let go. */
  chunkOf(item: number): { lines: Buffer; before: number; items: number } | null {
    let from = this.#first;
    let to = this.#chunks.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const { before = 0, items = 0 } = this.#chunks[middle] ?? {};
      if (before + items <= item) from = middle + 1;
      else to = middle;
    }
    const chunk = this.#chunks[from];
    if (chunk === undefined || chunk.before > item) return null;
    return { lines: this.#read(chunk), before: chunk.before, items: chunk.items };
  }

  /**
   * All lines held when the first of them is asked for, from the chunk that holds `t` on, in order and in memory of their own: at most a
   * block too many at the front, never a line too few. Whoever walks through them may take its time.
   */
  *since(t: number): Generator<Buffer> {
    const chunks = this.#chunks.slice(this.#first).filter((chunk) => chunk.t >= t);
    for (const { page } of chunks) page?.hold();
    try {
      for (const chunk of chunks) yield chunk.isPacked ? linesOf(chunk) : Buffer.from(chunk.bytes);
    } finally {
      for (const { page } of chunks) page?.giveBack();
    }
  }

  /** Lines of a chunk that is asked for again and again. */
  #read(chunk: Chunk): Buffer {
    if (!chunk.isPacked) return chunk.bytes;
    if (this.#unpacked?.chunk !== chunk) this.#unpacked = { chunk, lines: linesOf(chunk) };
    return this.#unpacked.lines;
  }

  /** Packs the oldest lines that are not, a block at a time: a millisecond, and no thread that keeps the memory it takes. */
  #pack(t: number): void {
    if (t < this.#packAgainT) return;
    const run = this.#nextBlock();
    const bytes = lengthOf(run);
    if (bytes < BLOCK_BYTES) return;
    this.#packAgainT = t + bytes / PACKED_BYTES_A_MS_MAX;
    this.#replace(run, compressSync(this.#joined(run, bytes), 'zstd'));
  }

  /** In memory that serves one block after the other. */
  #joined(run: readonly Chunk[], bytes: number): Buffer {
    const isUsual = bytes <= 2 * BLOCK_BYTES;
    if (isUsual) this.#joining ??= Buffer.allocUnsafeSlow(2 * BLOCK_BYTES);
    const joined = isUsual && this.#joining !== null ? this.#joining : Buffer.allocUnsafe(bytes);
    let at = 0;
    for (const chunk of run) at += chunk.bytes.copy(joined, at);
    return joined.subarray(0, bytes);
  }

  #nextBlock(): Chunk[] {
    const plainFrom = this.#chunks.findLastIndex(({ isPacked }) => isPacked) + 1;
    const run: Chunk[] = [];
    let bytes = 0;
    for (let index = Math.max(plainFrom, this.#first); index < this.#chunks.length && bytes < BLOCK_BYTES; index += 1) {
      const chunk = this.#chunks[index] as Chunk;
      run.push(chunk);
      bytes += chunk.bytes.length;
    }
    return run;
  }

  #replace(run: readonly Chunk[], block: Buffer): void {
    const [first] = run;
    const last = run.at(-1);
    if (first === undefined || last === undefined) return;
    const { before } = first;
    const items = last.before + last.items - before;
    const packed = { bytes: block, isPacked: true, page: null, t: last.t, before, items };
    this.#chunks.splice(this.#chunks.indexOf(first, this.#first), run.length, packed);
    this.#bytes += block.length - lengthOf(run);
    for (const { page } of run) page?.giveBack();
  }

  #letGo(olderThan: number): void {
    for (;;) {
      const oldest = this.#chunks[this.#first];
      const isLast = this.#first === this.#chunks.length - 1;
      if (oldest === undefined || isLast || (this.#bytes <= this.#bytesMax && oldest.t >= olderThan)) break;
      this.#bytes -= oldest.bytes.length;
      oldest.page?.giveBack();
      this.#first += 1;
    }
    if (this.#first < COMPACT_AFTER) return;
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
  }
}
