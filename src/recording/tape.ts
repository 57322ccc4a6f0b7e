// Every fact encoded once, handed on in chunks: the one line encoder in front of the recording's writer and the flight recorder.

import { FLUSH_BYTES, FLUSH_EVERY_MS } from '../core/bounds.ts';
import type { Fact } from '../core/fact.ts';
import { LineEncoder } from './codec.ts';
import { type Page, Pages } from './pages.ts';

/**
 * Takes a chunk of whole lines whose newest fact has this `t`. It must not write into the chunk, and gives the page that it stands in back
 * once nobody reads the chunk any more.
 */
export type ChunkTaker = (chunk: Buffer, t: number, page: Page) => void;

/** A page with less room than this is full: another line might not fit, and what is pending would have to be moved. */
const ROOM_BYTES_MIN = 16 * 1024;

export interface Tape {
  /** Appends one (redacted) fact. Chunks are handed on after 256 kB or `FLUSH_EVERY_MS`, whichever comes first. */
  append(fact: Fact): void;
  /** Hands on what is pending, now. */
  drain(): void;
  /** Drains and stops the timer. */
  stop(): void;
  readonly pendingBytes: number;
}

/** A tape that hands its chunks to `take`. */
export function createTape(take: ChunkTaker, pages = new Pages()): Tape {
  const encoder = new LineEncoder(pages);
  let newestT = 0;
  let timer: NodeJS.Timeout | null = null;
  const drain = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (encoder.pendingBytes === 0) return;
    const { page } = encoder;
    take(encoder.take(), newestT, page);
  };
  return {
    append(fact) {
      encoder.append(fact);
      newestT = fact.t;
      if (encoder.pendingBytes >= FLUSH_BYTES || encoder.roomBytes < ROOM_BYTES_MIN) drain();
      else timer ??= setTimeout(drain, FLUSH_EVERY_MS).unref();
    },
    drain,
    stop: drain,
    get pendingBytes() {
      return encoder.pendingBytes;
    },
  };
}
