// The timeline pane: the rows that the engine was asked for, newest first, and what they are a part of. Pure.

import { cellWidth } from '../../base/text.ts';
import type { TimelineRow, TimelineWindow } from '../../core/timeline.ts';
import { isFollowing } from '../state.ts';
import type { Role } from '../theme.ts';
import { topIndex } from '../timeline-scroll.ts';
import { bytes, clockTime, counted, grouped } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import {
  type Column,
  cell,
  fitColumns,
  type Line,
  type PaneLine,
  type PaneRows,
  type Room,
  sentence,
  tableLine,
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

/** What the filter leaves; figures that answer what was typed before are none. */
function leftBy(filter: string, { query, matching, kept, unsearched }: TimelineWindow): string {
  if (query.filter !== filter) return 'searching';
  const rest = unsearched === 0 ? '' : `, ${grouped(unsearched)} not searched yet`;
  return `${grouped(matching)} of ${grouped(kept)}${rest}`;
}

function titleRight(view: View, above: number): string {
  const { timeline, self } = view.snapshot;
  const { filter, frozen } = view.state;
  const newer = isFollowing(view.state) ? 0 : timeline.newer + above;
  const following = isFollowing(view.state) ? 'following' : 'stopped, g follows';
  const parts = [
    filter === '' ? '' : `filter "${filter}" ${leftBy(filter, timeline)}`,
    newer === 0 ? '' : `${grouped(newer)} newer`,
    frozen !== null && isFollowing(view.state) ? 'frozen' : following,
    counted(self.facts, 'fact'),
  ];
  return parts.filter((part) => part !== '').join(` ${view.glyphs.dot} `);
}

/** What stands below the oldest row: the list has an end, and why. */
function endOf(view: View): string {
  const { isCut, kept, total } = view.snapshot.timeline;
  const isReplay = view.snapshot.mode === 'replay';
  if (!isCut) return isReplay ? 'the recording begins here' : 'the session begins here';
  const rest = isReplay ? 'go back in time for older ones' : 'older ones are in a recording only';
  return `the newest ${grouped(kept)} of ${grouped(total)} are kept here; ${rest}`;
}

function emptyRows(view: View, room: Room): PaneLine[] {
  const { filter } = view.state;
  const { unsearched, total } = view.snapshot.timeline;
  const nothing = total === 0 ? 'nothing has happened yet' : 'one moment';
  const unfit =
    unsearched > 0
      ? `no fact matches the filter "${filter}" so far; still searching`
      : `no fact matches the filter "${filter}"; Esc clears it`;
  return sentence(room.width, room.height, filter === '' ? nothing : unfit);
}

/** How many rows stand above the first one shown, so that no line stays empty; the end of the list is a line behind the last row. */
function firstRow(view: View, rows: number, hasEnd: boolean, height: number): number {
  const chosen = chosenIndex(view, 'timeline');
  const top = topIndex(view.snapshot, view.state, chosen, height);
  const last = Math.max(0, rows + (hasEnd ? 1 : 0) - height);
  return hasEnd && chosen === rows - 1 ? last : Math.min(top, last);
}

export function timelineRows(view: View, room: Room): PaneRows {
  const { rows, older, unsearched } = view.snapshot.timeline;
  if (rows.length === 0) return { lines: emptyRows(view, room), right: titleRight(view, 0) };
  const hasEnd = older === 0 && unsearched === 0;
  const from = firstRow(view, rows.length, hasEnd, room.height);
  const lines: PaneLine[] = rows
    .slice(from, from + room.height)
    .map((row, index) => ({ cells: lineOf(row, room.width), item: from + index }));
  if (hasEnd && lines.length < room.height) lines.push(...sentence(room.width, 1, endOf(view)));
  return { lines, right: titleRight(view, from) };
}
