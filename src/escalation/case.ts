// What a packet is about: its category, and the one answer, order or balance that proves it. Pure; it renders nothing.

import type { Escalation, TrackedFinding } from '../core/finding.ts';
import type { BalanceView, OrderView, Snapshot, TimelineRow } from '../core/snapshot.ts';
import type { Removed } from '../recording/redact.ts';

export type Category = Escalation['category'];

/** A failed answer as it came, redacted. `status` 0: nothing was answered. */
export interface PacketResponse {
  seq: number;
  /** Epoch ms. */
  at: number;
  endpoint: string;
  method: string;
  url: string;
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface PacketInput {
  finding: TrackedFinding | null;
  snapshot: Snapshot;
  /** Overrides the one that the finding suggests. */
  category?: Category;
  orderId?: string;
  productId?: string;
  /** Request timestamp, epoch ms. */
  at?: number;
  note?: string;
  /** What the web page shows, as the user typed it. */
  uiShows?: string;
  /** Recent failed ones, newest last. */
  responses: PacketResponse[];
  keyId: string | null;
  /** Rows of the time around it. */
  windowRows: TimelineRow[];
  version: string;
  /** What was taken out of the facts before they came here. */
  removed?: Removed[];
}

/** Everything the sections of a packet are made from. */
export interface Case {
  input: PacketInput;
  category: Category;
  /** The moment it is about, epoch ms; null when nothing tells. */
  moment: number | null;
  response: PacketResponse | null;
  order: OrderView | null;
  balance: BalanceView | null;
}

const BY_CODE: Readonly<Record<string, Category>> = {
  ORDER_STUCK: 'matching',
  BALANCE_MISMATCH: 'balance',
  SERVER_ERRORS: '5xx',
};

const isServerError = ({ status }: PacketResponse): boolean => status >= 500;

/** The playbook's case that the evidence suggests. */
export function guessCategory({ finding, responses, snapshot }: PacketInput): Category {
  if (finding !== null) return finding.escalate?.category ?? BY_CODE[finding.code] ?? 'other';
  if (snapshot.orders.some((order) => !order.agrees)) return 'matching';
  if (snapshot.balances.some((balance) => !balance.agrees)) return 'balance';
  return responses.some(isServerError) ? '5xx' : 'other';
}

function nearest(responses: PacketResponse[], at: number): PacketResponse | null {
  const byDistance = [...responses].sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at));
  return byDistance[0] ?? null;
}

// A finding's answers lie between its first and last sighting, give or take the way through the queue.
const SLACK_MS = 2_000;

function ofFinding(responses: PacketResponse[], finding: TrackedFinding): PacketResponse | null {
  const proving = responses.filter(({ seq }) => finding.facts.includes(seq)).at(-1);
  if (proving !== undefined) return proving;
  const { firstAt, lastAt } = finding;
  return responses.filter(({ at }) => at >= firstAt - SLACK_MS && at <= lastAt + SLACK_MS).at(-1) ?? null;
}

function chooseResponse(input: PacketInput, category: Category): PacketResponse | null {
  const fitting = category === '5xx' ? input.responses.filter(isServerError) : input.responses;
  if (input.at !== undefined) return nearest(fitting, input.at);
  const proving = input.finding === null ? null : ofFinding(fitting, input.finding);
  if (proving !== null) return proving;
  return category === '5xx' || input.finding === null ? (fitting.at(-1) ?? null) : null;
}

function chooseOrder({ finding, orderId, snapshot }: PacketInput): OrderView | null {
  const wanted = orderId ?? finding?.subject.orderId;
  if (wanted !== undefined) return snapshot.orders.find((order) => order.orderId === wanted) ?? null;
  const disagreeing = snapshot.orders.filter((order) => !order.agrees);
  return disagreeing.length === 1 ? (disagreeing[0] ?? null) : null;
}

function chooseBalance({ finding, snapshot }: PacketInput): BalanceView | null {
  const wanted = finding?.subject.currency;
  if (wanted !== undefined) return snapshot.balances.find(({ currency }) => currency === wanted) ?? null;
  return snapshot.balances.find((balance) => !balance.agrees) ?? null;
}

/** What contradicts itself, or the answer that failed: the heart of the packet. */
export function caseOf(input: PacketInput): Case {
  const category = input.category ?? guessCategory(input);
  const order = category === 'matching' ? chooseOrder(input) : null;
  const balance = category === 'balance' ? chooseBalance(input) : null;
  const hasContradiction = order !== null || balance !== null;
  const response = hasContradiction ? null : chooseResponse(input, category);
  const seen = input.finding?.lastAt ?? (hasContradiction ? input.snapshot.at : null);
  return { input, category, order, balance, response, moment: input.at ?? response?.at ?? seen };
}
