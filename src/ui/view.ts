// What every pane is drawn from: the snapshot that is looked at, the UI state, and how far time has run since that snapshot. Pure.

import type { Snapshot } from '../core/snapshot.ts';
import { itemsIn } from './drill.ts';
import { masked } from './privacy.ts';
import type { PaneId } from './selection.ts';
import { shownSnapshot, type UiState } from './state.ts';
import { type Glyphs, glyphsOf } from './theme.ts';

export interface View {
  snapshot: Snapshot;
  /** The same without privacy's masks: what selections and filters look things up in. */
  raw: Snapshot;
  /** The newest snapshot: differs from `snapshot` while the view is frozen. */
  newest: Snapshot;
  state: UiState;
  glyphs: Glyphs;
  now: number;
  /** Time since the snapshot was made, for ages and countdowns; bounded, and 0 when the view stands still. */
  driftMs: number;
}

/** An engine that says nothing for longer must not look as if it still counted. */
const DRIFT_MS_MAX = 3_000;

function drift(snapshot: Snapshot, state: UiState, now: number): number {
  if (state.frozen !== null || state.drill?.over) return 0;
  const replay = snapshot.replay;
  if (replay !== null && (!replay.playing || replay.ended)) return 0;
  const elapsed = Math.max(0, Math.min(DRIFT_MS_MAX, now - state.receivedAt));
  const speed = replay === null || !Number.isFinite(replay.speed) ? 1 : replay.speed;
  return elapsed * speed;
}

export function viewOf(snapshot: Snapshot, state: UiState, now: number): View {
  const shown = shownSnapshot(state, snapshot);
  return {
    snapshot: state.privacy ? masked(shown) : shown,
    raw: shown,
    newest: snapshot,
    state,
    glyphs: glyphsOf(state.look),
    now,
    driftMs: drift(shown, state, now),
  };
}

/** Index of the chosen item of a pane in the order shown, or -1. */
export function chosenIndex(view: View, pane: PaneId): number {
  const chosen = view.state.selected[pane];
  return chosen === undefined ? -1 : itemsIn(pane, view.raw, view.state).indexOf(chosen);
}
