// The two sockets of a simulated world: connecting, subscribing, frames with their numbers, heartbeats, pings, endings.
// It notes every command that does not fit the state a socket is in.

import type { Command } from '../../src/core/command.ts';
import type { ConnectionName, FactBody } from '../../src/core/fact.ts';
import { acknowledgement, beatEvents, dataFrame, tickerEvents, USER_UUID, userEvents } from '../support/facts.ts';
import type { Arrival, Ground } from './ground.ts';

interface Line {
  state: 'idle' | 'waiting' | 'connecting' | 'open';
  /** Counts sockets and attempts: what belongs to an earlier one finds itself outdated. */
  life: number;
  sequence: number;
  channels: Record<string, string[]>;
  heardT: number;
}

type Closed = Partial<Extract<FactBody, { fact: 'socket.closed' }>>;

const HALF_OPEN_MS = 15_000;
const PHASES = { dnsMs: 4, tcpMs: 18, tlsMs: 20, upgradeMs: 15, totalMs: 57 };

function newLine(): Line {
  return { state: 'idle', life: 0, sequence: 0, channels: {}, heardT: 0 };
}

export class Sockets {
  readonly lines: Record<ConnectionName, Line> = { public: newLine(), user: newLine() };
  readonly #ground: Ground;
  readonly #openOrders: () => unknown[];

  constructor(ground: Ground, openOrders: () => unknown[]) {
    this.#ground = ground;
    this.#openOrders = openOrders;
  }

