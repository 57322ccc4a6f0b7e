// How the timeline is scrolled: which row is chosen, which one stands first, and which rows the engine is asked for. Pure.

import type { Snapshot } from '../core/snapshot.ts';
import type { TimelineQuery } from '../core/timeline.ts';
import { choicesOf } from './drill.ts';
import type { UiState } from './state.ts';

/** Pages asked for around the chosen row, so that the next keys find theirs. */
const PAGES_ASKED = 5;

/** Index of the row that stands first: the one that stood there, unless the chosen one would be out of sight. */
export function firstShown(top: number, chosen: number, height: number): number {
  return Math.max(0, chosen - Math.max(1, height) + 1, Math.min(top, chosen));
}

/** Index of the first row that is not newer than this place; the last row when all are. */
function indexAt(snapshot: Snapshot, place: number): number {
  const { rows } = snapshot.timeline;
  const index = rows.findIndex((row) => row.place <= place);
  return index < 0 ? rows.length - 1 : index;
}

/** Index of the row that stands first at this height; 0 while the newest are followed. */
export function topIndex(snapshot: Snapshot, state: UiState, chosen: number, height: number): number {
  return chosen < 0 ? 0 : firstShown(indexAt(snapshot, state.timelineTop), chosen, height);
}

function choose(state: UiState, snapshot: Snapshot, chosen: number, top: number, height: number): UiState {
  const { rows } = snapshot.timeline;
  const row = rows[chosen];
  const first = rows[firstShown(top, chosen, height)];
  if (row === undefined || first === undefined) return state;
  return { ...state, selected: { ...state.selected, timeline: String(row.place) }, timelineTop: first.place };
}

/** Moves the chosen row by this many; a page moves what is shown with it. `height` in lines. */
export function moveInTimeline(state: UiState, snapshot: Snapshot, by: number, height: number): UiState {
  const { rows } = snapshot.timeline;
  const current = rows.findIndex((row) => String(row.place) === state.selected.timeline);
  const from = current < 0 ? (by > 0 ? -1 : 0) : current;
  const chosen = Math.max(0, Math.min(rows.length - 1, from + by));
  const last = Math.max(0, rows.length - height);
  const top = current < 0 ? 0 : Math.min(last, indexAt(snapshot, state.timelineTop));
  const page = Math.abs(by) > 1 && current >= 0 ? by : 0;
  return choose(state, snapshot, chosen, Math.max(0, top + page), height);
}

/** The newest row, followed. */
export function follow(state: UiState): UiState {
  const { timeline: _, ...selected } = state.selected;
  return { ...state, selected };
}

/** The oldest row that matches: the engine is asked for those around it. */
export function toOldest(state: UiState, snapshot: Snapshot): UiState {
  const { oldest } = snapshot.timeline;
  if (oldest === null) return state;
  return { ...state, selected: { ...state.selected, timeline: String(oldest) }, timelineTop: oldest };
}

/** The chosen row is one of those that came: the nearest one when it is gone, or when the filter left it out. */
export function settled(state: UiState, snapshot: Snapshot): UiState {
  const { query, rows } = snapshot.timeline;
  const chosen = state.selected.timeline;
  if (chosen === undefined || query.filter !== state.filter || String(query.place) !== chosen) return state;
  if (rows.length === 0 || rows.some((row) => String(row.place) === chosen)) return state;
  const nearest = indexAt(snapshot, Number(chosen));
  return choose(state, snapshot, nearest, indexAt(snapshot, state.timelineTop), rows.length);
}

/** What the engine is asked for so that a timeline of this many lines can be drawn and moved in. */
export function queryOf(state: UiState, newest: Snapshot | null, height: number): TimelineQuery {
  const chosen = state.selected.timeline;
  const still = state.frozen?.snapshot ?? (state.drill?.over ? newest : null);
  const upTo = still === null ? null : still.timeline.total;
  const { filter } = state;
  const findings = choicesOf(state) === null;
  if (chosen === undefined) return { place: null, rows: 2 * height, upTo, filter, findings };
  return { place: Number(chosen), rows: PAGES_ASKED * height, upTo, filter, findings };
}

/** A moment that stands still, with the rows of then that came since; the moment itself when these are of another. */
export function lookedUp(still: Snapshot, { timeline }: Snapshot): Snapshot {
  const { total } = still.timeline;
  return timeline.query.upTo === total ? { ...still, timeline: { ...timeline, total } } : still;
}

/** A frozen view keeps its moment, but rows of then may still be looked up. */
export function refrozen(state: UiState, snapshot: Snapshot): UiState {
  const { frozen } = state;
  return frozen === null ? state : { ...state, frozen: { ...frozen, snapshot: lookedUp(frozen.snapshot, snapshot) } };
}
