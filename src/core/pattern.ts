// Regular expressions that cannot hang: RE2 matches in time proportional to length of the text times size of the pattern, whatever either
// is. Pure.

import { RE2JS, RE2JSException } from 're2js';

/** A pattern ready to be matched. */
export type Pattern = RE2JS;

export type ReadPattern = { ok: true; pattern: Pattern } | { ok: false; problem: string };

/** Instructions of a pattern: a repeat counts as often as it may happen. */
export const PATTERN_SIZE_MAX = 400;
/** Characters of a text that are looked at. */
export const PATTERN_TEXT_MAX = 2_000;

/** Reads a pattern in JavaScript's syntax, case ignored; a problem is a part of a sentence. */
export function patternOf(text: string): ReadPattern {
  try {
    const pattern = RE2JS.compile(RE2JS.translateRegExp(text), RE2JS.CASE_INSENSITIVE);
    return sizeOf(pattern) > PATTERN_SIZE_MAX ? { ok: false, problem: 'it repeats too much' } : { ok: true, pattern };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return {
      ok: false,
      problem: error.message
        .replace(/^error parsing regexp: /, '')
        .replace('(?i)', '')
        .replaceAll('`', ''),
    };
  }
}

/** What matching costs: instructions that each character may have to pass. */
export function sizeOf(pattern: Pattern): number {
  return pattern.programSize();
}

/** Whether the pattern matches anywhere in the text. */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  return pattern.test(text.slice(0, PATTERN_TEXT_MAX));
}
