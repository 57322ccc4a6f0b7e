// A part of a packed stream, as whoever cuts it hands it to the decoder.

export interface Part {
  bytes: Buffer;
  /** Unpacking can begin anew with it. */
  startsBlock: boolean;
  /** A block is known to end with it. */
  endsBlock: boolean;
}

/** Walks over a packed stream, piece by piece. */
export interface Cutter {
  /** The piece in parts, cut wherever a block may begin. */
  split(piece: Buffer): Generator<Part>;
  /** The part given last made no sense: the next block is looked for by how it begins. */
  lose(): void;
  /** Known to be inside a block: a stream that ends here is cut. */
  readonly isInside: boolean;
}
