// A new text file, written in order, of mode 0600; and a scratch file that has no name. What the operating system refuses is thrown.

import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';

const PIECE_BYTES = 256 * 1024;
const MODE = 0o600;

function writeWhole(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** Collects small texts and writes them in pieces. */
export class TextFile {
  readonly #fd: number;
  #waiting: string[] = [];
  #waitingLength = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(text: string): void {
    this.#waiting.push(text);
    this.#waitingLength += text.length;
    if (this.#waitingLength >= PIECE_BYTES) this.flush();
  }

  /** Appends everything that a scratch file holds. */
  append(scratch: ScratchFile): void {
    this.flush();
    scratch.readInto((piece) => writeWhole(this.#fd, piece));
  }

  close(): void {
    this.flush();
    closeSync(this.#fd);
  }

  /** Everything is in the file when it returns. */
  flush(): void {
    writeWhole(this.#fd, Buffer.from(this.#waiting.join('')));
    this.#waiting = [];
    this.#waitingLength = 0;
  }
}

/** Opens a file that does not exist yet; one that does is an `EEXIST`. */
export function createTextFile(path: string): TextFile {
  return new TextFile(openSync(path, 'wx', MODE));
}

/** Texts that are read again later, on the disk instead of in memory. The file goes with the process, whatever happens. */
export class ScratchFile {
  readonly #fd: number;
  readonly #file: TextFile;

  /** `beside` is the path of a file in the folder where it may be. */
  constructor(beside: string) {
    const path = `${beside}.${process.pid}.part`;
    this.#fd = openSync(path, 'wx+', MODE);
    unlinkSync(path);
    this.#file = new TextFile(this.#fd);
  }

  write(text: string): void {
    this.#file.write(text);
  }

  readInto(take: (piece: Buffer) => void): void {
    this.#file.flush();
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    let at = 0;
    for (let read = readSync(this.#fd, piece, 0, PIECE_BYTES, at); read > 0; ) {
      take(piece.subarray(0, read));
      at += read;
      read = readSync(this.#fd, piece, 0, PIECE_BYTES, at);
    }
  }

  close(): void {
    this.#file.close();
  }
}
