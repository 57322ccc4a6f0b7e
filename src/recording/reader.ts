// Opens a recording and reads its facts, in order, in batches, in constant memory. What is damaged in a file is a note, never a failure;
// what cannot be a recording at all is one sentence.

import { type FileHandle, open } from 'node:fs/promises';
import type { Fact } from '../core/fact.ts';
import { type Batch, type Place, readBatches, START } from './batches.ts';
import type { Compression } from './compression.ts';
import type { RecordingHeader } from './format.ts';
import { LineSplitter } from './line-splitter.ts';
import { type Lifetime, type Source, sniffCompression, type Told, textPieces } from './pieces.ts';
import { foreignProblem, headerOf, statProblem, unreadableProblem } from './reader-problem.ts';
import { ReadingNotes } from './reading-notes.ts';
import { lastStampOf } from './tail.ts';

/** From where to where a recording reaches at least, monotonic ms of its first and last fact; zeros when it holds none. */
export interface Extent {
  firstT: number;
  lastT: number;
}

export interface Recording {
  readonly path: string;
  readonly header: RecordingHeader;
  /** Of the file as it was when it was opened. */
  readonly sizeBytes: number;
  readonly compression: Compression;
  /** Reads from the beginning, each time it is called; never throws for what is on the disk. Frames' bytes are views of pieces of some hundred kilobytes. */
  facts(lifetime?: Lifetime): AsyncGenerator<Fact[]>;
  /** Reads on from a place that an earlier batch named, or from the beginning. It leaves `notes` alone: warnings go to `into`. */
  batches(from?: Place, into?: ReadingNotes, lifetime?: Lifetime): AsyncGenerator<Batch>;
  /** Warnings of the newest reading of facts so far, one sentence each; complete when the reading has ended. */
  readonly notes: string[];
  /** Bytes of the file that the newest reading of facts has read. */
  readonly readBytes: number;
  /** From the ends of a plain file. The end of a compressed one is not looked for: `lastT` is then that of an early fact. */
  extent(): Promise<Extent>;
}

const START_BYTES = 4096;
/** A file that begins in the middle of a session repeats these few facts, of long before. */
const OPENING_MAX = 8;
/** Longest first line that can be a header. */
const HEADER_BYTES_MAX = 1024 * 1024;

/** The fact at which a recording begins, of its first ones: where it is the middle of a session, not those that it repeats. */
export function beginningOf(facts: readonly Fact[]): Fact | null {
  return facts.slice(0, OPENING_MAX).find(({ fact }) => fact === 'session.resumed') ?? facts[0] ?? null;
}

class OpenedRecording implements Recording {
  readonly path: string;
  readonly header: RecordingHeader;
  readonly sizeBytes: number;
  readonly compression: Compression;
  readBytes = 0;
  #notes = new ReadingNotes();

  constructor(path: string, header: RecordingHeader, sizeBytes: number, compression: Compression) {
    this.path = path;
    this.header = header;
    this.sizeBytes = sizeBytes;
    this.compression = compression;
  }

  get notes(): string[] {
    return this.#notes.sentences();
  }

  facts(lifetime: Lifetime = 'kept'): AsyncGenerator<Fact[]> {
    this.#notes = new ReadingNotes();
    this.readBytes = 0;
    return this.#read(this.#notes, lifetime);
  }

  batches(from: Place = START, into = new ReadingNotes(), lifetime: Lifetime = 'kept'): AsyncGenerator<Batch> {
    return readBatches(this.path, this.compression, into, from, lifetime);
  }

  async *#read(notes: ReadingNotes, lifetime: Lifetime): AsyncGenerator<Fact[]> {
    for await (const { facts, readBytes } of this.batches(START, notes, lifetime)) {
      this.readBytes = readBytes;
      yield facts;
    }
  }

  async extent(): Promise<Extent> {
    const lastT = this.compression === 'none' ? await lastStampOf(this.path) : null;
    for await (const { facts } of this.batches()) {
      const firstT = beginningOf(facts)?.t ?? 0;
      return { firstT, lastT: lastT ?? facts.at(-1)?.t ?? firstT };
    }
    return { firstT: 0, lastT: 0 };
  }
}

async function startOf(handle: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

const UNTOLD: Told = { brokenOff: () => undefined, wentOn: () => undefined };

/** The first line of the text, unpacked; what there is of it when it has no end, something of it when it is far too long. */
export async function firstLine(source: Source, compression: Compression): Promise<Buffer | null> {
  let line: Buffer | null = null;
  const take = (text: Buffer): void => {
    line ??= text;
  };
  const splitter = new LineSplitter({ line: take, tooLong: () => undefined }, HEADER_BYTES_MAX);
  let textBytes = 0;
  let start: Buffer | null = null;
  for await (const { text } of textPieces(source, compression, UNTOLD)) {
    splitter.push(text);
    textBytes += text.length;
    start ??= text.subarray(0, START_BYTES);
    if (line !== null) return line;
    if (textBytes > HEADER_BYTES_MAX) return start;
  }
  const rest = splitter.rest();
  return rest.length > 0 ? rest : null;
}

async function inspect(path: string): Promise<Recording | { problem: string }> {
  const wrong = await statProblem(path);
  if (wrong !== null) return { problem: wrong };
  const handle = await open(path, 'r');
  try {
    const start = await startOf(handle);
    const { size } = await handle.stat();
    const compression = sniffCompression(start);
    if (compression === 'none') {
      const foreign = foreignProblem(path, start);
      if (foreign !== null) return { problem: foreign };
    }
    const line = await firstLine(path, compression);
    const read = headerOf(path, line, compression);
    return 'problem' in read ? read : new OpenedRecording(path, read.header, size, compression);
  } finally {
    await handle.close();
  }
}

/**
 * Opens a recording, plain or compressed (told by content, not by name), and reads its header. A problem is ONE sentence that names
 * the file, what was found, and what was expected.
 */
export async function openRecording(path: string): Promise<Recording | { problem: string }> {
  try {
    return await inspect(path);
  } catch (error) {
    return { problem: unreadableProblem(path, error) };
  }
}
