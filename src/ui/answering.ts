// How a drill's answer is taken: the UI state before and after. Pure.

import { choicesOf } from './drill.ts';
import { activePane, topMode, type UiState } from './state.ts';

/** Takes the answer of a drill: the veil falls. Codes that are not on offer are no answer. */
export function answer(state: UiState, code: string | undefined): UiState {
  if (state.drill === null || code === undefined || !choicesOf(state)?.includes(code)) return state;
  const { findings: _, ...selected } = state.selected;
  return {
    ...state,
    drill: { ...state.drill, answer: code },
    modes: [{ mode: 'panes' }, { mode: 'answer' }],
    focus: 'findings',
    selected,
    scroll: 0,
    frozen: null,
    detail: null,
  };
}

/** A number key: answers with the code beside it, or first brings the codes into sight. */
export function choose(state: UiState, at: number): UiState {
  const code = choicesOf(state)?.[at];
  if (code === undefined) return state;
  if (topMode(state).mode === 'panes' || activePane(state) === 'findings') return answer(state, code);
  return {
    ...state,
    modes: [{ mode: 'panes' }],
    focus: 'findings',
    selected: { ...state.selected, findings: code },
  };
}
