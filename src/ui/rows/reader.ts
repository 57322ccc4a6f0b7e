// The screen as sentences for a screen reader: what matters, in order, without columns, bars or figures that never stand still. Pure.

import { safeText } from '../../base/text.ts';
import { choicesOf } from '../drill.ts';
import { keymapRows } from '../key-rows.ts';
import { topMode } from '../state.ts';
import { clockTime } from '../units.ts';
import type { View } from '../view.ts';
import { answerLines } from './answer.ts';
import type { Line } from './cells.ts';
import { channelCells } from './connections.ts';
import { escalateSentences } from './escalate.ts';
import { findingLines } from './finding-detail.ts';
import { findingText, isOpen, tier } from './findings.ts';
import { partyName } from './verdict.ts';

const textOf = (line: Line): string => line.map((part) => part.text).join(' ');

function connectionSentences(view: View): string[] {
  return (['public', 'user'] as const).map((name) => {
    const connection = view.snapshot.connections[name];
    if (connection.state !== 'open')
      return `${name} socket: ${connection.state}. ${connection.note || connection.lastClose}`;
    const channels = channelCells(connection.channels, view).map((part) => part.text.replace(/^\S /, ''));
    return `${name} socket: open. ${channels.join(' ')}`;
  });
}

function findingSentences(view: View): string[] {
  const choices = choicesOf(view.state);
  if (choices !== null)
    return ['Hidden: what do you think it is?', ...choices.map((code, index) => `${index + 1}: ${code}`)];
  const open = view.snapshot.findings.filter(isOpen);
  if (open.length === 0) return ['No open findings.'];
  return open.map((finding) => `${finding.severity}, ${finding.code}, for ${tier(finding)}: ${findingText(finding)}`);
}

function opened(view: View): string[] | null {
  const top = topMode(view.state);
  if (top.mode === 'finding') {
    const finding = view.snapshot.findings.find(({ key }) => key === top.key);
    return finding === undefined
      ? null
      : [`Finding ${finding.code}.`, ...findingLines(finding, view, 2_000).map(textOf)];
  }
  if (top.mode === 'answer' && view.state.drill !== null) return answerLines(view, view.state.drill, 2_000).map(textOf);
  if (top.mode === 'escalate') return escalateSentences(view, top.form);
  if (top.mode === 'help') return keymapRows().map(({ keys, label }) => `${keys}: ${label}`);
  if (top.mode === 'message') return [top.title, ...top.lines];
  if (top.mode === 'frame' && view.state.detail?.seq === top.seq && view.state.detail.detail !== null) {
    const { detail } = view.state.detail;
    return [detail.title, ...detail.fields.map(({ name, value }) => `${name}: ${value}`), ...detail.body.slice(0, 100)];
  }
  return null;
}

/** Sentences, one a line; they change only when something did. */
export function readerLines(view: View): string[] {
  const { snapshot, state } = view;
  const inside = opened(view);
  const world = { live: 'Live, read-only.', demo: 'Simulated, read-only.', replay: 'Replay.' }[snapshot.mode];
  const toast = state.toast !== null && view.now < state.toast.until ? [state.toast.text] : [];
  if (inside !== null)
    return [...inside, 'Escape goes back.', ...toast].filter((text) => text.trim() !== '').map(safeText);
  const rest = snapshot.rest.state === 'off' ? 'off' : snapshot.rest.state;
  const newest = snapshot.timeline.rows.find((row) => row.tone === 'warning' || row.tone === 'critical');
  const last =
    newest === undefined
      ? []
      : [`Last trouble at ${clockTime(newest.at)} UTC: ${newest.source} ${newest.what} ${newest.detail}`];
  const lines = [
    `cbscope. ${world}`,
    `Verdict: ${partyName(snapshot.verdict.party).toLowerCase()}, ${snapshot.verdict.confidence} confidence. ${snapshot.verdict.sentence}`,
    ...findingSentences(view),
    ...connectionSentences(view),
    `REST: ${rest}. ${snapshot.rest.note}`,
    ...last,
    ...toast,
    'Question mark for keys, v for the verdict, q to quit.',
  ];
  return lines.map(safeText);
}
