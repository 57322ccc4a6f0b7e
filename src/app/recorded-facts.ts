// Facts of a recording that its replay no longer holds, read back from the file when somebody opens one. It keeps the stretch read last.

import type { Fact } from '../core/fact.ts';
import type { Checkpoints } from '../recording/checkpoints.ts';
import type { Recording } from '../recording/reader.ts';
import { stretchOf } from '../recording/stretch.ts';

/** Where in the file a fact is, as far as it was passed over. */
export interface Whereabouts {
  readonly checkpoints: Checkpoints;
  /** Numbers are those of one session: none comes twice. */
  readonly isOneSession: boolean;
}

/** Facts kept on either side of the one that is sought. */
const NEAR_MAX = 1_000;

export class RecordedFacts {
  readonly #recording: Recording;
  readonly #where: Whereabouts;
  #near: readonly Fact[] = [];

  constructor(recording: Recording, where: Whereabouts) {
    this.#recording = recording;
    this.#where = where;
  }

  /** The fact with this number among those around it; empty when the file does not have it, or cannot be read. */
  async around(seq: number): Promise<readonly Fact[]> {
    if (!this.#near.some((fact) => fact.seq === seq)) this.#near = await this.#read(seq).catch(() => []);
    return this.#near;
  }

  async #read(seq: number): Promise<readonly Fact[]> {
    const { checkpoints, isOneSession } = this.#where;
    if (!isOneSession) return [];
    const { fromT, toT } = checkpoints.spanOf(seq);
    let near: Fact[] = [];
    let at = -1;
    for await (const facts of stretchOf(this.#recording, fromT, toT, isOneSession)) {
      near = [...(at < 0 ? near.slice(-NEAR_MAX) : near), ...facts];
      at = near.findIndex((fact) => fact.seq === seq);
      if (at < 0 ? (facts.at(-1)?.seq ?? 0) > seq : near.length > at + NEAR_MAX) break;
    }
    return at < 0 ? [] : near.slice(Math.max(0, at - NEAR_MAX), at + NEAR_MAX);
  }
}
