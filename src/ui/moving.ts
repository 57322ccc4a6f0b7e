// Moving about on the screen: the stack of modes, the focus, the selection and the scroll. Pure.

import type { Snapshot } from '../core/snapshot.ts';
import { itemsIn } from './drill.ts';
import type { PaneId } from './selection.ts';
import { activePane, type Mode, topMode, type UiState } from './state.ts';
import { follow, moveInTimeline, toOldest } from './timeline-scroll.ts';

const MODES_MAX = 12;

const under = (mode: Mode, below: number): Mode => (below === 0 ? mode : { ...mode, below });

export const push = (state: UiState, mode: Mode): UiState => ({
  ...state,
  modes: [...state.modes.slice(0, MODES_MAX - 1), under(mode, state.scroll)],
  scroll: 0,
});

export function pop(state: UiState): UiState {
  if (state.modes.length > 1) return withoutTop(state);
  if (state.filter !== '') return { ...state, filter: '' };
  const { [state.focus]: _, ...selected } = state.selected;
  return { ...state, selected };
}

export function withoutTop(state: UiState): UiState {
  return { ...state, modes: state.modes.slice(0, -1), scroll: topMode(state).below ?? 0 };
}

export function withTop(state: UiState, mode: Mode): UiState {
  return { ...state, modes: [...state.modes.slice(0, -1), under(mode, topMode(state).below ?? 0)] };
}

/** Keys move what is read, not a choice in a list. */
export function isReading(mode: Mode): boolean {
  return mode.mode !== 'panes' && mode.mode !== 'zoom';
}

/** What is read, scrolled by so many lines: never out of what there is. */
export function scrollBy(state: UiState, by: number, scrollMax: number): UiState {
  const from = Math.min(state.scroll, scrollMax);
  return { ...state, scroll: Math.max(0, Math.min(scrollMax, from + by)) };
}

/** Moves the selection of the active pane by this many lines; `height` is that of the pane. */
export function move(state: UiState, snapshot: Snapshot, by: number, height: number): UiState {
  const pane = activePane(state);
  if (pane === 'timeline') return moveInTimeline(state, snapshot, by, height);
  const items = itemsIn(pane, snapshot, state);
  if (items.length === 0) return state;
  const chosen = state.selected[pane];
  const current = chosen === undefined ? -1 : items.indexOf(chosen);
  const from = current < 0 ? (by > 0 ? -1 : 0) : current;
  const id = items[Math.max(0, Math.min(items.length - 1, from + by))];
  return id === undefined ? state : { ...state, selected: { ...state.selected, [pane]: id } };
}

export function toEdge(state: UiState, snapshot: Snapshot, edge: 'first' | 'last'): UiState {
  const pane = activePane(state);
  if (pane === 'timeline') return edge === 'first' ? follow(state) : toOldest(state, snapshot);
  const id = itemsIn(pane, snapshot, state).at(edge === 'first' ? 0 : -1);
  return id === undefined ? state : { ...state, selected: { ...state.selected, [pane]: id } };
}

export function focusOn(state: UiState, pane: PaneId, panes: readonly PaneId[]): UiState {
  const zoomed = topMode(state).mode === 'zoom';
  if (zoomed) return withTop({ ...state, focus: pane }, { mode: 'zoom', pane });
  if (panes.includes(pane)) return { ...state, focus: pane };
  return push({ ...state, focus: panes.includes(state.focus) ? state.focus : pane }, { mode: 'zoom', pane });
}

export function cycle(state: UiState, panes: readonly PaneId[], by: 1 | -1): UiState {
  if (panes.length === 0) return state;
  const at = panes.indexOf(activePane(state));
  const next = panes[(at + by + panes.length) % panes.length];
  return next === undefined ? state : focusOn(state, next, panes);
}
