// The text of a recording as a stream of pieces, whatever it is packed in. Constant memory; what is left of a cut file comes out.

import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Compression } from './compression.ts';
import { errorCode } from './file-access.ts';
import { ZstdFrames } from './zstd-frames.ts';

const READ_BYTES = 256 * 1024;
/** What is read in passing is kept by nobody: fewer and larger reads wait less. */
const PASSING_BYTES = 1024 * 1024;

/**
 * How long the bytes of what was read stay what they are: for ever, or only until the next piece is asked for, which costs no new
 * memory for each piece of a file.
 */
export type Lifetime = 'kept' | 'passing';

/** Packed bytes handed to the decoder at once: what they unpack to is held until it is read. */
const PACKED_BYTES = 64 * 1024;

/** What one part may unpack to. */
const READY_BYTES_MAX = 256 * 1024 * 1024;

/** A place from which unpacking can begin anew: byte of the file, and which byte of the text comes out there. */
export interface Restart {
  readonly packedAt: number;
  readonly textAt: number;
}

export const BEGINNING: Restart = { packedAt: 0, textAt: 0 };

/** A piece of the text. */
export interface Piece {
  text: Buffer;
  /** The newest place to begin anew that is not behind the beginning of the text. */
  restart: Restart;
  /** Bytes of the file read so far. */
  readBytes: number;
}

/** Told once when the packed stream ends early: `cut` where it should go on, `damaged` where it makes no sense. */
export type BrokenOff = (how: 'cut' | 'damaged', detail: string) => void;

/** Where the bytes of a recording come from: a file's path, or a stream, which can be read once and from its beginning only. */
export type Source = string | AsyncIterable<Buffer>;

/** What the first bytes of a file say it is packed in. */
export function sniffCompression(start: Buffer): Compression {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  return start.length >= 4 && start.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : 'none';
}

async function readPiece(handle: FileHandle, position: number, into: Buffer): Promise<Buffer> {
  const { bytesRead } = await handle.read(into, 0, into.length, position);
  return into.subarray(0, bytesRead);
}

/** Where pieces are read into: new buffers, or two in turns, one being read into while the other is looked at. */
function buffersFor(lifetime: Lifetime): () => Buffer {
  if (lifetime === 'kept') return () => Buffer.allocUnsafeSlow(READ_BYTES);
  const both = [Buffer.allocUnsafeSlow(PASSING_BYTES), Buffer.allocUnsafeSlow(PASSING_BYTES)] as const;
  let turn = 0;
  return () => both[turn++ % 2 === 0 ? 0 : 1];
}

async function* filePieces(path: string, from: number, lifetime: Lifetime): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r');
  const buffer = buffersFor(lifetime);
  let position = from;
  let next = readPiece(handle, position, buffer());
  try {
    for (;;) {
      const piece = await next;
      if (piece.length === 0) return;
      position += piece.length;
      next = readPiece(handle, position, buffer());
      yield piece;
    }
  } finally {
    await next.catch(() => undefined);
    await handle.close();
  }
}

function bytesOf(source: Source, from: number, lifetime: Lifetime): AsyncIterable<Buffer> {
  return typeof source === 'string' ? filePieces(source, from, lifetime) : source;
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

interface Part {
  bytes: Buffer;
  /** A block of Zstandard ends with it. */
  endsBlock: boolean;
}

function partsOf(piece: Buffer, frames: ZstdFrames | null): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < piece.length; at += PACKED_BYTES) {
    const part = piece.subarray(at, at + PACKED_BYTES);
    if (frames === null) {
      parts.push({ bytes: part, endsBlock: false });
      continue;
    }
    const cut = frames.split(part).map((bytes) => ({ bytes, endsBlock: true }));
    const last = cut.at(-1);
    if (last !== undefined) last.endsBlock = frames.atBoundary;
    parts.push(...cut);
  }
  return parts;
}

async function* plainPieces(source: Source, from: Restart, lifetime: Lifetime): AsyncGenerator<Piece> {
  let at = from.packedAt;
  for await (const text of bytesOf(source, at, lifetime)) {
    const restart = { packedAt: at, textAt: at };
    at += text.length;
    yield { text, restart, readBytes: at };
  }
}

/** Counts what went in and came out, and notes where a block of Zstandard ended: the next one can be unpacked by itself. */
class PackedPlace {
  readBytes: number;
  restart: Restart;
  #textAt: number;

  constructor(from: Restart) {
    this.readBytes = from.packedAt;
    this.restart = from;
    this.#textAt = from.textAt;
  }

  give(text: Buffer): Piece {
    this.#textAt += text.length;
    return { text, restart: this.restart, readBytes: this.readBytes };
  }

  endBlock(): void {
    this.restart = { packedAt: this.readBytes, textAt: this.#textAt };
  }
}

async function* unpackedPieces(
  source: Source,
  by: 'gzip' | 'zstd',
  brokenOff: BrokenOff,
  from: Restart,
): AsyncGenerator<Piece> {
  const frames = by === 'zstd' ? new ZstdFrames() : null;
  const options = { chunkSize: READ_BYTES };
  const unpacker = new Unpacker(by === 'zstd' ? createZstdDecompress(options) : createGunzip(options));
  const place = new PackedPlace(from);
  let error: unknown = null;
  try {
    // The decoder has done with a part once it answers.
    for await (const piece of bytesOf(source, from.packedAt, 'passing')) {
      for (const part of partsOf(piece, frames)) {
        error ??= await unpacker.feed(part.bytes);
        place.readBytes += part.bytes.length;
        for (const text of unpacker.take()) yield place.give(text);
        if (part.endsBlock) place.endBlock();
      }
      if (error !== null) break;
    }
    error ??= await unpacker.finish();
    for (const text of unpacker.take()) yield place.give(text);
  } finally {
    unpacker.close();
  }
  const isCut = error === null ? frames !== null && !frames.atBoundary : errorCode(error) === 'Z_BUF_ERROR';
  if (isCut) brokenOff('cut', '');
  else if (error !== null) brokenOff('damaged', errorCode(error));
}

/** The text of a recording in pieces of a quarter of a megabyte or so. Errors of the operating system are thrown; damage is told to `brokenOff`. */
export function textPieces(
  source: Source,
  by: Compression,
  brokenOff: BrokenOff,
  from: Restart = BEGINNING,
  lifetime: Lifetime = 'kept',
): AsyncGenerator<Piece> {
  return by === 'none' ? plainPieces(source, from, lifetime) : unpackedPieces(source, by, brokenOff, from);
}
