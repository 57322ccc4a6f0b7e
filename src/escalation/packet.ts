// The escalation packet: what T2 needs, complete or with its gaps named. Pure: it reads no clock, opens no file and shows nothing that is not
// redacted and sanitised.

import type { Verdict } from '../core/finding.ts';
import type { PacketField } from '../core/packet-request.ts';
import { addRemoved, type Removed, redactJson } from '../recording/redact.ts';
import { type CallOutcome, callOutcome, outcomeSentence, outcomeTitle } from './calls.ts';
import { type Case, type Category, caseOf, type PacketInput } from './case.ts';
import { clockTime, missingFields, requestName, requiredFields, utc } from './fields.ts';
import { markdownOf, type PacketText } from './markdown.ts';
import { proofLines } from './proof.ts';
import {
  contradiction,
  contradictionNote,
  evidenceLines,
  ROWS_BESIDE_PROOFS_MAX,
  rowLine,
  rowsAround,
  sessionCalls,
  socketSaid,
  stillToAsk,
  tried,
  whatWorks,
} from './sections.ts';

export type { PacketField } from '../core/packet-request.ts';
export type { Category, PacketCall, PacketInput, PacketResponse, PacketWindow } from './case.ts';

export interface Packet {
  title: string;
  category: Category;
  /** Code of the finding it is about, for names; null without one. */
  code: string | null;
  fields: PacketField[];
  /** Names of required fields with neither a value nor a reason. */
  missing: string[];
  markdown: string;
  json: Record<string, unknown>;
  /** What was taken out, from the facts and from the packet's own texts. */
  removed: Removed[];
}

/** The moment a packet of this input is about, epoch ms; null when nothing tells. */
export function momentOf(input: PacketInput): number | null {
  return caseOf(input).moment;
}

const PARTIES: Readonly<Record<Verdict['party'], string>> = {
  healthy: 'nothing is wrong',
  configuration: "the customer's configuration",
  key: "the customer's key",
  network: "the customer's network",
  coinbase: 'Coinbase',
  tool: 'this tool',
  unknown: 'not enough evidence',
};

function titleOf({ input, category, order, balance, response }: Case, outcome: CallOutcome | null): string {
  if (outcome !== null && category === '5xx') return outcomeTitle(outcome);
  if (input.finding !== null) return input.finding.title;
  const page = (input.uiShows ?? '') === '' ? '' : `, the web page ${input.uiShows}`;
  if (order !== null) {
    return `order ${order.orderId}: REST says ${order.rest || 'nothing'}, the fills ${order.filled || 'nothing'}${page}`;
  }
  if (balance !== null) {
    return `balance of ${balance.currency}: accounts say ${balance.accounts}, the breakdown ${balance.breakdown || 'nothing'}${page}`;
  }
  if (response !== null) return `${requestName(response)} answers ${response.status}`;
  return category === 'other' ? input.snapshot.verdict.sentence : `${category}: reported by hand, not seen by cbscope`;
}

/** Whether it is still so, for whoever looks now. */
function standing({ finding }: PacketInput): string {
  if (finding?.status !== 'cleared') return '';
  const since = finding.clearedAt === null ? '' : ` since ${clockTime(finding.clearedAt).slice(0, 8)} UTC`;
  return `Over${since}${finding.clearedBecause === null ? '' : `: ${finding.clearedBecause}`}.`;
}

/** Whose fault, with the figures that the title does not give; the title's own sentence is not said twice. */
function verdictOf(found: Case, title: string, outcome: CallOutcome | null): string {
  const { finding, snapshot } = found.input;
  const { verdict } = snapshot;
  const isAbout = finding === null || verdict.findingKey === finding.key;
  const { party, confidence } = isAbout ? verdict : finding;
  const isCounted = outcome !== null || found.order !== null || found.balance !== null;
  const sentence = isAbout && !isCounted && verdict.sentence.replace(/\.$/, '') !== title ? verdict.sentence : '';
  const contradicts = contradictionNote(found);
  return [
    `${PARTIES[party]} (${confidence} confidence).`,
    sentence,
    contradicts,
    outcome === null ? sessionCalls(snapshot) : outcomeSentence(outcome),
    standing(found.input),
    isAbout ? '' : `The worst of the whole session is another: ${PARTIES[verdict.party]}, ${verdict.sentence}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function shownRows({ input, moment }: Case): string[] {
  const rowsMax = (input.proofs ?? []).length === 0 ? undefined : ROWS_BESIDE_PROOFS_MAX;
  return rowsAround(input.windowRows, moment, new Set(input.finding?.facts), rowsMax).map(rowLine);
}

function textOf(found: Case): PacketText {
  const { input, response } = found;
  const outcome = callOutcome(found);
  const title = titleOf(found, outcome).replace(/\.$/, '');
  const isSimulated = input.snapshot.simulated === true || input.snapshot.mode === 'demo';
  const works = whatWorks(found, outcome);
  return {
    title: `${isSimulated ? 'SIMULATED, not Coinbase: ' : ''}T2: ${title}`,
    verdict: verdictOf(found, title, outcome),
    fields: requiredFields(found, outcome),
    request: response,
    contradiction: contradiction(found),
    proofs: input.proofs ?? [],
    proofLines: proofLines(input.proofs ?? []),
    socketSaid: response === null && found.order === null && found.balance === null ? socketSaid(found) : [],
    evidence: evidenceLines(found, outcome),
    works: works.items,
    worksWhen: works.when,
    rows: shownRows(found),
    note: input.note ?? '',
    tried: tried(found),
    removed: input.removed ?? [],
    pseudonyms: input.pseudonyms ?? 'none',
    window: input.window ?? null,
    ask: stillToAsk(found),
  };
}

/** Takes what is secret out of the packet's texts before they are rendered, and adds up what was taken out. */
function withoutSecrets(text: PacketText): PacketText {
  const { value, removed } = redactJson(text);
  // Redaction changes strings and nothing else about an object.
  return { ...(value as PacketText), removed: addRemoved(text.removed, removed) };
}

function jsonOf(found: Case, text: PacketText, missing: string[], code: string | null): Record<string, unknown> {
  const { input, category, moment } = found;
  const { connection, count, severity } = input.finding ?? {};
  return {
    format: 'cbscope-escalation',
    version: 1,
    tool: input.version,
    category,
    finding: code === null ? null : { code, severity, connection, count },
    at: moment === null ? null : utc(moment),
    mode: input.snapshot.mode,
    missing,
    ...text,
  };
}

/**
 * Builds the packet of one case: API key id, order id, product id, request timestamp and the full error response (playbook, escalation
 * guide), each with its value, `none` and why, or missing and how to get it.
 */
export function buildPacket(input: PacketInput): Packet {
  const found = caseOf(input);
  const code = found.input.finding?.code ?? null;
  const text = withoutSecrets(textOf(found));
  const missing = missingFields(text.fields);
  return {
    title: text.title,
    category: found.category,
    code,
    fields: text.fields,
    missing,
    markdown: markdownOf(text),
    json: jsonOf(found, text, missing, code),
    removed: text.removed,
  };
}

// Characters that move a cursor, reorder or hide text: JSON leaves some of them as they are.
const UNSAFE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** The packet's JSON as text, lossless, with nothing in it that a terminal would obey. */
export function packetJson(packet: Packet): string {
  const text = JSON.stringify(packet.json, null, 2);
  return `${text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
