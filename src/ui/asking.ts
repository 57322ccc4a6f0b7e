// What a key asks of the engine: an action, or a sentence that says why there is nothing to ask. Pure; the caller sends it.

import type { ConnectionName } from '../core/fact.ts';
import type { ReplayView, Snapshot } from '../core/snapshot.ts';
import type { Action } from '../engine/controls.ts';
import type { KeyAction } from './keymap.ts';
import { readyToWrite, requestOf } from './packet-form.ts';
import { activePane, topMode, type UiState } from './state.ts';
import { positionOf, TIMES } from './typed-position.ts';

export type Asked =
  /** `dialog`: what comes of it is worth a dialog, not a passing line. */
  | { ask: 'act'; act: Action; title: string; dialog: boolean }
  | { ask: 'confirm'; act: Action; title: string; lines: string[] }
  | { ask: 'nothing'; why: string };

export const SNOOZE_MS = 600_000;
export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, Number.POSITIVE_INFINITY];

const quiet = (act: Action, title: string): Asked => ({ ask: 'act', act, title, dialog: false });

/** The socket that the chosen line is about; without a choice the only one that is not off. */
function chosenSocket(state: UiState, snapshot: Snapshot): ConnectionName | null {
  const pane = activePane(state);
  const chosen = state.selected[pane] ?? '';
  if (chosen.startsWith('user')) return 'user';
  if (chosen.startsWith('public')) return 'public';
  const running = (['public', 'user'] as const).filter((name) => snapshot.connections[name].state !== 'off');
  const down = running.filter((name) => snapshot.connections[name].state !== 'open');
  const candidates = down.length > 0 ? down : running;
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

function reconnect(state: UiState, snapshot: Snapshot): Asked {
  const connection = chosenSocket(state, snapshot);
  if (connection === null)
    return { ask: 'nothing', why: 'which socket? choose public or user in pane 1 first, then c' };
  if (snapshot.connections[connection].state === 'off')
    return { ask: 'nothing', why: `the ${connection} socket is off by the settings` };
  return quiet({ action: 'reconnect', connection }, 'reconnect');
}

function newToken(state: UiState, snapshot: Snapshot): Asked {
  const chosen = chosenSocket(state, snapshot);
  const connection = chosen ?? (snapshot.connections.user.state === 'off' ? 'public' : 'user');
  if (snapshot.key === null || !snapshot.key.usable)
    return { ask: 'nothing', why: 'no token can be made: there is no usable key' };
  return quiet({ action: 'new-token', connection }, 'new token');
}

/** The finding that escalation is about: the opened one, the chosen one, else the one behind the verdict. */
export function findingInHand(state: UiState, snapshot: Snapshot): string | null {
  const opened = state.modes.findLast((mode) => mode.mode === 'finding');
  if (opened?.mode === 'finding') return opened.key;
  const chosen = activePane(state) === 'findings' ? state.selected.findings : undefined;
  return (
    chosen ?? snapshot.verdict.findingKey ?? snapshot.findings.find(({ status }) => status !== 'cleared')?.key ?? null
  );
}

/** The packet of the dialog, once what speaks against it was seen; null while the dialog itself has to say something first. */
function writePacket(state: UiState): Asked | null {
  const top = topMode(state);
  if (top.mode !== 'escalate' || !readyToWrite(top.form)) return null;
  const act: Action = { action: 'escalate', findingKey: top.form.findingKey, request: requestOf(top.form) };
  return { ask: 'act', act, title: 'escalation packet', dialog: true };
}

function onFinding(state: UiState, kind: 'acknowledge' | 'snooze'): Asked | null {
  const top = topMode(state);
  if (top.mode !== 'finding') return null;
  if (kind === 'acknowledge') return quiet({ action: 'acknowledge', findingKey: top.key }, 'acknowledge');
  return quiet({ action: 'snooze', findingKey: top.key, forMs: SNOOZE_MS }, 'snooze');
}

const clamp = (toT: number, replay: ReplayView): number => Math.max(0, Math.min(replay.lengthMs, toT));

function seek(toT: number, replay: ReplayView): Asked {
  return quiet({ action: 'replay-seek', toT: clamp(toT, replay) }, 'go to');
}

function speed(replay: ReplayView, by: 1 | -1): Asked {
  const at = SPEEDS.indexOf(replay.speed);
  const next = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, (at < 0 ? 2 : at) + by))] ?? 1;
  return quiet({ action: 'replay-speed', speed: next }, 'speed');
}

