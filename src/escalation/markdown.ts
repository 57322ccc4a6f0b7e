// The packet as Markdown for a ticket: what T2 reads first fits one screen. Pure; every text passes `base/text` here.

import { cellWidth, safeStart, safeText } from '../base/text.ts';
import { type PacketField, REQUIRED } from '../core/packet-request.ts';
import type { Removed } from '../recording/redact.ts';
import type { PacketResponse, PacketWindow } from './case.ts';
import { requestName, utc } from './fields.ts';
import type { Proof } from './proof.ts';

/** The packet's texts, redacted, in the order in which they are read. */
export interface PacketText {
  title: string;
  verdict: string;
  fields: PacketField[];
  /** The failed answer, or null when something else stands in for it. */
  request: PacketResponse | null;
  contradiction: [string, string][];
  /** What each source said, whole; and for the eyes. */
  proofs: Proof[];
  proofLines: string[];
  socketSaid: string[];
  evidence: string[];
  works: string[];
  worksWhen: string;
  rows: string[];
  note: string;
  tried: string[];
  removed: Removed[];
  pseudonyms: string;
  window: PacketWindow | null;
  ask: string[];
}

const BODY_BYTES_SHOWN = 4_096;
const BODY_LINES_SHOWN = 40;
const CELL_MAX = 300;
const LINE_CELLS = 118;
const TAGS = ['cf-ray', 'x-request-id', 'trace-id', 'retry-after'];

/** Prose with nothing in it that a ticket system would turn into a link, a picture or a tag. */
function prose(text: string): string {
  return safeText(text).replaceAll('<', '&lt;').replaceAll('](', '] (');
}

function cell(text: string): string {
  return prose(safeStart(text, CELL_MAX)).replaceAll('|', '\\|');
}

/** A table whose first column lines up; the last is as long as it is. */
function table(head: [string, string], rows: readonly [string, string][]): string[] {
  const cells = rows.map(([name, value]) => [cell(name), cell(value)] as const);
  const width = Math.max(...[head, ...cells].map(([name]) => cellWidth(name)));
  const line = (name: string, value: string): string => `| ${name}${' '.repeat(width - cellWidth(name))} | ${value} |`;
  return [
    line(...head),
    `| ${'-'.repeat(width)} | ${'-'.repeat(cellWidth(head[1]))} |`,
    ...cells.map((row) => line(...row)),
  ];
}

