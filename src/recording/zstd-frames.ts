// Where the frames of a Zstandard file end (RFC 8878, 3.1), read from their headers alone: Node's decoder stops at the first end
// it meets inside one piece, so pieces are cut there. It decodes nothing.

import type { Cutter, Part } from './packed-part.ts';

const MAGIC = 0xfd2fb528;
const MAGIC_BYTES = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const SKIPPABLE = 0x184d2a50;
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const REPEATED_BYTE = 1;

type Expected = 'magic' | 'skippable-size' | 'descriptor' | 'block' | 'end';
const HEADER_BYTES: Record<Expected, number> = { magic: 4, 'skippable-size': 4, descriptor: 1, block: 3, end: 0 };

export class ZstdFrames implements Cutter {
  #isLost = false;
  #expected: Expected = 'magic';
  #header = 0;
  #headerBytes = 0;
  #skip = 0;
  #checksum = false;

  /** True unless the stream stands between two frames. */
  get isInside(): boolean {
    return !this.#isLost && !this.#atBoundary;
  }

  get #atBoundary(): boolean {
    return this.#expected === 'magic' && this.#headerBytes === 0 && this.#skip === 0;
  }

  /** The piece cut behind every end of a frame in it, and before whatever looks like the beginning of one. */
  *split(piece: Buffer): Generator<Part> {
    for (let start = 0; start < piece.length; ) {
      const next = piece.indexOf(MAGIC_BYTES, start + 1);
      const whole = piece.subarray(start, next < 0 ? piece.length : next);
      if (MAGIC_BYTES.equals(whole.subarray(0, MAGIC_BYTES.length))) this.#isLost = false;
      const startsBlock = !this.#isLost && this.#atBoundary;
      const bytes = this.#isLost ? whole : whole.subarray(0, this.#endOfFrame(whole));
      start += bytes.length;
      yield { bytes, startsBlock, endsBlock: !this.#isLost && this.#atBoundary };
    }
  }

  lose(): void {
    this.#isLost = true;
    this.#expected = 'magic';
    this.#header = 0;
    this.#headerBytes = 0;
    this.#skip = 0;
  }

  /** Where the frame that begins or goes on with the piece ends; the end of the piece when it does not. */
  #endOfFrame(piece: Buffer): number {
    let at = 0;
    do at = this.#advance(piece, at);
    while (at < piece.length && !this.#atBoundary);
    return at;
  }

  #advance(piece: Buffer, from: number): number {
    if (this.#skip > 0) {
      const step = Math.min(this.#skip, piece.length - from);
      this.#skip -= step;
      this.#finish();
      return from + step;
    }
    this.#header += (piece[from] ?? 0) * 256 ** this.#headerBytes;
    this.#headerBytes += 1;
    if (this.#headerBytes === HEADER_BYTES[this.#expected]) this.#read(this.#header);
    return from + 1;
  }

  #read(header: number): void {
    const expected = this.#expected;
    this.#header = 0;
    this.#headerBytes = 0;
    if (expected === 'magic') this.#readMagic(header);
    else if (expected === 'skippable-size') this.#then('end', header);
    else if (expected === 'descriptor') this.#readDescriptor(header);
    else this.#readBlock(header);
    this.#finish();
  }

  #then(expected: Expected, skip: number): void {
    this.#expected = expected;
    this.#skip = skip;
  }

  /** Foreign bytes are not cut at all: the decoder says what is wrong with them. */
  #readMagic(magic: number): void {
    if (magic === MAGIC) this.#then('descriptor', 0);
    else if (magic - (magic % 16) === SKIPPABLE) this.#then('skippable-size', 0);
    else this.#then('end', Number.POSITIVE_INFINITY);
  }

  #readDescriptor(byte: number): void {
    const single = (byte >> 5) & 1;
    const contentSize = byte >> 6;
    this.#checksum = ((byte >> 2) & 1) === 1;
    const window = single === 1 ? 0 : 1;
    const size = contentSize === 0 ? single : (CONTENT_SIZE_BYTES[contentSize] ?? 0);
    this.#then('block', window + (DICTIONARY_BYTES[byte & 3] ?? 0) + size);
  }

  #readBlock(header: number): void {
    const isLast = (header & 1) === 1;
    const isRepeated = ((header >> 1) & 3) === REPEATED_BYTE;
    const content = isRepeated ? 1 : header >> 3;
    this.#then(isLast ? 'end' : 'block', content + (isLast && this.#checksum ? 4 : 0));
  }

  #finish(): void {
    if (this.#expected === 'end' && this.#skip === 0) this.#expected = 'magic';
  }
}
