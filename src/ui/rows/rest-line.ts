// The lines of REST in the connections pane: its state, pace, latency and failures. Pure.

import { cellWidth } from '../../base/text.ts';
import type { RestView } from '../../core/snapshot.ts';
import type { Glyphs, Role } from '../theme.ts';
import { countdown, counted, grouped, latency } from '../units.ts';
import type { View } from '../view.ts';
import { type Cell, cell, flow, type PaneLine, type Room } from './cells.ts';

const REST_STATES: Record<RestView['state'], { word: string; glyph: keyof Glyphs; role: Role }> = {
  off: { word: 'off', glyph: 'off', role: 'dim' },
  ok: { word: 'ok', glyph: 'open', role: 'good' },
  failing: { word: 'failing', glyph: 'fail', role: 'critical' },
  paused: { word: 'paused', glyph: 'waiting', role: 'warning' },
  waiting: { word: 'wait', glyph: 'waiting', role: 'dim' },
};

/** Statuses that are not a success, worst counted first: `401 ×6`. */
export function failedStatuses(byStatus: Record<string, number>, glyphs: Glyphs): string {
  return Object.entries(byStatus)
    .filter(([status]) => !/^[23]/.test(status))
    .toSorted((a, b) => b[1] - a[1])
    .map(([status, count]) => `${status} ${glyphs.times}${grouped(count)}`)
    .join('  ');
}

interface RestParts {
  main: Cell[];
  /** What goes under the main line where it does not fit beside it. */
  beside: Cell[];
}

/** The REST line; `nameWidth` lines its state up with the sockets above. */
export function restParts(view: View, nameWidth: number): RestParts {
  const { rest } = view.snapshot;
  const { word, glyph, role } = REST_STATES[rest.state];
  const name = cell('REST'.padEnd(nameWidth), 'strong');
  const state = cell(`${String(view.glyphs[glyph])} ${word}`.padEnd(8), role);
  if (rest.state === 'off')
    return { main: [name, state, cell(rest.note || 'switched off by the settings', 'dim')], beside: [] };
  const paused = rest.pausedForMs === null ? '' : `resumes in ${countdown(rest.pausedForMs - view.driftMs)}`;
  return {
    main: [
      name,
      state,
      cell(`${grouped(rest.callsPerMinute)} calls/min`.padStart(12)),
      cell(`  p50 ${latency(rest.p50Ms)}`.padEnd(12)),
      cell(`  p99 ${latency(rest.p99Ms)}`.padEnd(12)),
    ],
    beside: [cell(paused, 'warning'), cell(failedStatuses(rest.byStatus, view.glyphs), 'critical')],
  };
}

const widthOf = (cells: readonly Cell[]): number =>
  cells.reduce((sum, { text }) => sum + (text === '' ? 0 : cellWidth(text) + 1), -1);

export function restLines(view: View, room: Room, level: number): PaneLine[] {
  const { rest } = view.snapshot;
  const { main, beside } = restParts(view, 7);
  const fits = widthOf([...main, ...beside]) <= room.width;
  const under = [cell(rest.state === 'off' ? '' : rest.note, 'dim'), ...(fits ? [] : beside)];
  const lines = [flow(room.width, fits ? [...main, ...beside] : main)];
  if (under.some(({ text }) => text !== '')) lines.push(flow(room.width, under, 2, 8));
  const totals = `${counted(rest.requests, 'request')} this session`;
  if (level > 0) lines.push(flow(room.width, [cell(rest.host, 'label'), cell(totals, 'label')], 3, 8));
  return lines.map((cells) => ({ cells, item: 2 }));
}
