// The verdict: whose fault, in capitals, then the sentence that proves it; where there is room, since when and what to press. Pure.

import type { Party, Verdict } from '../../core/finding.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { phaseOf } from '../drill.ts';
import type { UiState } from '../state.ts';
import type { Role } from '../theme.ts';
import { clockTime, counted } from '../units.ts';
import type { View } from '../view.ts';
import { cell, flow, type PaneLine, wrapText } from './cells.ts';
import { isOpen, tier } from './findings.ts';

const PARTIES: Record<Party, string> = {
  healthy: 'HEALTHY',
  configuration: 'YOUR CONFIGURATION',
  key: 'YOUR KEY',
  network: 'YOUR NETWORK',
  coinbase: 'COINBASE',
  tool: 'THIS TOOL',
  unknown: 'NOT ENOUGH EVIDENCE',
};

/** The party as the verdict names it. */
export function partyName(party: Party): string {
  return PARTIES[party];
}

/** The colour of the verdict: green when healthy, else by the severity of the finding it rests on. */
export function verdictRole(snapshot: Snapshot): Role {
  const { party, findingKey } = snapshot.verdict;
  if (party === 'healthy') return 'good';
  const finding = snapshot.findings.find(({ key }) => key === findingKey);
  if (finding === undefined) return party === 'unknown' ? 'strong' : 'warning';
  return finding.severity === 'critical' ? 'critical' : finding.severity === 'warning' ? 'warning' : 'strong';
}

/** How sure the party is, as words before its name: a sentence that ends in a bracket would wrap for it. */
const CONFIDENCE: Record<Verdict['confidence'], string> = { high: '', medium: 'LIKELY ', low: 'PERHAPS ' };

/** `LIKELY YOUR NETWORK`. Nothing seen yet is no doubt about being healthy. */
function headOf({ verdict: { party, confidence } }: Snapshot, state: UiState): string {
  if (phaseOf(state) === 'question') return 'HIDDEN';
  if (party === 'unknown') return partyName(party);
  if (party === 'healthy') return confidence === 'high' ? partyName(party) : 'HEALTHY SO FAR';
  return `${CONFIDENCE[confidence]}${partyName(party)}`;
}

function sentenceLines(snapshot: Snapshot, state: UiState, columns: number, most: number): string[] {
  const from = columns < 60 ? 2 : headOf(snapshot, state).length + 4;
  const first = wrapText(snapshot.verdict.sentence, Math.max(8, columns - from - 1), 20);
  if (first.length <= most) return first;
  const kept = first.slice(0, most);
  kept[most - 1] = `${kept[most - 1] ?? ''} ${first[most] ?? ''}`;
  return kept;
}

interface Rows {
  least: number;
  most: number;
}

/** Lines that the verdict takes at this width. */
export function verdictRows(snapshot: Snapshot, state: UiState, columns: number, { least, most }: Rows): number {
  if (columns >= 60) return Math.max(least, sentenceLines(snapshot, state, columns, most).length);
  return Math.min(most, 1 + sentenceLines(snapshot, state, columns, most - 1).length);
}

/** What a line says that the sentence leaves free: since when, who settles it, and the keys that lead on. */
function underText({ snapshot, state }: View): string {
  if (phaseOf(state) === 'question') return '';
  const { verdict, findings, startedAt } = snapshot;
  const finding = findings.find(({ key }) => key === verdict.findingKey);
  if (finding !== undefined) {
    const packet = finding.escalate === null ? '' : `, e the packet for ${tier(finding)}`;
    return `since ${clockTime(finding.firstAt)} UTC, for ${tier(finding)}: v opens the evidence and what to do${packet}`;
  }
  if (verdict.party !== 'healthy') return '';
  const past = findings.filter((each) => !isOpen(each)).length;
  const since = `since ${clockTime(startedAt)} UTC`;
  return past === 0 ? `nothing has been wrong ${since}` : `${counted(past, 'finding')} came and went ${since}`;
}

export function verdictLines(view: View, columns: number, rows: number): PaneLine[] {
  const { snapshot, state, glyphs } = view;
  const role = verdictRole(snapshot);
  const name = headOf(snapshot, state);
  const narrow = columns < 60;
  const lines = sentenceLines(snapshot, state, columns, narrow ? rows - 1 : rows);
  const from = narrow ? 2 : name.length + 4;
  const width = columns - 1;
  const out = lines.map((text) => ({
    cells: flow(width, [cell(text, role === 'critical' ? 'strong' : 'plain')], 1, from),
  }));
  if (!narrow && out.length < rows) out.push({ cells: flow(width, [cell(underText(view), 'dim')], 1, from) });
  const head = flow(width, [cell(`${glyphs.bar}${name}`, role === 'strong' ? 'strong' : role)], 1, 1);
  if (narrow) return [{ cells: head }, ...out].slice(0, rows);
  const first = out[0];
  return [{ cells: [...head, ...(first?.cells ?? [])] }, ...out.slice(1)].slice(0, rows);
}
