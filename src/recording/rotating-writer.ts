// A recording in several files, when that was asked for: the next one is begun at a size or an age, and can be read by itself. Nothing
// is lost between two files; where the next cannot be opened, the present one goes on.

import { WRITER_QUEUE_BYTES_MAX } from '../core/bounds.ts';
import type { Refused } from './file-access.ts';
import type { Chunk, Page } from './pages.ts';
import { openWriter, type Writer, type WriterOptions } from './writer.ts';

/** When the next file is begun; null is never. */
export interface Rotation {
  bytes: number | null;
  ms: number | null;
}

export interface RotatingOptions extends Omit<WriterOptions, 'header'> {
  rotation: Rotation;
  /** The header of a file; all but the first begin in the middle of a session. */
  header: (partial: boolean) => WriterOptions['header'];
  /** Hands everything recorded so far to `appendLines`, then gives the lines that a file beginning now starts with. */
  begin: () => Buffer;
  /** The next file was begun. */
  onRotated?: (file: string) => void;
  /** Monotonic ms. */
  nowMs: () => number;
}

/** What a session asks of its recording. */
export type RecordingWriter = Pick<
  Writer,
  'file' | 'sizeBytes' | 'backlogBytes' | 'active' | 'appendLines' | 'flush' | 'flushSync' | 'close'
>;

/** `a.ndjson`, 2 → `a-2.ndjson`; endings of compression stay last. */
export function numberedFile(file: string, number: number): string {
  const match = /^(.*?)((?:\.(?:ndjson|jsonl?|gz|zst))*)$/s.exec(file);
  return `${match?.[1] ?? file}-${number}${match?.[2] ?? ''}`;
}

class RotatingWriter implements RecordingWriter {
  readonly #options: RotatingOptions;
  #current: Writer;
  #beganMs: number;
  #number = 1;
  /** Lines that wait for the next file to be opened; null while none is. */
  #waiting: Chunk[] | null = null;
  #waitingBytes = 0;
  #scheduled = false;
  #closed = false;
  #rotating: Promise<void> = Promise.resolve();
  /** The present file may grow this much further before the next is tried, after one could not be opened. */
  #retryBytes = 0;
  #retryMs = 0;

  constructor(first: Writer, options: RotatingOptions) {
    this.#options = options;
    this.#current = first;
    this.#beganMs = options.nowMs();
  }

  get file(): string {
    return this.#current.file;
  }

  get sizeBytes(): number {
    return this.#current.sizeBytes;
  }

  get backlogBytes(): number {
    return this.#current.backlogBytes + this.#waitingBytes;
  }

  get active(): boolean {
    return this.#current.active;
  }

  appendLines(lines: Buffer, page: Page | null = null): void {
    if (this.#waiting === null) this.#current.appendLines(lines, page);
    else this.#wait({ lines, page }, this.#waiting);
    if (this.#closed || this.#scheduled || this.#waiting !== null || !this.#isDue()) return;
    this.#scheduled = true;
    // Not now: the caller may stand between recording a fact and folding it.
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#closed && this.active) this.#rotating = this.#rotate();
    });
  }

  flush(): Promise<void> {
    return this.#current.flush();
  }

  flushSync(): void {
    this.#giveUpWaiting();
    this.#current.flushSync();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#rotating;
    await this.#current.close();
  }

  #isDue(): boolean {
    const { bytes, ms } = this.#options.rotation;
    const size = this.#current.sizeBytes + this.#current.backlogBytes;
    const isLarge = bytes !== null && size >= bytes + this.#retryBytes;
    return isLarge || (ms !== null && this.#options.nowMs() - this.#beganMs >= ms + this.#retryMs);
  }

  #wait(chunk: Chunk, waiting: Chunk[]): void {
    waiting.push(chunk);
    this.#waitingBytes += chunk.lines.length;
    // A disk that does not even open a file: the present one takes them, and stops if it cannot.
    if (this.#waitingBytes > WRITER_QUEUE_BYTES_MAX / 2) this.#giveUpWaiting();
  }

  #giveUpWaiting(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    this.#waitingBytes = 0;
    for (const { lines, page } of waiting) this.#current.appendLines(lines, page);
  }

  async #rotate(): Promise<void> {
    const { begin, header, onRotated, rotation, nowMs } = this.#options;
    const beginning = begin();
    const waiting: Chunk[] = [];
    this.#waiting = waiting;
    const file = numberedFile(this.#options.file, this.#number + 1);
    const opened = await openWriter({ ...this.#options, file, header: header(true), mode: 'create' as const });
    if ('problem' in opened || this.#waiting !== waiting) {
      if (!('problem' in opened)) await opened.close();
      this.#giveUpWaiting();
      this.#retryBytes += rotation.bytes ?? 0;
      this.#retryMs += rotation.ms ?? 0;
      this.#number += 1;
      return;
    }
    const before = this.#current;
    this.#current = opened;
    this.#number += 1;
    this.#beganMs = nowMs();
    this.#retryBytes = 0;
    this.#retryMs = 0;
    opened.appendLines(beginning);
    this.#giveUpWaiting();
    onRotated?.(file);
    await before.close();
  }
}

/** Opens the first file; later ones are named after it. A problem is one sentence. */
export async function openRotating(options: RotatingOptions): Promise<RecordingWriter | Refused> {
  const first = await openWriter({ ...options, header: options.header(false) });
  return 'problem' in first ? first : new RotatingWriter(first, options);
}
