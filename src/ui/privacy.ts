// Ids and amounts made unreadable for a screenshot, the same id always the same stand-in. Pure; identities that keys refer to stay.

import type { BalanceView, FactDetail, OrderView, Snapshot } from '../core/snapshot.ts';

const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;
/** An id shortened for the eyes: `2b1f…d0aa`, `2b1f9f6c-…`. */
const SHORTENED = /\b[0-9a-f]{4,8}-?…(?:[0-9a-f]{4,12}\b)?/gi;
const KEY_ID =
  /(apiKeys|organizations|keys|orders?|portfolios?|accounts?)\/(?!…|https?:|historical\b)[A-Za-z0-9-]{6,}/g;

function standIn(id: string): string {
  let hash = 7;
  for (const character of id.toLowerCase()) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return `id#${hash.toString(16).padStart(4, '0')}`;
}

/** The text with every id in it replaced. */
export function maskedText(text: string): string {
  if (text.length < 6) return text;
  return text
    .replace(UUID, standIn)
    .replace(SHORTENED, standIn)
    .replace(KEY_ID, (whole, kind: string) => (whole.includes('#') ? whole : `${kind}/${standIn(whole)}`));
}

const withoutDigits = (text: string): string => text.replace(/[0-9]/g, '•');

/** Fields by which keys and selections find things again. */
const KEPT = new Set(['key', 'findingKey', 'code', 'bucket', 'endpoint', 'mode', 'state', 'party', 'severity']);

function deep(value: unknown, name: string): unknown {
  if (typeof value === 'string') return KEPT.has(name) ? value : maskedText(value);
  if (Array.isArray(value)) return value.map((item) => deep(item, name));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, deep(inner, field)]));
}

const maskedOrder = (order: OrderView): OrderView => ({
  ...(deep(order, '') as OrderView),
  orderId: standIn(order.orderId),
  user: withoutDigits(order.user),
  rest: withoutDigits(order.rest),
  filled: withoutDigits(order.filled),
});

const maskedBalance = (balance: BalanceView): BalanceView => ({
  ...balance,
  accounts: withoutDigits(balance.accounts),
  breakdown: withoutDigits(balance.breakdown),
  ui: withoutDigits(balance.ui),
});

/** The snapshot as a screenshot may show it: uuids, key ids and order ids as stand-ins, amounts of orders and balances without digits. */
export function masked(snapshot: Snapshot): Snapshot {
  const all = deep(snapshot, '') as Snapshot;
  const orderIds = snapshot.orders.map((order) => order.orderId).filter((id) => id.length >= 6);
  const withoutOrders = (text: string): string =>
    orderIds.reduce((out, id) => (out.includes(id) ? out.replaceAll(id, standIn(id)) : out), text);
  return {
    ...all,
    orders: snapshot.orders.map(maskedOrder),
    balances: snapshot.balances.map(maskedBalance),
    tokens: snapshot.tokens.map((token) => ({ ...token, key: standIn(token.key), uri: token.uri })),
    timeline: {
      ...all.timeline,
      rows: all.timeline.rows.map((row) => ({ ...row, detail: withoutOrders(row.detail) })),
    },
    findings: all.findings.map((finding) =>
      finding.code === 'BALANCE_MISMATCH'
        ? { ...finding, title: withoutDigits(finding.title), evidence: finding.evidence.map(withoutDigits) }
        : { ...finding, title: withoutOrders(finding.title), evidence: finding.evidence.map(withoutOrders) },
    ),
  };
}

const AMOUNT_FIELD = /("?(?:available_balance|balance|hold|value|total[a-z_]*)"?\s*:\s*"?)([^",}]+)/gi;

/** An opened fact as a screenshot may show it. */
export function maskedDetail(detail: FactDetail): FactDetail {
  const line = (text: string): string =>
    maskedText(text).replace(AMOUNT_FIELD, (_, name: string, amount: string) => name + withoutDigits(amount));
  return {
    ...detail,
    title: line(detail.title),
    fields: detail.fields.map(({ name, value }) => ({ name, value: line(value) })),
    body: detail.body.map(line),
    oddities: detail.oddities.map(line),
  };
}
