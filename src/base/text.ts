// Text that came from elsewhere, made safe and measurable for a terminal. Nothing from the network is shown that has not passed here.

import stringWidth from 'string-width';
import { isOneCellEach } from './one-cell.ts';

// C0, DEL, C1; then bidi controls, zero-width and other invisible characters that can reorder or hide text; line separators.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return '\ufffd';
}

/** Control, bidi and invisible characters replaced by visible stand-ins: the result is one line and moves no cursor. */
export function safeText(text: string): string {
  return text.replace(UNSAFE, visible);
}

/** `safeText`, cut to at most `max` characters (not cells) with an ellipsis. */
export function safeStart(text: string, max: number): string {
  const cut = text.length > max ? `${text.slice(0, max - 1)}…` : text;
  return safeText(cut);
}

/** Terminal cells that sanitised text takes, as the framework measures them too: what one places, the other must not move. */
export function cellWidth(text: string): number {
  return isOneCellEach(text) ? text.length : stringWidth(text);
}

/** What a reader takes for one character, however many it is made of. */
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cut to at most `cells` terminal cells, ending in `…` when something was cut. */
export function clipCells(text: string, cells: number): string {
  if (cells <= 0) return '';
  if (cellWidth(text) <= cells) return text;
  let used = 0;
  let out = '';
  for (const { segment } of graphemes.segment(text)) {
    const width = cellWidth(segment);
    if (used + width > cells - 1) break;
    out += segment;
    used += width;
  }
  return `${out}…`;
}

/** Clipped or padded with spaces to exactly `cells` cells. */
export function fitCells(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const clipped = clipCells(text, cells);
  const padding = ' '.repeat(Math.max(0, cells - cellWidth(clipped)));
  return align === 'left' ? clipped + padding : padding + clipped;
}
