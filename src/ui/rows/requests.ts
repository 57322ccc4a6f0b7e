// The requests pane: per endpoint the last status, latency by phase, counts, cache state, and the last error. Pure.

import type { EndpointView } from '../../core/snapshot.ts';
import { matchingEndpoints, nothingMatches } from '../filter.ts';
import type { Role } from '../theme.ts';
import { countdown, grouped, latency } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import {
  type Cell,
  type Column,
  cell,
  fitColumns,
  flow,
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
  return [
    cell(endpoint.endpoint, 'strong'),
    cell(endpoint.lastStatus === null ? 'none' : String(endpoint.lastStatus), statusRole(endpoint.lastStatus)),
    cell(grouped(endpoint.requests)),
    cell(latency(endpoint.p50Ms, dash)),
    cell(latency(endpoint.p99Ms, dash)),
    cell(latency(endpoint.firstByteP50Ms, dash), 'dim'),
    cell(endpoint.cache === '' ? dash : endpoint.cache, 'dim'),
    cell(endpoint.everyMs === 0 ? 'once' : next, 'dim'),
  ];
}

function errorLine(endpoint: EndpointView, view: View, width: number, zoomed: boolean): PaneLine[] {
  const failed = failedStatuses(endpoint.byStatus, view.glyphs);
  const text = [failed, endpoint.lastError].filter((part) => part !== '').join('  ');
  if (text === '' && !zoomed) return [];
  const path = zoomed ? cell(endpoint.path, 'dim') : cell('');
  return [{ cells: flow(width, [path, cell(text, 'critical')], 2, 2) }];
}

function noRequests({ snapshot: { endpoints, rest }, state }: View): string {
  if (endpoints.length > 0) return nothingMatches(state.filter, grouped(endpoints.length));
  if (rest.state !== 'off') return 'none sent yet';
  return `none: REST is off${rest.note === '' ? '' : `, ${rest.note}`}`;
}

export function requestsRows(view: View, room: Room): PaneRows {
  const matching = new Set(matchingEndpoints(view.state.filter, view.raw.endpoints).map(({ endpoint }) => endpoint));
  const endpoints = view.snapshot.endpoints.filter(({ endpoint }) => matching.has(endpoint));
  if (endpoints.length === 0) return { lines: sentence(room.width, room.height, noRequests(view)) };
  const fitted = fitColumns(room.width, COLUMNS);
  const lines: PaneLine[] = [{ cells: tableLine(fitted, TITLES) }];
  const from = windowOf(
    endpoints.length,
    chosenIndex(view, 'requests'),
    Math.max(1, Math.floor((room.height - 1) / (room.zoomed ? 2 : 1))),
  );
  for (const [index, endpoint] of endpoints.slice(from).entries()) {
    const item = from + index;
    lines.push({ cells: tableLine(fitted, cellsOf(endpoint, view)), item });
    lines.push(...errorLine(endpoint, view, room.width, room.zoomed).map((line) => ({ ...line, item })));
    if (lines.length >= room.height) break;
  }
  const hidden = view.snapshot.endpoints.length - endpoints.length;
  const right = `${grouped(endpoints.length)} endpoints${hidden === 0 ? '' : `, ${grouped(hidden)} hidden`}`;
  return { lines: lines.slice(0, room.height), right };
}
