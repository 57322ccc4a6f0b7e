// The last line: the keys that matter in this mode, or what is being typed, or what just happened. Pure.

import { phaseOf } from '../drill.ts';
import { matchingFindings } from '../filter.ts';
import { activeBindings, type Binding, CHOICE_KEYS, shownKey } from '../keymap.ts';
import { topMode } from '../state.ts';
import { counted, grouped } from '../units.ts';
import type { View } from '../view.ts';
import { type Cell, cell, ends, flow, type Line } from './cells.ts';

/** Hints that go first when there is no room for all. */
const FIRST_TO_GO = [
  'as found',
  'copy',
  'record',
  'filter',
  'marker',
  'time',
  'pane',
  'before',
  'open',
  'freeze',
  'finding',
  'snooze',
  'the finding',
];

const lengthOf = (hints: readonly (readonly [string, string])[], gap: number): number =>
  hints.reduce((sum, [key, word]) => sum + key.length + 1 + word.length + gap, 1 - gap);

/** Key and word of the hints, in table order, those that matter least left out until the line fits. */
function hints(view: View, width: number): Line {
  const mode = topMode(view.state).mode;
  const gap = width >= 100 ? 3 : 2;
  let shown = activeBindings(mode, view.snapshot.mode === 'replay', phaseOf(view.state)).filter(
    (binding) => binding.hint !== undefined,
  );
  const leaves =
    mode === 'finding' ||
    mode === 'frame' ||
    mode === 'help' ||
    mode === 'settings' ||
    mode === 'zoom' ||
    mode === 'answer';
  const texts = (): (readonly [string, string])[] => [
    ...(leaves ? [['Esc', 'back'] as const] : []),
    ...shown.map((binding) => [keyOf(binding), hintOf(view, binding.hint ?? '')] as const),
  ];
  for (const hint of FIRST_TO_GO) {
    if (lengthOf(texts(), gap) <= width) break;
    shown = shown.filter((binding) => binding.hint !== hint);
  }
  while (shown.length > 1 && lengthOf(texts(), gap) > width) shown = shown.toSpliced(-2, 1);
  const line: Line = [];
  let x = 1;
  for (const [key, word] of texts()) {
    line.push(...flow(width, [cell(key, 'strong'), cell(word, 'dim')], 1, x));
    x += key.length + 1 + word.length + gap;
  }
  return line;
}

const keyOf = ({ action, keys }: Binding): string =>
  action.startsWith('choose-') ? CHOICE_KEYS : shownKey(keys[0] ?? '');

function hintOf(view: View, hint: string): string {
  if (hint === 'freeze' && view.state.frozen !== null) return 'go on';
  if (hint === 'record' && view.snapshot.recording?.active) return 'stop recording';
  if (hint === 'play' && view.snapshot.replay?.playing) return 'pause';
  return hint;
}

function typing(view: View): Cell[] | null {
  const top = topMode(view.state);
  const { cursor } = view.glyphs;
  if (top.mode === 'filter') {
    const { matching, kept } = view.raw.timeline;
    const findings = matchingFindings(view.state.filter, view.raw.findings).length;
    const said = `${grouped(matching)} of ${counted(kept, 'fact')}, ${counted(findings, 'finding')}`;
    return [cell(' /', 'accent'), cell(`${view.state.filter}${cursor}`, 'strong'), cell(said, 'dim')];
  }
  if (top.mode === 'time')
    return [cell(' :', 'accent'), cell(`${top.text}${cursor}`, 'strong'), cell('12:41, +30s or 20:14:07', 'dim')];
  return null;
}

export function statusLine(view: View, columns: number): Line {
  const typed = typing(view);
  if (typed !== null) return ends(columns - 1, typed, [cell('Enter keep   Esc as before', 'dim')], 2);
  const { toast, filter } = view.state;
  if (toast !== null && view.now < toast.until) return flow(columns - 1, [cell(toast.text, toast.role)], 1, 1);
  const standing = filter === '' ? '' : `/${filter}`;
  if (standing === '') return hints(view, columns - 1);
  const marked = cell(standing.slice(0, 24), 'warning');
  return [...hints(view, columns - 2 - marked.text.length), ...ends(columns - 1, [], [marked])];
}
