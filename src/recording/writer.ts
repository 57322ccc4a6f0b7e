// Writes a recording: appends, flushed at once or a moment later, one write under way at a time.
// It must never throw, never end the process and never wait for a disk; what stops it is said once.

import { type Stats, writev } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { safeText } from '../base/text.ts';
import { WRITER_QUEUE_BYTES_MAX } from '../core/bounds.ts';
import type { Fact } from '../core/fact.ts';
import { openForAppending } from './append.ts';
import { type Block, behind, blockBytes, writeBlockSync } from './block.ts';
import { encodeHeader } from './codec.ts';
import { type Compression, compress, compressionOf, compressSync } from './compression.ts';
import { createFile, errorCode, freeFraction, harmDone, type Refused, replaceFile } from './file-access.ts';
import type { RecordingHeader } from './format.ts';
import { type Chunk, giveBack, linesOf, type Page } from './pages.ts';
import { type Stopped, whyRefused } from './stopped.ts';
import { createTape, type Tape } from './tape.ts';

export interface WriterOptions {
  file: string;
  header: RecordingHeader;
  /** `create` refuses a file that holds something; `append` continues a plain recording; `replace` begins it anew. */
  mode: 'create' | 'append' | 'replace';
  /** Called once, when the recording ends without having been asked to. */
  onStopped?: (stopped: Stopped) => void;
  /** Free part of the disk, 0 to 1; the system is asked unless given. */
  freeFraction?: (file: string) => Promise<number>;
  /** Backlog at which the recording gives up. */
  queueBytesMax?: number;
}

const WATCH_EVERY_MS = 1_000;
/** Below this part of free disk a recording stops, so that it never fills the disk. */
const FREE_FRACTION_MIN = 0.05;
/** One compressed block, at most: what a reader must hold, and how long one takes to make. */
const BLOCK_BYTES_MAX = 4 * 1024 * 1024;
/** Above this backlog a burst is written at once, which slows the burst; but not to a disk that has answered nothing for a while. */
const RELIEF_BYTES = 8 * 1024 * 1024;
const STUCK_AFTER_MS = 500;

/** What is being written: chunks of lines, and the bytes of the file once they are known (of a plain one, the chunks themselves). */
interface Flight {
  chunks: Chunk[];
  lineBytes: number;
  block: Block | null;
  written: number;
}

/** A recording being written. After it stopped, every method is harmless. */
export class Writer {
  readonly file: string;
  readonly #handle: FileHandle;
  readonly #inode: number;
  readonly #compression: Compression;
  readonly #options: WriterOptions;
  readonly #tape: Tape;
  readonly #watched: boolean;
  /** Where the next block goes. Writes name their position, so one may be repeated without harm. */
  #position: number;
  #queue: Chunk[] = [];
  #queueBytes = 0;
  #flight: Flight | null = null;
  #waiting: (() => void)[] = [];
  #stopped = false;
  #closing: Promise<void> | null = null;
  #released: Promise<void> | null = null;
  #systemCalls = 0;
  /** How many were begun; whether the present one gets no answer; whether somebody looks after it. */
  #flights = 0;
  #isStuck = false;
  #watchesFlight = false;
  #watchedAt = 0;

  constructor(handle: FileHandle, found: Stats, options: WriterOptions) {
    this.file = options.file;
    this.#handle = handle;
    this.#inode = found.ino;
    this.#watched = found.isFile();
    this.#position = found.isFile() ? found.size : 0;
    this.#compression = compressionOf(options.file);
    this.#options = options;
    this.#tape = createTape((chunk, _, page) => this.appendLines(chunk, page));
  }

  /** Bytes of the file so far. */
  get sizeBytes(): number {
    return this.#position;
  }

  /** Bytes of lines that are not in the file yet. */
  get backlogBytes(): number {
    return this.#tape.pendingBytes + this.#queueBytes + (this.#flight?.lineBytes ?? 0);
  }

  /** False once it stopped or was closed. */
  get active(): boolean {
    return !this.#stopped;
  }

