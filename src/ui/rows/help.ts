// The help pane: the key table, by group, in as many columns as fit. Pure; it holds no key of its own.

import { FILTER_FIELDS } from '../../core/filter.ts';
import { phaseOf } from '../drill.ts';
import { type KeymapRow, keymapRows } from '../key-rows.ts';
import type { KeyGroup } from '../keymap.ts';
import { linesBelow } from '../units.ts';
import type { View } from '../view.ts';
import { cell, flow, type Line, type PaneRows, type Room, scrolledTo } from './cells.ts';

/** In the order of the pane; what a drill adds comes first. */
const GROUPS: Record<KeyGroup, string> = {
  drill: 'Drill',
  look: 'Look',
  move: 'Move',
  finding: 'Findings',
  frame: 'A fact',
  act: 'Act',
  replay: 'Replay',
  typing: 'While typing',
  leave: 'Leave',
};
const COLUMN = 58;
const KEYS = 13;

interface Entry {
  keys: string;
  label: string;
  heading: boolean;
}

function entriesOf(rows: readonly KeymapRow[]): Entry[] {
  const out: Entry[] = [];
  for (const [group, title] of Object.entries(GROUPS)) {
    const some = rows.filter((row) => row.group === group);
    if (some.length === 0) continue;
    if (out.length > 0) out.push({ keys: '', label: '', heading: true });
    out.push({ keys: title, label: '', heading: true });
    for (const { keys, label } of some) out.push({ keys, label, heading: false });
  }
  return out;
}

const FILTER: Entry[] = [
  { keys: '', label: '', heading: true },
  { keys: 'Filter', label: '', heading: true },
  { keys: 'user closed', label: 'both words, in any case', heading: false },
  { keys: '"two words"', label: 'the text in the quotes', heading: false },
  { keys: 'code:1006', label: 'a value that begins so; other fields are', heading: false },
  { keys: '', label: FILTER_FIELDS.filter((field) => field !== 'code').join(' '), heading: false },
  { keys: '/40[13]/', label: 'a regular expression', heading: false },
  { keys: '-heartbeats', label: 'without it; so also -code:1000 and -/regex/', heading: false },
];

const LEGEND: Entry[] = [
  { keys: '', label: '', heading: true },
  { keys: 'Signs', label: '', heading: true },
  { keys: '→ ←', label: 'sent, received', heading: false },
  { keys: '● ◐ ○ ✕', label: 'open, waiting, closed, closing', heading: false },
  { keys: '✓ ✗ ?', label: 'passes, fails, cannot be told from here', heading: false },
  { keys: 'T1 T2', label: 'who settles it: first line, or escalate', heading: false },
];

function entryLine(entry: Entry | undefined, x: number, width: number): Line {
  if (entry === undefined) return [];
  if (entry.heading) return flow(x + width, [cell(entry.keys, 'accent')], 1, x);
  return [
    ...flow(x + KEYS, [cell(entry.keys, 'strong')], 1, x),
    ...flow(x + width, [cell(entry.label)], 1, x + KEYS + 1),
  ];
}

export function helpRows(view: View, room: Room): PaneRows {
  const phase = phaseOf(view.state);
  const rows = keymapRows(phase).filter(({ when }) => when !== (phase === null ? 'drill' : 'replay'));
  const entries = [...entriesOf(rows), ...FILTER, ...LEGEND];
  const columns = Math.max(1, Math.floor((room.width + 2) / COLUMN));
  const width = Math.floor((room.width - 2 * (columns - 1)) / columns);
  const tall = Math.ceil(entries.length / columns);
  const lines: Line[] = Array.from({ length: tall }, (_, row) =>
    Array.from({ length: columns }, (__, column) =>
      entryLine(entries[column * tall + row], column * (width + 2), width),
    ).flat(),
  );
  const { below, ...shown } = scrolledTo(view.state.scroll, lines, room);
  return {
    ...shown,
    right: linesBelow(below) || `cbscope ${view.snapshot.version}`,
  };
}
