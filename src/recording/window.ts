// The lines of a span as a recording of their own: what was known at its beginning first, then every fact. Where it would be too large it
// is cut at the far ends, and says so; the part around the moment stays.

import type { Fact } from '../core/fact.ts';
import type { Checkpoint, Checkpoints } from './checkpoints.ts';
import { encodeFact } from './codec.ts';

/** `window.ndjson` of a packet holds at most this much. */
export const WINDOW_BYTES_MAX = 10 * 1024 * 1024;

/** What a window is to hold, monotonic ms. */
export interface WindowWish {
  momentT: number;
  fromT: number;
  toT: number;
  bytesMax?: number;
}

/** The span of `aroundMs` to both sides of a moment, its beginning moved back to where a window can begin. */
export function wishAround(momentT: number, aroundMs: number, checkpoints: Checkpoints): WindowWish {
  const fromT = momentT - aroundMs;
  return { momentT, fromT: checkpoints.before(fromT)?.t ?? fromT, toT: momentT + aroundMs };
}

export interface WindowLine {
  seq: number;
  at: number;
  t: number;
  /** With its newline. */
  line: Buffer;
}

/** A window as it was cut. `…At` epoch ms of its first and last fact; null when it holds none. */
export interface Window {
  lines: Buffer;
  fromAt: number | null;
  toAt: number | null;
  /** Something of the span before, or after, had to be left out. */
  cutBefore: boolean;
  cutAfter: boolean;
}

/** Collects lines in order, never more than twice the bound. */
export class WindowCut {
  readonly #wish: WindowWish;
  readonly #bytesMax: number;
  #before: WindowLine[] = [];
  #beforeFirst = 0;
  #beforeBytes = 0;
  readonly #after: WindowLine[] = [];
  #afterBytes = 0;
  #cutBefore = false;
  #cutAfter = false;

  constructor(wish: WindowWish) {
    this.#wish = wish;
    this.#bytesMax = wish.bytesMax ?? WINDOW_BYTES_MAX;
  }

  /** Whether a fact of this `t` belongs to the span and there may be room for it. */
  wants(t: number): boolean {
    const { fromT, toT } = this.#wish;
    return t >= fromT && t <= toT && !this.#cutAfter;
  }

  add(line: WindowLine): void {
    if (line.t > this.#wish.momentT) this.#addAfter(line);
    else this.#addBefore(line);
  }

  #addAfter(line: WindowLine): void {
    if (this.#afterBytes + line.line.length > this.#bytesMax) {
      this.#cutAfter = true;
      return;
    }
    this.#after.push(line);
    this.#afterBytes += line.line.length;
  }

  #addBefore(line: WindowLine): void {
    this.#before.push(line);
    this.#beforeBytes += line.line.length;
    while (this.#beforeBytes > this.#bytesMax && this.#beforeFirst < this.#before.length - 1) this.#dropFirst();
    if (this.#beforeFirst < 4_096) return;
    this.#before = this.#before.slice(this.#beforeFirst);
    this.#beforeFirst = 0;
  }

  #dropFirst(): void {
    this.#beforeBytes -= this.#before[this.#beforeFirst]?.line.length ?? 0;
    this.#beforeFirst += 1;
    this.#cutBefore = true;
  }

  #dropLast(): void {
    this.#afterBytes -= this.#after.pop()?.line.length ?? 0;
    this.#cutAfter = true;
  }

  /** Leaves out whichever end is farther from the moment, until the rest fits. */
  #fit(): WindowLine[] {
    const { momentT } = this.#wish;
    while (this.#beforeBytes + this.#afterBytes > this.#bytesMax) {
      const first = this.#before[this.#beforeFirst];
      const last = this.#after.at(-1);
      if (first === undefined && last === undefined) break;
      const isFirstFarther = momentT - (first?.t ?? momentT) >= (last?.t ?? momentT) - momentT;
      if (first !== undefined && (isFirstFarther || last === undefined)) this.#dropFirst();
      else this.#dropLast();
    }
    return [...this.#before.slice(this.#beforeFirst), ...this.#after];
  }

  /**
   * The window: facts of the session's opening that stand before it, then from the first of its checkpoints on. A window without any
   * (an import, a very short one) holds its lines as they are.
   */
  finish(opening: readonly Fact[], checkpoints: ReadonlyMap<number, Checkpoint>): Window {
    const lines = this.#fit();
    const isBeginning = lines[0] !== undefined && opening.some(({ seq }) => seq === lines[0]?.seq);
    const start = isBeginning ? -1 : lines.findIndex(({ seq }) => checkpoints.has(seq));
    const resumed = start < 0 ? undefined : checkpoints.get(lines[start]?.seq ?? -1);
    const kept = resumed === undefined ? lines : lines.slice(start + 1);
    const firstSeq = resumed?.seq ?? kept[0]?.seq ?? Number.POSITIVE_INFINITY;
    const before = opening.filter(({ seq }) => seq < firstSeq).map(encodeFact);
    return {
      lines: Buffer.concat([
        ...before,
        ...(resumed === undefined ? [] : [encodeFact(resumed)]),
        ...kept.map(({ line }) => line),
      ]),
      fromAt: resumed?.at ?? kept[0]?.at ?? null,
      toAt: kept.at(-1)?.at ?? resumed?.at ?? null,
      cutBefore: this.#cutBefore,
      cutAfter: this.#cutAfter,
    };
  }
}
