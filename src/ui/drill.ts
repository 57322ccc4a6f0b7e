// The drill's part of the UI state: which code is to be guessed, what was answered, and the veil over everything that would tell it. Pure.

import type { FactDetail, Snapshot } from '../core/snapshot.ts';
import { CATALOGUE } from '../playbook/catalogue.ts';
import { itemsOf, type PaneId } from './selection.ts';
import type { UiState } from './state.ts';

/** One hidden fault, as it is dealt. */
export interface DrillCase {
  scenario: string;
  /** One sentence: what the scenario does. */
  title: string;
  /** The right answer. */
  code: string;
  /** Codes to choose from, the right one among them; at most six. */
  choices: readonly string[];
  /** From 1. */
  number: number;
  /** Drills answered before this one, and how many of them rightly. */
  answered: number;
  right: number;
  durationMs: number;
}

export interface DrillState {
  dealt: DrillCase;
  answer: string | null;
  /** The scenario has ended: the screen stands still. */
  over: boolean;
}

export type DrillPhase = 'question' | 'answered';

export function phaseOf(state: UiState): DrillPhase | null {
  if (state.drill === null) return null;
  return state.drill.answer === null ? 'question' : 'answered';
}

/** The codes to choose from while the answer is hidden; null when nothing is. */
export function choicesOf(state: UiState): readonly string[] | null {
  return phaseOf(state) === 'question' ? (state.drill?.dealt.choices ?? null) : null;
}

/** Identities that keys walk through in a pane: while the answer is hidden, findings are codes to choose from. */
export function itemsIn(pane: PaneId, snapshot: Snapshot, state: UiState): string[] {
  const choices = pane === 'findings' ? choicesOf(state) : null;
  return choices === null ? itemsOf(pane, snapshot, state.filter) : [...choices];
}

/** `2 of 3 right`, this one counted once it is answered. */
export function scoreText({ dealt, answer }: DrillState): string {
  const answered = dealt.answered + (answer === null ? 0 : 1);
  const right = dealt.right + (answer === dealt.code ? 1 : 0);
  return answered === 0 ? '' : `${right} of ${answered} right`;
}

const QUESTION = 'What is it? Press 1–6 when you know.';
const CODE = new RegExp(`\\b(?:${Object.keys(CATALOGUE).join('|')})\\b`, 'g');
const FINDING_GLYPH = '!';

function withoutCodes<T>(value: T): T {
  if (typeof value === 'string') return value.replace(CODE, 'hidden') as T;
  if (Array.isArray(value)) return value.map(withoutCodes) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutCodes(inner)])) as T;
}

/** The snapshot without findings, verdict and the lines about them; no code of the catalogue stands anywhere in it. */
export function veiled(snapshot: Snapshot): Snapshot {
  const { timeline, probes } = snapshot;
  return {
    ...snapshot,
    verdict: { party: 'unknown', confidence: 'low', sentence: QUESTION, findingKey: null },
    findings: [],
    openFindings: 0,
    timeline: {
      ...timeline,
      rows: timeline.rows
        .filter((row) => row.glyph !== FINDING_GLYPH || CATALOGUE[row.what] === undefined)
        .map((row) => withoutCodes(row)),
    },
    probes: withoutCodes(probes),
    connections: withoutCodes(snapshot.connections),
    rest: withoutCodes(snapshot.rest),
    closes: withoutCodes(snapshot.closes),
    endpoints: withoutCodes(snapshot.endpoints),
  };
}

/** What may be shown of a snapshot in this state. */
export function visible(snapshot: Snapshot, state: UiState): Snapshot {
  return phaseOf(state) === 'question' ? veiled(snapshot) : snapshot;
}

/** What may be shown of an opened fact in this state. */
export function visibleDetail(detail: FactDetail | null, state: UiState): FactDetail | null {
  return phaseOf(state) === 'question' ? withoutCodes(detail) : detail;
}
