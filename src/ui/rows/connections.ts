// The connections pane: public, user and REST, what each does this second, and the state of every channel. Pure.

import type { ConnectionName } from '../../core/fact.ts';
import type { ChannelView, ConnectionView } from '../../core/snapshot.ts';
import type { Glyphs, Role } from '../theme.ts';
import {
  bytes,
  clockDuration,
  clockTime,
  countdown,
  counted,
  grouped,
  latency,
  rate,
  shortDuration,
} from '../units.ts';
import type { View } from '../view.ts';
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
  tableLine,
} from './cells.ts';
import { restLines, restParts } from './rest-line.ts';

const NAMES: readonly ConnectionName[] = ['public', 'user'];

const COLUMNS: readonly Column[] = [
  { width: 6 },
  { width: 8 },
  { width: 8, align: 'right', gap: 0 },
  { width: 8, align: 'right', gap: 1 },
  { width: 7, align: 'right', gap: 1, drop: 2 },
  { width: 7, align: 'right', gap: 1 },
  { width: 6, align: 'right', gap: 1, drop: 1 },
  { width: 5, align: 'right', gap: 1 },
];
const TITLES = ['', 'state', 'age', 'frames/s', 'bytes/s', 'last', 'ping', 'gaps'].map((text) => cell(text, 'label'));

/** State as glyph and word. */
export function stateCell(view: ConnectionView, glyphs: Glyphs): Cell {
  switch (view.state) {
    case 'open':
      return cell(`${glyphs.open} open`, 'good');
    case 'connecting':
      return cell(`${glyphs.waiting} dial`, 'warning');
    case 'waiting':
      return cell(`${glyphs.waiting} wait`, 'warning');
    case 'closed':
      return cell(`${glyphs.closed} closed`, 'critical');
    case 'off':
      return cell(`${glyphs.off} off`, 'dim');
  }
}

const lastRole = (ageMs: number | null): Role => (ageMs !== null && ageMs > 5_000 ? 'warning' : 'plain');

function mainCells(connection: ConnectionView, view: View): Cell[] {
  const { glyphs, driftMs } = view;
  const dash = cell(glyphs.dash, 'dim');
  const open = connection.state === 'open';
  const last = connection.lastFrameAgeMs === null ? null : connection.lastFrameAgeMs + driftMs;
  return [
    cell(connection.name, 'strong'),
    stateCell(connection, glyphs),
    connection.ageMs === null ? dash : cell(clockDuration(connection.ageMs + driftMs)),
    open ? cell(rate(connection.framesPerSecond)) : dash,
    open ? cell(bytes(connection.bytesPerSecond)) : dash,
    last === null ? dash : cell(shortDuration(last), lastRole(last)),
    connection.pingMs === null ? dash : cell(latency(connection.pingMs)),
    cell(grouped(connection.sequenceGaps), connection.sequenceGaps > 0 ? 'warning' : 'dim'),
  ];
}

const CHANNEL_STATES: readonly { state: ChannelView['state']; word: string; glyph: keyof Glyphs; role: Role }[] = [
  { state: 'refused', word: 'refused', glyph: 'fail', role: 'critical' },
  { state: 'ignored', word: 'ignored', glyph: 'fail', role: 'warning' },
  { state: 'stale', word: 'stale', glyph: 'warning', role: 'warning' },
  { state: 'asked', word: 'asked', glyph: 'waiting', role: 'dim' },
  { state: 'acknowledged', word: 'no data yet', glyph: 'waiting', role: 'plain' },
  { state: 'data', word: 'fresh', glyph: 'pass', role: 'good' },
];

/** How many of the states, from the first, are a trouble. */
const TROUBLES = 3;

/** Channels grouped by their state, worst first: `! stale status 12 s   ✓ fresh ticker level2`. */
export function channelCells(channels: readonly ChannelView[], view: View): Cell[] {
  const cells: Cell[] = [];
  for (const { state, word, glyph, role } of CHANNEL_STATES) {
    const some = channels.filter((channel) => channel.state === state);
    if (some.length === 0) continue;
    cells.push(cell(`${String(view.glyphs[glyph])} ${word}`, role));
    for (const channel of some) {
      const age = state === 'stale' && channel.ageMs !== null ? ` ${shortDuration(channel.ageMs + view.driftMs)}` : '';
      cells.push(cell(`${channel.channel}${age}`, role === 'good' ? 'plain' : role));
    }
  }
  return cells;
}

