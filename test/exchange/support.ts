// Owns what the exchange's tests share: a token maker, a REST call, a socket whose frames can be awaited.
// Written apart from the product's own.
import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Exchange, type ExchangeOptions, startExchange } from '../../src/exchange/exchange.ts';
import type { ClientKey } from '../../src/exchange/identity.ts';

export interface TokenParts {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  der?: boolean;
  signWith?: ClientKey;
}

/** An exchange that is closed when the test ends. */
export async function exchangeFor(options: ExchangeOptions = {}): Promise<Exchange> {
  const exchange = await startExchange(options);
  onTestFinished(() => exchange.close());
  return exchange;
}

/** A token as a client makes it, with any part replaced. */
export function makeToken(key: ClientKey, uri: string | null, parts: TokenParts = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const alg = key.secret.includes('BEGIN') ? 'ES256' : 'EdDSA';
  const header = { alg, kid: key.id, typ: 'JWT', nonce: randomBytes(16).toString('hex'), ...parts.header };
  const claims = {
    iss: 'cdp',
    sub: key.id,
    nbf: now - 5,
    exp: now + 115,
    ...(uri === null ? {} : { uri }),
    ...parts.claims,
  };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${encode(header)}.${encode(claims)}`;
  const privateKey = createPrivateKey((parts.signWith ?? key).pkcs8);
  const signature =
    alg === 'EdDSA'
      ? sign(null, Buffer.from(body), privateKey)
      : sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: parts.der === true ? 'der' : 'ieee-p1363' });
  return `${body}.${signature.toString('base64url')}`;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  json: any;
}

export interface CallOptions {
  method?: string;
  body?: unknown;
  key?: ClientKey | null;
  token?: string;
  headers?: Record<string, string>;
}

/** One REST call; signed with the ES256 key unless told otherwise. */
export async function call(exchange: Exchange, path: string, options: CallOptions = {}): Promise<Answer> {
  const full = path.startsWith('/v2') ? path : `/api/v3/brokerage${path}`;
  const method = options.method ?? 'GET';
  const uri = `${method} ${new URL(exchange.restUrl).host}${full.split('?')[0] ?? ''}`;
  const key = options.key === undefined ? exchange.keys.es256 : options.key;
  const token = options.token ?? (key === null ? null : makeToken(key, uri));
  const response = await fetch(exchange.restUrl + full, {
    method,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...options.headers },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into frames of every shape
export type Frame = any;

/** A connection whose frames are kept and can be awaited. */
export class Client {
  readonly ws: WebSocket;
  readonly frames: Frame[] = [];
  readonly raw: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #waiting: (() => void)[] = [];

  constructor(url: string, options: { ca?: string | undefined } = {}) {
    this.ws = new WebSocket(url, options.ca === undefined ? {} : { ca: options.ca });
    this.ws.on('error', () => {});
    this.ws.on('message', (data) => {
      const text = String(data);
      this.raw.push(text);
      this.frames.push(parsed(text) ?? { junk: text });
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.closed = new Promise((resolve) =>
      this.ws.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
    );
    onTestFinished(() => this.ws.terminate());
  }

  static async open(url: string, options: { ca?: string | undefined } = {}): Promise<Client> {
    const client = new Client(url, options);
    await new Promise<void>((resolve, reject) => {
      client.ws.once('open', resolve);
      client.ws.once('error', reject);
    });
    return client;
  }

  send(message: Record<string, unknown>): void {
    this.ws.send(JSON.stringify(message));
  }

  subscribe(channel: string, more: Record<string, unknown> = {}): void {
    this.send({ type: 'subscribe', channel, ...more });
  }

  /** The first frame, from `from` on, that fits; waits for it. */
  async frame(fits: (frame: Frame) => boolean, from = 0): Promise<Frame> {
    for (;;) {
      const found = this.frames.slice(from).find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async count(fits: (frame: Frame) => boolean, wanted: number): Promise<Frame[]> {
    for (;;) {
      const found = this.frames.filter(fits);
      if (found.length >= wanted) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

export const onChannel = (channel: string) => (frame: Frame) => frame.channel === channel;
export const isError = (frame: Frame): boolean => frame.type === 'error';

/** A refused upgrade: its status, headers and body. */
export function refusedUpgrade(
  url: string,
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const ws = new WebSocket(url);
  ws.on('error', () => {});
  onTestFinished(() => ws.terminate());
  return new Promise((resolve, reject) => {
    ws.on('open', () => reject(new Error('the upgrade was accepted')));
    ws.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
  });
}

/** Waits until a condition holds, looking again every few milliseconds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