  /** Runs later, unless the socket or attempt of now is gone by then. */
  #later(name: ConnectionName, afterMs: number, run: () => void): void {
    const line = this.lines[name];
    const { life } = line;
    this.#ground.time.after(afterMs, () => {
      if (line.life === life) run();
    });
  }

  /** A data frame of an open socket, with its next number; nothing where the channel is not subscribed. */
  send(name: ConnectionName, channel: string, events: unknown[]): void {
    const line = this.lines[name];
    if (line.state !== 'open' || (channel !== 'subscriptions' && line.channels[channel] === undefined)) return;
    const text = dataFrame(channel, line.sequence, this.#ground.serverMs, events);
    line.sequence += 1;
    this.#arrive(name, text);
  }

  #arrive(name: ConnectionName, text: string): void {
    const asSent = (): Arrival[] => [{ bytes: Buffer.from(text), binary: false, afterMs: 0 }];
    for (const arrival of this.#ground.trouble?.onFrame(text, name) ?? asSent()) {
      if (arrival.afterMs === 0) this.#receive(name, arrival);
      else this.#later(name, arrival.afterMs, () => this.#receive(name, arrival));
    }
  }

  #receive(name: ConnectionName, { bytes, binary }: Arrival): void {
    const line = this.lines[name];
    if (line.state !== 'open') return;
    line.heardT = this.#ground.time.t;
    this.#ground.told.frames[name] += 1;
    this.#ground.tell({ fact: 'frame.received', connection: name, bytes, binary, plain: false });
  }

  close(name: ConnectionName, how: Closed = {}): void {
    const line = this.lines[name];
    if (line.state !== 'open') return;
    Object.assign(line, { state: 'idle', life: line.life + 1, channels: {} });
    this.#ground.told.closes += 1;
    const usual = { code: 1006, reason: '', clean: false, by: 'network', cause: 'reset' } as const;
    this.#ground.tell({ fact: 'socket.closed', connection: name, ...usual, errorCode: null, detail: '', ...how });
  }

  connect(name: ConnectionName, attempt: number): void {
    const { time, breaches, random } = this.#ground;
    const line = this.lines[name];
    if (line.state === 'open' || line.state === 'connecting')
      breaches.push(`connect ${name} at ${time.t} while ${line.state}`);
    Object.assign(line, { state: 'connecting', life: line.life + 1 });
    const url = this.#ground.settings()?.[name === 'public' ? 'publicUrl' : 'userUrl'] ?? '';
    const host = url.replace(/^\w+:\/\//, '');
    this.#ground.tell({ fact: 'socket.connecting', connection: name, url, host, attempt });
    this.#later(name, random.between(40, 300), () => this.#connected(name, host));
  }

  #connected(connection: ConnectionName, host: string): void {
    const { trouble, told, time } = this.#ground;
    const line = this.lines[connection];
    const failed = trouble?.onConnect(connection) ?? null;
    if (failed === null) {
      Object.assign(line, { state: 'open', sequence: 0, channels: {}, heardT: time.t });
      told.opens[connection] += 1;
      const where = { host, address: '104.18.35.15', phases: PHASES, extensions: '', tls: 'TLSv1.3', headers: {} };
      return this.#ground.tell({ fact: 'socket.opened', connection, ...where });
    }
    line.state = 'idle';
    told.closes += 1;
    if ('status' in failed) {
      const said = { status: failed.status, headers: {}, bodyStart: failed.body, phases: {} };
      return this.#ground.tell({ fact: 'upgrade.refused', connection, host, ...said });
    }
    const { errorCode } = failed;
    const how = { phase: 'tcp' as const, errorCode, errorCodes: [], message: errorCode, tookMs: 10 };
    this.#ground.tell({ fact: 'connect.failed', connection, host, ...how });
  }

  reconnect(command: Extract<Command, { command: 'reconnect' }>): void {
    const { connection, attempt, reason, floorMs, capMs, baseMs } = command;
    const { time, breaches, random } = this.#ground;
    const line = this.lines[connection];
    if (line.state !== 'idle') breaches.push(`reconnect ${connection} at ${time.t} while ${line.state}`);
    const highest = Math.max(floorMs, Math.min(capMs, baseMs * 2 ** (attempt - 1)));
    const delayMs = random.between(floorMs, highest);
    Object.assign(line, { state: 'waiting', life: line.life + 1 });
    this.#ground.tell({ fact: 'retry.scheduled', connection, attempt, delayMs, reason });
    this.#later(connection, delayMs, () => this.connect(connection, attempt));
  }

  disconnect(name: ConnectionName): void {
    // The shell closes after the fact in hand is finished.
    this.#later(name, 40, () => this.close(name, { code: 1000, by: 'client', cause: 'asked', clean: true }));
  }

  subscribe(command: Extract<Command, { command: 'subscribe' | 'unsubscribe' }>): void {
    const { connection, channel, productIds, signed } = command;
    const { random } = this.#ground;
    this.#later(connection, random.between(130, 260), () => {
      if (this.lines[connection].state !== 'open') return;
      const claims = signed ? this.#ground.makeToken(connection, null) : null;
      const named = productIds.length > 0 ? { product_ids: productIds } : {};
      const text = JSON.stringify({ type: 'subscribe', channel, ...named, ...(signed ? { jwt: 'a.b.' } : {}) });
      this.#ground.tell({ fact: 'frame.sent', connection, text, token: claims });
      this.#later(connection, random.between(20, 200), () => this.#acknowledge(connection, channel, productIds));
    });
  }

  #acknowledge(name: ConnectionName, channel: string, productIds: string[]): void {
    const line = this.lines[name];
    if (line.state !== 'open') return;
    const refusal = this.#ground.trouble?.onSubscribe(channel) ?? null;
    if (refusal !== null) return this.#arrive(name, JSON.stringify({ type: 'error', message: refusal }));
    const isNew = line.channels[channel] === undefined;
    line.channels[channel] = channel === 'heartbeats' ? ['heartbeats'] : channel === 'user' ? [USER_UUID] : productIds;
    // Data comes before its acknowledgement (reference 3.4).
    if (channel === 'ticker')
      for (const product of productIds) this.send(name, 'ticker', tickerEvents(product, 91_000, 'snapshot'));
    if (channel === 'user') this.send(name, 'user', userEvents(this.#openOrders(), 'snapshot'));
    this.send(name, 'subscriptions', acknowledgement(line.channels));
    if (channel === 'heartbeats' && isNew) this.#beats(name, this.#ground.random.whole(1_000, 900_000));
  }

  #beats(name: ConnectionName, counter: number): void {
    this.#later(name, this.#ground.random.between(970, 1_030), () => {
      this.send(name, 'heartbeats', beatEvents(counter, this.#ground.serverMs));
      this.#beats(name, counter + 1);
    });
  }

  ping(name: ConnectionName): void {
    const line = this.lines[name];
    const { time, trouble, random } = this.#ground;
    if (line.state !== 'open') return;
    if (time.t - line.heardT > HALF_OPEN_MS) return this.close(name, { by: 'client', cause: 'ping-timeout' });
    this.#ground.tell({ fact: 'ping.sent', connection: name });
    if (trouble?.pongs(name) === false) return;
    const roundTripMs = random.between(20, 120);
    this.#later(name, roundTripMs, () => {
      if (line.state !== 'open') return;
      line.heardT = time.t;
      this.#ground.tell({ fact: 'pong.received', connection: name, roundTripMs });
    });
  }
}
