// A test that reads like a story: a virtual clock, two sockets and REST that behave until told otherwise, and an engine that looks on.
// The story tells facts to a live engine (stamped, redacted, read as from the edge); `facts` then feed any number of replays.

import type { Command } from '../../src/core/command.ts';
import type {
  ConnectionName,
  Fact,
  FactBody,
  Headers,
  KeyInspection,
  Settings,
  TokenClaims,
} from '../../src/core/fact.ts';
import type { FindingChange, TrackedFinding } from '../../src/core/finding.ts';
import { Engine } from '../../src/engine/engine.ts';
import {
  acknowledgement,
  BODIES,
  beatEvents,
  dataFrame,
  GOOD_KEY,
  sessionStarted,
  tickerEvents,
  token,
} from './facts.ts';

export const START_AT = Date.UTC(2026, 10, 20, 14, 30, 0);

interface Job {
  nextT: number;
  everyMs: number;
  run(): void;
}

/** What flows by itself while a socket is open. */
interface Flows {
  beats: boolean;
  data: boolean;
  pongs: boolean;
}

interface Socket {
  open: boolean;
  sequence: number;
  counter: number;
  channels: Record<string, string[]>;
  flows: Flows;
}

interface Asking {
  token?: TokenClaims | null;
  products?: string[];
  /** `ack` (default): acknowledged with data; `silence`: no answer; anything else is an error message. */
  answer?: string;
}

export interface Answer {
  status?: number;
  headers?: Headers;
  body?: string;
  signed?: boolean;
  token?: TokenClaims;
  url?: string;
  why?: Extract<FactBody, { fact: 'request.sent' }>['why'];
  tookMs?: number;
}

type Closed = Extract<FactBody, { fact: 'socket.closed' }>;

function newSocket(): Socket {
  return { open: false, sequence: 0, counter: 139_651, channels: {}, flows: { beats: true, data: true, pongs: true } };
}

const PATHS: Record<string, string> = {
  time: '/time',
  key_permissions: '/key_permissions',
  accounts: '/accounts?limit=250',
  orders: '/orders/historical/batch?limit=100',
  fills: '/orders/historical/fills?limit=100',
  products: '/products',
  market_products: '/market/products',
  portfolio: '/portfolios/9a2f1c3e-5b7d-4f60-8a11-2c3d4e5f6071',
};
const UNSIGNED = new Set(['time', 'market_products']);
const API = 'https://api.coinbase.com/api/v3/brokerage';

export class Story {
  /** Monotonic ms since the start. */
  t = 0;
  /** How far this machine's wall clock is ahead of the server's, ms. */
  clockAheadMs = 0;
  readonly engine: Engine;
  readonly facts: Fact[] = [];
  readonly changes: FindingChange[] = [];
  readonly commands: Command[] = [];
  readonly sockets: Record<ConnectionName, Socket> = { public: newSocket(), user: newSocket() };
  /** REST that answers by itself: the time and the permissions every ten seconds. */
  polls = { time: true, permissions: true };
  lagMs = 3;
  /** Product of the ticker that flows by itself. */
  product = 'BTC-USD';
  #requestId = 0;
  #tokenId = 0;
  #signT: number | null = null;
  readonly #jobs: Job[] = [];

  /** `record` is handed every fact before it is folded. */
  constructor(record: (fact: Fact) => void = () => undefined) {
    const wallMs = (): number => START_AT + this.t + this.clockAheadMs;
    this.engine = new Engine({
      stamps: { wallMs, monotonicMs: () => this.t },
      perform: (command) => this.commands.push(command),
      record: (fact) => {
        this.facts.push(fact);
        record(fact);
      },
      onChanges: (changes) => this.changes.push(...changes),
    });
    this.#every(1_000, 0, () => this.#tick());
    for (const name of ['public', 'user'] as const) {
      this.#every(1_000, name === 'public' ? 310 : 340, () => this.#flow(name, 'beats'));
      this.#every(500, name === 'public' ? 120 : 140, () => this.#flow(name, 'data'));
      this.#every(3_000, 2_400, () => this.#flow(name, 'pongs'));
    }
    this.#every(10_000, 5_450, () => this.polls.time && this.answers('time'));
    this.#every(10_000, 6_450, () => this.polls.permissions && this.answers('key_permissions'));
  }

