// What became of the requests around the moment: those that fail, and all others in the same time. Every count that a packet tells of
// requests comes from here, so that no two of its sentences disagree. Pure.

import type { PacketCall } from './case.ts';
import { type Case, isServerError } from './case.ts';
import { clockTime, endpointPath, pathOf, span } from './fields.ts';

/** The failing requests of a window and what went on beside them. */
export interface CallOutcome {
  /** One request of each endpoint that fails. */
  failing: PacketCall[];
  statuses: number[];
  failed: number;
  calls: number;
  others: PacketCall[];
  othersSucceeded: number;
  /** Epoch ms: the first and the last failure among these, and since when it has been so in all. */
  firstAt: number;
  lastAt: number;
  sinceAt: number;
}

const NAMED_MAX = 2;
/** A finding is raised at its third failure or so: earlier than this before the window's first one, the window does not hold them all. */
const SLACK_MS = 5_000;

/** What has the same name, together, in the order in which the names were met. */
export function groupsBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(nameOf(item), [...(groups.get(nameOf(item)) ?? []), item]);
  return groups;
}

const succeeded = ({ status }: PacketCall): boolean => status >= 200 && status < 300;

function failingEndpoints({ input, response }: Case, failures: PacketCall[]): Set<string> {
  const proving = new Set(input.finding?.facts);
  const proven = failures.filter(({ seq }) => proving.has(seq));
  const endpoints = new Set(proven.map(({ endpoint }) => endpoint));
  return response === null ? endpoints : endpoints.add(response.endpoint);
}

/** Null where no request failed with a 5xx, or none is at hand: other failures are counted by their findings. */
export function callOutcome(found: Case): CallOutcome | null {
  const calls = found.input.calls ?? [];
  const endpoints = failingEndpoints(found, calls.filter(isServerError));
  const failures = calls.filter((call) => endpoints.has(call.endpoint) && isServerError(call));
  const [first] = failures;
  const last = failures.at(-1);
  if (found.category !== '5xx' || found.response === null || first === undefined || last === undefined) return null;
  const meanwhile = calls.filter(({ at }) => at >= first.at && at <= last.at);
  const others = meanwhile.filter(({ endpoint }) => !endpoints.has(endpoint));
  const raisedAt = found.input.finding?.firstAt ?? first.at;
  return {
    failing: [...new Map(failures.map((call) => [call.endpoint, call])).values()],
    statuses: [...new Set(failures.map(({ status }) => status))],
    failed: failures.length,
    calls: meanwhile.length - others.length,
    others,
    othersSucceeded: others.filter(succeeded).length,
    firstAt: first.at,
    lastAt: last.at,
    sinceAt: raisedAt < first.at - SLACK_MS ? raisedAt : first.at,
  };
}

function names(failing: PacketCall[]): string {
  const shown = failing.slice(0, NAMED_MAX).map(({ method, url }) => `${method} ${pathOf(url)}`);
  const more = failing.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
}

function rest({ others, othersSucceeded }: CallOutcome): string {
  if (others.length === 0) return '';
  if (othersSucceeded === others.length) return ' while everything else works';
  return othersSucceeded === 0 ? ' and nothing else works' : ' while some of the rest fails, too';
}

/** `GET /products answers 500 for 4 min 12 s while everything else works` */
export function outcomeTitle(outcome: CallOutcome): string {
  const { failing, statuses, failed, lastAt, sinceAt } = outcome;
  const said = statuses.map((status) => (status === 0 ? 'nothing' : String(status))).join(' and ');
  const verb = failing.length > 1 ? 'answer' : 'answers';
  const duration = failed > 1 ? ` for ${span(lastAt - sinceAt)}` : '';
  return `${names(failing)} ${verb} ${said}${duration}${rest(outcome)}`;
}

/** `9 of 9 such calls failed since 20:09:54 UTC; 41 of 41 other calls succeeded in the same time.` */
export function outcomeSentence(outcome: CallOutcome): string {
  const { failed, calls, others, othersSucceeded, firstAt, lastAt, sinceAt } = outcome;
  const clock = (at: number): string => clockTime(at).slice(0, 8);
  const when =
    sinceAt === firstAt
      ? `between ${clock(firstAt)} and ${clock(lastAt)} UTC`
      : `between ${clock(firstAt)} and ${clock(lastAt)} UTC, the part at hand of what began at ${clock(sinceAt)}`;
  const own = `${failed} of ${calls} such calls failed ${when}`;
  if (others.length === 0) return `${own}; no other call was made in that time.`;
  return `${own}; ${othersSucceeded} of ${others.length} other calls succeeded in the same time.`;
}

function marked(list: PacketCall[]): string {
  const [first] = list;
  if (first === undefined) return '';
  const counts = new Map<number, number>();
  for (const { status } of list) counts.set(status, (counts.get(status) ?? 0) + 1);
  const parts = [...counts].map(([status, count]) => {
    const mark = status >= 200 && status < 300 ? '✓' : '✗';
    return `${mark} ${status === 0 ? 'no answer' : status}${count > 1 ? ` ×${count}` : ''}`;
  });
  return `${first.method} ${endpointPath(first.url)} ${parts.join(' ')}`;
}

/** Each endpoint with what it answered between the first and the last failure, the failing ones first. */
export function outcomeItems(outcome: CallOutcome, calls: readonly PacketCall[]): string[] {
  const meanwhile = calls.filter(({ at }) => at >= outcome.firstAt && at <= outcome.lastAt);
  const failing = outcome.failing.map(({ endpoint }) => meanwhile.filter((call) => call.endpoint === endpoint));
  const groups = groupsBy(outcome.others, ({ endpoint }) => endpoint);
  return [...failing, ...groups.values()].map(marked);
}
