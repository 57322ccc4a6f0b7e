// Copying by OSC 52: the sequence the terminal takes, what is copied, and an honest sentence about it. Pure; the terminal writes it.

import type { BodyWindow, FactDetail } from '../core/snapshot.ts';
import { shownText } from '../recording/redact.ts';
import { maskedDetail } from './privacy.ts';
import { readingRows } from './reading.ts';
import type { Line, Room } from './rows/cells.ts';
import { findingLines } from './rows/finding-detail.ts';
import { paneLines } from './rows/pane-rows.ts';
import { activePane, topMode } from './state.ts';
import { grouped } from './units.ts';
import { chosenIndex, type View } from './view.ts';

/** xterm takes no more in one OSC 52 (100 000 characters of base64). */
export const COPY_BYTES_MAX = 74_994;

const COPIED_LINES_MAX = 400;
/** The lines of a payload that are asked for to be copied. */
export const COPIED_BODY: BodyWindow = { from: 0, rows: 2_000, width: 400 };

/** What is read is copied whole. */
const READ_ROOM: Room = { width: 160, height: 1_000, zoomed: true };

export interface Copied {
  what: string;
  /** Null when it is more than can be copied. */
  text: string | null;
}

function plain(line: Line): string {
  let text = '';
  let at = 0;
  for (const part of line) {
    text += ' '.repeat(Math.max(0, part.x - at)) + part.text;
    at = part.x + part.width;
  }
  return text;
}

function ofPane(view: View): Copied {
  const pane = activePane(view.state);
  const lines = paneLines(pane, view, COPIED_LINES_MAX);
  const chosen = chosenIndex(view, pane);
  const some = chosen < 0 ? lines : lines.filter((line) => line.item === chosen);
  return {
    what: chosen < 0 ? `the ${pane} pane` : `the chosen line of ${pane}`,
    text: some.map((line) => plain(line.cells)).join('\n'),
  };
}

/** What `y` copies: the dialog's text, what is read, the chosen line, else the pane. */
export function copied(view: View): Copied | null {
  const top = topMode(view.state);
  if (top.mode === 'message') return top.copy === null ? null : { what: top.title, text: top.copy };
  if (top.mode === 'escalate')
    return top.form.preview === null ? null : { what: 'the packet', text: top.form.preview.markdown };
  if (top.mode === 'finding') {
    const finding = view.snapshot.findings.find(({ key }) => key === top.key);
    if (finding === undefined) return null;
    return { what: finding.code, text: [finding.code, ...findingLines(finding, view, 100).map(plain)].join('\n') };
  }
  const { lines } = readingRows(view, READ_ROOM) ?? { lines: null };
  if (lines !== null) return { what: top.mode, text: lines.map((line) => plain(line.cells)).join('\n') };
  return ofPane(view);
}

/** An opened fact as text; a payload that is not at hand whole is not cut, but told of. */
export function factCopied(detail: FactDetail, isMasked: boolean): Copied {
  const { seq, title, fields, oddities, body, bodyTotal } = isMasked ? maskedDetail(detail) : detail;
  const what = `fact #${grouped(seq)}`;
  if (bodyTotal > body.length) return { what: `${what} of ${grouped(bodyTotal)} lines`, text: null };
  const named = fields.map(({ name, value }) => `${name}: ${value}`);
  return { what, text: [title, ...named, ...oddities, '', ...body].join('\n') };
}

export interface Copy {
  /** What to write to the terminal; empty when it is too much. */
  sequence: string;
  message: string;
  ok: boolean;
}

const ESC = '\u001b';

const tooMuch = (what: string): Copy => ({
  sequence: '',
  ok: false,
  message: `${what}: a terminal takes at most ${grouped(COPY_BYTES_MAX)} bytes; w writes what was seen to a file`,
});

/** The sequence for a text; inside tmux plain and wrapped, as its defaults usually let neither through. */
export function osc52(text: string | null, what: string, insideTmux: boolean): Copy {
  if (text === null) return tooMuch(what);
  // What is on the screen was looked through; this goes to another program.
  const bytes = Buffer.from(shownText(text), 'utf8');
  const size = `${grouped(bytes.length)} bytes`;
  if (bytes.length > COPY_BYTES_MAX) {
    return tooMuch(`${what}, ${size}`);
  }
  const one = `${ESC}]52;c;${bytes.toString('base64')}\u0007`;
  if (!insideTmux)
    return {
      sequence: one,
      ok: true,
      message: `${what}: ${size} sent to the terminal's clipboard (OSC 52; not every terminal takes it)`,
    };
  const wrapped = `${ESC}Ptmux;${one.replaceAll(ESC, ESC + ESC)}${ESC}\\`;
  return {
    sequence: one + wrapped,
    ok: true,
    message: `${what}: ${size} sent; tmux needs: set -g set-clipboard on`,
  };
}
