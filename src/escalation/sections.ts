// The parts of a packet below its fields, as plain lines: what contradicts, what works, the minute around it, what was tried. Pure.

import { fitCells } from '../base/text.ts';
import type { ProbeResult } from '../core/fact.ts';
import type { EndpointView, Snapshot, TimelineRow } from '../core/snapshot.ts';
import { type CallOutcome, groupsBy, outcomeItems } from './calls.ts';
import { type Case, isServerError, type PacketResponse } from './case.ts';
import { clockTime, endpointPath, requestName, span } from './fields.ts';

const ROWS_MAX = 8;
/** Beside records that speak for themselves. */
export const ROWS_BESIDE_PROOFS_MAX = 5;
const CLOSES_SHOWN_MAX = 4;
const EVIDENCE_SHOWN_MAX = 4;
const AROUND_MS = 60_000;
const DETAIL_CELLS_MAX = 96;
const MARKS = { pass: '✓', fail: '✗', unknown: '?', skipped: '–' } as const;

/** `OPEN 0.0012` as a person reads it. */
function withFilled(says: string): string {
  return says.replace(/ (?=[\d.]+$)/, ', filled ');
}

/** What each source says, `['source', 'says']` rows; empty where no contradiction is held. */
export function contradiction({ order, balance, input }: Case): [string, string][] {
  const page = input.uiShows ?? balance?.ui ?? '';
  const shown = page === '' ? 'not given: ask for it, with a screenshot' : page;
  if (order !== null) {
    return [
      ['REST order', withFilled(order.rest) || 'has not been seen'],
      ['user channel', withFilled(order.user) || 'has not spoken of it'],
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
  const since = forMs === null ? '' : `The sources have disagreed for ${span(forMs)}`;
  const parts = [since, order?.note ?? ''].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${parts.join(': ')}.`;
}

/** That the calls of the session work, or how many do not; empty before the first. */
export function sessionCalls({ endpoints }: Snapshot): string {
  const sum = (of: (view: EndpointView) => number): number => endpoints.reduce((total, view) => total + of(view), 0);
  const calls = sum(({ requests }) => requests);
  if (calls === 0) return '';
  const failed = sum((view) => view.failed);
  return failed === 0
    ? `All ${calls} calls of the session succeeded.`
    : `${failed} of ${calls} calls of the session failed.`;
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

/** When the same request failed before, with what T2 finds it by. */
function otherFailures({ input, response }: Case): string {
  const others = input.responses.filter((each) => each.endpoint === response?.endpoint && each.seq !== response.seq);
  const tagged = others
    .filter((each) => isServerError(each) && each.at < (response?.at ?? 0))
    .slice(-EVIDENCE_SHOWN_MAX)
    .map(({ at, headers }) => [clockTime(at), headers['cf-ray'] ?? headers['x-request-id'] ?? ''].join(' ').trim());
  return tagged.length === 0 ? '' : `also failed: ${tagged.join(', ')}`;
}

/** The figures that prove the finding; what its records, or the counts of requests, say for themselves is not said again. */
export function evidenceLines(found: Case, outcome: CallOutcome | null): string[] {
  const { input, order, balance } = found;
  if (outcome !== null) return [otherFailures(found)].filter((line) => line !== '');
  const evidence = (input.finding?.evidence ?? []).slice(0, EVIDENCE_SHOWN_MAX);
  if ((input.proofs ?? []).length === 0) return evidence;
  return order !== null ? [] : evidence.slice(balance === null ? 0 : 1);
}

function byStatus({ path, endpoint, byStatus: counts }: EndpointView): string {
  const name = `GET ${endpointPath(path) || endpoint}`;
  const statuses = Object.entries(counts).map(([status, count]) => {
    const ok = status.startsWith('2');
    return `${ok ? MARKS.pass : MARKS.fail} ${status} ×${count}`;
  });
  return statuses.length === 0 ? `${name} ${MARKS.unknown}` : `${name} ${statuses.join(' ')}`;
}

/** Each endpoint with what it answered; in one item where all of it is well. */
function endpointItems({ endpoints }: Snapshot): string[] {
  const statuses = endpoints.flatMap((view) => Object.entries(view.byStatus));
  const isWell = statuses.length > 0 && statuses.every(([status]) => status.startsWith('2'));
  if (!isWell) return endpoints.map(byStatus);
  const count = statuses.reduce((sum, [, times]) => sum + times, 0);
  return [
    `all ${count} requests of the session ${MARKS.pass} (${endpoints.map(({ endpoint }) => endpoint).join(', ')})`,
  ];
}

function sockets({ connections, closes }: Snapshot): string[] {
  return [connections.public, connections.user]
    .filter(({ state }) => state !== 'off')
    .map(({ name, state }) => {
      const last = closes.filter(({ connection }) => connection === name).sort((a, b) => b.seq - a.seq)[0];
      // What was closed on our own side when watching ended had worked until then.
      const isOver = state === 'closed' && last?.by === 'client' && last.cause === 'asked';
      if (isOver) return `${name} socket ${MARKS.pass} open until watching ended`;
      return `${name} socket ${state === 'open' ? MARKS.pass : MARKS.fail} ${state}`;
    });
}

/** Probes of one name as one item: what failed, by its target; what passed, counted. */
function probeItem(name: string, results: readonly ProbeResult[]): string {
  const failed = results.filter(({ result }) => result === 'fail');
  const passed = results.filter(({ result }) => result === 'pass');
  const slowest = Math.max(0, ...passed.map(({ tookMs }) => tookMs ?? 0));
  const figure = slowest === 0 ? '' : ` ${Math.ceil(slowest)} ms`;
  const hosts = passed.length > 1 ? ` (${passed.length} hosts)` : '';
  const good = passed.length === 0 ? [] : [`${MARKS.pass}${figure}${hosts}`];
  const bad = failed.map(({ target, detail }) =>
    `${MARKS.fail} ${results.length > 1 ? `${target} ` : ''}${detail}`.trim(),
  );
  return [name, ...good, ...bad].join(' ');
}

function probeItems(results: readonly ProbeResult[]): string[] {
  const tried = results.filter(({ result }) => result !== 'skipped');
  return [...groupsBy(tried, ({ name }) => name)].map(([name, group]) => probeItem(name, group));
}

/** The probe matrix, the requests with what they answered, and the sockets. With the words for its heading. */
export function whatWorks({ input }: Case, outcome: CallOutcome | null): { when: string; items: string[] } {
  const { snapshot } = input;
  const probes = snapshot.probes === null ? [] : probeItems(snapshot.probes.results);
  const probed =
    snapshot.probes === null || probes.length === 0
      ? 'no probe ran'
      : `probed ${clockTime(snapshot.probes.at).slice(0, 8)} UTC`;
  const requests = outcome === null ? endpointItems(snapshot) : outcomeItems(outcome, input.calls ?? []);
  const when = outcome === null ? 'requests of the session' : 'requests of the same time';
  return { when: `${probed}; ${when}`, items: [...probes, ...requests, ...sockets(snapshot)] };
}

/** What flows all the time and explains nothing: shown only where nothing else is near. */
const CHATTER = new Set(['ticker', 'ticker_batch', 'l2_data', 'market_trades', 'candles', 'status', 'heartbeats']);

/** The first and the newest of what proves the finding: all of it would leave no room for what went on beside it. */
const PROVING_SHOWN = 2;

function tellingOf(rows: readonly TimelineRow[], proving: ReadonlySet<number>): ReadonlySet<number> {
  const seqs = rows
    .filter(({ seq, source, glyph }) => proving.has(seq) && `${source}${glyph}` !== 'REST→')
    .map(({ seq }) => seq);
  return new Set([...seqs.slice(0, 1), ...seqs.slice(-PROVING_SHOWN)]);
}

/** Nearer is better, what proves the finding best of all. */
function weight(row: TimelineRow, moment: number, proving: ReadonlySet<number>): number {
  if (proving.has(row.seq)) return Math.abs(row.at - moment) * 0.01;
  if (row.tone === 'critical' || row.tone === 'warning') return Math.abs(row.at - moment) * 0.1;
  const isFrame = row.glyph === '←' && row.source !== 'REST';
  if (isFrame || CHATTER.has(row.what)) return 30_000 + Math.abs(row.at - moment);
  return Math.abs(row.at - moment) * (row.tone === 'dim' ? 4 : 1);
}

/** The rows that matter most within a minute of the moment, in order. */
export function rowsAround(
  rows: readonly TimelineRow[],
  moment: number | null,
  proving: ReadonlySet<number> = new Set(),
  rowsMax = ROWS_MAX,
): TimelineRow[] {
  const centre = moment ?? rows.at(-1)?.at ?? 0;
  const near = rows.filter(({ at }) => Math.abs(at - centre) <= AROUND_MS);
  const telling = tellingOf(near, proving);
  const left = near.filter(({ seq, glyph }) => telling.has(seq) || !proving.has(seq) || glyph === '!');
  return left
    .sort((a, b) => weight(a, centre, telling) - weight(b, centre, telling))
    .slice(0, rowsMax)
    .sort((a, b) => a.t - b.t);
}

/** One row as one aligned line. */
export function rowLine({ at, source, glyph, what, detail }: TimelineRow): string {
  // The code of a finding is what it is found again by: it is never cut.
  const shown = `${glyph === '!' ? `${what} ` : fitCells(what, 14)} ${detail}`.trimEnd();
  return fitCells(`${clockTime(at)}  ${fitCells(source, 6)}  ${glyph}  ${shown}`, DETAIL_CELLS_MAX).trimEnd();
}

/** `−2 ms ± 1 ms`, in seconds where it is much. */
function clockTried({ clock }: Snapshot): string {
  const { offsetMs, uncertaintyMs } = clock;
  if (offsetMs === null) return '';
  const figure = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`);
  const sign = Math.round(offsetMs) === 0 ? '' : offsetMs < 0 ? '−' : '+';
  const uncertainty = uncertaintyMs === null ? '' : ` ± ${figure(Math.ceil(uncertaintyMs))}`;
  return `own clock against Coinbase's: ${sign}${figure(Math.abs(offsetMs))}${uncertainty}`;
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
  const { connections, rest } = snapshot;
  const reconnected = [connections.public, connections.user]
    .filter(({ reconnects }) => reconnects > 0)
    .map(
      ({ name, reconnects }) =>
        `${name} socket reconnected ${reconnects} ${reconnects === 1 ? 'time' : 'times'} with back-off`,
    );
  const paused = rest.pausedForMs === null ? '' : 'REST paused';
  const checked = (finding?.steps ?? []).map(
    ({ text, result, detail }) =>
      `${MARKS[result]} ${text.replace(/\.$/, '')}${text.endsWith('?') ? '' : ':'} ${detail}`,
  );
  return [repeated(snapshot, response), ...reconnected, paused, clockTried(snapshot), ...checked].filter(
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
