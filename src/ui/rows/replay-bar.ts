// The replay bar: playing or paused, speed, position on a line with the markers, how far it is indexed, what is skipped. Pure.

import type { ReplayView } from '../../core/snapshot.ts';
import type { Role } from '../theme.ts';
import { clockDuration, clockTime } from '../units.ts';
import type { View } from '../view.ts';
import { type Cell, cell, ends, flow, type Line, type Placed } from './cells.ts';

const TRACK_COLUMNS_MIN = 24;
/** A note that cannot say even this much is left out. */
const NOTE_COLUMNS_MIN = 12;
const LOCAL_COLUMNS_MIN = 100;

export function speedText(speed: number, times: string): string {
  return Number.isFinite(speed) ? `${times}${speed}` : 'max';
}

const TONES: Record<string, Role> = {
  critical: 'critical',
  warning: 'warning',
  good: 'good',
  dim: 'dim',
  normal: 'plain',
};

function positionOf(replay: ReplayView, driftMs: number): number {
  return Math.min(replay.lengthMs, replay.positionMs + driftMs);
}

/** The track with one cell for each part of the recording: what is indexed, markers, and where we are. */
function track(replay: ReplayView, view: View, x: number, width: number): Placed[] {
  if (width < 8) return [];
  const { glyphs } = view;
  const at = (ms: number): number =>
    Math.max(0, Math.min(width - 1, Math.round((ms / Math.max(1, replay.lengthMs)) * (width - 1))));
  const here = at(positionOf(replay, view.driftMs));
  const indexed = Math.round((replay.indexed ?? 1) * width);
  const text = glyphs.horizontal.repeat(indexed) + glyphs.empty.repeat(width - indexed);
  const line: Placed[] = [{ text, role: 'dim', x, width }];
  const tones = new Map<number, Role>();
  for (const marker of replay.markers) tones.set(at(marker.t), TONES[marker.tone] ?? 'plain');
  const marks = [...tones].map(([place, role]): [number, Cell] => [place, { text: glyphs.vertical, role }]);
  const over = new Map<number, Cell>([...marks, [here, { text: glyphs.position, role: 'focus' }]]);
  return split(line, over);
}

/** A line of one run with some of its cells replaced. */
function split(line: readonly Placed[], over: ReadonlyMap<number, Cell>): Placed[] {
  const run = line[0];
  if (run === undefined) return [];
  const characters = [...run.text];
  const out: Placed[] = [];
  let text = '';
  for (const [index, character] of characters.entries()) {
    const mark = over.get(index);
    if (mark === undefined) {
      text += character;
      continue;
    }
    if (text !== '') out.push({ text, role: run.role, x: run.x + index - text.length, width: text.length });
    out.push({ ...mark, x: run.x + index, width: 1 });
    text = '';
  }
  if (text !== '') out.push({ text, role: run.role, x: run.x + characters.length - text.length, width: text.length });
  return out;
}

/** The same moment by the clock of the person looking; nothing where that is UTC. */
function localText({ snapshot, driftMs }: View, columns: number): string {
  const minutes = snapshot.replay?.localOffsetMin ?? 0;
  if (minutes === 0 || columns < LOCAL_COLUMNS_MIN) return '';
  return `${clockTime(snapshot.at + driftMs + minutes * 60_000)} local`;
}

/** As much of the note as leaves room for the track: where we are matters more. */
function noteCells({ note }: ReplayView, columns: number): Cell[] {
  if (columns < NOTE_COLUMNS_MIN) return [];
  return flow(columns, [cell(note, 'dim')]);
}

export function replayLine(view: View, columns: number): Line {
  const { replay } = view.snapshot;
  if (replay === null) return [];
  const { glyphs } = view;
  const state = replay.ended
    ? cell(`${glyphs.paused} ended`, 'accent')
    : replay.playing
      ? cell(`${glyphs.playing} playing`, 'good')
      : cell(`${glyphs.paused} paused`, 'warning');
  const length = clockDuration(replay.lengthMs);
  const position = clockDuration(positionOf(replay, view.driftMs)).padStart(length.length);
  const left = [
    cell(''),
    cell(state.text.padEnd(9), state.role),
    cell(speedText(replay.speed, glyphs.times).padEnd(5)),
    cell(`${position} of ${length}`),
    cell(localText(view, columns), 'dim'),
  ];
  const skip = replay.idleSkip ? 'idle skipped' : '';
  const taken = left.reduce((sum, { text }) => sum + text.length + 1, 0) + skip.length + TRACK_COLUMNS_MIN;
  const right = columns >= 60 ? [...noteCells(replay, columns - taken - 6), cell(skip, 'dim')] : [];
  const line = ends(columns - 1, [cell(' '), ...left.slice(1)], right, 1);
  const rightText = right.filter((part) => part.text !== '');
  const rightStart = rightText.length === 0 ? columns - 1 : (line.at(-rightText.length)?.x ?? columns - 1);
  const leftEnd = Math.max(0, ...line.filter((part) => part.x < rightStart).map((part) => part.x + part.width));
  return [...line, ...track(replay, view, leftEnd + 2, rightStart - leftEnd - 4)].toSorted((a, b) => a.x - b.x);
}