/** Why it is not open, or what it waits for. */
export function waitingText(connection: ConnectionView, view: View): string {
  const { nextAttemptInMs, attempt, note, lastClose } = connection;
  if (connection.state === 'off') return note === '' ? 'switched off by the settings' : note;
  const next = nextAttemptInMs === null ? '' : ` in ${countdown(nextAttemptInMs - view.driftMs)}`;
  const tried = attempt > 0 && connection.state !== 'open' ? `attempt ${attempt}${next}` : '';
  // The state before it says that it is closed.
  const why = note === '' ? lastClose.replace(/^closed /, '') : note;
  return [tried, why].filter((part) => part !== '').join(` ${view.glyphs.dot} `);
}

function underCells(connection: ConnectionView, view: View): Cell[] {
  if (connection.state !== 'open') return [cell(waitingText(connection, view) || 'not open', 'dim')];
  if (connection.channels.length === 0) return [cell('open, but nothing is subscribed yet', 'warning')];
  return channelCells(connection.channels, view);
}

/** Host, then totals and the last close, then the phases of connecting: as many of them as there is room for. */
function moreLines(connection: ConnectionView, room: Room, item: number, level: number): PaneLine[] {
  const { phases } = connection;
  const parts: [string, number | undefined][] = [
    ['dns', phases.dnsMs],
    ['tcp', phases.tcpMs],
    ['tls', phases.tlsMs],
    ['upgrade', phases.upgradeMs],
  ];
  const shown = parts.filter(([, ms]) => ms !== undefined).map(([name, ms]) => `${name} ${latency(ms)}`);
  const totals = `${counted(connection.frames, 'frame')}, ${bytes(connection.bytes)}, ${counted(connection.reconnects, 'reconnect')}`;
  const close = connection.lastClose === '' ? 'never closed' : `last ${connection.lastClose}`;
  const odd = [
    [connection.framesLost, 'lost'],
    [connection.sequenceRepeats, 'repeated'],
    [connection.malformed, 'malformed'],
  ] as const;
  const lines = [
    [cell(connection.host, 'label'), cell(connection.tls ?? 'no TLS', 'label')],
    [
      cell(totals, 'label'),
      ...odd.map(([count, word]) => cell(count === 0 ? '' : `${grouped(count)} ${word}`, 'warning')),
      cell(close, 'label'),
    ],
    [
      cell(shown.join('  '), 'label'),
      cell(connection.extensions === '' ? '' : `extensions ${connection.extensions}`, 'label'),
    ],
  ];
  return lines.slice(0, level).map((cells) => ({ cells: flowWhole(room.width, cells, 2, 8), item }));
}

const channelColumns = (channels: readonly ChannelView[]): Column[] => [
  { width: Math.max(10, ...channels.map(({ channel }) => channel.length)) },
  { width: 13 },
  { width: 11, align: 'right', drop: 3 },
  { width: 13, align: 'right', drop: 5 },
  { width: 12, align: 'right', drop: 4 },
  { width: 10, align: 'right' },
  { width: 9, align: 'right', drop: 2 },
  { width: '*', min: 15, drop: 1 },
];
const CHANNEL_TITLES = ['channel', 'state', 'asked', 'acknowledged', 'first data', 'last data', 'frames', 'products'];

const ago = (ms: number): string => `${shortDuration(ms)} ago`;
const after = (ms: number | null, still: string): Cell =>
  ms === null ? cell(still, 'dim') : cell(`after ${latency(ms)}`);

function channelCellsOf(channel: ChannelView, view: View): Cell[] {
  const look = CHANNEL_STATES.find(({ state }) => state === channel.state);
  const glyph = look === undefined ? '?' : String(view.glyphs[look.glyph]);
  return [
    cell(channel.channel),
    cell(`${glyph} ${look?.word ?? channel.state}`, look?.role ?? 'plain'),
    cell(ago(channel.askedAgeMs + view.driftMs), 'dim'),
    after(channel.acknowledgedAfterMs, 'not yet'),
    after(channel.firstDataAfterMs, 'none yet'),
    channel.ageMs === null ? cell('none', 'dim') : cell(ago(channel.ageMs + view.driftMs)),
    cell(grouped(channel.frames)),
    cell([channel.note, channel.productIds.join(' ')].filter((text) => text !== '').join('  '), 'dim'),
  ];
}

/** Each channel's way from asked to fresh. */
function channelTable(connection: ConnectionView, view: View, width: number): Line[] {
  if (connection.channels.length === 0) return [];
  const fitted = fitColumns(width - 8, channelColumns(connection.channels));
  const titles = CHANNEL_TITLES.map((text) => cell(text, 'label'));
  return [titles, ...connection.channels.map((channel) => channelCellsOf(channel, view))].map((cells) =>
    tableLine(fitted, cells, 8),
  );
}

