// A recording as a HAR capture: calls as entries, sockets as entries with `_webSocketMessages` (Chrome's form), `_webSocketClose`
// (HTTP Toolkit's form), and `_cbscope` with what no tool has a form for. It streams: of a socket's frames none is held in memory.

import { isIP } from 'node:net';
import type { ConnectionName, Fact, FactOf, Headers, Phases, ResumedSocket } from '../core/fact.ts';
import { durationOf, isoOf, messageOf, noResponse, requestOf, responseOf, timingsOf, tokenText } from './har-parts.ts';
import { ScratchFile, type TextFile } from './text-file.ts';

/** A socket whose frames are being gathered. */
interface OpenSocket {
  url: string;
  startAt: number;
  address: string;
  headers: Headers;
  phases: Phases;
  frames: ScratchFile;
  count: number;
  lastAt: number;
}

type Sent = FactOf<'request.sent'>;

const SENT_MAX = 1_000;
const UPGRADE: Headers = { upgrade: 'websocket', connection: 'Upgrade' };

/** Writes a HAR, fact by fact. The file is whole after `end`. */
export class HarExport {
  readonly #out: TextFile;
  readonly #scratchBeside: string;
  readonly #connecting = new Map<ConnectionName, FactOf<'socket.connecting'>>();
  readonly #open = new Map<ConnectionName, OpenSocket>();
  readonly #sent = new Map<number, Sent>();
  #entries = 0;

  constructor(out: TextFile, path: string, version: string) {
    this.#out = out;
    this.#scratchBeside = path;
    const creator = { name: 'cbscope', version };
    out.write(`{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"pages":[],"entries":[`);
  }

  /** Entries written so far. */
  get entries(): number {
    return this.#entries;
  }

  add(fact: Fact): void {
    switch (fact.fact) {
      case 'frame.received':
      case 'frame.sent':
        return this.#addFrame(fact);
      case 'session.resumed':
        for (const socket of fact.sockets) this.#resume(socket, fact);
        return;
      case 'socket.connecting':
        this.#connecting.set(fact.connection, fact);
        return;
      case 'socket.opened':
        return this.#opened(fact);
      case 'socket.closed':
        return this.#closed(fact);
      case 'upgrade.refused':
        return this.#refused(fact);
      case 'connect.failed':
        return this.#failedToConnect(fact);
      case 'request.sent':
        return this.#requestSent(fact);
      case 'response.arrived':
        return this.#answered(fact);
      case 'request.failed':
        return this.#requestFailed(fact);
      default:
        return;
    }
  }

  /** Writes the sockets that were still open, and the end of the file. */
  end(): void {
    for (const connection of [...this.#open.keys()]) this.#writeSocket(connection, {});
    this.#out.write('\n]}}\n');
    this.#out.close();
  }

  #begin(connection: ConnectionName, socket: Omit<OpenSocket, 'frames' | 'count' | 'lastAt'>): void {
    this.#writeSocket(connection, {});
    const frames = new ScratchFile(`${this.#scratchBeside}.${connection}`);
    this.#open.set(connection, { ...socket, frames, count: 0, lastAt: socket.startAt });
  }

  #opened(fact: FactOf<'socket.opened'>): void {
    const asked = this.#connecting.get(fact.connection);
    this.#connecting.delete(fact.connection);
    const { address, headers, phases, host } = fact;
    const url = asked?.url ?? `wss://${host}`;
    this.#begin(fact.connection, { url, startAt: asked?.at ?? fact.at, address, headers, phases });
  }

