// How long files and functions may be. Formatted text is told apart by its indentation: a function ends at the brace under its beginning.

import type { Check } from './sources.ts';

export const FILE_LINES_MAX = 300;
export const FUNCTION_LINES_MAX = 40;

/** Beyond the bound, and why it stays so. The number is a ratchet: it may only sink. */
export type Exemptions = Readonly<Record<string, { lines: number; reason: string }>>;

export interface Span {
  name: string;
  /** From 1. */
  line: number;
  /** Lines from the first to the closing brace, without those of the functions inside it. */
  lines: number;
}

const DECLARATION = /^(\s*)(?:export )?(?:async )?function\*? (\w+)/;
const METHOD = /^(\s+)(?:static |override |async |get |set )*\*?(#?\w+)(?:<.*>)?\(.*(?:\{|\()$/;
const ARROW = /^(\s*)(?:export )?(?:const )?(\w+)\b(?::.*)?(?: =|:) (?:async )?(?:\(|\w+ =>).*(?:=> [{(]|\()$/;
const KEYWORDS = new Set(['if', 'for', 'while', 'switch', 'catch', 'function', 'return', 'super', 'await', 'else']);

interface Region {
  name: string;
  from: number;
  to: number;
}

/** The line that closes what began at this indentation: `}`, `});` and the like, but not `}): Result {`. */
function closes(line: string, indent: string): boolean {
  return line.startsWith(`${indent}}`) && !/[{(]$/.test(line);
}

/** A call over several lines looks like a method; a method's head ends in a brace. */
function hasBody(lines: readonly string[], from: number, indent: string): boolean {
  const head = lines[from] ?? '';
  if (/[{]$/.test(head) || /=> \($/.test(head)) return true;
  const next = lines.slice(from + 1).find((line) => line.startsWith(`${indent})`) || line.startsWith(`${indent}}`));
  return next?.endsWith('{') ?? false;
}

function regionAt(lines: readonly string[], from: number): Region | null {
  const line = lines[from] ?? '';
  const match = DECLARATION.exec(line) ?? METHOD.exec(line) ?? ARROW.exec(line);
  const [indent, name] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (match === null || KEYWORDS.has(name) || /[;}]$/.test(line) || !hasBody(lines, from, indent)) return null;
  const length = lines.slice(from + 1).findIndex((later) => closes(later, indent) || later.startsWith(`${indent});`));
  return length < 0 ? null : { name, from, to: from + 1 + length };
}

/** Functions, methods and named arrows of a formatted text that span more than one line. */
export function functionSpans(text: string): Span[] {
  const lines = text.split('\n');
  const regions = lines.flatMap((_, index) => regionAt(lines, index) ?? []);
  return regions.map(({ name, from, to }) => {
    const inside = regions.filter((other) => other.from > from && other.to < to);
    const outermost = inside.filter((one) => !inside.some((other) => other.from < one.from && other.to >= one.to));
    const theirs = outermost.reduce((sum, one) => sum + one.to - one.from + 1, 0);
    return { name, line: from + 1, lines: to - from + 1 - theirs };
  });
}

function tooLong(what: string, lines: number, max: number, exemption: { lines: number } | undefined): string[] {
  const bound = exemption?.lines ?? max;
  return lines <= bound
    ? []
    : [`${what} has ${lines} lines; expected at most ${bound}: part it, or name the reason in test/tidy/exemptions.ts`];
}

export function fileLength(exemptions: Exemptions): Check {
  return ({ path, text }) => tooLong('the file', text.split('\n').length - 1, FILE_LINES_MAX, exemptions[path]);
}

export function functionLength(exemptions: Exemptions): Check {
  return ({ path, text }) =>
    functionSpans(text).flatMap(({ name, line, lines }) =>
      tooLong(`${name} (line ${line})`, lines, FUNCTION_LINES_MAX, exemptions[`${path} ${name}`]),
    );
}
