// The key table as people read it: help pane, screen reader and README. Pure; it holds no key of its own.

import { BINDINGS, type Binding, CHOICE_KEYS, type KeyGroup, shownKey } from './keymap.ts';

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
const NUMBERED: readonly { prefix: string; row: KeymapRow }[] = [
  {
    prefix: 'pane-',
    row: { keys: '1…9 0', label: 'focus the pane with this number', group: 'look', when: 'always' },
  },
  {
    prefix: 'choose-',
    row: { keys: CHOICE_KEYS, label: 'answer with the code beside it', group: 'drill', when: 'drill' },
  },
];

/** The table for people: help pane and README. */
export function keymapRows(): KeymapRow[] {
  const rows: KeymapRow[] = [];
  for (const binding of BINDINGS) {
    if (binding.scope === 'message') continue;
    const row = NUMBERED.find(({ prefix }) => binding.action.startsWith(prefix))?.row ?? {
      keys: binding.keys.map(shownKey).join(' '),
      label: binding.label,
      group: binding.group,
      when: whenOf(binding),
    };
    if (!rows.includes(row)) rows.push(row);
  }
  return rows;
}
