// The limits pane: what we spent of each limit, what is left and who says so, the forecast and the back-off. Pure.

import type { LimitView } from '../../core/snapshot.ts';
import type { Role } from '../theme.ts';
import { countdown, grouped, shortDuration } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import {
  type Cell,
  type Column,
  cell,
  ends,
  fitColumns,
  flow,
  flowWhole,
  type Line,
  type PaneLine,
  type PaneRows,
  type Room,
  sentence,
  tableLine,
  wholeParts,
  windowOf,
} from './cells.ts';
import { gauge } from './gauge.ts';

const NAMES: Record<LimitView['bucket'], string> = {
  'rest-public': 'REST public',
  'rest-private': 'REST private',
  'rest-hour': 'REST hour',
  'ws-connects': 'WS connects',
  'ws-messages': 'WS messages',
};
const SOURCES: Record<LimitView['source'], string> = { header: 'header', documented: 'docs', assumed: 'assumed' };

const SPENT: Column = { width: 8, align: 'right', gap: 1 };
const SOURCE: Column = { width: '*', gap: 2, min: 7 };
const LEFT_WIDTH = 20;
const GAUGE_WIDTH = 8;
const GAUGE_WIDTH_ZOOMED = 24;
/** Cells from which there is room for the longer one. */
const ZOOMED_FROM = 90;

/** Name, what we spent, the gauge of what is gone, what is left, who says so. */
const quietColumns = (bar: number): Column[] => [
  { width: 12 },
  SPENT,
  { width: bar, drop: 1 },
  { width: LEFT_WIDTH, align: 'right', gap: 1 },
  SOURCE,
];
/** An alarm stands where gauge and rest do. */
const alarmColumns = (bar: number): Column[] => [{ width: 12 }, SPENT, { width: bar + 1 + LEFT_WIDTH }, SOURCE];
/** From where lines under a limit are indented to. */
const UNDER = 13;

const shareOf = (limit: LimitView): number => (limit.limit > 0 ? Math.max(0, limit.remaining / limit.limit) : 1);

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
  const ms = limit.forecastSeconds * 1_000 - view.driftMs;
  return cell(ms <= 0 ? 'at its limit now' : `limit in ${countdown(ms)} at this rate`, 'warning');
}

const leftText = (limit: LimitView): string => `${grouped(limit.remaining)} of ${grouped(limit.limit)} left`;

function lineOf(limit: LimitView, view: View, { width, zoomed }: Room): Line {
  const role = roleOf(limit);
  const bar = zoomed && width >= ZOOMED_FROM ? GAUGE_WIDTH_ZOOMED : GAUGE_WIDTH;
  const first = [cell(NAMES[limit.bucket], 'strong'), cell(`${grouped(limit.used)} /${limit.per}`)];
  const source = cell(SOURCES[limit.source], 'dim');
  const raised = alarm(limit, view);
  if (raised !== null) return tableLine(fitColumns(width, alarmColumns(bar)), [...first, raised, source]);
  const gone = cell(gauge(1 - shareOf(limit), bar, view.glyphs), role === 'plain' ? 'accent' : role);
  return tableLine(fitColumns(width, quietColumns(bar)), [...first, gone, cell(leftText(limit), role), source]);
}

/** Whose figure it is, what is to come and what has been. */
function standingText(limit: LimitView, view: View, width: number): string {
  const told =
    limit.headerAgeMs === null
      ? 'worked out from our own calls alone'
      : `as a header said ${shortDuration(limit.headerAgeMs + view.driftMs)} ago`;
  const share = `${Math.floor(shareOf(limit) * 100)} % left`;
  const ahead = limit.forecastSeconds === null ? 'no end in sight at this rate' : '';
  const refused =
    limit.refusals === 0 ? 'never refused' : `refused with 429 ${view.glyphs.times}${grouped(limit.refusals)}`;
  return wholeParts([share, told, ahead, refused], ` ${view.glyphs.dot} `, width);
}

/** Who spent it, and how it stands. */
function underLines(limit: LimitView, view: View, width: number): Line[] {
  const window = limit.per === 's' ? 'second' : 'hour';
  const nobody = cell(`nothing spent in the last ${window}`, 'dim');
  const calls = limit.ledger.map(({ endpoint, calls: count }) => cell(`${endpoint} ${grouped(count)}`));
  const standing = cell(standingText(limit, view, width - UNDER), 'dim');
  return [
    flowWhole(width, calls.length === 0 ? [nobody] : [cell('spent by', 'dim'), ...calls], 2, UNDER),
    flow(width, [standing], 1, UNDER),
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
  const tight = (prefix: string): LimitView[] =>
    limits
      .filter((limit) => limit.bucket.startsWith(prefix))
      .toSorted((a, b) => shareOf(a) - shareOf(b))
      .slice(0, 1);
  return [...tight('rest'), ...tight('ws')];
}

function shortLines(view: View, { width }: Room): PaneLine[] {
  return tightest(view.snapshot.limits).map((limit) => {
    const name = cell(TIGHT_NAMES[limit.bucket].padEnd(5), 'strong');
    const left = cell(`${grouped(limit.remaining)} of ${grouped(limit.limit)} /${limit.per} left`, roleOf(limit));
    const source = cell(SOURCES[limit.source], 'dim');
    const raised = alarm(limit, view);
    if (raised !== null)
      return { cells: ends(width, [name], [cell(raised.text.replace(' at this rate', ''), raised.role)]) };
    // Nothing is cut: what does not fit whole gives way.
    const fits = name.text.length + left.text.length + 1 + source.text.length <= width;
    return { cells: ends(width, [name, left], fits ? [source] : [], 0) };
  });
}

const LEGEND = 'spent by us, left, who says so';

export function limitsRows(view: View, room: Room): PaneRows {
  const { limits } = view.snapshot;
  if (limits.length === 0) return { lines: sentence(room.width, room.height, 'nothing spent yet: no call was made') };
  if (room.height < 3) return { lines: shortLines(view, room).slice(0, room.height) };
  const count = room.zoomed ? Math.max(1, Math.floor(room.height / 3)) : room.height;
  const from = windowOf(limits.length, chosenIndex(view, 'limits'), count);
  const lines = limits.slice(from, from + count).flatMap((limit, index) => {
    const under = room.zoomed ? underLines(limit, view, room.width) : [];
    return [lineOf(limit, view, room), ...under].map((cells) => ({ cells, item: from + index }));
  });
  const hidden = limits.length - count;
  const refusals = limits.reduce((sum, limit) => sum + limit.refusals, 0);
  const refused = refusals === 0 ? '' : `429 ${view.glyphs.times}${grouped(refusals)}`;
  const right = [refused, hidden > 0 ? `${hidden} more` : ''].filter((part) => part !== '').join(', ');
  return { lines: lines.slice(0, room.height), right: right === '' ? LEGEND : right };
}
