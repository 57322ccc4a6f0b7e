// Roles to looks: what a role looks like in colour, without colour, and which glyphs draw the chrome. Panes name roles, never colours.

import { cellWidth } from '../base/text.ts';

export type Role =
  | 'plain'
  | 'strong'
  | 'dim'
  | 'label'
  | 'good'
  | 'warning'
  | 'critical'
  | 'accent'
  | 'border'
  | 'focus'
  | 'selected';

/** How the screen may draw: chosen once at the start. */
export interface Look {
  ascii: boolean;
  color: boolean;
}

export interface Style {
  color?: 'red' | 'green' | 'yellow' | 'cyan';
  dim?: boolean;
  bold?: boolean;
  inverse?: boolean;
}

const STYLES: Record<Role, Style> = {
  plain: {},
  strong: { bold: true },
  dim: { dim: true },
  label: { dim: true },
  good: { color: 'green' },
  warning: { color: 'yellow' },
  critical: { color: 'red', bold: true },
  accent: { color: 'cyan' },
  border: { dim: true },
  focus: { color: 'cyan', bold: true },
  selected: { inverse: true },
};

export function styleOf(role: Role): Style {
  return STYLES[role];
}

const SGR = {
  bold: ['\u001b[1m', '\u001b[22m'],
  dim: ['\u001b[2m', '\u001b[22m'],
  inverse: ['\u001b[7m', '\u001b[27m'],
  red: ['\u001b[31m', '\u001b[39m'],
  green: ['\u001b[32m', '\u001b[39m'],
  yellow: ['\u001b[33m', '\u001b[39m'],
  cyan: ['\u001b[36m', '\u001b[39m'],
} as const;

/** The text in the look of its role, as the framework would paint it. */
export function painted(text: string, role: Role, look: Look): string {
  if (!look.color) return withoutColor(text, role);
  if (text === '') return '';
  const { color, dim, bold, inverse } = STYLES[role];
  const looks = [dim && SGR.dim, color && SGR[color], bold && SGR.bold, inverse && SGR.inverse].filter(
    (each) => !!each,
  );
  return looks.reduce((inner, [on, off]) => on + inner + off, text);
}

/** The text with weight but no colour: used when colour is switched off, where the colour library paints nothing at all. */
export function withoutColor(text: string, role: Role): string {
  const style = STYLES[role];
  const weight = style.inverse ? SGR.inverse : style.bold ? SGR.bold : style.dim ? SGR.dim : null;
  return weight === null || text === '' ? text : `${weight[0]}${text}${weight[1]}`;
}

export interface Glyphs {
  topLeft: string;
  topRight: string;
  bottomLeft: string;
  bottomRight: string;
  horizontal: string;
  vertical: string;
  marker: string;
  bar: string;
  full: string;
  half: string;
  empty: string;
  spark: readonly string[];
  open: string;
  waiting: string;
  closed: string;
  off: string;
  pass: string;
  fail: string;
  unknown: string;
  warning: string;
  recording: string;
  notRecording: string;
  playing: string;
  paused: string;
  position: string;
  dot: string;
  ellipsis: string;
  times: string;
  dash: string;
  minus: string;
  plusMinus: string;
  up: string;
  down: string;
  left: string;
  right: string;
  cursor: string;
  cross: string;
}

const UNICODE: Glyphs = {
  topLeft: '╭',
  topRight: '╮',
  bottomLeft: '╰',
  bottomRight: '╯',
  horizontal: '─',
  vertical: '│',
  marker: '›',
  bar: '▌',
  full: '█',
  half: '▌',
  empty: '·',
  spark: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  open: '●',
  waiting: '◐',
  closed: '○',
  off: '·',
  pass: '✓',
  fail: '✗',
  unknown: '?',
  warning: '!',
  recording: '⏺',
  notRecording: '○',
  playing: '▶',
  paused: '⏸',
  position: '●',
  dot: '·',
  ellipsis: '…',
  times: '×',
  dash: '–',
  minus: '−',
  plusMinus: '±',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  cursor: '▏',
  cross: '✕',
};

const ASCII: Glyphs = {
  topLeft: '+',
  topRight: '+',
  bottomLeft: '+',
  bottomRight: '+',
  horizontal: '-',
  vertical: '|',
  marker: '>',
  bar: '|',
  full: '#',
  half: '=',
  empty: '.',
  spark: ['_', '.', ':', '-', '=', '+', '*', '#'],
  open: 'o',
  waiting: '~',
  closed: 'x',
  off: '-',
  pass: '+',
  fail: 'x',
  unknown: '?',
  warning: '!',
  recording: '*',
  notRecording: '-',
  playing: '>',
  paused: '=',
  position: 'o',
  dot: '-',
  ellipsis: '~',
  times: 'x',
  dash: '-',
  minus: '-',
  plusMinus: '+-',
  up: '^',
  down: 'v',
  left: '<-',
  right: '->',
  cursor: '_',
  cross: 'x',
};

export function glyphsOf(look: Look): Glyphs {
  return look.ascii ? ASCII : UNICODE;
}

const TO_ASCII: Record<string, string> = {
  '→': '>',
  '←': '<',
  '●': 'o',
  '○': 'o',
  '◐': '~',
  '✕': 'x',
  '✗': 'x',
  '✓': '+',
  '·': '-',
  '•': '*',
  '…': '~',
  '–': '-',
  '—': '-',
  '−': '-',
  '×': 'x',
  '±': '~',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '⏺': '*',
  '⏸': '=',
  '▶': '>',
  '▌': '|',
  '█': '#',
};

/** Every cell of the text as one ASCII character, so that widths stay as they were. */
export function toAscii(text: string): string {
  if (/^[\u0020-\u007e]*$/.test(text)) return text;
  const cells = cellWidth(text);
  const ascii = text.replace(/[^\u0020-\u007e]/gu, (mark) => TO_ASCII[mark] ?? '?'.repeat(cellWidth(mark)));
  // A character made of several may take other cells than its parts.
  return ascii.padEnd(cells, '?').slice(0, cells);
}
