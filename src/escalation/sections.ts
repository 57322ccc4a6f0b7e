// The parts of a packet below its fields, as plain lines: what contradicts, what works, the minute around it, what was tried. Pure.

import { fitCells } from '../base/text.ts';
import type { EndpointView, Snapshot, TimelineRow } from '../core/snapshot.ts';
import type { Case, PacketResponse } from './case.ts';
import { requestName, utc } from './fields.ts';

const ROWS_MAX = 8;
const CLOSES_SHOWN_MAX = 4;
const EVIDENCE_SHOWN_MAX = 4;
const AROUND_MS = 60_000;
const DETAIL_CELLS_MAX = 96;
const MARKS = { pass: '✓', fail: '✗', unknown: '?', skipped: '–' } as const;

/** `20:14:06.489`, UTC. */
export function clockTime(at: number): string {
  return utc(at).slice(11, 23);
}

/** `4 min 12 s`, `41 s`, `0.6 s`. */
export function span(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What each source says, `['source', 'says']` rows; empty where no contradiction is held. */
export function contradiction({ order, balance, input }: Case): [string, string][] {
  const page = input.uiShows ?? balance?.ui ?? '';
  const shown = page === '' ? 'not given: ask for it, with a screenshot' : page;
  if (order !== null) {
    return [
      ['REST order', order.rest || 'has not been seen'],
      ['user channel', order.user || 'has not spoken of it'],
      ['fills', order.filled || 'none seen'],
      ['web page', shown],
    ];
  }
  if (balance === null) return [];
  return [
    [`accounts, available + hold (${balance.currency})`, balance.accounts || 'not seen'],
    ['portfolio breakdown', balance.breakdown || 'not seen'],
    ['web page', shown],
  ];
}

/** How long it has been contradicting itself, with what the engine noted; empty when it agrees. */
export function contradictionNote({ order, balance }: Case): string {
  const forMs = order?.disagreesForMs ?? balance?.disagreesForMs ?? null;
  const since = forMs === null ? '' : `They have disagreed for ${span(forMs)}`;
  const parts = [since, order?.note ?? ''].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${parts.join(': ')}.`;
}

/** What a socket said that failed: its closes, newest first. */
export function socketSaid({ input }: Case): string[] {
  const connection = input.finding?.connection;
  const closes = input.snapshot.closes.filter((close) => close.connection === connection);
  const said = closes.sort((a, b) => b.seq - a.seq).slice(0, CLOSES_SHOWN_MAX);
  return said.map(({ at, code, name, reason, by, cause, detail }) =>
    [`${clockTime(at)}  ${code ?? '–'} ${name}`, reason, `by ${by}`, cause, detail]
      .filter((part) => part !== '')
      .join('  '),
  );
}

/** The figures that prove the finding. */
export function evidenceLines({ input }: Case): string[] {
  return (input.finding?.evidence ?? []).slice(0, EVIDENCE_SHOWN_MAX);
}

/** Calls of this session: those of the failing endpoint, and all others. */
export function callCounts(snapshot: Snapshot, response: PacketResponse | null): string {
  if (response === null) return '';
  const failing = snapshot.endpoints.filter(({ endpoint }) => endpoint === response.endpoint);
  const others = snapshot.endpoints.filter(({ endpoint }) => endpoint !== response.endpoint);
  const sum = (views: EndpointView[], of: (view: EndpointView) => number): number =>
    views.reduce((total, view) => total + of(view), 0);
  const calls = sum(failing, ({ requests }) => requests);
  const otherCalls = sum(others, ({ requests }) => requests);
  const succeeded = otherCalls - sum(others, ({ failed }) => failed);
  if (calls === 0) return '';
  const own = `${sum(failing, ({ failed }) => failed)} of ${calls} such calls failed in this session`;
  return otherCalls === 0 ? `${own}.` : `${own}; ${succeeded} of ${otherCalls} other calls succeeded.`;
}

function byStatus({ path, endpoint, byStatus: counts }: EndpointView): string {
  const name = requestName({ method: 'GET', url: path.replace(/\?.*$/, '') || endpoint });
  const statuses = Object.entries(counts).map(([status, count]) => {
    const ok = status.startsWith('2');
    return `${ok ? MARKS.pass : MARKS.fail} ${status} ×${count}`;
  });
  return statuses.length === 0 ? `${name} ${MARKS.unknown}` : `${name} ${statuses.join(' ')}`;
}

function sockets({ connections }: Snapshot): string[] {
  return [connections.public, connections.user]
    .filter(({ state }) => state !== 'off')
    .map(({ name, state }) => `${name} socket ${state === 'open' ? MARKS.pass : MARKS.fail} ${state}`);
}

/** The probe matrix, or, when no probe ran, the requests by status and the sockets. With the words for its heading. */
export function whatWorks(snapshot: Snapshot): { when: string; items: string[] } {
  const { probes } = snapshot;
  if (probes === null || probes.results.length === 0) {
    return {
      when: 'no probe ran; requests of this session',
      items: [...snapshot.endpoints.map(byStatus), ...sockets(snapshot)],
    };
  }
  const items = probes.results.map(({ name, result, detail, tookMs }) => {
    const figure = result === 'pass' ? (tookMs === null ? '' : `${Math.round(tookMs)} ms`) : detail;
    return `${name} ${MARKS[result]} ${figure}`.trim();
  });
  return { when: `probed ${clockTime(probes.at).slice(0, 8)} UTC`, items };
}

/** What flows all the time and explains nothing: shown only where nothing else is near. */
const CHATTER = new Set(['ticker', 'ticker_batch', 'l2_data', 'market_trades', 'candles', 'status', 'heartbeats']);

/** Nearer is better, what proves the finding best of all. */
function weight(row: TimelineRow, moment: number, proving: ReadonlySet<number>): number {
  if (proving.has(row.seq)) return Math.abs(row.at - moment) * 0.01;
  if (row.tone === 'critical' || row.tone === 'warning') return Math.abs(row.at - moment) * 0.1;
  if (CHATTER.has(row.what)) return 30_000 + Math.abs(row.at - moment);
  return Math.abs(row.at - moment) * (row.tone === 'dim' ? 4 : 1);
}

/** The rows that matter most within a minute of the moment, in order. */
export function rowsAround(
  rows: readonly TimelineRow[],
  moment: number | null,
  proving: ReadonlySet<number> = new Set(),
): TimelineRow[] {
  const centre = moment ?? rows.at(-1)?.at ?? 0;
  return rows
    .filter(({ at }) => Math.abs(at - centre) <= AROUND_MS)
    .sort((a, b) => weight(a, centre, proving) - weight(b, centre, proving))
    .slice(0, ROWS_MAX)
    .sort((a, b) => a.seq - b.seq);
}

/** One row as one aligned line. */
export function rowLine({ at, source, glyph, what, detail }: TimelineRow): string {
  // The code of a finding is what it is found again by: it is never cut.
  const shown = `${glyph === '!' ? `${what} ` : fitCells(what, 14)} ${detail}`.trimEnd();
  return fitCells(`${clockTime(at)}  ${fitCells(source, 6)}  ${glyph}  ${shown}`, DETAIL_CELLS_MAX).trimEnd();
}

function clockTried({ clock }: Snapshot): string {
  if (clock.offsetMs === null) return '';
  const sign = clock.offsetMs < 0 ? '−' : '+';
  const uncertainty = clock.uncertaintyMs === null ? '' : ` ± ${(clock.uncertaintyMs / 1_000).toFixed(2)} s`;
  return `clock measured: ${sign}${(Math.abs(clock.offsetMs) / 1_000).toFixed(2)} s${uncertainty} against Coinbase`;
}

function repeated(snapshot: Snapshot, response: PacketResponse | null): string {
  const view = snapshot.endpoints.find(({ endpoint }) => endpoint === response?.endpoint);
  return view === undefined || response === null || view.requests < 2
    ? ''
    : `${requestName(response)} asked ${view.requests} times`;
}

/** What was done about it, only as far as the session shows it. */
export function tried({ input, response }: Case): string[] {
  const { snapshot, finding } = input;
  const { connections, rest, tokens } = snapshot;
  const reconnected = [connections.public, connections.user]
    .filter(({ reconnects }) => reconnects > 0)
    .map(({ name, reconnects }) => `${name} socket reconnected ${reconnects} times with back-off`);
  const fresh = tokens.length > 1 ? `${tokens.length} tokens made` : '';
  const paused = rest.pausedForMs === null ? '' : 'REST paused';
  const checked = (finding?.steps ?? []).map(
    ({ text, result, detail }) => `${MARKS[result]} ${text.replace(/\.$/, '')}: ${detail}`,
  );
  return [repeated(snapshot, response), ...reconnected, fresh, paused, clockTried(snapshot), ...checked].filter(
    (part) => part !== '',
  );
}

/** What only the customer can tell. */
export function stillToAsk({ category, input }: Case): string[] {
  const asks = ["the customer's client, SDK and its version"];
  const isAboutPage = category === 'matching' || category === 'balance';
  if (isAboutPage && (input.uiShows ?? '') === '') asks.push('what the web page shows, with a screenshot');
  return asks;
}
