// Text that came from elsewhere, made safe and measurable for a terminal. Nothing from the network is shown that has not passed here.

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

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0x303e) ||
    (code >= 0x3041 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f000 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

function isZeroWidth(code: number): boolean {
  return (code >= 0x300 && code <= 0x36f) || (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0x20d0 && code <= 0x20ff);
}

/** Terminal cells that sanitised text takes. */
export function cellWidth(text: string): number {
  let cells = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (isZeroWidth(code)) continue;
    cells += isWide(code) ? 2 : 1;
  }
  return cells;
}

/** Cut to at most `cells` terminal cells, ending in `…` when something was cut. */
export function clipCells(text: string, cells: number): string {
  if (cells <= 0) return '';
  if (text.length <= cells && cellWidth(text) <= cells) return text;
  if (cellWidth(text) <= cells) return text;
  let used = 0;
  let out = '';
  for (const character of text) {
    const width = cellWidth(character);
    if (used + width > cells - 1) break;
    out += character;
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
