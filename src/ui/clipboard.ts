// Copying by OSC 52: the sequence the terminal takes, what is copied, and an honest sentence about it. Pure; the terminal writes it.

import { guardedText } from '../base/secret.ts';
import { maskedDetail } from './privacy.ts';
import type { Line } from './rows/cells.ts';
import { findingLines } from './rows/finding-detail.ts';
import { paneLines } from './rows/pane-rows.ts';
import { activePane, topMode } from './state.ts';
import { grouped } from './units.ts';
import { chosenIndex, type View } from './view.ts';

/** xterm takes no more in one OSC 52 (100 000 characters of base64). */
export const COPY_BYTES_MAX = 74_994;

const COPIED_LINES_MAX = 400;

function plain(line: Line): string {
  let text = '';
  let at = 0;
  for (const part of line) {
    text += ' '.repeat(Math.max(0, part.x - at)) + part.text;
    at = part.x + part.width;
  }
  return text;
}

function ofPane(view: View): { what: string; text: string } {
  const pane = activePane(view.state);
  const lines = paneLines(pane, view, COPIED_LINES_MAX);
  const chosen = chosenIndex(view, pane);
  const some = chosen < 0 ? lines : lines.filter((line) => line.item === chosen);
  return {
    what: chosen < 0 ? `the ${pane} pane` : `the chosen line of ${pane}`,
    text: some.map((line) => plain(line.cells)).join('\n'),
  };
}

/** What `y` copies: the dialog's text, the opened fact or finding, the chosen line, else the pane. */
export function copied(view: View): { what: string; text: string } | null {
  const top = topMode(view.state);
  if (top.mode === 'message') return top.copy === null ? null : { what: top.title, text: top.copy };
  if (top.mode === 'escalate')
    return top.form.preview === null ? null : { what: 'the packet', text: top.form.preview.markdown };
  if (top.mode === 'finding') {
    const finding = view.snapshot.findings.find(({ key }) => key === top.key);
    if (finding === undefined) return null;
    return { what: finding.code, text: [finding.code, ...findingLines(finding, view, 100).map(plain)].join('\n') };
  }
  if (top.mode === 'frame') {
    const held = view.state.detail?.seq === top.seq ? view.state.detail.detail : null;
    if (held === null) return null;
    const detail = view.state.privacy ? maskedDetail(held) : held;
    const fields = detail.fields.map(({ name, value }) => `${name}: ${value}`);
    return {
      what: `fact #${detail.seq}`,
      text: [detail.title, ...fields, ...detail.oddities, '', ...detail.body].join('\n'),
    };
  }
  return ofPane(view);
}

export interface Copy {
  /** What to write to the terminal; empty when it is too much. */
  sequence: string;
  message: string;
  ok: boolean;
}

const ESC = '\u001b';

/** The sequence for a text; inside tmux plain and wrapped, as its defaults usually let neither through. */
export function osc52(text: string, what: string, insideTmux: boolean): Copy {
  // What is on the screen was looked through; this goes to another program.
  const bytes = Buffer.from(guardedText(text), 'utf8');
  const size = `${grouped(bytes.length)} bytes`;
  if (bytes.length > COPY_BYTES_MAX) {
    return {
      sequence: '',
      ok: false,
      message: `${what}: ${size} are more than a terminal takes (${grouped(COPY_BYTES_MAX)}); use the file`,
    };
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
