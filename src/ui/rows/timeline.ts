// The timeline pane: every fact, newest first, filtered, windowed before anything is drawn. Pure.

import { cellWidth } from '../../base/text.ts';
import type { TimelineRow } from '../../core/snapshot.ts';
import { matchingRows } from '../filter.ts';
import { newestFirst } from '../selection.ts';
import { isFollowing } from '../state.ts';
import type { Role } from '../theme.ts';
import { bytes, clockTime, grouped } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import {
  type Column,
  cell,
  fitColumns,
  type Line,
  type PaneRows,
  type Room,
  sentence,
  tableLine,
  windowOf,
} from './cells.ts';

/** A long name of a fact takes room from its detail rather than being cut. */
function columnsFor(what: number, sized: boolean): Column[] {
  const columns: Column[] = [{ width: 12 }, { width: 6 }, { width: 1 }, { width: what }, { width: '*', gap: 1 }];
  // Without a size the detail may run to the edge.
  return sized ? [...columns, { width: 8, align: 'right', drop: 1 }] : columns;
}

const WHAT_MAX = 30;

function lineOf(row: TimelineRow, width: number): Line {
  const role = TONES[row.tone];
  const least = width >= 140 ? 20 : 14;
  const what = Math.max(least, Math.min(WHAT_MAX, cellWidth(row.what)));
  return tableLine(fitColumns(width, columnsFor(what, row.sizeBytes !== null)), [
    cell(clockTime(row.at, true), 'dim'),
    cell(row.source, row.tone === 'dim' ? 'dim' : 'plain'),
    cell(row.glyph, role),
    cell(row.what, role),
    cell(row.detail, row.tone === 'normal' || row.tone === 'good' ? 'plain' : role),
    cell(row.sizeBytes === null ? '' : bytes(row.sizeBytes), 'dim'),
  ]);
}

const TONES: Record<TimelineRow['tone'], Role> = {
  normal: 'plain',
  dim: 'dim',
  good: 'good',
  warning: 'warning',
  critical: 'critical',
};

function shownRows(view: View): TimelineRow[] {
  const raw = matchingRows(view.state.filter, newestFirst(view.raw.timeline));
  if (!view.state.privacy) return raw;
  const bySeq = new Map(view.snapshot.timeline.map((row) => [row.seq, row]));
  return raw.map((row) => bySeq.get(row.seq) ?? row);
}

function titleRight(view: View, shown: number): string {
  const facts = `${grouped(view.snapshot.self.facts)} facts`;
  const filter = view.state.filter === '' ? '' : `filter "${view.state.filter}" ${grouped(shown)} match`;
  const following = isFollowing(view.state)
    ? view.state.frozen === null
      ? 'following'
      : 'frozen'
    : 'stopped, g follows';
  return [filter, following, facts].filter((part) => part !== '').join(` ${view.glyphs.dot} `);
}

export function timelineRows(view: View, room: Room): PaneRows {
  const rows = shownRows(view);
  const right = titleRight(view, rows.length);
  if (rows.length === 0) {
    const why =
      view.state.filter === ''
        ? 'nothing has happened yet'
        : `no fact matches the filter "${view.state.filter}"; Esc clears it`;
    return { lines: sentence(room.width, room.height, why), right };
  }
  const from = windowOf(rows.length, chosenIndex(view, 'timeline'), room.height);
  const lines = rows
    .slice(from, from + room.height)
    .map((row, index) => ({ cells: lineOf(row, room.width), item: from + index }));
  return { lines, right };
}
