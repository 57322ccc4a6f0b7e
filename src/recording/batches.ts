// The facts of a recording's text in batches, each with the place behind it, from which reading can begin anew. Damage becomes a note.

import type { Fact } from '../core/fact.ts';
import { decodeLine, isHeader, isProblem } from './codec.ts';
import type { Compression } from './compression.ts';
import { errorCode } from './file-access.ts';
import { LineSplitter } from './line-splitter.ts';
import { BEGINNING, type Lifetime, type Piece, type Restart, type Source, type Told, textPieces } from './pieces.ts';
import type { ReadingNotes } from './reading-notes.ts';

/** The beginning of a line, from which a recording can be read on. Plain data. */
export interface Place {
  /** Byte of the unpacked text. */
  readonly at: number;
  /** Lines before it. */
  readonly line: number;
  /** Where unpacking begins to come there. */
  readonly restart: Restart;
}

/** Facts in order, never none. */
export interface Batch {
  facts: Fact[];
  /** Behind its last line. */
  next: Place;
  /** Bytes of the file read so far. */
  readBytes: number;
}

/** The beginning of a file. */
export const START: Place = { at: 0, line: 0, restart: BEGINNING };

/** A batch ends with its piece of the text, or with this many facts: about 5 ms of folding. */
const FACTS_MAX = 1_000;
const HEADER_LINE = 1;

/** Cuts pieces into lines and decodes them, keeping count of where it is. */
class BatchMaker {
  /** Lines passed. */
  line: number;
  readonly #notes: ReadingNotes;
  readonly #splitter = new LineSplitter({
    line: (text) => this.#take(text),
    tooLong: (bytes) => this.#pass(bytes, true),
  });
  #at: number;
  /** Text that is unpacked only to come to the place asked for. */
  #dropBytes: number;
  #restart: Restart;
  #readBytes: number;
  #facts: Fact[] = [];
  #ready: Batch[] = [];

  constructor(notes: ReadingNotes, from: Place) {
    this.#notes = notes;
    this.line = from.line;
    this.#at = from.at;
    this.#dropBytes = from.at - from.restart.textAt;
    this.#restart = from.restart;
    this.#readBytes = from.restart.packedAt;
  }

  /** The batches that a piece completes. */
  push({ text, restart, readBytes }: Piece): Batch[] {
    this.#restart = restart;
    this.#readBytes = readBytes;
    const dropped = Math.min(this.#dropBytes, text.length);
    this.#dropBytes -= dropped;
    this.#splitter.push(dropped === 0 ? text : text.subarray(dropped));
    return this.#batches();
  }

  /** The batch of the last line, when nothing of it but its end is missing. */
  finish(): Batch[] {
    const rest = this.#splitter.rest();
    if (rest.length > 0 && isWholeJson(rest)) this.#take(rest);
    else if (rest.length > 0) this.#notes.torn(this.line + 1, rest.length);
    return this.#batches();
  }

  #take(text: Buffer): void {
    this.#pass(text.length, false);
    if (this.line <= HEADER_LINE || text.length === 0) return;
    const decoded = decodeLine(text);
    if (!isProblem(decoded)) this.#facts.push(decoded);
    else if (isHeader(text)) return;
    else if (decoded.unknown) this.#notes.unknown(this.line, decoded.problem);
    else this.#notes.damaged(this.line, decoded.problem);
    if (this.#facts.length >= FACTS_MAX) this.#endBatch();
  }

  #pass(bytes: number, isTooLong: boolean): void {
    this.line += 1;
    this.#at += bytes + 1;
    if (isTooLong) this.#notes.tooLong(this.line);
  }

  #endBatch(): void {
    if (this.#facts.length === 0) return;
    const next = { at: this.#at, line: this.line, restart: this.#restart };
    this.#ready.push({ facts: this.#facts, next, readBytes: this.#readBytes });
    this.#facts = [];
  }

  #batches(): Batch[] {
    this.#endBatch();
    return this.#ready.splice(0);
  }
}

/** A last line without newline counts only when nothing of it is missing. */
function isWholeJson(text: Buffer): boolean {
  try {
    JSON.parse(text.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Reads on from a place; never throws for what is on the disk. */
export async function* readBatches(
  source: Source,
  compression: Compression,
  notes: ReadingNotes,
  from: Place,
  lifetime: Lifetime = 'kept',
): AsyncGenerator<Batch> {
  const maker = new BatchMaker(notes, from);
  const told: Told = {
    brokenOff: (how, why) => notes.brokenOff(how, maker.line, why),
    wentOn: () => notes.wentOn(),
  };
  const pieces = textPieces(source, compression, told, from.restart, lifetime);
  try {
    for await (const piece of pieces) yield* maker.push(piece);
  } catch (error) {
    // The file went away, or the disk did: what was read stays read.
    notes.unreadable(maker.line, errorCode(error));
  }
  yield* maker.finish();
}
