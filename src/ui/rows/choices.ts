// The findings pane of a drill whose answer is hidden: the codes to choose from, by their keys. Pure.

import { activePane } from '../state.ts';
import { countdown } from '../units.ts';
import type { View } from '../view.ts';
import { type Cell, cell, flow, type Line, type PaneRows, type Room } from './cells.ts';

const ASKING = 'hidden: what do you think it is?';
/** `› 1  SUBSCRIPTION…`: marker, key, the longest code. */
const COLUMN = 30;

function choiceCells(view: View, code: string, index: number): Cell[] {
  const isChosen = activePane(view.state) === 'findings' && view.state.selected.findings === code;
  const marker = isChosen ? view.glyphs.marker : ' ';
  return [cell(marker, 'focus'), cell(String(index + 1), 'accent'), cell(code, isChosen ? 'selected' : 'strong')];
}

/** Under each other where there is room, else in two columns. */
function grid(view: View, choices: readonly string[], room: Room): Line[] {
  const columns = room.height < choices.length && room.width >= 2 * COLUMN ? 2 : 1;
  const tall = Math.ceil(choices.length / columns);
  return Array.from({ length: tall }, (_, row) =>
    Array.from({ length: columns }, (__, column) => {
      const code = choices[column * tall + row];
      const x = column * COLUMN;
      return code === undefined ? [] : flow(room.width, choiceCells(view, code, column * tall + row), 1, x);
    }).flat(),
  );
}

function leftText(view: View): string {
  const { drill } = view.state;
  if (drill === null || drill.over) return 'the scenario is over';
  const ms = drill.dealt.durationMs - (view.snapshot.at - view.snapshot.startedAt) - view.driftMs;
  return ms > 0 ? `ends in ${countdown(ms)}` : 'ends now';
}

export function choiceRows(view: View, room: Room, choices: readonly string[]): PaneRows {
  const lines = grid(view, choices, room);
  const asked = lines.length < room.height ? [flow(room.width, [cell(ASKING)])] : [];
  return { lines: [...asked, ...lines].slice(0, room.height).map((cells) => ({ cells })), right: leftText(view) };
}
