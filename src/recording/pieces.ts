// The text of a recording as a stream of pieces, whatever it is packed in. Constant memory; what is left of a cut file comes out.

import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Compression } from './compression.ts';
import { errorCode } from './file-access.ts';
import { ZstdFrames } from './zstd-frames.ts';

const READ_BYTES = 1024 * 1024;
/** Packed bytes handed to the decoder at once: what they unpack to is held until it is read. */
const PACKED_BYTES = 64 * 1024;

/** What one part may unpack to. */
const READY_BYTES_MAX = 256 * 1024 * 1024;

/** Told once when the packed stream ends early: `cut` where it should go on, `damaged` where it makes no sense. */
export type BrokenOff = (how: 'cut' | 'damaged', detail: string) => void;

/** What the first bytes of a file say it is packed in. */
export function sniffCompression(start: Buffer): Compression {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  return start.length >= 4 && start.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : 'none';
}

async function readPiece(handle: FileHandle, position: number): Promise<Buffer> {
  // A buffer of its own for each piece: facts keep views of it.
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, position);
  return buffer.subarray(0, bytesRead);
}

async function* filePieces(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r');
  let position = 0;
  let next = readPiece(handle, 0);
  try {
    for (;;) {
      const piece = await next;
      if (piece.length === 0) return;
      position += piece.length;
      next = readPiece(handle, position);
      yield piece;
    }
  } finally {
    await next.catch(() => undefined);
    await handle.close();
  }
}

type Decoder = ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>;

/** Node's decoder, asked part by part. After its first error it only gives that error: a failed write is never called back. */
class Unpacker {
  readonly #decoder: Decoder;
  #ready: Buffer[] = [];
  #readyBytes = 0;
  #error: unknown = null;
  #settle: () => void = () => undefined;

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
    decoder.on('data', (piece: Buffer) => this.#hold(piece));
    decoder.on('error', (error) => {
      this.#error = error;
      this.#settle();
    });
  }

  /** Resolves with the error met so far, or null. */
  feed(part: Buffer): Promise<unknown> {
    return this.#until((done) => this.#decoder.write(part, done));
  }

  finish(): Promise<unknown> {
    return this.#until((done) => this.#decoder.once('end', done).end());
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
    if (this.#error !== null) return Promise.resolve(this.#error);
    return new Promise((resolve) => {
      this.#settle = () => resolve(this.#error);
      start(this.#settle);
    });
  }
}

function partsOf(piece: Buffer, frames: ZstdFrames | null): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < piece.length; at += PACKED_BYTES) {
    const part = piece.subarray(at, at + PACKED_BYTES);
    parts.push(...(frames === null ? [part] : frames.split(part)));
  }
  return parts;
}

async function* unpackedPieces(path: string, by: 'gzip' | 'zstd', brokenOff: BrokenOff): AsyncGenerator<Buffer> {
  const frames = by === 'zstd' ? new ZstdFrames() : null;
  const options = { chunkSize: READ_BYTES };
  const unpacker = new Unpacker(by === 'zstd' ? createZstdDecompress(options) : createGunzip(options));
  let error: unknown = null;
  try {
    for await (const piece of filePieces(path)) {
      for (const part of partsOf(piece, frames)) {
        error ??= await unpacker.feed(part);
        yield* unpacker.take();
      }
      if (error !== null) break;
    }
    error ??= await unpacker.finish();
    yield* unpacker.take();
  } finally {
    unpacker.close();
  }
  const isCut = error === null ? frames !== null && !frames.atBoundary : errorCode(error) === 'Z_BUF_ERROR';
  if (isCut) brokenOff('cut', '');
  else if (error !== null) brokenOff('damaged', errorCode(error));
}

/** The text of the file in pieces of about a megabyte. Errors of the operating system are thrown; damage is told to `brokenOff`. */
export function textPieces(path: string, by: Compression, brokenOff: BrokenOff): AsyncGenerator<Buffer> {
  return by === 'none' ? filePieces(path) : unpackedPieces(path, by, brokenOff);
}