  /** Appends one redacted fact; it is in the file within `FLUSH_EVERY_MS`. */
  append(fact: Fact): void {
    if (!this.#stopped) this.#tape.append(fact);
  }

  /** Appends whole encoded lines and begins to write them at once. The chunk is kept by reference until then. */
  appendLines(lines: Buffer, page: Page | null = null): void {
    if (this.#stopped || lines.length === 0) return;
    this.#queue.push({ lines, page });
    this.#queueBytes += lines.length;
    const waiting = this.backlogBytes;
    if (waiting > (this.#options.queueBytesMax ?? WRITER_QUEUE_BYTES_MAX)) {
      return this.#stop(
        'cap',
        `${waiting} bytes waited for the disk, which takes them too slowly; record to a faster one`,
      );
    }
    if (waiting > RELIEF_BYTES && !this.#isStuck) this.flushSync();
    else this.#pump();
  }

  /** Resolves when everything appended so far is in the file, or the recording has stopped. */
  flush(): Promise<void> {
    this.#tape.drain();
    if (this.#stopped || (this.#flight === null && this.#queue.length === 0)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Everything appended so far is in the file when it returns: for the crash path. It never throws. */
  flushSync(): void {
    this.#tape.drain();
    if (this.#stopped) return;
    const flight = this.#flight;
    const rest = this.#queue;
    this.#flight = null;
    this.#queue = [];
    this.#queueBytes = 0;
    try {
      // What is under way is written again to the same place: the same bytes, whichever write comes last.
      if (flight !== null) this.#writeSync(flight.block ?? this.#packSync(linesOf(flight.chunks)));
      if (rest.length > 0) this.#writeSync(this.#packSync(linesOf(rest)));
      giveBack(rest);
      this.#settle();
    } catch (error) {
      this.#stopFor(error);
    }
  }

  /** Flushes and closes. Nobody is told: it was asked for. */
  close(): Promise<void> {
    this.#closing ??= this.flush().then(() => {
      this.#stopped = true;
      this.#tape.stop();
      return this.#release();
    });
    return this.#closing;
  }

  /**
   * Looks from time to time whether still the same write is under way. A busy event loop hears no answer either: only after it
   * has turned is a silent disk a stuck one.
   */
  #watchFlight(): void {
    if (this.#watchesFlight) return;
    this.#watchesFlight = true;
    const number = this.#flights;
    const look = (): void => {
      this.#watchesFlight = false;
      if (this.#flight === null) return;
      this.#isStuck = this.#flights === number;
      this.#watchFlight();
    };
    setTimeout(() => setImmediate(look).unref(), STUCK_AFTER_MS).unref();
  }

  #packSync(lines: Buffer[]): Block {
    return this.#compression === 'none' ? lines : [compressSync(Buffer.concat(lines), this.#compression)];
  }

  #writeSync(block: Block): void {
    writeBlockSync(this.#handle.fd, block, this.#position);
    this.#position += blockBytes(block);
  }

  #pump(): void {
    if (this.#stopped || this.#flight !== null || this.#queue.length === 0) return;
    const chunks = this.#nextChunks();
    const lines = linesOf(chunks);
    const flight: Flight = { chunks, lineBytes: blockBytes(lines), block: null, written: 0 };
    this.#flight = flight;
    this.#flights += 1;
    this.#isStuck = false;
    this.#watchFlight();
    if (this.#compression === 'none') return this.#writeBlock(flight, lines);
    compress(Buffer.concat(lines), this.#compression).then(
      (block) => this.#writeBlock(flight, [block]),
      (error: unknown) => this.#flight === flight && this.#stopFor(error),
    );
  }

  #nextChunks(): Chunk[] {
    let count = 0;
    let bytes = 0;
    for (const { lines } of this.#queue) {
      if (count > 0 && bytes + lines.length > BLOCK_BYTES_MAX) break;
      count += 1;
      bytes += lines.length;
    }
    this.#queueBytes -= bytes;
    return this.#queue.splice(0, count);
  }

  #writeBlock(flight: Flight, block: Block): void {
    if (this.#flight !== flight) return;
    flight.block = block;
    this.#systemCalls += 1;
    writev(this.#handle.fd, behind(block, flight.written), this.#position + flight.written, (error, bytes) => {
      this.#systemCalls -= 1;
      if (this.#stopped) return void this.#release();
      // Written by somebody else meanwhile; only now does nobody read it any more.
      if (this.#flight !== flight) return giveBack(flight.chunks);
      if (error !== null) return this.#stopFor(error);
      flight.written += bytes;
      if (flight.written < blockBytes(block)) return this.#writeBlock(flight, block);
      this.#position += flight.written;
      this.#flight = null;
      giveBack(flight.chunks);
      this.#watch();
      this.#pump();
      this.#settle();
    });
  }

  #settle(): void {
    if (!this.#stopped && (this.#flight !== null || this.#queue.length > 0)) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Now and then: is the file still there, is there room left? */
  #watch(): void {
    const now = performance.now();
    if (!this.#watched || now - this.#watchedAt < WATCH_EVERY_MS) return;
    this.#watchedAt = now;
    void harmDone(this.file, this.#inode).then((harm) => {
      if (harm !== null) this.#stop('file-gone', `${safeText(this.file)} was ${harm} while it was being written`);
    });
    void (this.#options.freeFraction ?? freeFraction)(this.file).then((free) => {
      if (free >= FREE_FRACTION_MIN) return;
      this.#stop(
        'disk-full',
        `${(free * 100).toFixed(1)} % of the disk is free, and a recording leaves 5 %; free some space`,
      );
    });
  }

  #stopFor(error: unknown): void {
    const { reason, detail } = whyRefused(this.file, errorCode(error));
    this.#stop(reason, detail);
  }

  #stop(reason: Stopped['reason'], detail: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#queue = [];
    this.#queueBytes = 0;
    this.#flight = null;
    this.#tape.stop();
    this.#settle();
    void this.#release();
    // Never in the middle of somebody's append: what is told may itself append.
    queueMicrotask(() => this.#options.onStopped?.({ reason, detail }));
  }

  /** A descriptor that a write still uses must not be closed: its number could be another file's by then. */
  #release(): Promise<void> {
    if (this.#systemCalls > 0) return Promise.resolve();
    this.#released ??= this.#handle.close().catch(() => undefined);
    return this.#released;
  }
}

const OPENINGS = { create: createFile, append: openForAppending, replace: replaceFile };

/** Opens a recording for writing; the header is in the file when this resolves, so that even the first kill leaves a recording. A problem is one sentence. */
export async function openWriter(options: WriterOptions): Promise<Writer | Refused> {
  const header = encodeHeader(options.header);
  const opened = await OPENINGS[options.mode](options.file, header);
  if ('problem' in opened) return opened;
  const writer = new Writer(opened.handle, await opened.handle.stat(), options);
  writer.appendLines(opened.first);
  writer.flushSync();
  return writer;
}
