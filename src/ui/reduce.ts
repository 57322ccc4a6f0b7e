// How the UI state changes: one pure function of state, event and newest snapshot. No clock, no engine, no terminal.

import type { FactDetail, Snapshot } from '../core/snapshot.ts';
import { answer, choose } from './answering.ts';
import { findingInHand } from './asking.ts';
import { choicesOf, type DrillCase, visibleDetail } from './drill.ts';
import type { KeyAction } from './keymap.ts';
import { cycle, focusOn, isReading, move, pop, push, scrollBy, toEdge, withoutTop, withTop } from './moving.ts';
import { chooseBy, eraseIn, moveRow, newForm, type PacketForm, readyToWrite, typeInto } from './packet-form.ts';
import { itemsOf, opens, type PaneId } from './selection.ts';
import { activePane, shownSnapshot, topMode, type UiAction, type UiState } from './state.ts';
import type { Look, Role } from './theme.ts';
import { refrozen, settled } from './timeline-scroll.ts';
import { onTypingKey, typed } from './typing.ts';

export const TOAST_MS = 5_000;

export function startState(look: Look, dealt: DrillCase | null = null): UiState {
  return {
    look,
    focus: 'findings',
    modes: [{ mode: 'panes' }],
    selected: {},
    timelineTop: 0,
    scroll: 0,
    filter: '',
    frozen: null,
    privacy: false,
    toast: null,
    detail: null,
    receivedAt: 0,
    secondsSince: 0,
    drill: dealt === null ? null : { dealt, answer: null, over: false },
  };
}

function open(state: UiState, snapshot: Snapshot): UiState {
  const top = topMode(state);
  if (top.mode === 'finding') {
    const facts = snapshot.findings.find((finding) => finding.key === top.key)?.facts ?? [];
    const seq = facts.at(-1);
    return seq === undefined ? state : push(state, { mode: 'frame', seq, among: facts });
  }
  if (top.mode === 'answer') return openAnswered(state, snapshot);
  if (top.mode !== 'panes' && top.mode !== 'zoom') return state;
  const pane = activePane(state);
  if (pane === 'findings' && choicesOf(state) !== null) return answer(state, state.selected.findings);
  const target = opens(pane, state.selected[pane], snapshot, state.filter);
  if (target === null) return top.mode === 'zoom' ? state : push(state, { mode: 'zoom', pane });
  if (target.open === 'finding') return push(state, { mode: 'finding', key: target.key });
  return push(state, { mode: 'frame', seq: target.seq, among: [] });
}

/** The finding that the drill was about, opened. */
function openAnswered(state: UiState, snapshot: Snapshot): UiState {
  const code = state.drill?.dealt.code;
  const finding = snapshot.findings.find((candidate) => candidate.code === code);
  return finding === undefined ? state : push(state, { mode: 'finding', key: finding.key });
}

function nextFinding(state: UiState, snapshot: Snapshot, panes: readonly PaneId[], by: 1 | -1): UiState {
  const keys = itemsOf('findings', snapshot, state.filter);
  if (keys.length === 0) return state;
  const top = topMode(state);
  const current = top.mode === 'finding' ? top.key : state.selected.findings;
  const at = current === undefined ? (by > 0 ? -1 : 0) : keys.indexOf(current);
  const key = keys[(at + by + keys.length) % keys.length];
  if (key === undefined) return state;
  const selected = { ...state.selected, findings: key };
  if (top.mode === 'finding') return { ...withTop(state, { mode: 'finding', key }), selected, scroll: 0 };
  return focusOn({ ...state, selected }, 'findings', panes);
}

function otherFact(state: UiState, by: 1 | -1): UiState {
  const top = topMode(state);
  if (top.mode !== 'frame') return state;
  const at = top.among.indexOf(top.seq);
  const walked = top.among[at + by];
  const detail = state.detail?.seq === top.seq ? state.detail.detail : null;
  const beside = by > 0 ? detail?.nextSeq : detail?.previousSeq;
  const seq = top.among.length > 1 ? walked : beside;
  if (seq === undefined || seq === null) return state;
  return { ...withTop(state, { ...top, seq }), scroll: 0 };
}

