// Composes HAR captures as browsers and proxies save them: entries, frames, tokens with signatures of a given length. Times are
// seconds after the capture's start. Everything in them is invented; signatures are runs of one byte.

import { KEY_ID } from './facts.ts';

export const CAPTURE_START_MS = Date.UTC(2026, 10, 20, 14, 30, 0);
export const PUBLIC = 'wss://advanced-trade-ws.coinbase.com/';
export const USER = 'wss://advanced-trade-ws-user.coinbase.com/';
export const API = 'https://api.coinbase.com/api/v3/brokerage';

export type Json = Record<string, unknown>;

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

interface TokenParts {
  alg?: string;
  kid?: string;
  sub?: string;
  uri?: string;
  lifetimeS?: number;
  signatureBytes?: number;
}

/** A token made at that second of the capture. */
export function jwt(madeS: number, more: TokenParts = {}): string {
  const nbf = Math.floor(CAPTURE_START_MS / 1_000 + madeS) - 1;
  const header = { alg: more.alg ?? 'ES256', kid: more.kid ?? KEY_ID, nonce: `${1e6 + madeS}`, typ: 'JWT' };
  const uri = more.uri === undefined ? {} : { uri: more.uri };
  const claims = { iss: 'cdp', sub: more.sub ?? KEY_ID, nbf, exp: nbf + (more.lifetimeS ?? 120), ...uri };
  const signature = Buffer.alloc(more.signatureBytes ?? 64, 0x5a).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}

function timeOf(seconds: number): string {
  return new Date(CAPTURE_START_MS + seconds * 1_000).toISOString();
}

function headersOf(headers: Record<string, string>): Json[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

interface Call {
  atS: number;
  method?: string;
  url: string;
  headers?: Record<string, string>;
  /** 0: no answer. */
  status?: number;
  body?: unknown;
  answer?: Record<string, string>;
  tookMs?: number;
  /** How far the capturing clock is ahead of the server's, ms. */
  aheadMs?: number;
  more?: Json;
}

/** A REST entry; the Date header of its answer says when the server answered. */
export function call(given: Call): Json {
  const { atS, method = 'GET', url, headers = {}, status = 200, body = {}, tookMs = 80, aheadMs = 0 } = given;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const date = new Date(CAPTURE_START_MS + atS * 1_000 + tookMs / 2 - aheadMs).toUTCString();
  const answered = { date, 'content-type': 'application/json', ...given.answer };
  return {
    startedDateTime: timeOf(atS),
    time: tookMs,
    request: { method, url, httpVersion: 'h2', headers: headersOf(headers), queryString: [], cookies: [] },
    response: {
      status,
      statusText: '',
      httpVersion: 'h2',
      headers: status === 0 ? [] : headersOf(answered),
      content: { size: text.length, mimeType: 'application/json', text },
    },
    timings: { blocked: 0, dns: -1, connect: -1, ssl: -1, send: 0, wait: tookMs, receive: 0 },
    ...given.more,
  };
}

/** A call signed as it should be, unless told otherwise. */
export function signed(given: Call & { token?: TokenParts; jwt?: string }): Json {
  const { hostname, pathname } = new URL(given.url);
  const uri = `${given.method ?? 'GET'} ${hostname}${pathname}`;
  const token = given.jwt ?? jwt(given.atS, { uri, ...given.token });
  return call({ ...given, headers: { Authorization: `Bearer ${token}`, ...given.headers } });
}

export function send(atS: number, message: unknown): Json {
  const data = typeof message === 'string' ? message : JSON.stringify(message);
  return { type: 'send', time: CAPTURE_START_MS / 1_000 + atS, opcode: 1, data };
}

export function receive(atS: number, message: unknown): Json {
  return { ...send(atS, message), type: 'receive' };
}

export function subscribe(atS: number, channel: string, more: Json = {}): Json {
  return send(atS, { type: 'subscribe', channel, ...more });
}

interface SocketParts {
  atS: number;
  url?: string;
  status?: number;
  messages?: Json[];
  close?: unknown;
  headers?: Record<string, string>;
  body?: string;
  aheadMs?: number;
  more?: Json;
}

/** A WebSocket entry in the form of Chrome and HTTP Toolkit. */
export function socket(given: SocketParts): Json {
  const { atS, url = PUBLIC, status = 101, messages = [], aheadMs = 0 } = given;
  const date = new Date(CAPTURE_START_MS + atS * 1_000 + 50 - aheadMs).toUTCString();
  return {
    ...call({
      atS,
      url,
      status,
      body: given.body ?? '',
      headers: { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
      answer: { date, ...given.headers },
    }),
    _resourceType: 'websocket',
    _webSocketMessages: messages,
    ...(given.close === undefined ? {} : { _webSocketClose: given.close }),
    ...given.more,
  };
}

/** `_webSocketClose` as HTTP Toolkit writes it. */
export function closed(atS: number, code: number, reason = ''): Json {
  return { code, reason, timestamp: CAPTURE_START_MS / 1_000 + atS };
}

export function har(entries: unknown[], creator: Json = { name: 'WebInspector', version: '537.36' }): Json {
  return { log: { version: '1.2', creator, pages: [], entries } };
}

export function bytesOf(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Frames of a socket that is fed: data and heartbeats, twice a second from `fromS` to `toS`. */
export function flow(fromS: number, toS: number, options: { beats?: boolean; firstNumber?: number } = {}): Json[] {
  const frames: Json[] = [];
  let number = options.firstNumber ?? 0;
  for (let atS = fromS; atS < toS; atS += 0.5) {
    const timestamp = timeOf(atS);
    const isBeat = options.beats !== false && atS % 1 === 0;
    const channel = isBeat ? 'heartbeats' : 'ticker';
    const events = isBeat
      ? [{ current_time: `${timestamp}`, heartbeat_counter: 139_651 + Math.floor(atS) }]
      : [{ type: 'update', tickers: [{ type: 'ticker', product_id: 'BTC-USD', price: '91252.9' }] }];
    frames.push(receive(atS, { channel, client_id: '', timestamp, sequence_num: number, events }));
    number += 1;
  }
  return frames;
}

export function acknowledged(atS: number, number: number, channels: Record<string, string[]>): Json {
  const events = [{ subscriptions: channels }];
  return receive(atS, { channel: 'subscriptions', timestamp: timeOf(atS), sequence_num: number, events });
}

export function refused(atS: number, message = 'authentication failure', more: Json = {}): Json {
  return receive(atS, { type: 'error', message, ...more });
}
