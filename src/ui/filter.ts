// The filter on the screen: which findings and requests it leaves, and how what is typed is completed from what was seen. Pure.

import { FILTER_FIELDS, type FilterField, type FilterRecord, matchesFilter, parseFilter } from '../core/filter.ts';
import { recordOfEndpoint, recordOfFinding } from '../core/filter-record.ts';
import type { TrackedFinding } from '../core/finding.ts';
import type { EndpointView, Snapshot } from '../core/snapshot.ts';

/** What is wrong with a filter as it is typed, in one short sentence; null when it can be kept. */
export function filterProblem(text: string): string | null {
  const parsed = parseFilter(text);
  return parsed.ok ? null : parsed.problem;
}

/** A field whose value is still to come. */
const BEGUN = /(?:^|\s)-?[a-z]+:$/i;

/** What of a filter can be applied while it is typed, a field without its value left out; null when it cannot be read. */
export function readable(typed: string): string | null {
  const text = (filterProblem(typed) === null ? typed : typed.replace(BEGUN, '')).trim();
  return filterProblem(text) === null ? text : null;
}

function matching<Item>(filter: string, items: readonly Item[], recordOf: (item: Item) => FilterRecord): Item[] {
  const parsed = parseFilter(filter);
  return parsed.ok ? items.filter((item) => matchesFilter(parsed.filter, recordOf(item))) : [...items];
}

export function matchingFindings(filter: string, findings: readonly TrackedFinding[]): TrackedFinding[] {
  return matching(filter, findings, recordOfFinding);
}

export function matchingEndpoints(filter: string, endpoints: readonly EndpointView[]): EndpointView[] {
  return matching(filter, endpoints, recordOfEndpoint);
}

/** What a pane says that the filter has left empty: how much is hidden, and how to see it again. */
export function nothingMatches(filter: string, hidden: string): string {
  return `none matches the filter "${filter}" (${hidden} hidden); Esc clears it`;
}

function valuesOf(field: FilterField, snapshot: Snapshot): string[] {
  switch (field) {
    case 'channel':
      return channelsOf(snapshot);
    case 'connection':
      return ['public', 'user', 'rest', 'this'];
    case 'code':
      return [
        ...snapshot.findings.map(({ code }) => code),
        ...snapshot.closes.flatMap(({ code }) => (code === null ? [] : [String(code)])),
      ];
    case 'status':
      return [
        'open',
        'cleared',
        ...snapshot.endpoints.flatMap(({ byStatus }) => Object.keys(byStatus)),
        ...snapshot.orders.flatMap(({ user, rest }) => [user, rest]),
      ];
    case 'product':
      return [...snapshot.products, ...snapshot.orders.map(({ productId }) => productId)];
    case 'order':
      return snapshot.orders.map(({ orderId }) => orderId);
  }
}

function channelsOf({ connections }: Snapshot): string[] {
  const asked = (['public', 'user'] as const).flatMap((name) => connections[name].channels);
  return ['heartbeats', 'subscriptions', ...asked.map(({ channel }) => channel)];
}

/** A value as it is typed: quoted where a space would end it. */
const typed = (value: string): string => (/\s/.test(value) ? `"${value}"` : value);

/** Everything that the last word may become. */
function choices(word: string, snapshot: Snapshot): string[] {
  const field = FILTER_FIELDS.find((name) => word.toLowerCase().startsWith(`${name}:`));
  if (field !== undefined) return valuesOf(field, snapshot).map((value) => `${field}:${typed(value)}`);
  const names = FILTER_FIELDS.map((name) => `${name}:`);
  return [...names, ...FILTER_FIELDS.filter((name) => name !== 'order').flatMap((name) => valuesOf(name, snapshot))];
}

interface Completion {
  /** The filter with its last word completed as far as all that fits agrees. */
  text: string;
  /** What fits, without the name of the field; shorter lists are worth showing. */
  fitting: string[];
}

/** How the last word can go on, by what was seen. */
export function completion(filter: string, snapshot: Snapshot): Completion {
  const [, before = '', word = ''] = /^(.*?\s-?|-|)([^\s]*)$/s.exec(filter) ?? [];
  if (word === '') return { text: filter, fitting: [] };
  const begun = word.toLowerCase();
  const fitting = [...new Set(choices(word, snapshot))].filter((choice) => choice.toLowerCase().startsWith(begun));
  const [first] = fitting;
  if (first === undefined) return { text: filter, fitting: [] };
  let shared = first;
  for (const choice of fitting) {
    while (!choice.toLowerCase().startsWith(shared.toLowerCase())) shared = shared.slice(0, -1);
  }
  return { text: before + shared, fitting: fitting.map((choice) => choice.replace(/^[a-z]+:(?=.)/, '')) };
}