function toggleZoom(state: UiState): UiState {
  return topMode(state).mode === 'zoom' ? pop(state) : push(state, { mode: 'zoom', pane: state.focus });
}

function openVerdict(state: UiState, snapshot: Snapshot, now: number): UiState {
  const key = snapshot.verdict.findingKey;
  if (key !== null) return push(state, { mode: 'finding', key });
  return {
    ...state,
    toast: { text: 'no finding behind the verdict: nothing is wrong', role: 'dim', until: now + TOAST_MS },
  };
}

/** Lines that the key moves by; the edges are out of reach. */
const LINES: Record<'down' | 'up' | 'page-down' | 'page-up' | 'top' | 'bottom', (page: number) => number> = {
  down: () => 1,
  up: () => -1,
  'page-down': (page) => page,
  'page-up': (page) => -page,
  top: () => Number.NEGATIVE_INFINITY,
  bottom: () => Number.POSITIVE_INFINITY,
};

function onMoving(
  state: UiState,
  action: keyof typeof LINES,
  { rows, scrollMax }: { rows: number; scrollMax: number },
  snapshot: Snapshot,
): UiState {
  const by = LINES[action](Math.max(1, rows));
  if (isReading(topMode(state))) return scrollBy(state, by, scrollMax);
  if (!Number.isFinite(by)) return toEdge(state, snapshot, by < 0 ? 'first' : 'last');
  return move(state, snapshot, by, rows);
}

/** What a key does to the screen itself; what it asks of the engine is worked out in `asking.ts`. */
function onKey(state: UiState, event: Extract<UiAction, { type: 'key' }>, snapshot: Snapshot): UiState {
  const { action, panes, rows, now } = event;
  const top = topMode(state);
  if (top.mode === 'escalate' && action !== 'cancel') return withForm(state, onFormKey(top.form, action, rows));
  if (action.startsWith('pane-')) return focusOn(state, action.slice(5) as PaneId, panes);
  if (action.startsWith('choose-')) return choose(state, Number(action.slice(7)) - 1);
  switch (action) {
    case 'help':
      return topMode(state).mode === 'help' ? pop(state) : push(state, { mode: 'help' });
    case 'settings':
      return topMode(state).mode === 'settings' ? pop(state) : push(state, { mode: 'settings' });
    case 'next-pane':
      return cycle(state, panes, 1);
    case 'previous-pane':
      return cycle(state, panes, -1);
    case 'zoom':
      return toggleZoom(state);
    case 'down':
    case 'up':
    case 'page-down':
    case 'page-up':
    case 'top':
    case 'bottom':
      return onMoving(state, action, event, snapshot);
    case 'open':
      return open(state, snapshot);
    case 'back':
      return pop(state);
    case 'verdict':
      return openVerdict(state, snapshot, now);
    case 'next-finding':
      return nextFinding(state, snapshot, panes, 1);
    case 'previous-finding':
      return nextFinding(state, snapshot, panes, -1);
    case 'older-fact':
      return otherFact(state, -1);
    case 'newer-fact':
      return otherFact(state, 1);
    case 'freeze':
      return { ...state, frozen: state.frozen === null ? { snapshot, at: now } : null };
    case 'privacy':
      return { ...state, privacy: !state.privacy };
    case 'escalate':
      return push(state, { mode: 'escalate', form: newForm(findingInHand(state, snapshot)) });
    case 'show-answer':
      return push(state, { mode: 'answer' });
    case 'filter':
      return push(state, { mode: 'filter', text: state.filter, before: state.filter });
    case 'time':
    case 'mark':
      return push(state, { mode: action, text: '' });
    default:
      return onTypingKey(state, action, snapshot);
  }
}

function withForm(state: UiState, form: PacketForm): UiState {
  return withTop(state, { mode: 'escalate', form });
}

