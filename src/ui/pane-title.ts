// The title of a pane: its name behind the number that reaches it. Pure.

import { phaseOf } from './drill.ts';
import { actionFor } from './keymap.ts';
import { PANES, type PaneId } from './selection.ts';
import type { UiState } from './state.ts';

/** `7 timeline`; without the number while that key means something else. */
export function paneTitle(state: UiState, id: PaneId): string {
  const pane = PANES.find((candidate) => candidate.id === id);
  if (pane === undefined) return id;
  const reaches = actionFor(pane.key, 'panes', false, phaseOf(state)) === `pane-${id}`;
  return reaches ? `${pane.key} ${pane.title}` : pane.title;
}
