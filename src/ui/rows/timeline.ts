// The timeline pane: every fact, newest first, filtered, windowed before anything is drawn. Pure.

import type { TimelineRow } from '../../core/snapshot.ts';
import { matchingRows } from '../filter.ts';
import { newestFirst } from '../selection.ts';
import { isFollowing } from '../state.ts';
import type { Role } from '../theme.ts';
import { bytes, clockTime, grouped } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import { type Column, cell, fitColumns, type PaneRows, type Room, sentence, tableLine, windowOf } from './cells.ts';

const COLUMNS: readonly Column[] = [
  { width: 12 },
  { width: 6 },
  { width: 1 },
  { width: 14 },
  { width: '*', gap: 1 },
  { width: 8, align: 'right', drop: 1 },
];

/** Without a size the detail may run to the edge. */
const SIZELESS = COLUMNS.slice(0, 5);

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
  const sized = fitColumns(room.width, COLUMNS);
  const sizeless = fitColumns(room.width, SIZELESS);
  const lines = rows.slice(from, from + room.height).map((row, index) => {
    const role = TONES[row.tone];
    const cells = [
      cell(clockTime(row.at, true), 'dim'),
      cell(row.source, row.tone === 'dim' ? 'dim' : 'plain'),
      cell(row.glyph, role),
      cell(row.what, role),
      cell(row.detail, row.tone === 'normal' || row.tone === 'good' ? 'plain' : role),
      cell(row.sizeBytes === null ? '' : bytes(row.sizeBytes), 'dim'),
    ];
    return { cells: tableLine(row.sizeBytes === null ? sizeless : sized, cells), item: from + index };
  });
  return { lines, right };
}
