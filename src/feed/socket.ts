// One WebSocket connection of the inspector and everything that can be learnt of its beginning and its end. The only importer of `ws`.
// Each attempt ends in exactly one fact: upgrade.refused, connect.failed or socket.closed. It never decides when to connect.

import type { IncomingMessage } from 'node:http';
import type { createConnection } from 'node:net';
import type { SecureContext } from 'node:tls';
import WebSocket from 'ws';
import { safeText } from '../base/text.ts';
import { FRAME_BYTES_MAX, UPGRADE_TIMEOUT_MS } from '../core/bounds.ts';
import type { ConnectionName, Fact, FactBody, Headers } from '../core/fact.ts';
import { readBodyStart } from './body-start.ts';
import type { Cancel, Clock } from './clock.ts';
import { closeCause, closedBy, type EndSigns } from './close-cause.ts';
import { type Dialling, dial, tlsOf, USER_AGENT } from './dial.ts';
import { codeOf, DeadlineError, readFailure, unusableUrl } from './failure.ts';
import type { Emit } from './feed.ts';
import { maskHeaders, maskText, maskUrl } from './mask.ts';
import { createPinger, type Pinger } from './pinger.ts';
import { type Target, targetOf } from './target.ts';

export interface SocketOptions {
  connection: ConnectionName;
  url: string;
  emit: Emit;
  trust: SecureContext | null;
  deflate: boolean;
  clock: Clock;
  /** Called after the fact that ends an attempt. */
  onEnd?: () => void;
  /** Shorter deadlines and paces, for tests. */
  connectTimeoutMs?: number;
  upgradeTimeoutMs?: number;
  pingEveryMs?: number;
  halfOpenAfterMs?: number;
  frameBytesMax?: number;
}

export type SocketState = 'idle' | 'connecting' | 'open' | 'closing';

export interface Socket {
  /** Starts an attempt; ignored while one is under way. */
  connect(attempt: number): void;
  /** False when the socket is not open. */
  send(text: string): boolean;
  /** Ends the attempt or the open socket; the fact that tells it follows within a second. */
  close(reason: string): void;
  ping(): void;
  readonly state: SocketState;
}

/** How long the other side may take to finish a close; then the stream is cut. */
const CLOSE_WAIT_MS = 500;
const NO_CLOSE_FRAME = 1006;
const NOTHING: Cancel = () => undefined;

/** A frame as a fact, with room for its stamp: one shape from here to the recording, at hundreds of thousands a second. */
function frameReceived(connection: ConnectionName, bytes: Uint8Array, binary: boolean): FactBody {
  const fact: Fact = { seq: 0, at: 0, t: 0, fact: 'frame.received', connection, bytes, binary, plain: false };
  return fact;
}

