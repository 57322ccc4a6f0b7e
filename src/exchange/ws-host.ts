// Owns one WebSocket host: upgrades and their refusal, its open connections, and the time rules that end them.
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Fault, FaultOf } from './fault.ts';
import type { Listener } from './listener.ts';
import { isFrameFault } from './outbox.ts';
import { type Body, madeBody, throttleBody } from './pages.ts';
import { Session } from './session.ts';
import { handleMessage } from './subscribe.ts';
import { type HostName, strikes, type World } from './world.ts';

type Strike = FaultOf<'close'> | FaultOf<'cut'>;

export class WsHost {
  readonly sessions = new Set<Session>();
  readonly #world: World;
  readonly #name: HostName;
  readonly #listener: Listener;
  readonly #server: WebSocketServer;
  /** Faults for connections that are still to come. */
  #planned: { fault: Strike; left: number }[] = [];
  #waiting: Fault[] = [];

  constructor(world: World, name: HostName, listener: Listener) {
    this.#world = world;
    this.#name = name;
    this.#listener = listener;
    this.#server = new WebSocketServer({
      noServer: true,
      autoPong: false,
      maxPayload: 1_000_000,
      perMessageDeflate: world.knobs.perMessageDeflate,
    });
    listener.server.on('request', (_request, response) => response.writeHead(426).end('Upgrade Required'));
    listener.server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Carries out a fault on the connections of this host; those of no concern to it pass by. */
  apply(fault: Fault): void {
    if (!('on' in fault) || fault.on === undefined || fault.on === 'both' || fault.on === this.#name)
      this.#strike(fault);
  }

  /** Ends what was planned or armed and has not happened yet. */
  clear(): void {
    this.#planned = [];
    this.#waiting = [];
    for (const session of this.sessions) {
      session.outbox.clear();
      session.heartbeats.forgive();
    }
  }

  close(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  #strike(fault: Fault): void {
    if (fault.kind === 'close' || fault.kind === 'cut') return this.#end(fault);
    if (fault.kind === 'text') return this.#each((s) => s.text(fault.text));
    if (fault.kind === 'error-frame') return this.#each((s) => s.error(fault.message, fault.fields));
    if (!isFrameFault(fault) && fault.kind !== 'skip-heartbeats') return;
    if (this.sessions.size === 0) this.#waiting.push(fault);
    this.#each((s) => arm(s, fault));
  }

  #end(fault: Strike): void {
    if (fault.nextOpens !== undefined) {
      this.#planned.push({ fault, left: fault.nextOpens });
      return;
    }
    const struck = fault.pick === 'one' ? [...this.sessions].slice(0, 1) : [...this.sessions];
    for (const session of struck) session.later(fault.afterMs ?? 0, () => endBy(session, fault));
  }

  #each(action: (session: Session) => void): void {
    for (const session of this.sessions) action(session);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {});
    const fits = (f: { fault: { on?: 'public' | 'user' | 'both' } }) => strikes(f.fault.on, this.#name);
    if (this.#world.faults.take('hang-upgrades', fits) !== null) return;
    if (this.#world.faults.take('reset-upgrades', fits) !== null) return this.#listener.reset(socket);
    const address = request.socket.remoteAddress ?? '';
    const refused = this.#world.faults.take('refuse-upgrades', fits);
    if (refused !== null) {
      const made = madeBody(refused.body ?? 'empty', refused.status);
      return this.#refuse(socket, refused.status, { ...made, text: refused.text ?? made.text }, refused.headers ?? {});
    }
    if (this.#world.connects.count(address) >= this.#world.knobs.connectsPerSecond) {
      return this.#refuse(socket, 429, throttleBody('empty'), {});
    }
    this.#world.connects.add(address);
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#open(ws, socket, address));
  }

  #refuse(socket: Duplex, status: number, body: Body, headers: Record<string, string>): void {
    this.#world.stats.refusedUpgrades += 1;
    const lines = {
      date: new Date(this.#world.clock.now()).toUTCString(),
      'content-type': body.type,
      'content-length': String(Buffer.byteLength(body.text)),
      server: 'cloudflare',
      'cf-ray': `${this.#world.random.hex(16)}-FRA`,
      connection: 'close',
      ...headers,
    };
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${head.join('')}\r\n${body.text}`);
  }

  #open(ws: WebSocket, socket: Duplex, address: string): void {
    const session = new Session({
      world: this.#world,
      host: this.#name,
      listener: this.#listener,
      ws,
      socket,
      address,
    });
    const { connections } = this.#world.stats;
    this.sessions.add(session);
    connections[this.#name].open += 1;
    connections[this.#name].total += 1;
    ws.on('message', (data: RawData) => handleMessage(session, data.toString()));
    ws.on('ping', (data: Buffer) => session.answerPing(data));
    ws.on('error', () => {});
    ws.on('close', () => {
      this.sessions.delete(session);
      connections[this.#name].open -= 1;
      session.closed();
    });
    this.#welcome(session);
  }

  #welcome(session: Session): void {
    const { knobs, random } = this.#world;
    for (const fault of this.#waiting.splice(0)) arm(session, fault);
    this.#followPlan(session);
    session.later(knobs.subscribeWithinMs, () => {
      if (!session.spoke) session.end(knobs.subscribeEnding);
    });
    this.#watchIdle(session, random.between(knobs.idleCloseMinMs, knobs.idleCloseMaxMs));
    this.#watchToken(session);
  }

  #followPlan(session: Session): void {
    const plan = this.#planned[0];
    if (plan === undefined) return;
    plan.left -= 1;
    if (plan.left <= 0) this.#planned.shift();
    session.later(plan.fault.afterMs ?? 0, () => endBy(session, plan.fault));
  }

  #watchIdle(session: Session, patienceMs: number): void {
    const left = session.lastSentAt + patienceMs - performance.now();
    if (left <= 0 && !session.heartbeats.running) return session.end(this.#world.knobs.idleEnding);
    session.later(Math.max(left, patienceMs / 20), () => this.#watchIdle(session, patienceMs));
  }

  /** Where the fault says so, a connection ends with its token; by default it outlives it. */
  #watchToken(session: Session): void {
    const fault = this.#world.faults.find('expire-tokens', (f) => strikes(f.fault.on, this.#name));
    const over = session.tokenEnds !== null && this.#world.clock.now() / 1000 >= session.tokenEnds;
    if (fault !== null && over) return session.end(fault.fault.code ?? 1008, 'token expired');
    session.later(200, () => this.#watchToken(session));
  }
}

function arm(session: Session, fault: Fault): void {
  if (isFrameFault(fault)) session.outbox.arm(fault);
  else if (fault.kind === 'skip-heartbeats') session.heartbeats.skip(fault);
}

function endBy(session: Session, fault: Strike): void {
  if (fault.kind === 'cut') session.end(fault.how);
  else session.end(fault.code, fault.reason);
}
