// The text of a recording as a stream of pieces, whatever it is packed in. Constant memory; what is left of a cut file comes out.

import { type FileHandle, open } from 'node:fs/promises';
import type { Compression } from './compression.ts';
import { errorCode } from './file-access.ts';
import { GzipMembers } from './gzip-members.ts';
import type { Cutter, Part } from './packed-part.ts';
import { READ_BYTES, Unpacker } from './unpacker.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** What is read in passing is kept by nobody: fewer and larger reads wait less. */
const PASSING_BYTES = 1024 * 1024;

/**
 * How long the bytes of what was read stay what they are: for ever, or only until the next piece is asked for, which costs no new
 * memory for each piece of a file.
 */
export type Lifetime = 'kept' | 'passing';

/** Packed bytes handed to the decoder at once: what they unpack to is held until it is read. */
const PACKED_BYTES = 64 * 1024;

/** A place from which unpacking can begin anew: byte of the file, and which byte of the text comes out there. */
export interface Restart {
  readonly packedAt: number;
  readonly textAt: number;
}

const NEWLINE = Buffer.from('\n');

export const BEGINNING: Restart = { packedAt: 0, textAt: 0 };

/** A piece of the text. */
export interface Piece {
  text: Buffer;
  /** The newest place to begin anew that is not behind the beginning of the text. */
  restart: Restart;
  /** Bytes of the file read so far. */
  readBytes: number;
}

/** Who is told of a packed stream that is not whole. */
export interface Told {
  /** It ends: `cut` where it should go on, `damaged` where it makes no sense. */
  brokenOff: (how: 'cut' | 'damaged', detail: string) => void;
  /** It did not end there: what follows the damage can be unpacked. */
  wentOn: () => void;
}

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

/** Cuts packed bytes where unpacking can begin anew. */
function cutterOf(by: 'gzip' | 'zstd'): Cutter {
  return by === 'zstd' ? new ZstdFrames() : new GzipMembers();
}

function* slicesOf(piece: Buffer): Generator<Buffer> {
  for (let at = 0; at < piece.length; at += PACKED_BYTES) yield piece.subarray(at, at + PACKED_BYTES);
}

/** Unpacks part after part. Behind damage it goes on with the next block: its first line then stands alone. */
class Unpacking {
  readonly place: PackedPlace;
  readonly #by: 'gzip' | 'zstd';
  readonly #told: Told;
  #unpacker: Unpacker | null = null;
  #isBroken = false;

  constructor(by: 'gzip' | 'zstd', told: Told, from: Restart) {
    this.#by = by;
    this.#told = told;
    this.place = new PackedPlace(from);
  }

  async *unpack({ bytes, startsBlock, endsBlock }: Part): AsyncGenerator<Piece, boolean> {
    this.place.readBytes += bytes.length;
    if (this.#unpacker === null && !startsBlock) return true;
    this.#unpacker ??= new Unpacker(this.#by);
    const error = await this.#unpacker.feed(bytes);
    yield* this.#give();
    if (error !== null) this.#breakOff(error);
    else if (endsBlock) this.place.endBlock();
    // What stands behind the last block is padding, unless another one begins.
    else if (this.#unpacker.hasEnded) this.close();
    return error === null;
  }

  async *finish(): AsyncGenerator<Piece, void> {
    const error = (await this.#unpacker?.finish()) ?? null;
    yield* this.#give();
    if (error === null) return;
    if (errorCode(error) === 'Z_BUF_ERROR') this.#told.brokenOff('cut', '');
    else this.#breakOff(error);
  }

  get isOpen(): boolean {
    return this.#unpacker !== null;
  }

  close(): void {
    this.#unpacker?.close();
    this.#unpacker = null;
  }

  *#give(): Generator<Piece> {
    for (const text of this.#unpacker?.take() ?? []) {
      if (this.#isBroken) {
        this.#isBroken = false;
        this.#told.wentOn();
        yield this.place.give(NEWLINE);
      }
      yield this.place.give(text);
    }
  }

  #breakOff(error: unknown): void {
    this.close();
    this.#isBroken = true;
    this.#told.brokenOff('damaged', errorCode(error));
  }
}

async function* unpackedPieces(source: Source, by: 'gzip' | 'zstd', told: Told, from: Restart): AsyncGenerator<Piece> {
  const cutter = cutterOf(by);
  const unpacking = new Unpacking(by, told, from);
  try {
    // The decoder has done with a part once it answers.
    for await (const piece of bytesOf(source, from.packedAt, 'passing')) {
      for (const slice of slicesOf(piece)) {
        for (const part of cutter.split(slice)) if (!(yield* unpacking.unpack(part))) cutter.lose();
      }
    }
    yield* unpacking.finish();
    if (unpacking.isOpen && cutter.isInside) told.brokenOff('cut', '');
  } finally {
    unpacking.close();
  }
}

/** The text of a recording in pieces of a quarter of a megabyte or so. Errors of the operating system are thrown; damage is told. */
export function textPieces(
  source: Source,
  by: Compression,
  told: Told,
  from: Restart = BEGINNING,
  lifetime: Lifetime = 'kept',
): AsyncGenerator<Piece> {
  return by === 'none' ? plainPieces(source, from, lifetime) : unpackedPieces(source, by, told, from);
}
