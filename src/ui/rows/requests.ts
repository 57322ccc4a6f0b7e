// The requests pane: per endpoint the last status, latency by phase, answers by class, cache state, and the last error. Pure.

import type { EndpointView } from '../../core/snapshot.ts';
import { matchingEndpoints, nothingMatches } from '../filter.ts';
import type { Glyphs, Role } from '../theme.ts';
import { countdown, grouped, latency } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import {
  type Cell,
  type Column,
  cell,
  fitColumns,
  flow,
  flowWhole,
  type Line,
  type PaneLine,
  type PaneRows,
  type Room,
  sentence,
  tableLine,
  windowOf,
} from './cells.ts';
import { failedStatuses } from './rest-line.ts';

const COLUMNS: readonly Column[] = [
  { width: '*', min: 24 },
  { width: 6, align: 'right', gap: 1 },
  { width: 6, align: 'right', gap: 1 },
  { width: 7, align: 'right', gap: 1 },
  { width: 7, align: 'right', gap: 1 },
  { width: 10, align: 'right', gap: 1, drop: 3 },
  { width: 8, align: 'right', gap: 1, drop: 2 },
  { width: 7, align: 'right', gap: 1, drop: 1 },
];
const TITLES = ['endpoint', 'status', 'calls', 'p50', 'p99', 'first byte', 'cache', 'next'].map((text) =>
  cell(text, 'label'),
);

function statusRole(status: number | null): Role {
  if (status === null) return 'dim';
  return status < 400 ? 'good' : 'critical';
}

function cellsOf(endpoint: EndpointView, view: View): Cell[] {
  const { dash } = view.glyphs;
  const next = endpoint.nextInMs === null ? 'not due' : `in ${countdown(endpoint.nextInMs - view.driftMs)}`;
  const firstByte = endpoint.phases.find(({ phase }) => phase === 'first byte');
  return [
    cell(endpoint.endpoint, 'strong'),
    cell(endpoint.lastStatus === null ? 'none' : String(endpoint.lastStatus), statusRole(endpoint.lastStatus)),
    cell(grouped(endpoint.requests)),
    cell(latency(endpoint.p50Ms, dash)),
    cell(latency(endpoint.p99Ms, dash)),
    cell(latency(firstByte?.p50Ms, dash), 'dim'),
    cell(endpoint.cache === '' ? dash : endpoint.cache, 'dim'),
    cell(endpoint.everyMs === 0 ? 'once' : next, 'dim'),
  ];
}

/** Answers by class: `2xx ×13  4xx ×2`. */
function classes(byStatus: Record<string, number>, glyphs: Glyphs): string {
  const counts = new Map<string, number>();
  for (const [status, count] of Object.entries(byStatus)) {
    const name = /^\d/.test(status) ? `${status[0]}xx` : status;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  const texts = [...counts].toSorted().map(([name, count]) => `${name} ${glyphs.times}${grouped(count)}`);
  return texts.length === 0 ? 'never answered' : texts.join('  ');
}

function phaseCell({ phase, calls, p50Ms, p99Ms }: EndpointView['phases'][number], { times }: Glyphs): Cell {
  return cell(`${phase} ${latency(p50Ms)}, ${latency(p99Ms)} (${times}${grouped(calls)})`, 'dim');
}

/** Where it goes and what came back; then each phase's p50 and p99; then what was wrong the last time. */
function underLines(endpoint: EndpointView, view: View, width: number): Line[] {
  const { glyphs } = view;
  const phases = endpoint.phases.map((phase) => phaseCell(phase, glyphs));
  const timed = phases.length === 0 ? [cell('no phase measured yet', 'dim')] : [cell('p50, p99:', 'label'), ...phases];
  return [
    flowWhole(width, [cell(endpoint.path, 'dim'), cell(classes(endpoint.byStatus, glyphs))], 3, 2),
    flowWhole(width, timed, 2, 2),
    ...errorLines(endpoint, view, width),
  ];
}

/** What failed so far, and the last error while it is the last word. */
function errorLines(endpoint: EndpointView, view: View, width: number): Line[] {
  const failed = failedStatuses(endpoint.byStatus, view.glyphs);
  const { lastError } = endpoint;
  if (failed === '' && lastError === '') return [];
  return [flow(width, [cell(failed, lastError === '' ? 'dim' : 'critical'), cell(lastError, 'critical')], 2, 2)];
}

function linesOf(endpoint: EndpointView, view: View, width: number, zoomed: boolean): Line[] {
  const main = tableLine(fitColumns(width, COLUMNS), cellsOf(endpoint, view));
  return [main, ...(zoomed ? underLines(endpoint, view, width) : errorLines(endpoint, view, width))];
}

function noRequests({ snapshot: { endpoints, rest }, state }: View): string {
  if (endpoints.length > 0) return nothingMatches(state.filter, grouped(endpoints.length));
  if (rest.state !== 'off') return 'none sent yet';
  return `none: REST is off${rest.note === '' ? '' : `, ${rest.note}`}`;
}

const ZOOMED_LINES = 4;

export function requestsRows(view: View, room: Room): PaneRows {
  const matching = new Set(matchingEndpoints(view.state.filter, view.raw.endpoints).map(({ endpoint }) => endpoint));
  const endpoints = view.snapshot.endpoints.filter(({ endpoint }) => matching.has(endpoint));
  if (endpoints.length === 0) return { lines: sentence(room.width, room.height, noRequests(view)) };
  const lines: PaneLine[] = [{ cells: tableLine(fitColumns(room.width, COLUMNS), TITLES) }];
  const count = Math.max(1, Math.floor((room.height - 1) / (room.zoomed ? ZOOMED_LINES : 1)));
  const from = windowOf(endpoints.length, chosenIndex(view, 'requests'), count);
  for (const [index, endpoint] of endpoints.slice(from).entries()) {
    const next = linesOf(endpoint, view, room.width, room.zoomed);
    lines.push(...next.map((cells) => ({ cells, item: from + index })));
    if (lines.length >= room.height) break;
  }
  const hidden = view.snapshot.endpoints.length - endpoints.length;
  const more = endpoints.length - 1 - Math.max(...lines.slice(0, room.height).map(({ item = 0 }) => item));
  const parts = [
    `${grouped(endpoints.length)} endpoints`,
    more > 0 ? `${more} more` : '',
    hidden > 0 ? `${grouped(hidden)} hidden` : '',
  ];
  const right = parts.filter((part) => part !== '').join(', ');
  return { lines: lines.slice(0, room.height), right };
}
