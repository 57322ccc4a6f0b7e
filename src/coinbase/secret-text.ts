// A configured secret as a string: what the way through files, shells and editors did to it, undone in memory and named
// (reference 2.6). Works on text only; what the text holds is for `key.ts`.

import type { KeyDefect } from '../core/fact.ts';

/** A value freed of what its container did to it. */
export interface CleanText {
  text: string;
  defects: KeyDefect[];
}

const QUOTES = ['"', "'", '`', '\u201c', '\u201d', '\u2018', '\u2019'];

function isQuote(character: string | undefined): boolean {
  return character !== undefined && QUOTES.includes(character);
}

// One pair, or the half that is left when only the first line of a quoted value was read.
function withoutQuotes(text: string, defects: KeyDefect[]): string {
  const opens = isQuote(text[0]);
  const closes = text.length > 1 && isQuote(text.at(-1));
  if (!opens && !closes) return text;
  defects.push('quotes-kept');
  return text.slice(opens ? 1 : 0, closes ? -1 : undefined).trim();
}

// A final line end is normal; a blank or a tab at either end is not.
function trimmed(text: string, defects: KeyDefect[]): string {
  const bare = text.replace(/^\ufeff/, '').replace(/^(\r?\n)+|(\r?\n)+$/g, '');
  const inner = bare.trim();
  if (inner !== bare && inner !== '') defects.push('surrounding-space');
  return inner;
}

function withRealLines(text: string, defects: KeyDefect[]): string {
  if (/\\{2,}[nr]/.test(text)) defects.push('double-escaped-newlines');
  else if (/\\[nr]/.test(text)) defects.push('literal-backslash-n');
  return text
    .replace(/(?:\\+r)?\\+n/g, '\n')
    .replace(/\\+r|\\+(?=\r?\n)/g, '\n')
    .replace(/\r\n?/g, '\n');
}

/** A value without surrounding space, kept quotes and escaped line breaks, with what had to be undone. */
export function cleanText(raw: string): CleanText {
  const defects: KeyDefect[] = [];
  const bare = withoutQuotes(trimmed(raw, defects), defects);
  return { text: withRealLines(bare, defects).trim(), defects };
}

/** A PEM block found in a text. */
export interface PemBlock {
  label: string;
  /** Base64 without white space; may hold foreign characters. */
  body: string;
  /** False when the END line is missing. */
  ended: boolean;
  /** RFC 1421 headers, such as `Proc-Type: 4,ENCRYPTED`. */
  headers: string;
  defects: KeyDefect[];
}

const BEGIN = /[-\u2013\u2014]*\s*BEGIN ([A-Z0-9][A-Z0-9 ]*?)\s*[-\u2013\u2014]+/;

function begins(text: string): RegExpExecArray | null {
  const wanted = /-+BEGIN ([A-Z0-9 ]*PRIVATE KEY)-+/.exec(text);
  return wanted ?? BEGIN.exec(text);
}

function lineDefects(begin: string, inner: string): KeyDefect[] {
  const defects: KeyDefect[] = [];
  const body = inner.replace(/^\n+|\n+$/g, '');
  if (body.trim() === '') return defects;
  if (!inner.includes('\n'))
    defects.push(/\s/.test(inner.trim()) || /^\s|\s$/.test(inner) ? 'spaces-for-newlines' : 'one-line');
  else if (/^[ \t]+\S/m.test(body)) defects.push('indented-lines');
  else if (/\S[ \t]+\S/.test(body.replace(/^[\w-]+: .*$/gm, ''))) defects.push('spaces-for-newlines');
  if (!/^-----BEGIN [A-Z0-9 ]+-----$/.test(begin.trim())) defects.push('label-mismatch');
  return defects;
}

/** The PEM block of a cleaned text (the private key's, when there are several), or null when there is no BEGIN line. */
export function pemBlock(text: string): PemBlock | null {
  const begin = begins(text);
  if (begin === null) return null;
  const label = begin[1] ?? '';
  const rest = text.slice(begin.index + begin[0].length);
  const end = /\n?[ \t]*[-\u2013\u2014]{2,}\s*END\b/.exec(rest);
  const inner = end === null ? rest : rest.slice(0, end.index) + (end[0].startsWith('\n') ? '\n' : '');
  const headers = (inner.match(/^[A-Za-z][\w-]*: .*$/gm) ?? []).join('\n');
  const body = inner.replace(/^[A-Za-z][\w-]*: .*$/gm, '').replace(/\s+/g, '');
  return { label, body, ended: end !== null, headers, defects: lineDefects(begin[0], inner) };
}

/** A well-formed PEM: label lines and a body of 64 characters a line. */
export function pemOf(label: string, body: string): string {
  const lines = body.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
