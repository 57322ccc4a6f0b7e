// The key table as people read it: help pane, screen reader and README. Pure; it holds no key of its own.

import type { DrillPhase } from './drill.ts';
import { BINDINGS, type Binding, CHOICE_KEYS, type KeyGroup, type Scope, shownKey } from './keymap.ts';

export interface KeymapRow {
  keys: string;
  label: string;
  group: KeyGroup;
  when: 'always' | 'live' | 'replay' | 'drill';
}

function whenOf(binding: Binding): KeymapRow['when'] {
  if (binding.drillOnly !== undefined) return 'drill';
  return binding.replayOnly ? 'replay' : binding.liveOnly ? 'live' : 'always';
}

/** Keys that come in a row of numbers are one line for people. */
const CHOOSE: KeymapRow = {
  keys: CHOICE_KEYS,
  label: 'answer with the code beside it',
  group: 'drill',
  when: 'drill',
};
const FOCUS: KeymapRow = { keys: '1…9 0', label: 'focus the pane with this number', group: 'look', when: 'always' };
/** While a drill asks, the first numbers answer. */
const FOCUS_OTHERS: KeymapRow = { ...FOCUS, keys: '7 8 9 0' };

function rowOf(binding: Binding, drill: DrillPhase | null): KeymapRow {
  if (binding.action.startsWith('pane-')) return drill === 'question' ? FOCUS_OTHERS : FOCUS;
  if (binding.action.startsWith('choose-')) return CHOOSE;
  const { label, group } = binding;
  return { keys: binding.keys.map(shownKey).join(' '), label, group, when: whenOf(binding) };
}

/** Dialogs say their keys themselves, in the status line. */
const OWN_LINE: ReadonlySet<Scope> = new Set<Scope>(['message', 'dialog']);

/** The table for people; in a drill without what means nothing at that point of it. */
export function keymapRows(drill: DrillPhase | null = null): KeymapRow[] {
  const rows: KeymapRow[] = [];
  for (const binding of BINDINGS) {
    if (OWN_LINE.has(binding.scope) || (drill !== null && binding.notIn?.includes(drill))) continue;
    const row = rowOf(binding, drill);
    if (!rows.includes(row)) rows.push(row);
  }
  return rows;
}