function socketLines(name: ConnectionName, view: View, room: Room, level: number): PaneLine[] {
  const connection = view.snapshot.connections[name];
  const item = NAMES.indexOf(name);
  const main = { cells: tableLine(fitColumns(room.width, COLUMNS), mainCells(connection, view)), item };
  const under = { cells: flow(room.width, underCells(connection, view), 2, 8), item };
  if (connection.state === 'off') return [main, under];
  const more = moreLines(connection, room, item, level);
  const channels = room.zoomed && connection.state === 'open' ? channelTable(connection, view, room.width) : [];
  // The table tells all that the line of the channels does.
  return [main, ...(channels.length === 0 ? [under] : channels.map((cells) => ({ cells, item }))), ...more];
}

const LEVELS = [3, 2, 1, 0] as const;

/** The wide form: a titled table, the channels or the reason under each socket, then REST; as much detail as fits. */
function wideLines(view: View, room: Room): PaneLine[] {
  const title = { cells: tableLine(fitColumns(room.width, COLUMNS), TITLES) };
  const at = (level: number): PaneLine[] => [
    title,
    ...NAMES.flatMap((name) => socketLines(name, view, room, level)),
    ...restLines(view, room, level),
  ];
  return LEVELS.map(at).find((lines) => lines.length <= room.height) ?? at(0);
}

const SHORT_COLUMNS: readonly Column[] = [
  { width: 6 },
  { width: 8, gap: 1 },
  { width: 7, align: 'right', gap: 0 },
  { width: 8, align: 'right', gap: 1 },
  { width: 7, align: 'right', gap: 1 },
  { width: 7, align: 'right', gap: 1 },
  { width: 4, align: 'right', gap: 1 },
  { width: 9, align: 'right', gap: 1 },
  { width: '*', gap: 1 },
];
const SHORT_TITLES = ['', 'state', 'age', 'frames/s', 'last', 'ping', 'gaps', 'next beat', 'last close'].map((text) =>
  cell(text, 'label'),
);

function beatCell(name: ConnectionName, view: View): Cell {
  const beat = view.snapshot.heartbeats[name];
  if (!beat.subscribed) return cell('off', 'dim');
  if (beat.silence === 'no-bytes') return cell('none', 'critical');
  if (beat.nextInMs === null) return cell('none', 'dim');
  const left = beat.nextInMs - view.driftMs;
  return left < -2_000 ? cell(`late ${shortDuration(-left)}`, 'warning') : cell(shortDuration(left));
}

/** Code and age of the newest close of this socket; while it is open, a channel in trouble matters more. */
function lastCloseCell(name: ConnectionName, view: View): Cell {
  const { state, channels } = view.snapshot.connections[name];
  const trouble = CHANNEL_STATES.slice(0, TROUBLES).find((look) => channels.some((each) => each.state === look.state));
  const channel = channels.find((each) => each.state === trouble?.state)?.channel;
  if (state === 'open' && trouble !== undefined && channel !== undefined)
    return cell(`${channel} ${trouble.word}`, trouble.role);
  const newest = view.snapshot.closes.filter((close) => close.connection === name).toSorted((a, b) => b.seq - a.seq)[0];
  if (newest === undefined) return cell('none', 'dim');
  return cell(`${newest.code ?? 'fail'} ${clockTime(newest.at)}`, 'dim');
}

/** The short form of the 80-column rung: one line for each, heartbeats and the last close beside it. */
function shortLines(view: View, room: Room): PaneLine[] {
  const fitted = fitColumns(room.width, SHORT_COLUMNS);
  const lines: PaneLine[] = [{ cells: tableLine(fitted, SHORT_TITLES) }];
  for (const [item, name] of NAMES.entries()) {
    const connection = view.snapshot.connections[name];
    const cells = mainCells(connection, view).filter((_, index) => index !== 4);
    const all = tableLine(fitted, [...cells, beatCell(name, view), lastCloseCell(name, view)]);
    if (connection.state === 'open') {
      lines.push({ cells: all, item });
      continue;
    }
    const close = all.filter((part) => part.x >= (fitted[8]?.x ?? room.width));
    const text = flow(
      (fitted[8]?.x ?? room.width) - 1,
      [cell(waitingText(connection, view).replace(/^attempt/, 'try') || 'not open', 'dim')],
      1,
      17,
    );
    lines.push({ cells: [...all.slice(0, 2), ...text, ...close], item });
  }
  const { main, beside } = restParts(view, 6);
  lines.push({ cells: flowWhole(room.width, [...main, ...beside]), item: 2 });
  return lines;
}

export function connectionsRows(view: View, room: Room): PaneRows {
  const lines = room.height < 6 ? shortLines(view, room) : wideLines(view, room);
  return { lines: lines.slice(0, room.height) };
}