class Attempt {
  readonly #options: SocketOptions;
  readonly #target: Target;
  readonly #startedMs: number;
  readonly #dialling: Dialling;
  readonly #ws: WebSocket;
  readonly #pinger: Pinger;
  readonly #signs: EndSigns = {
    code: NO_CLOSE_FRAME,
    asked: false,
    pingTimeout: false,
    finSeen: false,
    socketErrorCode: null,
    frameErrorCode: null,
  };
  #answerHeaders: Headers = {};
  #opened = false;
  #over = false;
  #detail = '';
  #cancelUpgrade = NOTHING;
  #cancelCut = NOTHING;

  constructor(options: SocketOptions, target: Target) {
    this.#options = options;
    this.#target = target;
    this.#startedMs = options.clock.monotonicMs();
    this.#dialling = this.#dial();
    this.#ws = this.#openWebSocket();
    this.#pinger = this.#makePinger();
    this.#listen();
  }

  get state(): SocketState {
    if (this.#over) return 'idle';
    if (!this.#opened) return 'connecting';
    return this.#ws.readyState === WebSocket.OPEN ? 'open' : 'closing';
  }

  send(text: string): boolean {
    if (this.state !== 'open') return false;
    this.#ws.send(text);
    return true;
  }

  ping(): void {
    if (this.state === 'open') this.#pinger.pingNow();
  }

  close(reason: string): void {
    if (this.#over) return;
    // A close frame of the other side may have arrived already: then the end is theirs.
    if (this.state !== 'closing') {
      this.#signs.asked = true;
      this.#detail = reason;
    }
    if (!this.#opened) return this.#ws.terminate();
    this.#ws.close(1000);
    this.#cutSoon();
  }

  #dial(): Dialling {
    const { clock, trust, connectTimeoutMs: timeoutMs } = this.#options;
    const dialling = dial(this.#target, { clock, trust, timeoutMs });
    dialling.onReady(() => this.#awaitUpgrade());
    dialling.socket.once('end', () => {
      // After an error the stream ends too; only an end that comes first is the other side's FIN.
      if (this.#signs.socketErrorCode === null) this.#signs.finSeen = true;
    });
    dialling.socket.on('error', (error: Error) => {
      this.#signs.socketErrorCode ??= codeOf(error);
      this.#detail ||= error.message;
    });
    return dialling;
  }

  #awaitUpgrade(): void {
    const limitMs = this.#options.upgradeTimeoutMs ?? UPGRADE_TIMEOUT_MS;
    const passed = new DeadlineError(`no answer to the upgrade within ${limitMs} ms`);
    this.#cancelUpgrade = this.#options.clock.setTimeout(() => this.#dialling.socket.destroy(passed), limitMs);
  }

  #openWebSocket(): WebSocket {
    const { url, deflate, frameBytesMax = FRAME_BYTES_MAX } = this.#options;
    return new WebSocket(url, {
      createConnection: (() => this.#dialling.socket) as unknown as typeof createConnection,
      perMessageDeflate: deflate,
      maxPayload: frameBytesMax,
      followRedirects: false,
      headers: { 'user-agent': USER_AGENT },
      // Newer than the published types: how long `ws` waits for the other side to finish a close (30 s otherwise).
      ...{ closeTimeout: CLOSE_WAIT_MS },
    });
  }

  #makePinger(): Pinger {
    const { connection, emit, clock, pingEveryMs: everyMs, halfOpenAfterMs } = this.#options;
    return createPinger({
      clock,
      everyMs,
      halfOpenAfterMs,
      ping: (payload) => {
        if (this.state !== 'open') return;
        this.#ws.ping(payload);
        emit({ fact: 'ping.sent', connection });
      },
      pong: (roundTripMs) => emit({ fact: 'pong.received', connection, roundTripMs }),
      halfOpen: (silentMs) => {
        this.#signs.pingTimeout = true;
        this.#detail = `neither frame nor pong for ${Math.round(silentMs)} ms`;
        this.#ws.terminate();
      },
    });
  }

  #listen(): void {
    const { connection, emit } = this.#options;
    this.#ws.on('upgrade', (response) => {
      this.#answered();
      this.#answerHeaders = maskHeaders(response.headers);
    });
    this.#ws.on('open', () => this.#onOpen());
    this.#ws.on('message', (bytes, binary) => {
      this.#pinger.heard();
      if (this.#over || !Buffer.isBuffer(bytes)) return;
      emit(frameReceived(connection, bytes, binary));
    });
    this.#ws.on('ping', () => this.#pinger.heard());
    this.#ws.on('pong', (payload) => this.#pinger.answered(payload.toString('latin1')));
    this.#ws.on('unexpected-response', (_, response) => void this.#onRefused(response));
    this.#ws.on('error', (error) => this.#onError(error));
    this.#ws.on('close', (code, reason) => this.#onClose(code, reason));
  }

  /** The answer to the upgrade has begun: its phases are known. */
  #answered(): void {
    this.#cancelUpgrade();
    const nowMs = this.#options.clock.monotonicMs();
    this.#dialling.phases.upgradeMs = nowMs - (this.#dialling.readyMs ?? nowMs);
    this.#dialling.phases.totalMs = nowMs - this.#startedMs;
  }

  #onOpen(): void {
    this.#opened = true;
    const { socket, phases } = this.#dialling;
    this.#options.emit({
      fact: 'socket.opened',
      connection: this.#options.connection,
      host: this.#target.name,
      address: socket.remoteAddress ?? '',
      phases: { ...phases },
      extensions: this.#ws.extensions,
      tls: tlsOf(socket),
      headers: this.#answerHeaders,
    });
    this.#pinger.start();
  }

  async #onRefused(response: IncomingMessage): Promise<void> {
    this.#answered();
    const bodyStart = await readBodyStart(response, this.#options.clock);
    const { connection, emit } = this.#options;
    const { statusCode: status = 0 } = response;
    const headers = maskHeaders(response.headers);
    const phases = { ...this.#dialling.phases };
    this.#end(() =>
      emit({ fact: 'upgrade.refused', connection, host: this.#target.name, status, headers, bodyStart, phases }),
    );
    // `ws` leaves a refused socket in CONNECTING; its own error about this is an echo and goes unheard.
    this.#ws.terminate();
  }

  #onError(error: Error): void {
    if (this.#over) return;
    if (!this.#opened) return this.#signs.asked ? this.#tellClosed('') : this.#tellFailed(error);
    const code = codeOf(error);
    if (code.startsWith('WS_ERR_')) this.#signs.frameErrorCode ??= code;
    this.#detail ||= error.message;
    this.#cutSoon();
  }

  #onClose(code: number, reason: Buffer): void {
    if (!this.#opened && !this.#signs.asked) return this.#tellFailed(new Error('closed before it was open'));
    this.#signs.code = code;
    this.#tellClosed(maskText(reason.toString('utf8')));
  }

  #tellClosed(reason: string): void {
    const signs = this.#signs;
    const { connection, emit } = this.#options;
    const errorCode = signs.frameErrorCode ?? signs.socketErrorCode;
    const clean = signs.code !== NO_CLOSE_FRAME;
    const judged = { by: closedBy(signs), cause: closeCause(signs), errorCode, detail: maskText(this.#detail) };
    this.#end(() => emit({ fact: 'socket.closed', connection, code: signs.code, reason, clean, ...judged }));
  }

  #tellFailed(error: unknown): void {
    const { connection, emit, clock } = this.#options;
    const { reached } = this.#dialling;
    const failure = readFailure(error, reached === 'ready' ? 'upgrade' : reached);
    const tookMs = clock.monotonicMs() - this.#startedMs;
    const message = safeText(maskText(failure.message));
    this.#end(() => emit({ fact: 'connect.failed', connection, host: this.#target.name, ...failure, message, tookMs }));
  }

  /** The one way an attempt ends; whatever comes later is an echo of it. */
  #end(tell: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelUpgrade();
    this.#cancelCut();
    this.#pinger.stop();
    tell();
    this.#options.onEnd?.();
  }

  #cutSoon(): void {
    this.#cancelCut();
    this.#cancelCut = this.#options.clock.setTimeout(() => this.#ws.terminate(), CLOSE_WAIT_MS);
  }
}

export function createSocket(options: SocketOptions): Socket {
  let current: Attempt | null = null;
  const state = (): SocketState => current?.state ?? 'idle';
  return {
    get state() {
      return state();
    },
    connect(attempt) {
      if (state() !== 'idle') return;
      // `ws` throws on a fragment; everything else it refuses has no target.
      const target = options.url.includes('#') ? null : targetOf(options.url);
      const url = maskUrl(options.url);
      const { connection, emit } = options;
      emit({ fact: 'socket.connecting', connection, url, host: target?.name ?? '', attempt });
      if (target === null)
        return emit({ fact: 'connect.failed', connection, host: '', tookMs: 0, ...unusableUrl(url) });
      // Not cleared at its end: a new attempt may begin from within the fact that ends this one.
      current = new Attempt(options, target);
    },
    send: (text) => current?.send(text) ?? false,
    close: (reason) => current?.close(reason),
    ping: () => current?.ping(),
  };
}