  get serverMs(): number {
    return START_AT + this.t;
  }

  tell(body: FactBody): void {
    this.engine.accept(body);
  }

  #every(everyMs: number, firstT: number, run: () => void): void {
    this.#jobs.push({ everyMs, nextT: firstT === 0 ? everyMs : firstT, run });
  }

  #begun = false;

  /** Time passes; whatever happens by itself happens in its order. */
  advance(ms: number): void {
    const target = this.t + ms;
    for (;;) {
      const next = this.#jobs.reduce((first, job) => (job.nextT < first.nextT ? job : first));
      if (next.nextT > target) break;
      this.t = Math.max(this.t, next.nextT);
      next.nextT += next.everyMs;
      if (this.#begun) next.run();
    }
    this.t = target;
  }

  #tick(): void {
    const sizes = { heapBytes: 40_000_000, rssBytes: 90_000_000, screensPerSecond: 4 };
    this.tell({ fact: 'loop.measured', lagMs: this.lagMs, queue: 0, dropped: 0, ...sizes });
    this.tell({ fact: 'tick' });
  }

  #flow(name: ConnectionName, what: keyof Flows): void {
    const socket = this.sockets[name];
    if (!socket.open) return;
    if (what === 'pongs') {
      this.tell({ fact: 'ping.sent', connection: name });
      if (socket.flows.pongs) this.tell({ fact: 'pong.received', connection: name, roundTripMs: 42 });
      return;
    }
    if (!socket.flows[what]) return;
    if (what === 'beats' && socket.channels['heartbeats'] !== undefined) this.beat(name);
    if (what === 'data' && socket.channels['ticker'] !== undefined)
      this.frame(name, 'ticker', tickerEvents(this.product, 91_252.9 + (this.t % 7)));
  }

  /** The session starts: settings and key are known. */
  begin(
    settings: Partial<Settings> = {},
    key: KeyInspection = GOOD_KEY,
    more: Parameters<typeof sessionStarted>[1] = {},
  ): this {
    this.#begun = true;
    this.tell(sessionStarted(settings, more));
    this.tell({ fact: 'key.inspected', inspection: key });
    return this;
  }

  /** A healthy start: both sockets open and fed, the clock measured, the key accepted. Two seconds pass. */
  up(settings: Partial<Settings> = {}): this {
    this.begin(settings);
    this.opens('public');
    this.asks('public', 'heartbeats');
    this.asks('public', 'ticker', { products: ['BTC-USD', 'ETH-USD'] });
    this.opens('user');
    this.asks('user', 'heartbeats');
    this.asks('user', 'user', { token: this.token(null) });
    this.answers('time');
    this.answers('key_permissions');
    this.advance(8_000);
    return this;
  }

  opens(name: ConnectionName, host?: string): void {
    const url = this.engine.model.settings?.[name === 'public' ? 'publicUrl' : 'userUrl'] ?? '';
    const at = host ?? url.replace(/^\w+:\/\//, '');
    this.tell({ fact: 'socket.connecting', connection: name, url, host: at, attempt: this.attemptOf(name) });
    this.t += 60;
    const phases = { dnsMs: 4, tcpMs: 18, tlsMs: 20, upgradeMs: 15, totalMs: 57 };
    const where = { host: at, address: '104.18.35.15', phases, extensions: '', tls: 'TLSv1.3', headers: {} };
    this.tell({ fact: 'socket.opened', connection: name, ...where });
    const { flows } = this.sockets[name];
    this.sockets[name] = { ...newSocket(), open: true, counter: 200_000 + Math.floor(this.t / 1_000), flows };
  }

  attemptOf(name: ConnectionName): number {
    return this.engine.model.connections[name].attempt || 1;
  }

  /** Makes a token as the signer would, in server time unless told otherwise, and tells so. */
  token(uri: string | null, serverMs = this.serverMs, talker: 'public' | 'user' | 'rest' = 'user'): TokenClaims {
    this.#tokenId += 1;
    const made = token(this.#tokenId, serverMs, uri);
    this.tell({ fact: 'token.made', purpose: talker, token: made, clock: 'server' });
    return made;
  }

  /** A subscribe leaves, and the server answers. */
  asks(name: ConnectionName, channel: string, asking: Asking = {}): void {
    const { products = [], answer = 'ack', token = null } = asking;
    const named = products.length > 0 ? { product_ids: products } : {};
    const text = JSON.stringify({ type: 'subscribe', channel, ...named, ...(token === null ? {} : { jwt: 'a.b.' }) });
    this.tell({ fact: 'frame.sent', connection: name, text, token });
    if (answer === 'silence') return;
    this.t += 30;
    if (answer !== 'ack') return this.receives(name, JSON.stringify({ type: 'error', message: answer }));
    const socket = this.sockets[name];
    const listed = channel === 'user' ? ['5f0e1d2c-3b4a-4958-8776-6554433221f0'] : products;
    socket.channels[channel] = channel === 'heartbeats' ? ['heartbeats'] : listed;
    this.frame(name, 'subscriptions', acknowledgement(socket.channels));
  }

  /** A text arrives on a socket as it is, without a number of ours. */
  receives(name: ConnectionName, text: string | Uint8Array, binary = false): void {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    this.tell({ fact: 'frame.received', connection: name, bytes, binary, plain: false });
  }

  /** A data frame with the next sequence number. */
  frame(name: ConnectionName, channel: string, events: unknown[]): void {
    const socket = this.sockets[name];
    this.receives(name, dataFrame(channel, socket.sequence, this.serverMs, events));
    socket.sequence += 1;
  }

  beat(name: ConnectionName): void {
    const socket = this.sockets[name];
    socket.counter += 1;
    this.frame(name, 'heartbeats', beatEvents(socket.counter, this.serverMs));
  }

  /** A GET leaves and is answered. Without a body the endpoint's ordinary good one. */
  answers(endpoint: string, answer: Answer = {}): void {
    const { status = 200, headers = {}, tookMs = 60, why = 'poll' } = answer;
    const url = answer.url ?? `${API}${PATHS[endpoint] ?? `/${endpoint}`}`;
    const signed = answer.signed ?? !UNSIGNED.has(endpoint);
    const uri = `GET ${url.replace(/^\w+:\/\//, '').replace(/\?.*$/, '')}`;
    const claims = signed ? (answer.token ?? this.token(uri, this.serverMs, 'rest')) : null;
    this.#requestId += 1;
    const requestId = this.#requestId;
    const bucket = signed ? 'rest-private' : 'rest-public';
    this.tell({ fact: 'request.sent', requestId, endpoint, method: 'GET', url, signed, bucket, token: claims, why });
    const body = answer.body ?? this.#goodBody(endpoint, tookMs);
    this.t += tookMs;
    this.tell({
      fact: 'response.arrived',
      requestId,
      endpoint,
      status,
      headers,
      body,
      truncated: false,
      sizeBytes: body.length,
      phases: { firstByteMs: tookMs, totalMs: tookMs },
      midpointAt: START_AT + this.t + this.clockAheadMs - tookMs / 2,
      freshConnection: false,
    });
  }

  #goodBody(endpoint: string, tookMs: number): string {
    if (endpoint === 'time') return BODIES.time(this.serverMs + tookMs / 2);
    if (endpoint === 'key_permissions') return BODIES.permissions();
    if (endpoint === 'accounts') return BODIES.accounts();
    if (endpoint === 'orders') return BODIES.orders();
    if (endpoint === 'fills') return BODIES.fills();
    if (endpoint === 'portfolio') return BODIES.portfolio();
    return BODIES.products();
  }

  /** A GET leaves and the network fails it. */
  fails(
    endpoint: string,
    errorCode: string,
    phase: 'dns' | 'tcp' | 'tls' | 'response' = 'tcp',
    errorCodes: string[] = [],
  ): void {
    const url = `${API}${PATHS[endpoint] ?? `/${endpoint}`}`;
    this.#requestId += 1;
    const requestId = this.#requestId;
    const asked = { requestId, endpoint, method: 'GET', url, signed: false, bucket: 'rest-public' } as const;
    this.tell({ fact: 'request.sent', ...asked, token: null, why: 'poll' });
    this.t += 20;
    const failed = { requestId, endpoint, host: 'api.coinbase.com', phase, errorCode, errorCodes, tookMs: 20 };
    this.tell({ fact: 'request.failed', ...failed, message: `${errorCode} api.coinbase.com` });
  }

  /** The socket ends; unless told otherwise a reset by the network. */
  closes(name: ConnectionName, how: Partial<Closed> = {}): void {
    this.sockets[name].open = false;
    const usual = { code: 1006, reason: '', clean: false, by: 'network', cause: 'reset' } as const;
    this.tell({ fact: 'socket.closed', connection: name, ...usual, errorCode: null, detail: '', ...how });
    this.#retryAsCommanded(name);
  }

  /** The upgrade is answered with HTTP. */
  refuses(name: ConnectionName, status: number, bodyStart = '', headers: Headers = {}): void {
    const url = this.engine.model.settings?.[name === 'public' ? 'publicUrl' : 'userUrl'] ?? '';
    const host = url.replace(/^\w+:\/\//, '');
    this.tell({ fact: 'socket.connecting', connection: name, url, host, attempt: this.attemptOf(name) });
    this.t += 80;
    const phases = { totalMs: 80 };
    this.tell({ fact: 'upgrade.refused', connection: name, host, status, headers, bodyStart, phases });
    this.#retryAsCommanded(name);
  }

  /** No connection comes about. */
  cannotConnect(
    name: ConnectionName,
    phase: 'dns' | 'tcp' | 'tls' | 'upgrade',
    errorCode: string,
    errorCodes: string[] = [],
  ): void {
    const url = this.engine.model.settings?.[name === 'public' ? 'publicUrl' : 'userUrl'] ?? '';
    const host = url.replace(/^\w+:\/\//, '');
    this.tell({ fact: 'socket.connecting', connection: name, url, host, attempt: this.attemptOf(name) });
    this.t += 40;
    const failed = { phase, errorCode, errorCodes, message: `${errorCode} ${host}`, tookMs: 40 };
    this.tell({ fact: 'connect.failed', connection: name, host, ...failed });
    this.#retryAsCommanded(name);
  }

  #retryAsCommanded(connection: ConnectionName): void {
    const command = this.commands.at(-1);
    if (command?.command !== 'reconnect' || command.connection !== connection) return;
    const { attempt, reason } = command;
    const delayMs = Math.max(command.floorMs, command.baseMs * attempt);
    this.tell({ fact: 'retry.scheduled', connection, attempt, delayMs, reason });
  }

  /** The socket is open again and everything is subscribed anew. */
  reopens(name: ConnectionName): void {
    this.opens(name);
    this.asks(name, 'heartbeats');
    if (name === 'public') this.asks(name, 'ticker', { products: ['BTC-USD', 'ETH-USD'] });
    else this.asks(name, 'user', { token: this.token(null) });
  }

  /** This is the first observable sign: what follows must be named within three seconds of now. */
  sign(): void {
    this.#signT ??= this.t;
  }

  get signT(): number {
    return this.#signT ?? this.t;
  }

  open(): TrackedFinding[] {
    return [...this.engine.book.open.values()];
  }

  openCodes(): string[] {
    return this.open()
      .map((finding) => finding.code)
      .sort();
  }

  finding(code: string): TrackedFinding | undefined {
    return this.open().find((finding) => finding.code === code);
  }

  /** Codes ever raised with one of these severities. */
  raised(...severities: string[]): string[] {
    const wanted = severities.length === 0 ? ['critical', 'warning', 'info'] : severities;
    const all = this.changes.filter((change) => wanted.includes(change.finding.severity));
    return [...new Set(all.map((change) => change.finding.code))].sort();
  }

  /** A fresh engine fed with the same facts. */
  replayed(): Engine {
    const engine = new Engine();
    for (const fact of this.facts) engine.replay(fact);
    return engine;
  }
}
