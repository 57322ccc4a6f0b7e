// The closes pane: every close and failed upgrade, its meaning, who did it, what is underneath, and what was done next. Pure.

import type { CloseView } from '../../core/snapshot.ts';
import { closesNewestFirst } from '../selection.ts';
import type { Role } from '../theme.ts';
import { clockTime, shortDuration } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import {
  cell,
  flow,
  type Line,
  type PaneLine,
  type PaneRows,
  partLines,
  type Room,
  sentence,
  wholeParts,
  windowOf,
  wrapText,
} from './cells.ts';

const CAUSES: Record<CloseView['cause'], string> = {
  'close-frame': '',
  'fin-without-close-frame': 'FIN without close frame',
  reset: 'connection reset',
  'tls-alert': 'TLS alert',
  'ping-timeout': 'no pong in time',
  'too-large': 'frame too large',
  'invalid-utf8': 'invalid UTF-8',
  'protocol-error': 'protocol error',
  asked: 'asked for by us',
  unknown: 'cause unknown',
  refused: 'upgrade refused',
  'connect-failed': 'no connection came about',
};

function roleOf(close: CloseView): Role {
  if (close.by === 'client' && close.cause === 'asked') return 'dim';
  return close.cause === 'refused' || close.cause === 'connect-failed' ? 'critical' : 'warning';
}

/** `1006`, `abnormal closure`; an upgrade that was refused has a status instead of a code. */
function named(close: CloseView): [string, string] {
  if (close.cause === 'refused') return [`HTTP ${close.code ?? ''}`.trim(), CAUSES.refused];
  const name = close.name === '' ? close.meaning : close.name;
  return close.code === null ? [name === '' ? 'failed' : name, ''] : [String(close.code).padEnd(4), name];
}

/** `after 0.6 s`, `FIN without close frame`, `by server`, …: what matters first, so that what does not fit is the rest. */
function howParts({ ageMs, by, cause, reason, detail }: CloseView): string[] {
  const said = reason === '' ? '' : `"${reason}"`;
  // What never opened is named by what failed: its error is what is left to say.
  if (cause === 'connect-failed') return [detail, CAUSES[cause], said];
  if (cause === 'refused') return [`by ${by}`, said, detail];
  const age = ageMs === null ? 'never open' : `after ${shortDuration(ageMs)}`;
  return [age, CAUSES[cause], said, `by ${by}`, detail];
}

/** Lines that tell all of a close in a narrow pane: where, how on two, and what was done next. */
const TOLD_LINES = 4;

/** Only what was open can end cleanly or not. */
function cleanText({ clean, ageMs }: CloseView): string {
  if (ageMs === null) return '';
  return clean ? 'clean' : 'not clean';
}

interface Telling {
  width: number;
  /** On lines of their own. */
  isTold: boolean;
  withMeaning: boolean;
}

function linesOf(close: CloseView, view: View, { width, isTold, withMeaning }: Telling): Line[] {
  const separator = ` ${view.glyphs.dot} `;
  const [code, name] = named(close);
  const first = flow(width, [
    cell(clockTime(close.at), 'dim'),
    cell(close.connection.padEnd(6), 'strong'),
    cell(`  ${code} ${name}`.trimEnd(), roleOf(close)),
  ]);
  const inside = width - 9;
  const how = howParts(close);
  const under = (text: string, role: Role): Line => flow(width, [cell(text, role)], 1, 9);
  if (!isTold) return [first, under(wholeParts([...how, close.next], separator, inside), 'dim')];
  const meaning =
    withMeaning && close.cause !== 'connect-failed'
      ? wrapText(close.meaning, inside, 3).map((text) => under(text, 'plain'))
      : [];
  const told = partLines([...how, cleanText(close)], separator, inside, 2).map((text) => under(text, 'dim'));
  return [
    first,
    ...meaning,
    ...told,
    under(close.next === '' ? 'nothing was done next' : `next: ${close.next}`, 'dim'),
  ];
}

export function closesRows(view: View, room: Room): PaneRows {
  const closes = closesNewestFirst(view.snapshot);
  if (closes.length === 0)
    return { lines: sentence(room.width, room.height, 'none: no socket has closed and no upgrade was refused') };
  // Whatever room there is goes to telling more of what is shown.
  const isTold = room.zoomed || TOLD_LINES * closes.length <= room.height;
  const telling = { width: room.width, isTold, withMeaning: room.zoomed };
  const count = Math.max(1, Math.floor(room.height / (isTold ? TOLD_LINES : 2)));
  const from = windowOf(closes.length, chosenIndex(view, 'closes'), count);
  const lines: PaneLine[] = closes
    .slice(from, from + count)
    .flatMap((close, index) => linesOf(close, view, telling).map((cells) => ({ cells, item: from + index })));
  const hidden = closes.length - count;
  return { lines: lines.slice(0, room.height), right: hidden > 0 ? `${closes.length}, newest first` : '' };
}
