// What a packet is about: its category, and the one answer, order or balance that proves it. Pure; it renders nothing.

import type { Escalation, TrackedFinding } from '../core/finding.ts';
import type { PacketRequest } from '../core/packet-request.ts';
import type { BalanceView, OrderView, Snapshot, TimelineRow } from '../core/snapshot.ts';
import type { Removed } from '../recording/redact.ts';
import type { Proof } from './proof.ts';

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

/** One request of the window and what came of it. `status` 0: nothing was answered. */
export type PacketCall = Pick<PacketResponse, 'seq' | 'at' | 'endpoint' | 'method' | 'url' | 'status'>;

/** The span that the packet's recording holds, epoch ms, and whether it had to be cut to fit. */
export interface PacketWindow {
  fromAt: number | null;
  toAt: number | null;
  cutBefore: boolean;
  cutAfter: boolean;
}

/** What was seen, and what the user said about it: the request overrides what the finding suggests. */
export interface PacketInput extends Omit<PacketRequest, 'keyId' | 'pseudonymise' | 'windowMs'> {
  finding: TrackedFinding | null;
  snapshot: Snapshot;
  /** Recent failed ones, newest last. */
  responses: PacketResponse[];
  keyId: string | null;
  /** Rows of the time around it. */
  windowRows: TimelineRow[];
  /** The window's requests, oldest first; none where it is not at hand. */
  calls?: PacketCall[];
  /** The newest word of each source on what contradicts. */
  proofs?: Proof[];
  window?: PacketWindow;
  version: string;
  /** What was taken out of the facts before they came here. */
  removed?: Removed[];
  /** Which ids were replaced, in words; none unless told. */
  pseudonyms?: string;
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

/** 500 and above: the other side's own fault. */
export const isServerError = ({ status }: Pick<PacketResponse, 'status'>): boolean => status >= 500;

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

/** A body that the user brought from elsewhere: nothing else is known of its request. */
function pasted(body: string, at: number): PacketResponse {
  return { seq: 0, at, endpoint: '', method: '', url: '', status: 0, headers: {}, body };
}

/** Which failed answers may prove a case: an order is not stuck because a list of products failed. */
const FITTING: Readonly<Record<Category, (response: PacketResponse) => boolean>> = {
  matching: ({ url }) => /\/orders\b/.test(url),
  balance: ({ url }) => /\/(?:accounts|portfolios)\b/.test(url),
  '5xx': isServerError,
  other: () => true,
};

function chooseResponse(input: PacketInput, category: Category): PacketResponse | null {
  const { body, responseSeq } = input;
  if (body !== undefined && body !== '') return pasted(body, input.at ?? input.finding?.lastAt ?? input.snapshot.at);
  const chosen = responseSeq === undefined ? undefined : input.responses.find(({ seq }) => seq === responseSeq);
  if (chosen !== undefined) return chosen;
  const fitting = input.responses.filter(FITTING[category]);
  if (input.at !== undefined) return nearest(fitting, input.at);
  const proving = input.finding === null ? null : ofFinding(fitting, input.finding);
  if (proving !== null) return proving;
  return category === '5xx' || input.finding === null ? (fitting.at(-1) ?? null) : null;
}

/** What the web page shows is about the thing that it names. */
function isShown({ uiShows }: PacketInput, name: string): boolean {
  return (uiShows ?? '')
    .toLowerCase()
    .split(/[^\w-]+/)
    .includes(name.toLowerCase());
}

function chooseOrder(input: PacketInput): OrderView | null {
  const { finding, orderId, snapshot } = input;
  const shown = snapshot.orders.find((order) => isShown(input, order.orderId));
  const wanted = orderId ?? finding?.subject.orderId ?? shown?.orderId;
  if (wanted !== undefined) return snapshot.orders.find((order) => order.orderId === wanted) ?? null;
  const disagreeing = snapshot.orders.filter((order) => !order.agrees);
  return disagreeing.length === 1 ? (disagreeing[0] ?? null) : null;
}

function chooseBalance(input: PacketInput): BalanceView | null {
  const { finding, snapshot } = input;
  const shown = snapshot.balances.find(({ currency }) => isShown(input, currency));
  const wanted = finding?.subject.currency ?? shown?.currency;
  if (wanted !== undefined) return snapshot.balances.find(({ currency }) => currency === wanted) ?? null;
  return snapshot.balances.find((balance) => !balance.agrees) ?? null;
}

/** When the newest answer came that proves the finding: what T2 looks up in its own logs. */
function provenAt({ finding, windowRows }: PacketInput): number | null {
  const proving = new Set(finding?.facts ?? []);
  return windowRows.findLast(({ seq, source }) => source === 'REST' && proving.has(seq))?.at ?? null;
}

/** A packet that was asked for about another order, or another case of the guide, is not about this finding. */
function isAbout(
  { subject, escalate, code }: TrackedFinding,
  category: Category,
  orderId: string | undefined,
): boolean {
  const own = escalate?.category ?? BY_CODE[code] ?? category;
  return own === category && (orderId ?? subject.orderId) === (subject.orderId ?? orderId);
}

/** What contradicts itself, or the answer that failed: the heart of the packet. */
export function caseOf(asked: PacketInput): Case {
  const category = asked.category ?? guessCategory(asked);
  const { finding } = asked;
  const input = finding === null || isAbout(finding, category, asked.orderId) ? asked : { ...asked, finding: null };
  const order = category === 'matching' ? chooseOrder(input) : null;
  const balance = category === 'balance' ? chooseBalance(input) : null;
  const hasContradiction = order !== null || balance !== null;
  const isBrought = input.body !== undefined || input.responseSeq !== undefined;
  const response = hasContradiction && !isBrought ? null : chooseResponse(input, category);
  const seen = input.finding?.lastAt ?? (hasContradiction ? input.snapshot.at : null);
  const moment = input.at ?? response?.at ?? (hasContradiction ? provenAt(input) : null) ?? seen;
  return { input, category, order, balance, response, moment };
}
