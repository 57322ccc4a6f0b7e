// The modes that a line is typed in: the filter, a time, a mark. Pure.

import type { Snapshot } from '../core/snapshot.ts';
import { completion, filterProblem, readable } from './filter.ts';
import type { KeyAction } from './keymap.ts';
import { pop, withTop } from './moving.ts';
import { topMode, type UiState } from './state.ts';

const CHARACTERS_MAX = { filter: 200, time: 40, mark: 60 } as const;

/** The line that is typed now; null in any other mode. */
function lineOf(state: UiState): string | null {
  const top = topMode(state);
  return top.mode === 'filter' || top.mode === 'time' || top.mode === 'mark' ? top.text : null;
}

/** What is typed becomes the filter as soon as it can be read: until then the lists stay as they were. */
function withLine(state: UiState, line: string): UiState {
  const top = topMode(state);
  if (top.mode !== 'filter' && top.mode !== 'time' && top.mode !== 'mark') return state;
  const text = line.slice(0, CHARACTERS_MAX[top.mode]);
  const filter = top.mode === 'filter' ? (readable(text) ?? state.filter) : state.filter;
  return withTop({ ...state, filter }, { ...top, text });
}

export function typed(state: UiState, text: string): UiState {
  return withLine(state, (lineOf(state) ?? '') + text);
}

const withoutLast = (text: string): string => [...text].slice(0, -1).join('');
const withoutWord = (text: string): string => text.replace(/\S*\s*$/, '');

/** What a key does to the line. */
export function onTypingKey(state: UiState, action: KeyAction, snapshot: Snapshot): UiState {
  const top = topMode(state);
  const line = lineOf(state);
  if (line === null) return action === 'cancel' ? pop(state) : state;
  switch (action) {
    case 'cancel':
      return pop(top.mode === 'filter' ? { ...state, filter: top.before } : state);
    case 'accept':
      // What is wrong stays where it is told, to be put right.
      return top.mode === 'filter' && filterProblem(line) !== null ? state : pop(state);
    case 'erase':
      return withLine(state, withoutLast(line));
    case 'erase-word':
      return withLine(state, withoutWord(line));
    case 'erase-line':
      return withLine(state, '');
    case 'complete':
      return top.mode === 'filter' ? withLine(state, completion(line, snapshot).text) : state;
    default:
      return state;
  }
}
