// Where members of a gzip file may begin (RFC 1952, 2.3): their end is known to nobody who does not unpack them. Data that only looks like
// a beginning does no harm: the decoder that is inside a member takes it for what it is.

import type { Cutter, Part } from './packed-part.ts';

const BEGINNING = Buffer.from([0x1f, 0x8b, 8]);

export class GzipMembers implements Cutter {
  /** The decoder itself says when it wants more. */
  readonly isInside = false;

  *split(piece: Buffer): Generator<Part> {
    for (let start = 0; start < piece.length; ) {
      const next = piece.indexOf(BEGINNING, start + 1);
      const bytes = piece.subarray(start, next < 0 ? piece.length : next);
      yield { bytes, startsBlock: BEGINNING.equals(bytes.subarray(0, BEGINNING.length)), endsBlock: false };
      start += bytes.length;
    }
  }

  lose(): void {
    // Every part that may begin a member begins with what looks like one.
  }
}
