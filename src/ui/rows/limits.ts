// The limits pane: each bucket's use, what is left, where the figure comes from, the forecast and the back-off. Pure.

import type { LimitView } from '../../core/snapshot.ts';
import type { Role } from '../theme.ts';
import { countdown, grouped } from '../units.ts';
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
import { gauge } from './tokens.ts';

const NAMES: Record<LimitView['bucket'], string> = {
  'rest-public': 'REST public',
  'rest-private': 'REST private',
  'rest-hour': 'REST hour',
  'ws-connects': 'WS connects',
  'ws-messages': 'WS messages',
};
const SOURCES: Record<LimitView['source'], string> = { header: 'header', documented: 'docs', assumed: 'assumed' };

const COLUMNS: readonly Column[] = [
  { width: 12 },
  { width: 5, align: 'right', gap: 1 },
  { width: 12, gap: 1 },
  { width: 14, gap: 1, drop: 1 },
  { width: 10, align: 'right', gap: 1 },
  { width: '*', gap: 2 },
];

function roleOf(limit: LimitView): Role {
  const share = limit.limit > 0 ? limit.remaining / limit.limit : 1;
  if (limit.refusals > 0 && limit.backOffMs !== null) return 'critical';
  if (limit.forecastSeconds !== null || share < 0.2) return 'warning';
  return 'plain';
}

/** Where the figure comes from, or what is about to happen. */
function lastCell(limit: LimitView, view: View): Cell {
  const { times } = view.glyphs;
  if (limit.backOffMs !== null)
    return cell(
      `429 ${times}${grouped(limit.refusals)}, back in ${countdown(limit.backOffMs - view.driftMs)}`,
      'critical',
    );
  if (limit.forecastSeconds !== null)
    return cell(`limit in ${countdown(limit.forecastSeconds * 1_000 - view.driftMs)}`, 'warning');
  const refused = limit.refusals > 0 ? `  429 ${times}${grouped(limit.refusals)}` : '';
  return cell(`${SOURCES[limit.source]}${refused}`, refused === '' ? 'dim' : 'warning');
}

function cellsOf(limit: LimitView, view: View): Cell[] {
  const share = limit.limit > 0 ? limit.remaining / limit.limit : 1;
  const role = roleOf(limit);
  return [
    cell(NAMES[limit.bucket], 'strong'),
    cell(grouped(limit.used)),
    cell(`of ${grouped(limit.limit)} /${limit.per}`),
    cell(gauge(1 - share, 14, view.glyphs), role === 'plain' ? 'accent' : role),
    cell(`${Math.round(Math.max(0, share) * 100)} % left`, role),
    lastCell(limit, view),
  ];
}

function ledgerLines(limit: LimitView, width: number, item: number): PaneLine[] {
  const calls = limit.ledger.map(({ endpoint, calls: count }) => cell(`${endpoint} ${grouped(count)}`, 'dim'));
  return [
    { cells: flow(width, calls.length === 0 ? [cell('spent by nobody in this window', 'dim')] : calls, 3, 13), item },
  ];
}

const TIGHT_COLUMNS: readonly Column[] = [
  { width: 5 },
  { width: 4, align: 'right', gap: 0 },
  { width: 10, gap: 1 },
  { width: 6, align: 'right', gap: 0 },
  { width: '*', gap: 1 },
];
const TIGHT_NAMES: Record<LimitView['bucket'], string> = {
  'rest-public': 'REST',
  'rest-private': 'REST',
  'rest-hour': 'hour',
  'ws-connects': 'dials',
  'ws-messages': 'sends',
};

/** The tightest buckets first: what the two lines of the 80-column rung show. */
function tightest(limits: readonly LimitView[]): LimitView[] {
  const share = (limit: LimitView): number => (limit.limit > 0 ? limit.remaining / limit.limit : 1);
  const rest = limits.filter((limit) => limit.bucket.startsWith('rest')).toSorted((a, b) => share(a) - share(b))[0];
  const sockets = limits.filter((limit) => limit.bucket.startsWith('ws')).toSorted((a, b) => share(a) - share(b))[0];
  return [rest, sockets].filter((limit) => limit !== undefined);
}

function shortLines(view: View, room: Room): PaneLine[] {
  const fitted = fitColumns(room.width, TIGHT_COLUMNS);
  return tightest(view.snapshot.limits).map((limit) => {
    const share = limit.limit > 0 ? limit.remaining / limit.limit : 1;
    const cells = [
      cell(TIGHT_NAMES[limit.bucket], 'strong'),
      cell(grouped(limit.used)),
      cell(`of ${grouped(limit.limit)} /${limit.per}`),
      cell(`${Math.round(Math.max(0, share) * 100)} %`, roleOf(limit)),
      limit.backOffMs !== null || limit.forecastSeconds !== null
        ? lastCell(limit, view)
        : cell(`left ${SOURCES[limit.source]}`, 'dim'),
    ];
    return { cells: tableLine(fitted, cells) };
  });
}

export function limitsRows(view: View, room: Room): PaneRows {
  const { limits } = view.snapshot;
  if (limits.length === 0) return { lines: sentence(room.width, room.height, 'nothing spent yet: no call was made') };
  if (room.height < 3) return { lines: shortLines(view, room).slice(0, room.height) };
  const fitted = fitColumns(room.width, COLUMNS);
  const withLedger = room.zoomed;
  const count = withLedger ? Math.max(1, Math.floor(room.height / 2)) : room.height;
  const from = windowOf(limits.length, chosenIndex(view, 'limits'), count);
  const lines = limits.slice(from, from + count).flatMap((limit, index) => {
    const line: PaneLine = { cells: tableLine(fitted, cellsOf(limit, view)), item: from + index };
    return withLedger ? [line, ...ledgerLines(limit, room.width, from + index)] : [line];
  });
  const more = limits.length - count;
  return { lines, right: more > 0 ? `${more} more` : '' };
}
