// The type of every rule, and the one way to make a finding: a rule looks at the model and says what is true now.
// Rules are pure and total; whether a finding is new, changed or over is worked out by the case book.

import { invariant } from '../base/invariant.ts';
import { safeStart } from '../base/text.ts';
import { EVIDENCE_FACTS_MAX, EVIDENCE_LINES_MAX, TEXT_SHOWN_MAX } from '../core/bounds.ts';
import type { Talker } from '../core/fact.ts';
import type { Confidence, Finding, Party, Severity, Step } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import { CATALOGUE, type Problem } from './catalogue.ts';

/** A finding and the sentence that is said when it is over. */
export interface Sighting {
  finding: Finding;
  clearedBecause: string;
}

/** Everything that is true of one concern at this moment. */
export type Rule = (model: Model) => Sighting[];

/** How long an event (a gap, a drop, a 429) stays a finding after it last happened. */
export const HOLD_MS = 10_000;

export interface Seen {
  code: string;
  /** What it is about when one code can be open more than once: connection, host, order … */
  about?: string;
  severity?: Severity;
  party?: Party;
  confidence?: Confidence;
  connection?: Talker | null;
  title: string;
  count?: number;
  evidence?: (string | null)[];
  facts?: (number | null)[];
  steps: Step[];
  fix?: string[];
  disprove?: string;
  subject?: Finding['subject'];
  /** Only when the playbook's rule for T2 is met at this moment. */
  escalate?: boolean;
  clearedBecause: string;
}

/** What would prove a finding of each problem wrong, where its rule knows nothing more particular. */
const DISPROVES: Record<Problem, string> = {
  unauthorized: 'cbscope doctor --key-file the-downloaded.json   (passes: the key is not it)',
  forbidden: 'cbscope doctor   (prints what Coinbase says the key may do)',
  closed: 'cbscope watch --no-user --channels heartbeats   (runs untroubled: host and network are not it)',
  throttled: 'cbscope watch --no-rest beside your program   (it still gets 429: this tool is not it)',
  escalation: 'cbscope watch --record again.ndjson   (does it come back?)',
  network: 'cbscope doctor from another network',
  self: 'cbscope watch on an idle machine',
};

function line(text: string): string {
  return safeStart(text, TEXT_SHOWN_MAX * 2);
}

/** Makes a finding from what a rule saw and what the catalogue knows. All texts are sanitised and bounded here. */
export function sighting(seen: Seen): Sighting {
  const entry = CATALOGUE[seen.code];
  invariant(entry !== undefined, `the code ${seen.code} is not in the catalogue`);
  const evidence = (seen.evidence ?? []).filter((text): text is string => text !== null && text !== '');
  const facts = (seen.facts ?? []).filter((seq): seq is number => seq !== null);
  const escalates = entry.escalation !== null && seen.escalate !== false;
  return {
    clearedBecause: line(seen.clearedBecause),
    finding: {
      key: seen.about === undefined ? seen.code : `${seen.code} ${line(seen.about)}`,
      code: seen.code,
      severity: seen.severity ?? entry.severity,
      party: seen.party ?? entry.party,
      confidence: seen.confidence ?? 'high',
      connection: seen.connection ?? null,
      title: line(seen.title),
      count: seen.count ?? 1,
      evidence: evidence.slice(0, EVIDENCE_LINES_MAX).map(line),
      facts: [...new Set(facts)].sort((a, b) => a - b).slice(-EVIDENCE_FACTS_MAX),
      steps: seen.steps.map((step) => ({ ...step, detail: line(step.detail) })),
      fix: (seen.fix ?? entry.fix).map(line),
      disprove: line(seen.disprove ?? DISPROVES[entry.problem]),
      escalate: escalates && entry.escalation !== null ? { to: 'T2', ...entry.escalation } : null,
      subject: seen.subject ?? {},
    },
  };
}

export function step(text: string, result: Step['result'], detail: string): Step {
  return { text, result, detail };
}

/** `1.4 s`, `850 ms`, `2 min 5 s`: a duration in a sentence. */
export function duration(ms: number): string {
  const abs = Math.abs(ms);
  if (abs < 1_000) return `${Math.round(ms)} ms`;
  if (abs < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(abs / 60_000);
  return `${ms < 0 ? '-' : ''}${minutes} min ${Math.round((abs % 60_000) / 1_000)} s`;
}

/** `20:14:06 UTC` of an epoch ms instant. */
export function clockTime(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
