// What deserves a person's attention: a stable code with the evidence, the playbook's steps evaluated, and the fix.

import type { Talker } from './fact.ts';

export type Party = 'healthy' | 'configuration' | 'key' | 'network' | 'coinbase' | 'tool' | 'unknown';
export type Severity = 'critical' | 'warning' | 'info';
export type Confidence = 'high' | 'medium' | 'low';

/** One of the playbook's diagnostic steps, decided by the program. */
export interface Step {
  text: string;
  result: 'pass' | 'fail' | 'unknown';
  /** The figure that decided it. */
  detail: string;
}

/** When T2 is to be asked, by the playbook's escalation guide; T1 otherwise. */
export interface Escalation {
  to: 'T2';
  category: 'matching' | 'balance' | '5xx' | 'other';
  reason: string;
}

export interface Finding {
  /** Code and what it is about: identity over its life, such as `WS_DROPPED public`. */
  key: string;
  code: string;
  severity: Severity;
  party: Party;
  confidence: Confidence;
  connection: Talker | null;
  /** One sentence with the figure that proves it. */
  title: string;
  /** How often it happened in this life of the finding. */
  count: number;
  evidence: string[];
  /** Sequence numbers of the facts that prove it, newest last, at most 20. */
  facts: number[];
  steps: Step[];
  fix: string[];
  /** The one command or observation that would prove it wrong. */
  disprove: string | null;
  escalate: Escalation | null;
  /** What the finding is about, for a packet: ids as the exchange writes them. */
  subject: { orderId?: string; productId?: string; requestId?: number; currency?: string };
}

export type FindingStatus = 'raised' | 'updated' | 'cleared';

/** A finding with its life. `at` are epoch ms, `t` monotonic ms. */
export interface TrackedFinding extends Finding {
  status: FindingStatus;
  firstAt: number;
  firstT: number;
  lastAt: number;
  lastT: number;
  clearedAt: number | null;
  clearedT: number | null;
  clearedBecause: string | null;
  acknowledged: boolean;
  snoozedUntilT: number | null;
}

export interface Verdict {
  party: Party;
  confidence: Confidence;
  sentence: string;
  /** Key of the finding it rests on, or null when healthy. */
  findingKey: string | null;
}

/** One change of one finding, in the order in which they happened: what lines, timeline and report print. */
export interface FindingChange {
  status: FindingStatus;
  at: number;
  t: number;
  finding: TrackedFinding;
}
