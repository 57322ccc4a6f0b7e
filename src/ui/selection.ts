// Which panes there are, which items each one lists, and what opening an item leads to. Pure.

import type { Snapshot } from '../core/snapshot.ts';
import { matchingEndpoints, matchingFindings } from './filter.ts';

export type PaneId =
  | 'connections'
  | 'findings'
  | 'heartbeats'
  | 'tokens'
  | 'limits'
  | 'closes'
  | 'timeline'
  | 'requests'
  | 'orders'
  | 'self';

/** The panes by the key that reaches them. */
export const PANES: readonly { id: PaneId; key: string; title: string }[] = [
  { id: 'connections', key: '1', title: 'connections' },
  { id: 'findings', key: '2', title: 'findings' },
  { id: 'heartbeats', key: '3', title: 'heartbeats' },
  { id: 'tokens', key: '4', title: 'tokens' },
  { id: 'limits', key: '5', title: 'limits' },
  { id: 'closes', key: '6', title: 'closes' },
  { id: 'timeline', key: '7', title: 'timeline' },
  { id: 'requests', key: '8', title: 'requests' },
  { id: 'orders', key: '9', title: 'orders & balances' },
  { id: 'self', key: '0', title: 'self' },
];

/** Closes newest first. */
export function closesNewestFirst(snapshot: Snapshot): Snapshot['closes'] {
  return snapshot.closes.toSorted((a, b) => b.seq - a.seq);
}

/** Identities of the items of a pane, in the order shown. */
export function itemsOf(pane: PaneId, snapshot: Snapshot, filter: string): string[] {
  switch (pane) {
    case 'connections':
      return ['public', 'user', 'rest'];
    case 'heartbeats':
      return ['public', 'user'];
    case 'findings':
      return matchingFindings(filter, snapshot.findings).map((finding) => finding.key);
    case 'tokens':
      return snapshot.tokens.map((token, index) => `${token.purpose} ${index}`);
    case 'limits':
      return snapshot.limits.map((limit) => limit.bucket);
    case 'closes':
      return closesNewestFirst(snapshot).map((close) => String(close.seq));
    case 'timeline':
      return snapshot.timeline.rows.map((row) => String(row.place));
    case 'requests':
      return matchingEndpoints(filter, snapshot.endpoints).map((endpoint) => endpoint.endpoint);
    case 'orders':
      return [
        ...snapshot.orders.map((order) => order.orderId),
        ...snapshot.balances.map((balance) => `balance ${balance.currency}`),
      ];
    case 'self':
      return [];
  }
}

/** A change of a finding opens the finding, if it is still known. */
function opensRow(place: string, snapshot: Snapshot): Opened | null {
  const row = snapshot.timeline.rows.find((each) => String(each.place) === place);
  if (row === undefined) return null;
  const finding = snapshot.findings.find(({ key }) => key === row.finding);
  return finding === undefined ? { open: 'fact', seq: row.seq } : { open: 'finding', key: finding.key };
}

export type Opened = { open: 'finding'; key: string } | { open: 'fact'; seq: number };

/** What Enter opens on the chosen (or else first) item of a pane; null when the pane itself is to be zoomed. */
export function opens(pane: PaneId, chosen: string | undefined, snapshot: Snapshot, filter: string): Opened | null {
  const id = chosen ?? itemsOf(pane, snapshot, filter)[0];
  if (id === undefined) return null;
  if (pane === 'findings') return { open: 'finding', key: id };
  if (pane === 'timeline') return opensRow(id, snapshot);
  if (pane === 'closes') return { open: 'fact', seq: Number(id) };
  if (pane !== 'requests') return null;
  const seq = snapshot.endpoints.find((endpoint) => endpoint.endpoint === id)?.lastSeq ?? null;
  return seq === null ? null : { open: 'fact', seq };
}
