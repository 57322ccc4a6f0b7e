// Which rectangle each part of the screen gets at a size: the ladder of rungs and how spare room is spread. Pure; never outside the screen.

import type { Snapshot } from '../core/snapshot.ts';
import { choicesOf } from './drill.ts';
import { verdictRows } from './rows/verdict.ts';
import type { PaneId } from './selection.ts';
import { type ModeName, topMode, type UiState } from './state.ts';

export interface Size {
  columns: number;
  rows: number;
}

/** Cells from the top left corner of the terminal. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Rung = 'full' | 'default' | 'essential' | 'small' | 'too-small';

export interface PlacedPane {
  id: PaneId;
  rect: Rect;
}

export interface Layout {
  rung: Rung;
  header: Rect | null;
  verdict: Rect | null;
  panes: PlacedPane[];
  /** One reading mode over all panes: finding, frame, help, settings, message. */
  overlay: Rect | null;
  replayBar: Rect | null;
  status: Rect | null;
}

const RUNGS: readonly { rung: Rung; columns: number; rows: number }[] = [
  { rung: 'full', columns: 200, rows: 60 },
  { rung: 'default', columns: 120, rows: 40 },
  { rung: 'essential', columns: 80, rows: 24 },
  { rung: 'small', columns: 40, rows: 12 },
];

export const SMALLEST: Size = { columns: 40, rows: 12 };

/** The largest rung that fits the size. */
export function rungOf(size: Size): Rung {
  return RUNGS.find(({ columns, rows }) => size.columns >= columns && size.rows >= rows)?.rung ?? 'too-small';
}

/** Panes under each other in one column; heights must sum to the height of the area. */
function stack(x: number, y: number, width: number, parts: readonly [PaneId, number][]): PlacedPane[] {
  let top = y;
  return parts.map(([id, height]) => {
    const rect = { x, y: top, width, height };
    top += height;
    return { id, rect };
  });
}

/** How much of the spare height the upper panes get; the timeline takes the rest. */
function upperShare(spare: number, part: number, most: number): number {
  return Math.min(most, Math.max(0, Math.floor(spare / part)));
}

function fullPanes(body: Rect): PlacedPane[] {
  const width = Math.floor((body.width - 2) / 3);
  const last = body.width - 2 * (width + 1);
  const spare = body.height - 57;
  const more = upperShare(spare, 3, 12);
  const upper = 27 + more;
  return [
    ...stack(body.x, body.y, width, [
      ['connections', 13 + more],
      ['heartbeats', 7],
      ['limits', 7],
    ]),
    ...stack(body.x + width + 1, body.y, width, [
      ['findings', 13 + more],
      ['tokens', 8],
      ['closes', 6],
    ]),
    ...stack(body.x + 2 * (width + 1), body.y, last, [
      ['requests', 11 + more],
      ['orders', 9],
      ['self', 7],
    ]),
    ...stack(body.x, body.y + upper, body.width, [['timeline', body.height - upper]]),
  ];
}

function defaultPanes(body: Rect): PlacedPane[] {
  const left = Math.round(((body.width - 1) * 66) / 119);
  const right = body.width - 1 - left;
  const more = upperShare(body.height - 37, 3, 10);
  const upper = 22 + more;
  return [
    ...stack(body.x, body.y, left, [
      ['connections', 9 + more],
      ['heartbeats', 6],
      ['limits', 7],
    ]),
    ...stack(body.x + left + 1, body.y, right, [
      ['findings', 9 + more],
      ['tokens', 7],
      ['closes', 6],
    ]),
    ...stack(body.x, body.y + upper, body.width, [['timeline', body.height - upper]]),
  ];
}

/** Rows of a body in which the panes of the essential rung have their whole form, one under the other. */
const TALL_FROM = 44;
const CLOSES_FROM = 54;

/** A narrow terminal that is high, as half of a divided window is. */
function tallPanes(body: Rect): PlacedPane[] {
  const closes = body.height >= CLOSES_FROM ? 6 : 0;
  const findings = 7 + upperShare(body.height - TALL_FROM - closes, 2, 8);
  const parts: [PaneId, number][] = [
    ['connections', 9],
    ['findings', findings],
    ['heartbeats', 6],
    ['tokens', 7],
    ['limits', 7],
    ['closes', closes],
  ];
  const shown = parts.filter(([, height]) => height > 0);
  const upper = shown.reduce((sum, [, height]) => sum + height, 0);
  return stack(body.x, body.y, body.width, [...shown, ['timeline', body.height - upper]]);
}

