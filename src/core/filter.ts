// The filter over timeline, findings and requests: words, `field:value`, `/regex/`, each excluded by a leading `-`; all of them must fit.
// Read once, matched over small records. Pure; it never throws, and takes time in proportion to the text, whatever was typed.

import { nearestName } from '../base/nearest.ts';
import { matchesPattern, PATTERN_SIZE_MAX, type Pattern, patternOf, sizeOf } from './pattern.ts';

export const FILTER_FIELDS = ['channel', 'connection', 'code', 'status', 'product', 'order'] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];

/** The values that a line has in each field. */
export type FieldValues = Partial<Record<FilterField, readonly string[]>>;

/** A line as a filter sees it. */
export interface FilterRecord extends FieldValues {
  text: string;
}

type Term = { isExcluded: boolean } & (
  | { word: string }
  /** The beginning of one of the field's values. */
  | { field: FilterField; value: string }
  | { pattern: Pattern }
);

export interface Filter {
  readonly terms: readonly Term[];
  /** What matching one line costs beside one word, at least 1. */
  readonly cost: number;
}

export type ParsedFilter = { ok: true; filter: Filter } | { ok: false; problem: string };

/** Characters of a filter. */
export const FILTER_TEXT_MAX = 500;

const FIELD = /([a-z]+):/iy;
const NOTHING_TYPED = /(?:\s|$)/y;
const PATTERN = /\/((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])*)\//y;
const QUOTED = /"([^"]*)"/y;
const BARE = /\S+/y;

function isField(name: string): name is FilterField {
  return (FILTER_FIELDS as readonly string[]).includes(name);
}

/** Which fields there are, and which one may have been meant; what is longer than a name is a word to be quoted. */
function noField(name: string): string {
  const nearest = nearestName(name, FILTER_FIELDS);
  return `no field ${name}${nearest === null ? '' : ` (${nearest}?)`}: ${FILTER_FIELDS.join(' ')}`;
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    this.take(/\s*/y);
    return this.#at >= this.#text.length;
  }

  /** What a sticky expression matches here, or null; the place is behind it then. */
  take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#text);
    if (match !== null) this.#at += match[0].length;
    return match;
  }

  /** The next word, without moving. */
  get rest(): string {
    return /^\S*/.exec(this.#text.slice(this.#at, this.#at + 40))?.[0] ?? '';
  }
}

const wrong = (problem: string): { problem: string } => ({ problem });

/** A value, quoted or not. */
function readValue(scanner: Scanner): { value: string } | { problem: string } {
  const quoted = scanner.take(QUOTED);
  if (quoted !== null) return { value: quoted[1] ?? '' };
  if (scanner.rest.startsWith('"')) return wrong('the quote " is not closed');
  return { value: scanner.take(BARE)?.[0] ?? '' };
}

function readPatternTerm(scanner: Scanner, isExcluded: boolean): Term | { problem: string } {
  const typed = scanner.take(PATTERN);
  if (typed === null) return wrong('no closing / yet (quote a path: "/orders")');
  if (scanner.take(NOTHING_TYPED) === null) return wrong(`a space is missing before ${scanner.rest} (quote a path)`);
  const read = patternOf(typed[1] ?? '');
  return read.ok ? { isExcluded, pattern: read.pattern } : wrong(`wrong regex: ${read.problem}`);
}

function readTerm(scanner: Scanner): Term | { problem: string } {
  const isExcluded = scanner.take(/-/y) !== null;
  if (isExcluded && scanner.take(NOTHING_TYPED) !== null) return wrong('nothing behind the - to leave out');
  if (scanner.rest.startsWith('/')) return readPatternTerm(scanner, isExcluded);
  const name = scanner.take(FIELD)?.[1]?.toLowerCase();
  if (name !== undefined && !isField(name)) return wrong(noField(name));
  const read = readValue(scanner);
  if ('problem' in read) return read;
  if (scanner.take(NOTHING_TYPED) === null) return wrong(`a space is missing before ${scanner.rest}`);
  const value = read.value.toLowerCase();
  if (name === undefined) return { isExcluded, word: value };
  return value === ''
    ? wrong(`${name}: needs a value, as in ${name}:${EXAMPLES[name]}`)
    : { isExcluded, field: name, value };
}

const EXAMPLES: Readonly<Record<FilterField, string>> = {
  channel: 'ticker',
  connection: 'user',
  code: '1006',
  status: '429',
  product: 'BTC-USD',
  order: '2b1f9f6c',
};

const patternSize = (term: Term): number => ('pattern' in term ? sizeOf(term.pattern) : 0);

const costOf = (term: Term): number => 1 + patternSize(term) / 8;

/** Reads what was typed; a problem is one short sentence for the person who typed it. */
export function parseFilter(text: string): ParsedFilter {
  if (text.length > FILTER_TEXT_MAX)
    return { ok: false, problem: `the filter has ${text.length} characters; at most ${FILTER_TEXT_MAX} are read` };
  const scanner = new Scanner(text);
  const terms: Term[] = [];
  while (!scanner.isAtEnd) {
    const term = readTerm(scanner);
    if ('problem' in term) return { ok: false, problem: term.problem };
    terms.push(term);
  }
  const size = terms.reduce((sum, term) => sum + patternSize(term), 0);
  if (size > PATTERN_SIZE_MAX) return { ok: false, problem: 'the regexes together repeat too much' };
  return {
    ok: true,
    filter: {
      terms,
      cost: Math.max(
        1,
        terms.reduce((sum, term) => sum + costOf(term), 0),
      ),
    },
  };
}

function fits(term: Term, record: FilterRecord, text: string): boolean {
  if ('word' in term) return text.includes(term.word);
  if ('pattern' in term) return matchesPattern(term.pattern, record.text);
  return record[term.field]?.some((value) => value.toLowerCase().startsWith(term.value)) ?? false;
}

/** True when every term fits. A filter without terms matches all. */
export function matchesFilter({ terms }: Filter, record: FilterRecord): boolean {
  if (terms.length === 0) return true;
  const text = record.text.toLowerCase();
  return terms.every((term) => fits(term, record, text) !== term.isExcluded);
}
