// A recording that comes through a pipe: read once, from its beginning, in constant memory. It cannot be wound and keeps nothing.

import type { Fact } from '../core/fact.ts';
import { readBatches, START } from './batches.ts';
import type { Compression } from './compression.ts';
import { type Lifetime, sniffCompression } from './pieces.ts';
import { firstLine, type Recording } from './reader.ts';
import { foreignProblem, headerOf } from './reader-problem.ts';
import { ReadingNotes } from './reading-notes.ts';

/** A recording as far as one reading of it goes. `sizeBytes` is 0 where nobody knows it. */
export type PassingRecording = Pick<Recording, 'path' | 'header' | 'sizeBytes' | 'facts' | 'notes' | 'readBytes'>;

/** Enough for the header, packed or not. */
const START_BYTES = 64 * 1024;

class PipedRecording implements PassingRecording {
  readonly path: string;
  readonly header: Recording['header'];
  readonly sizeBytes = 0;
  readBytes = 0;
  readonly #bytes: AsyncIterable<Buffer>;
  readonly #compression: Compression;
  readonly #notes = new ReadingNotes();

  constructor(path: string, header: Recording['header'], bytes: AsyncIterable<Buffer>, compression: Compression) {
    this.path = path;
    this.header = header;
    this.#bytes = bytes;
    this.#compression = compression;
  }

  get notes(): string[] {
    return this.#notes.sentences();
  }

  async *facts(lifetime: Lifetime = 'kept'): AsyncGenerator<Fact[]> {
    for await (const batch of readBatches(this.#bytes, this.#compression, this.#notes, START, lifetime)) {
      this.readBytes = batch.readBytes;
      yield batch.facts;
    }
  }
}

async function takeStart(bytes: AsyncIterator<Buffer>): Promise<Buffer> {
  const taken: Buffer[] = [];
  for (let size = 0; size < START_BYTES; ) {
    const { value, done } = await bytes.next();
    if (done === true) break;
    taken.push(value);
    size += value.length;
  }
  return Buffer.concat(taken);
}

async function* only(start: Buffer): AsyncGenerator<Buffer> {
  yield start;
}

async function* withRest(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield start;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    // Whoever has read enough lets go of the pipe, which may stay open for ever.
    await rest.return?.();
  }
}

/** Opens what a pipe holds by its beginning. `name` is what it is called in sentences. A problem is one of them. */
export async function openPiped(
  name: string,
  bytes: AsyncIterable<Buffer>,
): Promise<PassingRecording | { problem: string }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const start = await takeStart(iterator);
  if (start.length === 0) return { problem: `${name} ended before anything came; a recording was expected.` };
  const compression = sniffCompression(start);
  const foreign = compression === 'none' ? foreignProblem(name, start) : null;
  if (foreign !== null) return { problem: foreign };
  const read = headerOf(name, await firstLine(only(start), compression), compression);
  return 'problem' in read ? read : new PipedRecording(name, read.header, withRest(start, iterator), compression);
}