/** A marker that is about a finding begins with its code. */
const ABOUT_FINDING = /\b[A-Z][A-Z0-9]+_[A-Z0-9_]+/;
/** Markers closer than this to where we are count as here. */
const HERE_MS = 1;

function toFindingMarker(replay: ReplayView, by: 1 | -1): Asked {
  const markers = replay.markers.filter(({ label }) => ABOUT_FINDING.test(label)).toSorted((a, b) => a.t - b.t);
  const next =
    by > 0
      ? markers.find(({ t }) => t > replay.positionMs + HERE_MS)
      : markers.findLast(({ t }) => t < replay.positionMs - HERE_MS);
  if (next === undefined)
    return { ask: 'nothing', why: by > 0 ? 'no finding after this moment' : 'no finding before this moment' };
  return seek(next.t, replay);
}

function inReplay(action: KeyAction, state: UiState, replay: ReplayView): Asked | null {
  const { positionMs, lengthMs } = replay;
  switch (action) {
    case 'play':
      return quiet({ action: 'replay-play', playing: !replay.playing }, 'play');
    case 'back-5':
      return seek(positionMs - 5_000, replay);
    case 'forward-5':
      return seek(positionMs + 5_000, replay);
    case 'back-tenth':
      return seek(positionMs - lengthMs / 10, replay);
    case 'forward-tenth':
      return seek(positionMs + lengthMs / 10, replay);
    case 'previous-marker':
      return quiet({ action: 'replay-marker', direction: -1 }, 'marker');
    case 'next-marker':
      return quiet({ action: 'replay-marker', direction: 1 }, 'marker');
    case 'fact-back':
      return quiet({ action: 'replay-step', facts: -1 }, 'step');
    case 'fact-forward':
      return quiet({ action: 'replay-step', facts: 1 }, 'step');
    case 'slower':
      return speed(replay, -1);
    case 'faster':
      return speed(replay, 1);
    case 'start':
      return seek(0, replay);
    case 'idle-skip':
      return quiet({ action: 'replay-idle-skip', on: !(replay.idleSkip ?? false) }, 'idle skip');
    case 'next-finding':
      return topMode(state).mode === 'finding' ? null : toFindingMarker(replay, 1);
    case 'previous-finding':
      return topMode(state).mode === 'finding' ? null : toFindingMarker(replay, -1);
    default:
      return null;
  }
}

/** What the key asks of the engine, or null when it only concerns the screen. */
export function askedBy(action: KeyAction, state: UiState, snapshot: Snapshot): Asked | null {
  const top = topMode(state);
  if (action === 'accept' && top.mode === 'time') return typedTime(top.text, snapshot);
  if (action === 'accept' && top.mode === 'mark') return quiet({ action: 'mark', text: top.text.trim() }, 'mark');
  if (action === 'confirm' && top.mode === 'message' && top.confirm !== null) {
    return { ask: 'act', act: top.confirm, title: top.title, dialog: true };
  }
  if (snapshot.replay !== null) {
    const asked = inReplay(action, state, snapshot.replay);
    if (asked !== null) return asked;
  }
  switch (action) {
    case 'record':
      return quiet({ action: 'record', on: !(snapshot.recording?.active ?? false) }, 'recording');
    case 'save-window':
      return { ask: 'act', act: { action: 'save-window' }, title: 'the last 10 minutes', dialog: true };
    case 'reconnect':
      return reconnect(state, snapshot);
    case 'new-token':
      return newToken(state, snapshot);
    case 'acknowledge':
    case 'snooze':
      return onFinding(state, action);
    case 'write-packet':
      return writePacket(state);
    case 'escalate-now':
      return {
        ask: 'act',
        act: { action: 'escalate', findingKey: findingInHand(state, snapshot) },
        title: 'escalation packet',
        dialog: true,
      };
    default:
      return null;
  }
}

function typedTime(text: string, snapshot: Snapshot): Asked {
  if (snapshot.replay === null) return { ask: 'nothing', why: 'only a recording can be moved in time' };
  const toT = positionOf(text, snapshot.replay);
  if (toT === null) return { ask: 'nothing', why: `"${text}" is no time: type ${TIMES}` };
  return seek(toT, snapshot.replay);
}
