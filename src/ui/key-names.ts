// What the terminal sent, as the names of the key table; one read may hold several keys. Pure.

import type { Key } from 'ink';

export interface PressedKey {
  /** Name in the key table: `q`, `G`, `tab`, `shift+left`, `ctrl+c`. */
  key: string;
  /** What it types; empty for keys that type nothing. */
  text: string;
}

const NAMED: readonly [keyof Key, string][] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageDown', 'pgdn'],
  ['pageUp', 'pgup'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
];
const SHIFTABLE = new Set(['tab', 'left', 'right']);

function typedKey(character: string): PressedKey {
  if (character === ' ') return { key: 'space', text: ' ' };
  if (character === '\r' || character === '\n') return { key: 'enter', text: '' };
  if (character === '\t') return { key: 'tab', text: '' };
  if (character === '\u007f' || character === '\b') return { key: 'backspace', text: '' };
  if (character === '\u001b') return { key: 'esc', text: '' };
  if (character === '\u0003') return { key: 'ctrl+c', text: '' };
  if (character < ' ') return { key: '', text: '' };
  return { key: character, text: character };
}

/** The keys of one read, in order. */
export function keysOf(input: string, key: Key): PressedKey[] {
  const named = NAMED.find(([flag]) => key[flag] === true)?.[1];
  if (named !== undefined) return [{ key: key.shift && SHIFTABLE.has(named) ? `shift+${named}` : named, text: '' }];
  if (key.ctrl) return [{ key: `ctrl+${input}`, text: '' }];
  if (key.meta) return [];
  return [...input].map(typedKey);
}

/** Characters of a paste that are looked at. */
const PASTED_MAX = 100_000;
const CONTROL = /[\p{Cc}\u2028\u2029 ]+/gu;
const CONTROL_IN_LINES = /[^\P{Cc}\n\t]+/gu;

/** What a paste types: one line with spaces where others were broken or controlled, or lines for whom lines are welcome. */
export function pastedText(text: string, hasLines: boolean): string {
  const some = text.slice(0, PASTED_MAX);
  if (hasLines) return some.replace(/\r\n?/g, '\n').replace(CONTROL_IN_LINES, ' ');
  return some.replace(CONTROL, ' ').trim();
}
