// The last line: the keys that matter in this mode, or what is being typed, or what just happened. Pure.

import { shownText } from '../../recording/redact.ts';
import { phaseOf } from '../drill.ts';
import { completion, filterProblem, matchingFindings } from '../filter.ts';
import { activeBindings, type Binding, CHOICE_KEYS, shownKey } from '../keymap.ts';
import { silence, topMode } from '../state.ts';
import { counted, grouped } from '../units.ts';
import type { View } from '../view.ts';
import { type Cell, cell, ends, flow, type Line } from './cells.ts';

/** Hints that go first when there is no room for all. */
const FIRST_TO_GO = [
  'as found',
  'copy',
  'mark',
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

const KEEP = 'Enter keep   Esc as before';
/** More words than these are not offered one by one. */
const FITTING_SHOWN_MAX = 6;

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

/** What is wrong with the filter, or how it can go on, or else what it leaves. */
function aboutFilter(view: View, text: string): Cell {
  const { filter } = view.state;
  const { fitting } = completion(text, view.raw);
  const problem = filterProblem(text);
  const word = text.split(/\s/).at(-1) ?? '';
  const isWhole = fitting.length === 1 && word.endsWith(fitting[0] ?? '');
  if (fitting.length > 0 && fitting.length <= FITTING_SHOWN_MAX && !isWhole)
    return cell(`Tab: ${fitting.join(' ')}`, 'dim');
  if (problem !== null) return cell(problem, 'warning');
  const { matching, kept, unsearched } = view.raw.timeline;
  const findings = matchingFindings(filter, view.raw.findings).length;
  const so = unsearched > 0 ? ' so far' : '';
  return cell(`${grouped(matching)} of ${counted(kept, 'fact')}${so}, ${counted(findings, 'finding')}`, 'dim');
}

/** The end of what is typed, where there is no room for all of it. */
function tail(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(1 - width)}`;
}

function typing(view: View, columns: number): { left: Cell[]; right: string } | null {
  const top = topMode(view.state);
  const { cursor } = view.glyphs;
  if (top.mode === 'filter') {
    const about = aboutFilter(view, top.text);
    const typed = tail(shownText(top.text), Math.max(12, columns - about.text.length - 8));
    // What is wrong matters more than the keys.
    const isRoomy = typed.length + about.text.length + KEEP.length + 8 <= columns;
    return { left: [cell(' /', 'accent'), cell(`${typed}${cursor}`, 'strong'), about], right: isRoomy ? KEEP : '' };
  }
  if (top.mode !== 'time' && top.mode !== 'mark') return null;
  const typed = cell(`${shownText(top.text)}${cursor}`, 'strong');
  if (top.mode === 'mark') return { left: [cell(' mark', 'accent'), typed], right: 'Enter mark   Esc leave it' };
  return { left: [cell(' :', 'accent'), typed, cell('12:41, +30s or 20:14:07', 'dim')], right: KEEP };
}

export function statusLine(view: View, columns: number): Line {
  const typed = typing(view, columns);
  if (typed !== null) return ends(columns - 1, typed.left, [cell(typed.right, 'dim')], 2);
  const silent = silence(view.state);
  if (silent !== null)
    return ends(columns - 1, [cell(` ${silent}: all this is of then`, 'critical')], [cell('q quit', 'dim')], 2);
  const { toast, filter } = view.state;
  if (toast !== null && view.now < toast.until) return flow(columns - 1, [cell(toast.text, toast.role)], 1, 1);
  const standing = filter === '' ? '' : `/${filter}`;
  if (standing === '') return hints(view, columns - 1);
  const marked = cell(standing.slice(0, 24), 'warning');
  return [...hints(view, columns - 2 - marked.text.length), ...ends(columns - 1, [], [marked])];
}
