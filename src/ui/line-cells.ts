// One drawn line as terminal cells: what stands in each and how it looks. It reads what the framework writes and nothing else.

import { isOneCell } from '../base/one-cell.ts';
import { cellWidth } from '../base/text.ts';

/** How a cell looks: its SGR codes in one order, and whether a blank of that look differs from an empty cell. */
export interface CellStyle {
  sgr: string;
  marksBlank: boolean;
}

/** A line cell by cell. The second cell of a wide character holds ''. */
export interface LineCells {
  chars: string[];
  styles: CellStyle[];
  /** Some character may take another number of cells in the terminal than here: the line is only ever written whole. */
  odd: boolean;
}

export const PLAIN: CellStyle = { sgr: '', marksBlank: false };

/** On and off of each attribute; colours are told by their first code. */
const OFF: Record<string, readonly string[]> = {
  22: ['1', '2'],
  23: ['3'],
  24: ['4'],
  25: ['5'],
  27: ['7'],
  28: ['8'],
  29: ['9'],
  39: ['fg'],
  49: ['bg'],
};
const STYLES_MAX = 500;
const styles = new Map<string, CellStyle>();

function styleOf(attributes: ReadonlyMap<string, string>): CellStyle {
  if (attributes.size === 0) return PLAIN;
  const sgr = [...attributes.values()].sort().join(';');
  let style = styles.get(sgr);
  if (style === undefined) {
    const marksBlank = ['4', '7', '9', 'bg'].some((name) => attributes.has(name));
    style = { sgr, marksBlank };
    if (styles.size >= STYLES_MAX) styles.clear();
    styles.set(sgr, style);
  }
  return style;
}

/** How many codes a colour takes: `38;5;n` three, `38;2;r;g;b` five, a named one itself. */
function colorLength(codes: readonly string[], at: number): number {
  if (codes[at] !== '38' && codes[at] !== '48') return 1;
  return codes[at + 1] === '2' ? 5 : 3;
}

function applySgr(attributes: Map<string, string>, parameters: string): void {
  const codes = parameters.split(';');
  for (let at = 0; at < codes.length; ) {
    const code = codes[at] ?? '';
    const size = colorLength(codes, at);
    const off = OFF[code];
    if (code === '' || code === '0') attributes.clear();
    else if (off !== undefined) for (const name of off) attributes.delete(name);
    else if (/^(3|9)\d$/.test(code)) attributes.set('fg', codes.slice(at, at + size).join(';'));
    else if (/^(4|10)\d$/.test(code)) attributes.set('bg', codes.slice(at, at + size).join(';'));
    else attributes.set(code, code);
    at += size;
  }
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function put(line: LineCells, char: string, style: CellStyle): void {
  line.chars.push(char);
  // A blank whose look cannot be seen is an empty cell.
  line.styles.push(char === ' ' && !style.marksBlank ? PLAIN : style);
}

function putText(line: LineCells, text: string, style: CellStyle): void {
  for (let index = 0; index < text.length; index += 1) {
    if (!isOneCell(text.charCodeAt(index))) return putOdd(line, text, style, index);
    put(line, text.charAt(index), style);
  }
}

/** From `index` on, and the character before it, to which it may belong. */
function putOdd(line: LineCells, text: string, style: CellStyle, index: number): void {
  line.odd = true;
  if (index > 0) {
    line.chars.pop();
    line.styles.pop();
  }
  for (const { segment } of graphemes.segment(text.slice(Math.max(0, index - 1)))) {
    put(line, segment, style);
    for (let more = 1; more < cellWidth(segment); more += 1) put(line, '', style);
  }
}

/** A line of text and SGR sequences as cells, without the empty ones at its end. */
export function lineCells(text: string): LineCells {
  const line: LineCells = { chars: [], styles: [], odd: false };
  const attributes = new Map<string, string>();
  let style = PLAIN;
  const pieces = text.split(/\u001b\[([\d;]*)m/);
  for (const [index, piece] of pieces.entries()) {
    if (index % 2 === 0) putText(line, piece, style);
    else {
      applySgr(attributes, piece);
      style = styleOf(attributes);
    }
  }
  while (line.chars.at(-1) === ' ' && line.styles.at(-1) === PLAIN) {
    line.chars.pop();
    line.styles.pop();
  }
  return line;
}
