// What was odd while a recording was read, counted, and said in sentences. Warnings only: none of it stops a reading.

import { safeStart } from '../base/text.ts';
import { LINE_BYTES_MAX } from '../core/bounds.ts';

interface Count {
  count: number;
  firstLine: number;
  reason: string;
}

const UNKNOWN_NAMES_MAX = 5;

function counted(previous: Count | null, line: number, reason: string): Count {
  return previous === null ? { count: 1, firstLine: line, reason } : { ...previous, count: previous.count + 1 };
}

function lines(count: number): string {
  return count === 1 ? '1 line was' : `${count} lines were`;
}

export class ReadingNotes {
  #damaged: Count | null = null;
  #tooLong: Count | null = null;
  #unknown: Count | null = null;
  #unknownNames = new Set<string>();
  #holes: Count | null = null;
  #broken: { how: 'cut' | 'damaged'; line: number; detail: string } | null = null;
  #ends: string[] = [];

  /** Lines that gave no fact, for whatever reason. */
  get skipped(): number {
    return (this.#damaged?.count ?? 0) + (this.#tooLong?.count ?? 0) + (this.#unknown?.count ?? 0);
  }

  damaged(line: number, reason: string): void {
    this.#damaged = counted(this.#damaged, line, reason);
  }

  tooLong(line: number): void {
    this.#tooLong = counted(this.#tooLong, line, '');
  }

  unknown(line: number, problem: string): void {
    this.#unknown = counted(this.#unknown, line, problem);
    if (this.#unknownNames.size < UNKNOWN_NAMES_MAX) this.#unknownNames.add(problem.replace('unknown fact ', ''));
  }

  torn(line: number, bytes: number): void {
    this.#ends.push(
      `The last line (${line}) is cut short after ${bytes} bytes, as a killed process leaves it; everything before it was read.`,
    );
  }

  brokenOff(how: 'cut' | 'damaged', line: number, detail: string): void {
    this.#broken = { how, line, detail };
  }

  /** What was told last to be the end is a hole: text follows behind it. */
  wentOn(): void {
    if (this.#broken !== null) this.#holes = counted(this.#holes, this.#broken.line, this.#broken.detail);
    this.#broken = null;
  }

  unreadable(line: number, code: string): void {
    this.#ends.push(
      `The file could not be read further than line ${line} (${safeStart(code, 120)}); everything before it was read.`,
    );
  }

  /** One sentence for each kind of oddity. */
  sentences(): string[] {
    const out: string[] = [];
    const damaged = this.#damaged;
    if (damaged !== null) {
      out.push(
        `${lines(damaged.count)} skipped as damaged, the first is line ${damaged.firstLine}: ${safeStart(damaged.reason, 120)}.`,
      );
    }
    if (this.#tooLong !== null) {
      const { count, firstLine } = this.#tooLong;
      out.push(
        `${lines(count)} skipped as longer than ${LINE_BYTES_MAX / 1024 / 1024} MB, the first is line ${firstLine}.`,
      );
    }
    if (this.#unknown !== null) {
      const names = safeStart([...this.#unknownNames].join(', '), 200);
      out.push(`${lines(this.#unknown.count)} skipped: this version does not know the facts ${names}.`);
    }
    return [...out, ...this.#packingSentences(), ...this.#ends];
  }

  #packingSentences(): string[] {
    const out: string[] = [];
    if (this.#holes !== null) {
      const { count, firstLine, reason } = this.#holes;
      const places = count === 1 ? 'in one place' : `in ${count} places, the first of them`;
      out.push(
        `The compressed file is damaged ${places} after line ${firstLine} (${reason}): what could not be unpacked there is missing, what follows was read.`,
      );
    }
    if (this.#broken === null) return out;
    const { how, line, detail } = this.#broken;
    const why = how === 'cut' ? 'is cut short' : `cannot be unpacked further (${detail})`;
    return [...out, `The compressed file ${why} after line ${line}; everything up to there was read.`];
  }
}
