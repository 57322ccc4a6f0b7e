// The five things that T2 asks for (playbook, escalation guide), each with its value, or why there is none, or how to get it. Pure.

import { type PacketField, REQUIRED } from '../core/packet-request.ts';
import type { Case, PacketResponse } from './case.ts';

/** RFC 3339 UTC with milliseconds; `?` for what is no time. */
export function utc(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString();
}

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

function target(url: string): string {
  const path = url.replace(/^\w+:\/\/[^/]+/, '').replace(/^\/api\/v3\/brokerage/, '');
  return path === '' ? url : path;
}

/** `/products`: the path of a URL as people say it, without its query. */
export function pathOf(url: string): string {
  return target(url.replace(/\?.*$/, ''));
}

const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

/** `/portfolios/…`: a path among many, where it matters which endpoint it is and not which id. */
export function endpointPath(url: string): string {
  return pathOf(url).replace(UUID, '…');
}

/** `GET /products?limit=2`: a request as people say it. */
export function requestName({ method, url }: Pick<PacketResponse, 'method' | 'url'>): string {
  return url === '' ? 'brought from elsewhere' : `${method} ${target(url)}`;
}

function keyField({ input, category }: Case): PacketField {
  const keyId = input.keyId ?? input.snapshot.key?.keyId ?? null;
  if (keyId !== null && keyId !== '') return { name: REQUIRED.key, value: keyId };
  const isPrivate = category === 'matching' || category === 'balance';
  if (!isPrivate && input.snapshot.key?.kind === 'none') {
    return { name: REQUIRED.key, value: null, none: 'no key is configured; the requests were not signed' };
  }
  const how = 'its id is listed in the portal under API keys: --key-id, or watch with the key (--key-file)';
  return { name: REQUIRED.key, value: null, how };
}

function orderField({ input, category, order }: Case): PacketField {
  const value = input.orderId ?? input.finding?.subject.orderId ?? order?.orderId ?? null;
  if (value !== null) return { name: REQUIRED.order, value };
  if (category === 'matching') {
    return {
      name: REQUIRED.order,
      value,
      how: 'the UUID of the order: --order-id, or press e on it in the orders pane',
    };
  }
  const about = {
    balance: 'about a balance, not an order',
    '5xx': 'not about an order',
    other: 'no order is involved',
  };
  return { name: REQUIRED.order, value, none: about[category] };
}

const PRODUCT_PATH = /\/products\/([A-Za-z0-9-]+)/;
const PRODUCT_QUERY = /[?&]product_ids?=([A-Za-z0-9-]+)/;

function productInUrl(response: PacketResponse | null): string | null {
  if (response === null) return null;
  return PRODUCT_PATH.exec(response.url)?.[1] ?? PRODUCT_QUERY.exec(response.url)?.[1] ?? null;
}

/** A list of products is about the product that is watched; accounts and orders are about none. */
function isAboutProducts(response: PacketResponse | null): boolean {
  return response === null || /\/products\b/.test(response.url);
}

function productField(found: Case): PacketField {
  const { input, category, order, balance, response } = found;
  const suggested = isAboutProducts(response) ? input.finding?.subject.productId : undefined;
  const told = input.productId ?? order?.productId ?? productInUrl(response) ?? suggested ?? '';
  const value = told === '' ? null : told;
  if (value !== null) return { name: REQUIRED.product, value };
  const watched = input.snapshot.products.join(', ');
  if (category === 'matching') {
    return { name: REQUIRED.product, value, how: 'the product of the order, such as BTC-USD: --product-id' };
  }
  const asked = response === null || response.url === '' ? 'the request' : requestName(response);
  const none =
    category === 'balance'
      ? `about the currency ${balance?.currency ?? 'of the balance'}`
      : `${asked} names no product`;
  return { name: REQUIRED.product, value, none: watched === '' ? none : `${none} (watched: ${watched})` };
}

/** The date is said once where it is the same. */
function seenAt(at: number, moment: number): string {
  return utc(at).slice(0, 10) === utc(moment).slice(0, 10) ? utc(at).slice(11) : utc(at);
}

/** Since when something fails, and its last failure; epoch ms. */
export interface Failures {
  sinceAt: number;
  lastAt: number;
}

function timestampField({ input, moment }: Case, failures: Failures | null): PacketField {
  const name = REQUIRED.timestamp;
  if (moment === null) return { name, value: null, how: 'when the request was made, UTC: --at 2026-11-22T20:14:06Z' };
  const { finding } = input;
  if (failures !== null) {
    const { sinceAt, lastAt } = failures;
    return { name, value: `${utc(moment)}   since ${seenAt(sinceAt, moment)}   last ${seenAt(lastAt, moment)}` };
  }
  if (finding === null || input.at !== undefined) return { name, value: utc(moment) };
  return {
    name,
    value: `${utc(moment)}   raised ${seenAt(finding.firstAt, moment)}   last seen ${seenAt(finding.lastAt, moment)}`,
  };
}

const NOTHING_FAILED = {
  matching: 'no request failed; the REST order beside the fills stands in its place',
  balance: 'no request failed; accounts beside the breakdown stand in its place',
} as const;

function responseField(found: Case): PacketField {
  const name = REQUIRED.response;
  const { category, order, balance, response, input } = found;
  if (response !== null) {
    const empty = response.status === 0 ? '(nothing was answered)' : '(empty body, 0 bytes)';
    return { name, value: response.body === '' ? empty : response.body };
  }
  if (category === 'matching' && order !== null) return { name, value: null, none: NOTHING_FAILED.matching };
  if (category === 'balance' && balance !== null) return { name, value: null, none: NOTHING_FAILED.balance };
  const isOfAccount = category === 'matching' || category === 'balance';
  const socket = isOfAccount ? undefined : input.finding?.connection;
  if (socket === 'public' || socket === 'user') {
    return { name, value: null, none: `no request failed; what the ${socket} socket said stands in its place` };
  }
  const unseen = input.orderId === undefined ? '' : `order ${input.orderId} was not seen; `;
  return { name, value: null, how: `${category === 'matching' ? unseen : ''}${HOW_RESPONSE[category]}` };
}

const HOW_RESPONSE = {
  matching: 'record with the key while the order is wrong: the order and its fills then stand beside each other',
  balance: 'record with the key over two polls (30 s apart): accounts and breakdown then stand beside each other',
  '5xx': 'record while the request fails: the answer is then picked from the recording; or save it to a file: --body',
  other: 'record while it fails: the body of the failed answer is then picked; or save it to a file: --body',
} as const;

/** The required fields, in the order of the playbook. */
export function requiredFields(found: Case, failures: Failures | null = null): PacketField[] {
  const timestamp = timestampField(found, failures);
  return [keyField(found), orderField(found), productField(found), timestamp, responseField(found)];
}

/** Names of those with neither a value nor a reason. */
export function missingFields(fields: readonly PacketField[]): string[] {
  return fields.filter(({ value, none }) => value === null && none === undefined).map(({ name }) => name);
}
