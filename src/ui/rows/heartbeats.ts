// The heartbeats pane: counter, next due beat, cadence, lateness, skipped beats, and which silence it is. Pure.

import type { ConnectionName } from '../../core/fact.ts';
import type { HeartbeatView, Silence } from '../../core/snapshot.ts';
import type { Role } from '../theme.ts';
import { counted, grouped, latency, shortDuration } from '../units.ts';
import type { View } from '../view.ts';
import { type Cell, cell, flow, type Line, type PaneLine, type PaneRows, type Room } from './cells.ts';
import { gauge, latenessHistogram, sparkline, sparklineRange } from './gauge.ts';

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
  return /^(none|off)/.test(why) ? why : `${age}: ${why}`;
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

const BAR_WIDTH = 32;

/** How late the newest beats were, a bar for each step. */
function histogramLines({ latenessMs }: HeartbeatView, view: View, width: number): Line[] {
  if (latenessMs.length === 0) return [];
  const bars = latenessHistogram(latenessMs).map(({ step, beats }) => {
    const bar = gauge(beats / latenessMs.length, BAR_WIDTH, view.glyphs);
    return flow(width, [cell(step.padEnd(9), 'dim'), cell(bar, 'accent'), cell(grouped(beats).padStart(3))], 2, 8);
  });
  const range = `lateness of the last ${counted(latenessMs.length, 'beat')}, a full bar is all of them`;
  return [flow(width, [cell(range, 'dim')], 1, 8), ...bars];
}

function linesOf(view: View, room: Room, withHistograms: boolean): PaneLine[] {
  return (['public', 'user'] as const).flatMap((name, item) => {
    const beat = view.snapshot.heartbeats[name];
    const lines = socketLines(name, view, room);
    if (room.height >= 6 && beat.note !== '' && beat.nextInMs !== null)
      lines.push(flow(room.width, [cell(beat.note, 'dim')], 1, 8));
    if (withHistograms) lines.push(...histogramLines(beat, view, room.width));
    return lines.map((cells) => ({ cells, item }));
  });
}

export function heartbeatsRows(view: View, room: Room): PaneRows {
  const whole = room.zoomed ? linesOf(view, room, true) : [];
  const lines = whole.length > 0 && whole.length <= room.height ? whole : linesOf(view, room, false);
  const isDrawn = Object.values(view.snapshot.heartbeats).some(({ latenessMs }) => latenessMs.length > 0);
  return { lines: lines.slice(0, room.height), right: isDrawn ? sparklineRange(view.glyphs) : '' };
}