/** A block that no text inside can end. */
function fenced(lines: readonly string[], language = ''): string[] {
  const longest = Math.max(0, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return [`${fence}${language}`, ...lines, fence];
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${prose(heading)}`, ...lines];
}

/** Short items joined into lines of a screen's width. */
function flowed(items: readonly string[], separator: string): string[] {
  const lines: string[] = [];
  for (const item of items.map((text) => prose(text))) {
    const last = lines.at(-1);
    const joined = last === undefined ? item : `${last}${separator}${item}`;
    if (last === undefined || cellWidth(joined) > LINE_CELLS) lines.push(item);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

function fieldValue({ value, none, how }: PacketField): string {
  if (value !== null) return value;
  return none === undefined ? `MISSING: ${how ?? 'ask the customer'}` : `none: ${none}`;
}

function requestRow(request: PacketResponse | null): [string, string][] {
  if (request === null || request.url === '') return [];
  const tags = TAGS.flatMap((tag) => (request.headers[tag] === undefined ? [] : [`${tag} ${request.headers[tag]}`]));
  const status = request.status === 0 ? 'nothing answered' : `status ${request.status}`;
  return [['Request', [`${request.method} ${request.url}`, status, ...tags].join('   ')]];
}

function fieldTable({ fields, request }: PacketText): string[] {
  const rows = fields
    .filter(({ name, value }) => name !== REQUIRED.response || value === null)
    .map((field): [string, string] => [field.name, fieldValue(field)]);
  return table(['field', 'value'], [...rows, ...requestRow(request)]);
}

/** The first bytes of a text, cut between two characters. */
function startOf(bytes: Uint8Array): Uint8Array {
  let end = Math.min(bytes.length, BODY_BYTES_SHOWN);
  while (end > 0 && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

function cutBody(body: string): { lines: string[]; cut: string } {
  const bytes = new TextEncoder().encode(body);
  const start = new TextDecoder().decode(startOf(bytes));
  const all = start.split(/\r\n|\r|\n/);
  const kept = all.slice(0, BODY_LINES_SHOWN);
  const shown = kept.length < all.length ? new TextEncoder().encode(kept.join('\n')).length : startOf(bytes).length;
  const lines = kept.map((line) => safeText(line.replaceAll('\t', '  ')));
  while (lines.at(-1)?.trim() === '') lines.pop();
  return {
    lines,
    cut:
      shown < bytes.length ? `Cut here after ${shown} of ${bytes.length} bytes; escalation.json holds it whole.` : '',
  };
}

function isJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

function responseSection({ fields, request }: PacketText): string[] {
  const body = fields.find(({ name }) => name === REQUIRED.response)?.value ?? null;
  if (body === null || request === null) return [];
  const { lines, cut } = cutBody(body);
  const block = fenced(lines, isJson(body) ? 'json' : '');
  const heading = cut === '' ? 'Error response, complete' : 'Error response, beginning';
  return section(`${heading} (${requestName(request)})`, cut === '' ? block : [...block, cut]);
}

function contradictionSection({ contradiction, proofLines }: PacketText): string[] {
  if (contradiction.length === 0) return [];
  const records = proofLines.length === 0 ? [] : ['', ...fenced(proofLines.map((line) => safeText(line)))];
  return section('What contradicts (in place of an error response)', [
    ...table(['source', 'says'], contradiction),
    ...records,
  ]);
}

/** `3 token signatures, 1 cookie`, or that nothing had to go. */
export function removedText(removed: readonly Removed[]): string {
  const parts = removed.map(
    ({ kind, count }) => `${count} ${kind}${count === 1 ? '' : kind.endsWith('s') ? 'es' : 's'}`,
  );
  return parts.length === 0 ? 'Nothing had to be removed' : parts.join(', ');
}

function removedLine({ removed, pseudonyms, ask }: PacketText): string {
  return `${removedText(removed)}; the key's secret is in no file of it. Pseudonyms: ${pseudonyms}. You may still need to ask for: ${ask.join('; ')}.`;
}

/** What the window holds, and what had to be left out of it; empty when nothing is known of it. */
export function windowText(window: PacketWindow | null): string {
  if (window === null || window.fromAt === null || window.toAt === null) return '';
  const ends = [window.cutBefore ? 'beginning' : '', window.cutAfter ? 'end' : ''].filter((end) => end !== '');
  const cut = ends.length === 0 ? '' : `; cut at its ${ends.join(' and its ')} to stay within 10 MB`;
  return `window.ndjson holds ${utc(window.fromAt).slice(11, 19)} – ${utc(window.toAt).slice(11, 19)} UTC${cut}`;
}

function rowsSection({ rows, window }: PacketText): string[] {
  const lines = rows.length === 0 ? ['(no fact of that minute is at hand)'] : rows.map((row) => safeText(row));
  const whole = windowText(window);
  return section(
    `The minute around it (${whole === '' ? 'whole: window.ndjson' : whole}; opens with \`cbscope replay\`)`,
    fenced(lines),
  );
}

/** The whole document, ending in a newline. */
export function markdownOf(text: PacketText): string {
  const lines = [
    `# ${prose(text.title)}`,
    '',
    `Verdict: ${prose(text.verdict)}`,
    '',
    ...fieldTable(text),
    ...section('Note', text.note === '' ? [] : flowed([text.note], ' ')),
    ...responseSection(text),
    ...contradictionSection(text),
    ...section(
      'What the socket said',
      text.socketSaid.length === 0 ? [] : fenced(text.socketSaid.map((line) => safeText(line))),
    ),
    ...section('Evidence', flowed(text.evidence, ' · ')),
    ...section(`What works and what does not (${text.worksWhen})`, flowed(text.works, '   ')),
    ...rowsSection(text),
    ...section('Tried and checked', flowed(text.tried, ' · ')),
    ...section('Removed from this packet', [prose(removedLine(text))]),
  ];
  return `${lines.join('\n')}\n`;
}