  #resume(socket: ResumedSocket, { at, t }: { at: number; t: number }): void {
    if (socket.openedT === null) return;
    const startAt = Math.round(at - (t - socket.openedT));
    this.#begin(socket.connection, { url: socket.url, startAt, address: '', headers: {}, phases: {} });
  }

  #addFrame(fact: FactOf<'frame.received'> | FactOf<'frame.sent'>): void {
    const socket = this.#open.get(fact.connection);
    // Frames of a socket whose opening nobody saw have no entry to stand in.
    if (socket === undefined) return;
    socket.frames.write(`${socket.count === 0 ? '' : ',\n'}${JSON.stringify(messageOf(fact))}`);
    socket.count += 1;
    socket.lastAt = fact.at;
  }

  #closed(fact: FactOf<'socket.closed'>): void {
    const socket = this.#open.get(fact.connection);
    if (socket !== undefined) socket.lastAt = fact.at;
    const known = /^[1-4]\d{3}$/.test(String(fact.code)) ? { code: fact.code } : {};
    const close = { ...known, reason: fact.reason, timestamp: fact.at / 1_000 };
    const { connection, by, cause } = fact;
    this.#writeSocket(connection, {
      _webSocketClose: fact.clean ? close : 'aborted',
      _cbscope: { connection, by, cause },
    });
  }

  #writeSocket(connection: ConnectionName, more: object): void {
    const socket = this.#open.get(connection);
    if (socket === undefined) return;
    this.#open.delete(connection);
    const { url, startAt, headers, phases, address, frames, lastAt } = socket;
    const head = {
      _resourceType: 'websocket',
      ...(isIP(address) === 0 ? {} : { serverIPAddress: address }),
      startedDateTime: isoOf(startAt),
      time: Math.max(0, lastAt - startAt),
      request: requestOf('GET', url, UPGRADE),
      response: responseOf({ status: 101, headers, body: '', sizeBytes: 0 }),
      cache: {},
      timings: timingsOf(phases),
      _cbscope: { connection },
      ...more,
    };
    this.#out.write(`${this.#separator()}${JSON.stringify(head).slice(0, -1)},"_webSocketMessages":[`);
    this.#out.append(frames);
    this.#out.write(']}');
    frames.close();
  }

  #refused({ connection, host, at, status, headers, bodyStart, phases }: FactOf<'upgrade.refused'>): void {
    const body = { status, headers, body: bodyStart, sizeBytes: Buffer.byteLength(bodyStart) };
    this.#unopened(connection, { host, at, phases, response: responseOf(body) });
  }

  #failedToConnect(fact: FactOf<'connect.failed'>): void {
    const { connection, host, at, errorCode, message, tookMs } = fact;
    const response = noResponse(errorCode === '' ? message : `${errorCode} ${message}`);
    this.#unopened(connection, { host, at, phases: { totalMs: tookMs }, response });
  }

  #unopened(connection: ConnectionName, about: { host: string; at: number; phases: Phases; response: object }): void {
    const asked = this.#connecting.get(connection);
    this.#connecting.delete(connection);
    const request = requestOf('GET', asked?.url ?? `wss://${about.host}`, UPGRADE);
    const more = { _resourceType: 'websocket', _cbscope: { connection } };
    this.#write(asked?.at ?? about.at, request, about.response, about.phases, more);
  }

  #requestSent(fact: Sent): void {
    this.#sent.set(fact.requestId, fact);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > SENT_MAX && oldest !== undefined) this.#sent.delete(oldest);
  }

  #takeSent(requestId: number): Sent | undefined {
    const sent = this.#sent.get(requestId);
    this.#sent.delete(requestId);
    return sent;
  }

  #answered(fact: FactOf<'response.arrived'>): void {
    const sent = this.#takeSent(fact.requestId);
    if (sent === undefined) return;
    this.#write(sent.at, callOf(sent), responseOf(fact), fact.phases, {});
  }

  #requestFailed(fact: FactOf<'request.failed'>): void {
    const sent = this.#takeSent(fact.requestId);
    if (sent === undefined) return;
    this.#write(sent.at, callOf(sent), noResponse(`${fact.errorCode} ${fact.message}`), { totalMs: fact.tookMs }, {});
  }

  #write(startAt: number, request: object, response: object, phases: Phases, more: object): void {
    const timings = timingsOf(phases);
    const when = { startedDateTime: isoOf(startAt), time: durationOf(timings) };
    this.#out.write(
      `${this.#separator()}${JSON.stringify({ ...more, ...when, request, response, cache: {}, timings })}`,
    );
  }

  #separator(): string {
    this.#entries += 1;
    return this.#entries === 1 ? '\n' : ',\n';
  }
}

function callOf({ method, url, token }: Sent): object {
  return requestOf(method, url, token === null ? {} : { authorization: `Bearer ${tokenText(token)}` });
}
