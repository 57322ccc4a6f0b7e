// The moments that the user marked in a recording, as a report tells them. Bounded: the newest are kept.

import { safeStart } from '../base/text.ts';
import type { Fact } from '../core/fact.ts';
import { iso } from '../report/line.ts';
import { clock } from '../report/sentence.ts';

const MARKS_MAX = 100;
const WORD_MAX = 120;

export class Marks {
  readonly #kept: { at: number; word: string }[] = [];

  /** Takes a fact; anything but a mark is passed over. */
  note(fact: Fact): void {
    if (fact.fact !== 'user.asked' || fact.action !== 'mark') return;
    this.#kept.push({ at: fact.at, word: safeStart(fact.detail, WORD_MAX) });
    if (this.#kept.length > MARKS_MAX) this.#kept.shift();
  }

  /** For a person; nothing when nothing was marked. */
  text(): string[] {
    if (this.#kept.length === 0) return [];
    return ['', 'marks:', ...this.#kept.map(({ at, word }) => `  ${clock(at)}  ${word}`)];
  }

  /** For a program. */
  json(): { at: string; text: string }[] {
    return this.#kept.map(({ at, word }) => ({ at: iso(at), text: word }));
  }
}
