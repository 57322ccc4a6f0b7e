// The pieces of a HAR 1.2 entry, made of facts. Tokens appear as header and claims, never with a signature.

import { safeText } from '../base/text.ts';
import type { FactOf, Headers, Phases, TokenClaims } from '../core/fact.ts';

/** A name with its value, as HAR lists headers. */
interface Pair {
  name: string;
  value: string;
}

const REMOVED = '[signature removed]';
const NOTHING_MEASURED = -1;

/** The last instant that has a four-digit year. */
const AT_MAX = Date.UTC(9999, 11, 31);

export function isoOf(at: number): string {
  return new Date(Math.max(0, Math.min(AT_MAX, at))).toISOString();
}

/** A count that HAR takes: whole and not negative. */
function whole(count: number): number {
  return Math.max(0, Math.trunc(Math.min(count, Number.MAX_SAFE_INTEGER)));
}

function pairs(headers: Headers): Pair[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

function queryOf(url: string): Pair[] {
  const parsed = URL.parse(url);
  return parsed === null ? [] : [...parsed.searchParams].map(([name, value]) => ({ name, value }));
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A token as it went out, its signature left out. */
export function tokenText({ alg, kid, sub, iss, nbf, exp, uri }: TokenClaims): string {
  const claims = { sub, iss, nbf, exp, ...(uri === null ? {} : { uri }) };
  return `${base64url({ alg, kid, typ: 'JWT' })}.${base64url(claims)}.${REMOVED}`;
}

const NOT_OF_A_URI = /%(?![0-9a-f]{2})|[^!$%&'()*+,\-./0-9:;=?@A-Z_a-z~]/gi;

/** An address as HAR wants one; what was put into it whatever it was is escaped. */
function uriOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.host === '') return `about:${encodeURIComponent(safeText(url)) || 'blank'}`;
  const { protocol, host, pathname, search } = parsed;
  return `${protocol}//${host}${`${pathname}${search}`.replace(NOT_OF_A_URI, encodeURIComponent)}`;
}

export function requestOf(method: string, url: string, headers: Headers): object {
  const sizes = { headersSize: -1, bodySize: -1 };
  return {
    method,
    url: uriOf(url),
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: pairs(headers),
    queryString: queryOf(url),
    ...sizes,
  };
}

interface Answered {
  status: number;
  headers: Headers;
  body: string;
  sizeBytes: number;
}

const STATUS_TEXTS: Record<number, string> = {
  0: '',
  101: 'Switching Protocols',
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

export function responseOf({ headers, body, ...counts }: Answered): object {
  const [status, sizeBytes] = [whole(counts.status), whole(counts.sizeBytes)];
  const mimeType = headers['content-type'] ?? (status === 101 || status === 0 ? 'x-unknown' : 'application/json');
  const content = { size: sizeBytes, mimeType, ...(body === '' ? {} : { text: body }) };
  const statusText = STATUS_TEXTS[status] ?? '';
  const rest = { redirectURL: headers['location'] ?? '', headersSize: -1, bodySize: sizeBytes };
  return { status, statusText, httpVersion: 'HTTP/1.1', cookies: [], headers: pairs(headers), content, ...rest };
}

/** No answer came; what was said instead stands in `_error`, as browsers write it. */
export function noResponse(error: string): object {
  return { ...responseOf({ status: 0, headers: {}, body: '', sizeBytes: 0 }), _error: error };
}

/** A duration that HAR takes: none is negative, and what cannot be is not measured. */
function duration(ms: number | undefined): number {
  return ms === undefined || ms < 0 ? NOTHING_MEASURED : ms;
}

/** Timings of HAR: `connect` includes `ssl`; -1 is not measured, but send, wait and receive are never left out. */
export function timingsOf({ dnsMs, tcpMs, tlsMs, upgradeMs, firstByteMs, totalMs }: Phases): Record<string, number> {
  const [dns, ssl] = [duration(dnsMs), duration(tlsMs)];
  const connect = tcpMs === undefined ? NOTHING_MEASURED : duration(tcpMs + Math.max(0, ssl));
  const wait = Math.max(0, upgradeMs ?? firstByteMs ?? 0);
  const before = Math.max(0, dns) + Math.max(0, connect) + wait;
  const receive = Math.max(0, (totalMs ?? before) - before);
  return { blocked: NOTHING_MEASURED, dns, connect, ssl, send: 0, wait, receive };
}

/** What the timings add up to, ms. */
export function durationOf(timings: Record<string, number>): number {
  const { blocked = 0, dns = 0, connect = 0, send = 0, wait = 0, receive = 0 } = timings;
  return [blocked, dns, connect, send, wait, receive].reduce((sum, each) => sum + Math.max(0, each), 0);
}

/** A frame as Chrome writes one: seconds since the epoch, 1 for text and 2 for binary with base64. */
export function messageOf(fact: FactOf<'frame.received'> | FactOf<'frame.sent'>): object {
  const time = fact.at / 1_000;
  if (fact.fact === 'frame.sent') return { type: 'send', time, opcode: 1, data: fact.text };
  const buffer = Buffer.from(fact.bytes.buffer, fact.bytes.byteOffset, fact.bytes.byteLength);
  if (fact.binary) return { type: 'receive', time, opcode: 2, data: buffer.toString('base64') };
  return { type: 'receive', time, opcode: 1, data: buffer.toString('utf8') };
}
