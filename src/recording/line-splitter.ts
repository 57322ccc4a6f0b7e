// Pieces of text cut into lines, whatever the pieces are. A line longer than the bound is dropped while it is read, never held.

import { LINE_BYTES_MAX } from '../core/bounds.ts';
import { LINE_END } from './codec.ts';

/** What the splitter meets. A line comes without its newline, as a view of the piece where that is possible. */
export interface LineTaker {
  line: (line: Buffer) => void;
  /** A line beyond the bound: its bytes, without the newline. */
  tooLong: (bytes: number) => void;
}

export class LineSplitter {
  readonly #take: LineTaker;
  readonly #bytesMax: number;
  /** Pieces of a line whose end has not come. */
  #parts: Buffer[] = [];
  #bytes = 0;
  #dropping = false;

  constructor(take: LineTaker, bytesMax = LINE_BYTES_MAX) {
    this.#take = take;
    this.#bytesMax = bytesMax;
  }

  push(piece: Buffer): void {
    let start = 0;
    for (let end = piece.indexOf(LINE_END); end >= 0; end = piece.indexOf(LINE_END, start)) {
      this.#endLine(piece.subarray(start, end));
      start = end + 1;
    }
    if (start < piece.length) this.#hold(piece.subarray(start));
  }

  /** What stands behind the last newline; empty when the text ended with one. */
  rest(): Buffer {
    const rest = this.#dropping ? Buffer.alloc(0) : Buffer.concat(this.#parts);
    if (this.#dropping) this.#take.tooLong(this.#bytes);
    this.#forget();
    return rest;
  }

  #hold(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#bytesMax) {
      this.#dropping = true;
      this.#parts = [];
    }
    // A copy: what it is a view of may be read into again.
    if (!this.#dropping) this.#parts.push(Buffer.from(part));
  }

  #endLine(last: Buffer): void {
    if (this.#bytes + last.length > this.#bytesMax) this.#take.tooLong(this.#bytes + last.length);
    else this.#take.line(this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]));
    this.#forget();
  }

  #forget(): void {
    this.#parts = [];
    this.#bytes = 0;
    this.#dropping = false;
  }
}
