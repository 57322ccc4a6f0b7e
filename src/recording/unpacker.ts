// One of Node's decoders, asked part by part. It never throws: what it meets is the answer to the part that held it.

import { createGunzip, createZstdDecompress } from 'node:zlib';

/** Read, and unpacked, at once. */
export const READ_BYTES = 256 * 1024;
/** What one part may unpack to. */
const READY_BYTES_MAX = 256 * 1024 * 1024;
const OPTIONS = { chunkSize: READ_BYTES };

type Decoder = ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>;

/** After its first error it only gives that error: a failed write is never called back. */
export class Unpacker {
  readonly #decoder: Decoder;
  #hasEnded = false;
  #ready: Buffer[] = [];
  #readyBytes = 0;
  #error: unknown = null;
  #settle: () => void = () => undefined;

  constructor(by: 'gzip' | 'zstd') {
    const decoder = by === 'zstd' ? createZstdDecompress(OPTIONS) : createGunzip(OPTIONS);
    this.#decoder = decoder;
    decoder.on('data', (piece: Buffer) => this.#hold(piece));
    decoder.on('end', () => {
      this.#hasEnded = true;
      this.#settle();
    });
    decoder.on('error', (error) => {
      this.#error = error;
      this.#settle();
    });
  }

  /** The decoder takes no more: a block ended, and what follows it is no other one. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves with the error met so far, or null. */
  feed(part: Buffer): Promise<unknown> {
    return this.#until((done) => this.#decoder.write(part, done));
  }

  finish(): Promise<unknown> {
    return this.#until(() => this.#decoder.end());
  }

  /** What was unpacked since the last call. */
  take(): Buffer[] {
    this.#readyBytes = 0;
    return this.#ready.splice(0);
  }

  close(): void {
    this.#decoder.destroy();
  }

  #hold(piece: Buffer): void {
    this.#ready.push(piece);
    this.#readyBytes += piece.length;
    if (this.#readyBytes > READY_BYTES_MAX) this.#decoder.destroy(new Error('it unpacks to more than can be held'));
  }

  #until(start: (done: () => void) => void): Promise<unknown> {
    if (this.#error !== null || this.#hasEnded) return Promise.resolve(this.#error);
    return new Promise((resolve) => {
      this.#settle = () => resolve(this.#error);
      start(this.#settle);
    });
  }
}
