// What the person at the keyboard has done to the screen: focus, modes, selection, filter, freeze. Types and questions; `reduce.ts` changes it.

import type { PacketPreview } from '../core/packet-request.ts';
import type { FactDetail, Snapshot } from '../core/snapshot.ts';
import type { Action, Outcome } from '../engine/controls.ts';
import type { DrillState } from './drill.ts';
import type { KeyAction } from './keymap.ts';
import type { PacketForm } from './packet-form.ts';
import type { PaneId } from './selection.ts';
import type { Look, Role } from './theme.ts';

/** `below` is how far the mode beneath was scrolled: coming back, it still is. */
export type Mode = { below?: number } & (
  | { mode: 'panes' }
  | { mode: 'zoom'; pane: PaneId }
  | { mode: 'finding'; key: string }
  | { mode: 'frame'; seq: number; among: number[] }
  | { mode: 'help' }
  | { mode: 'settings' }
  | { mode: 'answer' }
  | { mode: 'escalate'; form: PacketForm }
  /** `text` is what is typed; the filter follows while it can be read. */
  | { mode: 'filter'; text: string; before: string }
  | { mode: 'time'; text: string }
  | { mode: 'mark'; text: string }
  | { mode: 'message'; title: string; lines: string[]; tone: Role; confirm: Action | null; copy: string | null }
);

export type ModeName = Mode['mode'];

export interface Toast {
  text: string;
  role: Role;
  /** Epoch ms after which it is no longer shown. */
  until: number;
}

export interface UiState {
  look: Look;
  focus: PaneId;
  /** Top mode last; the first one is always `panes`. */
  modes: Mode[];
  /** Chosen item of each pane by its identity; absent follows the newest. */
  selected: Partial<Record<PaneId, string>>;
  /** Place of the timeline's row that stands first while one is chosen. */
  timelineTop: number;
  /** First shown line of the reading modes (finding, frame, help, settings). */
  scroll: number;
  filter: string;
  /** The view stands still at this snapshot; capture goes on. */
  frozen: { snapshot: Snapshot; at: number } | null;
  privacy: boolean;
  toast: Toast | null;
  /** The opened fact: its detail, or null when it is no longer held; absent while it is being fetched. */
  detail: { seq: number; detail: FactDetail | null } | null;
  /** Wall clock at which the newest snapshot came: countdowns run on from there. */
  receivedAt: number;
  /** Seconds counted since then: unlike the clock they stand still while this thread does. */
  secondsSince: number;
  /** A drill in progress, or null. */
  drill: DrillState | null;
}

export type UiAction =
  /** `panes` are those on the screen now, `rows` the page of the focused one, `scrollMax` how far what is read can be scrolled. */
  | { type: 'key'; action: KeyAction; panes: readonly PaneId[]; rows: number; scrollMax: number; now: number }
  | { type: 'typed'; text: string }
  | { type: 'snapshot'; now: number }
  | { type: 'second' }
  /** The drill's scenario has ended. */
  | { type: 'over' }
  | { type: 'detail'; seq: number; detail: FactDetail | null }
  | { type: 'preview'; preview: PacketPreview | null; problem: string }
  | { type: 'message'; title: string; lines: string[]; tone: Role; confirm?: Action; copy?: string }
  | { type: 'outcome'; title: string; outcome: Outcome; now: number; dialog: boolean }
  | { type: 'toast'; text: string; role: Role; now: number };

export function topMode(state: UiState): Mode {
  return state.modes.at(-1) ?? { mode: 'panes' };
}

/** The pane that keys move in: the zoomed one, else the focused one. */
export function activePane(state: UiState): PaneId {
  const zoom = state.modes.findLast((mode) => mode.mode === 'zoom');
  return zoom?.mode === 'zoom' ? zoom.pane : state.focus;
}

/** The snapshot that is looked at: the frozen one, or the newest. */
export function shownSnapshot(state: UiState, newest: Snapshot): Snapshot {
  return state.frozen?.snapshot ?? newest;
}

/** An engine says something every second; one that says nothing for longer is stuck. */
const SILENT_AFTER_S = 4;

/** Why what is seen may be old: the engine's silence as the beginning of a sentence, or null while it speaks. */
export function silence({ secondsSince }: UiState): string | null {
  return secondsSince < SILENT_AFTER_S ? null : `no word from this tool's own engine for ${secondsSince} s`;
}

/** Whether the timeline shows the newest fact first, as it comes. */
export function isFollowing(state: UiState): boolean {
  return state.selected.timeline === undefined;
}
