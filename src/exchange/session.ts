// Owns one WebSocket connection: its sequence counter, subscriptions, heartbeats and the ways it may end.
// It does not judge messages.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { Heartbeats } from './heartbeats.ts';
import type { Ending } from './knobs.ts';
import type { Listener } from './listener.ts';
import { Outbox } from './outbox.ts';
import { type HostName, strikes, type World } from './world.ts';

/** Channels whose frames on the public host carry `client_id` in captures of 2026. */
const publicWithClientId = new Set(['l2_data', 'market_trades', 'user', 'futures_balance_summary']);

export interface SessionParts {
  world: World;
  host: HostName;
  listener: Listener;
  ws: WebSocket;
  socket: Duplex;
  address: string;
}

export class Session {
  readonly world: World;
  readonly host: HostName;
  readonly address: string;
  /** Rank among faults: a fault with a higher one came after this connection. */
  readonly order: number;
  readonly outbox: Outbox;
  readonly heartbeats: Heartbeats;
  /** Channel → id as asked → id that data carries. */
  readonly subscriptions = new Map<string, Map<string, string>>();
  /** Latest end of a token seen here, seconds; null without one. */
  tokenEnds: number | null = null;
  spoke = false;
  lastSentAt = performance.now();
  readonly #ws: WebSocket;
  readonly #socket: Duplex & Partial<Pick<Socket, 'remotePort'>>;
  readonly #listener: Listener;
  readonly #timers = new Set<NodeJS.Timeout>();
  #sequence = 0;

  constructor(parts: SessionParts) {
    this.world = parts.world;
    this.host = parts.host;
    this.address = parts.address;
    this.#ws = parts.ws;
    this.#socket = parts.socket;
    this.#listener = parts.listener;
    this.order = parts.world.faults.nextOrder();
    this.outbox = new Outbox((data) => this.#write(data));
    this.heartbeats = new Heartbeats(this);
  }

  wants(channel: string, productId: string): boolean {
    const asked = this.subscriptions.get(channel);
    if (asked === undefined) return false;
    for (const real of asked.values()) if (real === productId) return true;
    return false;
  }

  /** Sends a data or acknowledgement frame; a silenced one uses up no sequence number. */
  send(channel: string, events: unknown, stampDigits: 6 | 9 = 9): void {
    if (this.#muted() !== null || this.#silenced(channel, events)) return;
    const head = this.#carriesClientId(channel) ? { channel, client_id: '' } : { channel };
    const frame = { ...head, timestamp: this.world.clock.stamp(stampDigits), sequence_num: this.#sequence, events };
    this.#sequence += 1;
    this.outbox.frame(channel, JSON.stringify(frame));
  }

  /** A frame that never was: its sequence number is used up. */
  skipSequence(): void {
    this.#sequence += 1;
  }

  /** Sends an error; it carries no sequence number. */
  error(message: string, fields: Record<string, unknown> = {}): void {
    this.text(JSON.stringify({ type: 'error', message, ...fields }));
  }

  text(text: string): void {
    if (this.#muted() === null) this.#write(text);
  }

  answerPing(data: Buffer): void {
    if (this.#muted()?.pongs !== false && this.#ws.readyState === WebSocket.OPEN) this.#ws.pong(data);
  }

  /** Half-open: nothing is read either, as if the other end had gone. */
  refreshHalfOpen(): void {
    const halfOpen = this.#muted()?.pongs === false;
    if (halfOpen && !this.#ws.isPaused) this.#ws.pause();
    else if (!halfOpen && this.#ws.isPaused) this.#ws.resume();
  }

  end(how: Ending | number, reason = ''): void {
    if (how === 'reset') return this.#listener.reset(this.#socket);
    if (how === 'fin' || how === 1006) {
      this.#socket.end();
      return this.later(1000, () => this.#socket.destroy());
    }
    this.#ws.close(how, reason);
    this.later(1000, () => this.#ws.terminate());
  }

  /** Runs something later unless the connection is gone by then. */
  later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms).unref();
    this.#timers.add(timer);
  }

  /** The connection is gone. */
  closed(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.heartbeats.stop();
  }

  #muted(): { pongs?: boolean } | null {
    const found = this.world.faults.find(
      'mute',
      (f) => strikes(f.fault.on, this.host) && (f.fault.alsoNew === true || f.order > this.order),
    );
    return found === null ? null : found.fault;
  }

  #silenced(channel: string, events: unknown): boolean {
    const fault = this.world.faults.find(
      'silence',
      (f) => strikes(f.fault.on, this.host) && sameChannel(f.fault.channel, channel),
    );
    if (fault === null) return false;
    return (
      fault.fault.product === undefined || JSON.stringify(events).includes(`"product_id":"${fault.fault.product}"`)
    );
  }

  #carriesClientId(channel: string): boolean {
    const { clientId } = this.world.knobs;
    if (clientId !== '2026') return clientId === 'always';
    return this.host === 'user' || publicWithClientId.has(channel);
  }

  #write(data: string | Buffer): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    this.lastSentAt = performance.now();
    this.world.stats.frames[this.host] += 1;
    this.#ws.send(data);
  }
}

function sameChannel(asked: string, data: string): boolean {
  return asked === data || (asked === 'level2' && data === 'l2_data');
}
