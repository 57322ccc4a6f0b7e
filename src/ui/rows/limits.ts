// The limits pane: each bucket's use, what is left, where the figure comes from, the forecast and the back-off. Pure.

import type { LimitView } from '../../core/snapshot.ts';
import type { Role } from '../theme.ts';
import { countdown, grouped } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import {
  type Cell,
  type Column,
  cell,
  ends,
  fitColumns,
  flow,
  type Line,
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
  { width: 10, gap: 1, drop: 1 },
  { width: 10, align: 'right', gap: 1 },
  { width: '*', gap: 2, min: 7 },
];
/** Where the bar begins: an alarm is written over it. */
const ALARM_AT = 32;

function roleOf(limit: LimitView): Role {
  if (limit.refusals > 0 && limit.backOffMs !== null) return 'critical';
  if (limit.forecastSeconds !== null || shareOf(limit) < 0.2) return 'warning';
  return 'plain';
}

/** What is about to happen or already has: back-off, or a forecast; null when all is well. */
function alarm(limit: LimitView, view: View): Cell | null {
  if (limit.backOffMs !== null) {
    // A bucket may wait for the refusals of another.
    const refused = limit.refusals === 0 ? 'paused' : `429 ${view.glyphs.times}${grouped(limit.refusals)}`;
    return cell(`${refused}, back in ${countdown(limit.backOffMs - view.driftMs)}`, 'critical');
  }
  if (limit.forecastSeconds === null) return null;
  return cell(`limit in ${countdown(limit.forecastSeconds * 1_000 - view.driftMs)} at this rate`, 'warning');
}

const shareOf = (limit: LimitView): number => (limit.limit > 0 ? Math.max(0, limit.remaining / limit.limit) : 1);
const leftText = (limit: LimitView): string => `${Math.round(shareOf(limit) * 100)} % left`;

function lineOf(limit: LimitView, view: View, width: number): Line {
  const role = roleOf(limit);
  const refused = limit.refusals > 0 ? ` 429 ${view.glyphs.times}${grouped(limit.refusals)}` : '';
  const cells = [
    cell(NAMES[limit.bucket], 'strong'),
    cell(grouped(limit.used)),
    cell(`of ${grouped(limit.limit)} /${limit.per}`),
    cell(gauge(1 - shareOf(limit), 10, view.glyphs), role === 'plain' ? 'accent' : role),
    cell(leftText(limit), role),
    cell(`${SOURCES[limit.source]}${refused}`, refused === '' ? 'dim' : 'warning'),
  ];
  const line = tableLine(fitColumns(width, COLUMNS), cells);
  const raised = alarm(limit, view);
  if (raised === null) return line;
  const source = SOURCES[limit.source];
  return [
    ...line.filter((part) => part.x < ALARM_AT),
    ...flow(
      width,
      raised.text.length + 2 + source.length + ALARM_AT <= width ? [raised, cell(source, 'dim')] : [raised],
      2,
      ALARM_AT,
    ),
  ];
}

function ledgerLines(limit: LimitView, width: number, item: number): PaneLine[] {
  const calls = limit.ledger.map(({ endpoint, calls: count }) => cell(`${endpoint} ${grouped(count)}`, 'dim'));
  return [
    { cells: flow(width, calls.length === 0 ? [cell('spent by nobody in this window', 'dim')] : calls, 3, 13), item },
  ];
}

const TIGHT_NAMES: Record<LimitView['bucket'], string> = {
  'rest-public': 'REST',
  'rest-private': 'REST',
  'rest-hour': 'hour',
  'ws-connects': 'dial',
  'ws-messages': 'send',
};

/** The tightest buckets first: what the two lines of the 80-column rung show. */
function tightest(limits: readonly LimitView[]): LimitView[] {
  const rest = limits.filter((limit) => limit.bucket.startsWith('rest')).toSorted((a, b) => shareOf(a) - shareOf(b))[0];
  const sockets = limits
    .filter((limit) => limit.bucket.startsWith('ws'))
    .toSorted((a, b) => shareOf(a) - shareOf(b))[0];
  return [rest, sockets].filter((limit) => limit !== undefined);
}

function shortLines(view: View, room: Room): PaneLine[] {
  return tightest(view.snapshot.limits).map((limit) => {
    const used = `${grouped(limit.used)} of ${grouped(limit.limit)} /${limit.per}`;
    const name = cell(TIGHT_NAMES[limit.bucket].padEnd(5), 'strong');
    const raised = alarm(limit, view);
    const role = roleOf(limit);
    const rights =
      raised === null
        ? [cell(`${leftText(limit)} ${SOURCES[limit.source]}`, role), cell(leftText(limit), role)]
        : [raised, cell(raised.text.replace(' at this rate', ''), raised.role)];
    // Nothing is cut: what does not fit whole gives way, the figure of use last of all but the alarm.
    const right = rights.find(({ text }) => 5 + used.length + 1 + text.length <= room.width);
    if (right !== undefined) return { cells: ends(room.width, [name, cell(used)], [right], 0) };
    return { cells: ends(room.width, [name], [raised ?? cell(used)], 0) };
  });
}

export function limitsRows(view: View, room: Room): PaneRows {
  const { limits } = view.snapshot;
  if (limits.length === 0) return { lines: sentence(room.width, room.height, 'nothing spent yet: no call was made') };
  if (room.height < 3) return { lines: shortLines(view, room).slice(0, room.height) };
  const withLedger = room.zoomed;
  const count = withLedger ? Math.max(1, Math.floor(room.height / 2)) : room.height;
  const from = windowOf(limits.length, chosenIndex(view, 'limits'), count);
  const lines = limits.slice(from, from + count).flatMap((limit, index) => {
    const line: PaneLine = { cells: lineOf(limit, view, room.width), item: from + index };
    return withLedger ? [line, ...ledgerLines(limit, room.width, from + index)] : [line];
  });
  const more = limits.length - count;
  return { lines, right: more > 0 ? `${more} more` : '' };
}