/** What a key does to the escalation dialog. */
function onFormKey(form: PacketForm, action: KeyAction, rows: number): PacketForm {
  switch (action) {
    case 'field-down':
      return moveRow(form, 1);
    case 'field-up':
      return moveRow(form, -1);
    case 'choice-on':
      return chooseBy(form, 1);
    case 'choice-back':
      return chooseBy(form, -1);
    case 'page-down':
      return { ...form, scroll: form.scroll + Math.max(1, Math.floor(rows / 2)) };
    case 'page-up':
      return { ...form, scroll: Math.max(0, form.scroll - Math.max(1, Math.floor(rows / 2))) };
    case 'erase':
      return eraseIn(form, false);
    case 'clear-field':
      return eraseIn(form, true);
    case 'write-packet':
      return readyToWrite(form) ? { ...form, writing: true } : { ...form, warned: form.preview !== null };
    default:
      return form;
  }
}

function onTyped(state: UiState, text: string): UiState {
  const top = topMode(state);
  return top.mode === 'escalate' ? withForm(state, typeInto(top.form, text)) : typed(state, text);
}

function onOutcome(state: UiState, event: Extract<UiAction, { type: 'outcome' }>): UiState {
  const { outcome, title, now, dialog } = event;
  const role: Role = outcome.ok ? 'good' : 'critical';
  if (!dialog && outcome.ok) return { ...state, toast: { text: outcome.message, role, until: now + TOAST_MS } };
  const lines = [outcome.message];
  if (outcome.ok && outcome.path !== undefined) lines.push('', `file: ${outcome.path}`);
  if (outcome.ok && outcome.markdown !== undefined) lines.push('', 'y copies the markdown for the ticket');
  const copy = outcome.ok ? (outcome.markdown ?? outcome.path ?? null) : null;
  const base = withoutFinished({ ...state, toast: null }, outcome.ok);
  return push(base, { mode: 'message', title, lines, tone: role, confirm: null, copy });
}

/** A dialog that asked is over with its answer; one that could not write stays open beneath it. */
function withoutFinished(state: UiState, ok: boolean): UiState {
  const top = topMode(state);
  if (top.mode === 'escalate' && !ok) return withForm(state, { ...top.form, writing: false });
  return top.mode === 'message' || top.mode === 'escalate' ? withoutTop(state) : state;
}

function onPreview(state: UiState, event: Extract<UiAction, { type: 'preview' }>): UiState {
  const top = topMode(state);
  if (top.mode !== 'escalate') return state;
  const { preview, problem } = event;
  return withForm(state, { ...top.form, preview: preview ?? top.form.preview, problem });
}

/** Only the fact that is still open is taken: answers may come late and out of order. */
function onDetail(state: UiState, seq: number, detail: FactDetail | null): UiState {
  const top = topMode(state);
  if (top.mode !== 'frame' || top.seq !== seq) return state;
  return { ...state, detail: { seq, detail: visibleDetail(detail, state) } };
}

function onSnapshot(state: UiState, snapshot: Snapshot): UiState {
  return settled(refrozen(state, snapshot), snapshot);
}

/** The next UI state. `snapshot` is the newest one; a frozen view acts on what is shown. */
export function reduce(state: UiState, event: UiAction, snapshot: Snapshot): UiState {
  switch (event.type) {
    case 'key':
      return onKey(state, event, event.action === 'freeze' ? snapshot : shownSnapshot(state, snapshot));
    case 'typed':
      return onTyped(state, event.text);
    case 'snapshot':
      return onSnapshot({ ...state, receivedAt: event.now, secondsSince: 0 }, snapshot);
    case 'second':
      return { ...state, secondsSince: state.secondsSince + 1 };
    case 'over':
      return state.drill === null ? state : { ...state, drill: { ...state.drill, over: true } };
    case 'preview':
      return onPreview(state, event);
    case 'detail':
      return onDetail(state, event.seq, event.detail);
    case 'message':
      return push(state, {
        mode: 'message',
        title: event.title,
        lines: event.lines,
        tone: event.tone,
        confirm: event.confirm ?? null,
        copy: event.copy ?? null,
      });
    case 'outcome':
      return onOutcome(state, event);
    case 'toast':
      return { ...state, toast: { text: event.text, role: event.role, until: event.now + TOAST_MS } };
  }
}