function essentialPanes(body: Rect, asking: boolean): PlacedPane[] {
  if (body.height >= TALL_FROM) return tallPanes(body);
  const left = Math.round(((body.width - 1) * 42) / 79);
  const more = upperShare(body.height - 21, 2, 8);
  const top = body.y;
  const findings = Math.max(3, Math.min(5 + more + (asking ? 1 : 0), body.height - 13));
  const upper = 10 + findings;
  return [
    ...stack(body.x, top, body.width, [['connections', 6]]),
    ...stack(body.x, top + 6, left, [['tokens', 4]]),
    ...stack(body.x + left + 1, top + 6, body.width - left - 1, [['limits', 4]]),
    ...stack(body.x, top + 10, body.width, [['findings', findings]]),
    ...stack(body.x, top + upper, body.width, [['timeline', body.height - upper]]),
  ];
}

/** `asking`: the findings pane asks a question, which takes a line more. */
function panesOf(rung: Rung, body: Rect, asking: boolean): PlacedPane[] {
  if (rung === 'full') return fullPanes(body);
  if (rung === 'default') return defaultPanes(body);
  if (rung === 'essential') return essentialPanes(body, asking);
  return [{ id: 'findings', rect: body }];
}

/** A box in the middle of the area, as large as its text needs. */
function centred(body: Rect, lines: readonly string[]): Rect {
  const longest = Math.max(40, ...lines.map((line) => line.length));
  const width = Math.min(body.width, Math.max(longest + 4, 44), 100);
  const wrapped = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / Math.max(1, width - 6))), 0);
  const height = Math.min(body.height, wrapped + 4);
  return {
    x: body.x + Math.floor((body.width - width) / 2),
    y: body.y + Math.floor((body.height - height) / 3),
    width,
    height,
  };
}

const OVERLAYS: ReadonlySet<ModeName> = new Set<ModeName>([
  'finding',
  'frame',
  'help',
  'settings',
  'answer',
  'escalate',
]);

/** Where there is room the verdict always has two lines, so that the panes stand still when it changes. */
const VERDICT_ROWS: Record<Rung, { least: number; most: number }> = {
  full: { least: 2, most: 3 },
  default: { least: 2, most: 3 },
  essential: { least: 1, most: 3 },
  small: { least: 1, most: 4 },
  'too-small': { least: 1, most: 1 },
};

/** Rectangles for everything on the screen. Panes do not overlap each other and lie inside the screen. */
export function layout(size: Size, snapshot: Snapshot, state: UiState): Layout {
  const rung = rungOf(size);
  const none: Layout = { rung, header: null, verdict: null, panes: [], overlay: null, replayBar: null, status: null };
  if (rung === 'too-small') return none;
  const line = (y: number, height = 1): Rect => ({ x: 0, y, width: size.columns, height });
  const verdict = line(1, verdictRows(snapshot, state, size.columns, VERDICT_ROWS[rung]));
  const top = 1 + verdict.height;
  const replayBar = snapshot.replay === null ? null : line(size.rows - 2);
  const body = line(top, size.rows - top - 1 - (replayBar === null ? 0 : 1));
  const frame = { ...none, header: line(0), verdict, replayBar, status: line(size.rows - 1) };
  const mode = topMode(state);
  if (mode.mode === 'message') return { ...frame, overlay: centred(body, mode.lines) };
  if (OVERLAYS.has(mode.mode)) return { ...frame, overlay: body };
  const zoom = state.modes.findLast((entry) => entry.mode === 'zoom');
  if (zoom?.mode === 'zoom') return { ...frame, panes: [{ id: zoom.pane, rect: body }] };
  return { ...frame, panes: panesOf(rung, body, choicesOf(state) !== null) };
}

/** The panes of the rung itself, whatever is open over them: what Tab walks through. */
export function panesOnRung(size: Size): PaneId[] {
  const rung = rungOf(size);
  if (rung === 'too-small') return [];
  return panesOf(rung, { x: 0, y: 2, width: size.columns, height: size.rows - 3 }, false).map((pane) => pane.id);
}
