// The keyframes of a recording: what an engine knew at places of it, so that any instant is near one. Bounded: when they grow too many,
// every second one goes and later ones come half as often.

import type { FrozenEngine } from '../engine/engine.ts';
import type { Checkpoint, Checkpoints } from '../feed/checkpoint.ts';
import type { Place } from '../recording/batches.ts';

export interface Keyframe extends Checkpoint {
  readonly frozen: FrozenEngine;
  /** Where the facts that its log still holds begin, at the latest, and how many facts stand before that. */
  readonly log: { readonly place: Place; readonly given: number };
}

/** All of them together; a keyframe of a session with a long ledger is 1 to 2 MB, an ordinary one a tenth of it. */
export const KEYFRAME_BYTES_MAX = 48 * 1024 * 1024;
/** Work between two of them, in bytes of plain frames: about 20 ms of folding. */
const WORK_BETWEEN = 6 * 1024 * 1024;

export class Keyframes implements Checkpoints<Keyframe> {
  /** Work after which the next one is due. */
  workBetween = WORK_BETWEEN;
  readonly #bytesMax: number;
  #kept: Keyframe[] = [];
  #bytes = 0;
  #texts = new Set<string>();

  constructor(bytesMax = KEYFRAME_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** In order. */
  get all(): readonly Keyframe[] {
    return this.#kept;
  }

  /** What they hold in memory, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds the next one: never earlier in the recording than those before it. */
  add(keyframe: Keyframe): void {
    this.#kept.push(keyframe);
    this.#count(keyframe);
    while (this.#bytes > this.#bytesMax && this.#kept.length > 1) this.#thin();
  }

  upToTime(t: number): Keyframe | null {
    return this.#last((keyframe) => keyframe.reachT <= t);
  }

  upToCount(given: number): Keyframe | null {
    return this.#last((keyframe) => keyframe.given <= given);
  }

  #last(isBefore: (keyframe: Keyframe) => boolean): Keyframe | null {
    return this.#kept.findLast(isBefore) ?? null;
  }

  #count({ frozen }: Keyframe): void {
    this.#bytes += frozen.bytes;
    for (const text of frozen.texts) {
      if (this.#texts.has(text)) continue;
      this.#texts.add(text);
      // Network text is Latin-1 almost always: a byte a character.
      this.#bytes += text.length;
    }
  }

  #thin(): void {
    this.workBetween *= 2;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 1);
    this.#bytes = 0;
    this.#texts = new Set();
    for (const keyframe of this.#kept) this.#count(keyframe);
  }
}
