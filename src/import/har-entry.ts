// One entry of a HAR, read without trust: every field answers with what was wanted or with nothing, and none throws.

import { fieldOf, type JsonRecord, listOf, parseJson, recordOf, textField, textOf } from '../coinbase/json-value.ts';
import type { Headers, Phases } from '../core/fact.ts';
import { bodyOf } from './har-body.ts';

/** Durations of HAR 1.2, milliseconds; 0 where nothing was measured. */
export interface Timings {
  blocked: number;
  dns: number;
  connect: number;
  /** Part of `connect`. */
  ssl: number;
  send: number;
  wait: number;
  receive: number;
}

export interface HarEntry {
  /** When the request began, epoch ms with fraction. */
  startMs: number;
  method: string;
  url: URL;
  /** Names in lower case; of a repeated header the values are joined. */
  requestHeaders: Headers;
  /** 0 when there was no answer. */
  status: number;
  responseHeaders: Headers;
  /** The body as text, decoded where it came as base64; null when the capture left it out. */
  body: string | null;
  /** Bytes of the body, as the capture says. */
  sizeBytes: number;
  /** The whole entry's duration as the capture says, ms; 0 when it does not. */
  durationMs: number;
  timings: Timings;
  /** Which phases were measured. */
  phases: Phases;
  /** What the capture says of a failure. */
  error: string;
  raw: JsonRecord;
}

const HEADERS_MAX = 100;
const HEADER_VALUE_MAX = 20_000;
const PHASE_MS_MAX = 3_600_000;
const DURATION_MS_MAX = 86_400_000;
const SECONDS_BELOW = 100_000_000_000;

/** An instant as epoch ms: a number of seconds or of milliseconds, or a text that says a time; null for anything else. */
export function instantOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number') {
    const ms = number < SECONDS_BELOW ? number * 1_000 : number;
    return Number.isFinite(ms) && ms > 0 ? ms : null;
  }
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

function headersOf(value: unknown): Headers {
  const headers: Headers = {};
  const list = listOf(value) ?? [];
  for (const item of list.slice(0, HEADERS_MAX)) {
    const header = recordOf(item);
    const name = header === null ? '' : textField(header, 'name').toLowerCase();
    // Pseudo headers of HTTP/2 are no headers.
    if (header === null || name === '' || name.startsWith(':')) continue;
    const text = textField(header, 'value').slice(0, HEADER_VALUE_MAX);
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${text}` : text;
  }
  return headers;
}

/** A number that is not negative, as large as `max` at the most; null for anything else. */
function measured(record: JsonRecord, name: string, max = PHASE_MS_MAX): number | null {
  const value = fieldOf(record, name);
  const number = typeof value === 'number' ? value : Number.NaN;
  return Number.isFinite(number) && number >= 0 ? Math.min(number, max) : null;
}

function timingsOf(value: unknown): { timings: Timings; phases: Phases } {
  const record = recordOf(value) ?? {};
  const timings: Timings = { blocked: 0, dns: 0, connect: 0, ssl: 0, send: 0, wait: 0, receive: 0 };
  for (const name of Object.keys(timings) as (keyof Timings)[]) timings[name] = measured(record, name) ?? 0;
  const phases: Phases = {};
  if (measured(record, 'dns') !== null) phases.dnsMs = rounded(timings.dns);
  if (measured(record, 'connect') !== null) phases.tcpMs = rounded(Math.max(0, timings.connect - timings.ssl));
  if (measured(record, 'ssl') !== null) phases.tlsMs = rounded(timings.ssl);
  return { timings, phases };
}

/** Milliseconds to a thousandth. */
export function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

/** An entry that has a time, a method and a URL; null for anything less. */
export function readEntry(value: unknown): HarEntry | null {
  const raw = recordOf(value);
  const request = raw === null ? null : recordOf(fieldOf(raw, 'request'));
  const startMs = raw === null ? null : instantOf(fieldOf(raw, 'startedDateTime'));
  const url = request === null ? null : URL.parse(textField(request, 'url'));
  if (raw === null || request === null || url === null || startMs === null || url.host === '') return null;
  const response = recordOf(fieldOf(raw, 'response')) ?? {};
  const content = recordOf(fieldOf(response, 'content')) ?? {};
  const status = fieldOf(response, 'status');
  const responseHeaders = headersOf(fieldOf(response, 'headers'));
  const body = bodyOf(content, responseHeaders);
  const said = measured(content, 'size', Number.MAX_SAFE_INTEGER);
  return {
    startMs,
    method: textField(request, 'method').toUpperCase() || 'GET',
    url,
    requestHeaders: headersOf(fieldOf(request, 'headers')),
    status: typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 999 ? status : 0,
    responseHeaders,
    body,
    sizeBytes: said === null || said === 0 ? Buffer.byteLength(body ?? '') : Math.floor(said),
    durationMs: measured(raw, 'time', DURATION_MS_MAX) ?? 0,
    ...timingsOf(fieldOf(raw, 'timings')),
    error: [textField(response, '_error'), textField(raw, '_error'), textField(raw, 'comment')].find(isSaid) ?? '',
    raw,
  };
}

function isSaid(text: string): boolean {
  return text !== '';
}

/** The messages of a WebSocket entry as the capture lists them; null when the entry has no such list. */
export function messagesOf(entry: HarEntry): readonly unknown[] | null {
  return listOf(fieldOf(entry.raw, '_webSocketMessages'));
}

/** True for the upgrade of a WebSocket, answered or not. */
export function isSocket(entry: HarEntry): boolean {
  if (messagesOf(entry) !== null || /^wss?:$/.test(entry.url.protocol)) return true;
  if (textField(entry.raw, '_resourceType') === 'websocket') return true;
  return entry.status === 101 || /websocket/i.test(entry.requestHeaders['upgrade'] ?? '');
}

/** The JSON object of a message's text, or null. */
export function objectOf(text: string): JsonRecord | null {
  return recordOf(parseJson(text));
}

/** The texts of a JSON list, at most `max`. */
export function textsOf(value: unknown, max: number): string[] {
  return (listOf(value) ?? [])
    .slice(0, max)
    .map(textOf)
    .filter((text) => text !== '');
}
