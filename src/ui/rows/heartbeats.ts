// The heartbeats pane: counter, next due beat, cadence, lateness, skipped beats, and which silence it is. Pure.

import type { ConnectionName } from '../../core/fact.ts';
import type { HeartbeatView, Silence } from '../../core/snapshot.ts';
import type { Glyphs, Role } from '../theme.ts';
import { grouped, latency, shortDuration } from '../units.ts';
import type { View } from '../view.ts';
import { type Cell, cell, flow, type Line, type PaneLine, type PaneRows, type Room } from './cells.ts';

/** Steps of the sparkline, ms late: fixed, so that a bar means the same at any time. */
const STEPS_MS = [25, 75, 150, 300, 600, 1_200, 2_000];

/** One bar for each beat, oldest first, higher is later. */
export function sparkline(latenessMs: readonly number[], width: number, glyphs: Glyphs): string {
  return latenessMs
    .slice(-Math.max(0, width))
    .map((late) => {
      const step = STEPS_MS.findIndex((limit) => late <= limit);
      return glyphs.spark[step < 0 ? glyphs.spark.length - 1 : step] ?? '';
    })
    .join('');
}

const SILENCES: Record<Silence, string> = {
  none: '',
  'not-open': 'the socket is not open',
  'no-bytes': 'no bytes at all',
  'heartbeats-without-data': 'heartbeats, but no data',
  'late-by-us': 'this tool was late reading',
};

function noneText(beat: HeartbeatView, view: View): string {
  const age = beat.ageMs === null ? 'none yet' : `none for ${shortDuration(beat.ageMs + view.driftMs)}`;
  const why =
    beat.note !== '' ? beat.note : SILENCES[beat.silence] || (beat.subscribed ? 'none was due' : 'not subscribed');
  return why.startsWith('none') ? why : `${age}: ${why}`;
}

function dueCell(beat: HeartbeatView, view: View): Cell {
  if (beat.nextInMs === null) return cell('none due', 'dim');
  const left = beat.nextInMs - view.driftMs;
  if (left >= 0) return cell(`next in ${shortDuration(left)}`.padEnd(13));
  return cell(`late by ${shortDuration(-left)}`.padEnd(13), left < -2_000 ? 'warning' : 'plain');
}

const lateRole = (ms: number | null): Role => (ms !== null && ms > 2_000 ? 'warning' : 'plain');

function socketLines(name: ConnectionName, view: View, room: Room): Line[] {
  const beat = view.snapshot.heartbeats[name];
  const label = cell(name.padEnd(6), 'strong');
  if (beat.nextInMs === null || beat.counter === null) {
    return [flow(room.width, [label, cell(noneText(beat, view), beat.silence === 'no-bytes' ? 'critical' : 'dim')], 2)];
  }
  const width = Math.max(4, Math.min(32, room.width - 46));
  const first = flow(
    room.width,
    [
      label,
      cell(grouped(beat.counter).padStart(9)),
      dueCell(beat, view),
      cell(sparkline(beat.latenessMs, width, view.glyphs).padStart(width), 'accent'),
      cell(`skipped ${grouped(beat.skipped)}`, beat.skipped > 0 ? 'warning' : 'dim'),
    ],
    2,
  );
  const figures = [
    cell(`late p50 ${latency(beat.lateP50Ms)}`.padEnd(15), 'dim'),
    cell(`p99 ${latency(beat.lateP99Ms)}`.padEnd(10), 'dim'),
    cell(`max ${latency(beat.lateMaxMs)}`.padEnd(10), lateRole(beat.lateMaxMs)),
  ];
  const silence = SILENCES[beat.silence];
  return [
    first,
    flow(room.width, [...figures, cell(silence === '' ? '' : `${view.glyphs.warning} ${silence}`, 'warning')], 2, 8),
  ];
}

export function heartbeatsRows(view: View, room: Room): PaneRows {
  const lines: PaneLine[] = [];
  for (const [item, name] of (['public', 'user'] as const).entries()) {
    lines.push(...socketLines(name, view, room).map((cells) => ({ cells, item })));
    const note = view.snapshot.heartbeats[name].note;
    if (room.height >= 6 && note !== '' && view.snapshot.heartbeats[name].nextInMs !== null) {
      lines.push({ cells: flow(room.width, [cell(note, 'dim')], 1, 8), item });
    }
  }
  return { lines: lines.slice(0, room.height) };
}
