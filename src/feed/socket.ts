// One WebSocket connection of the inspector and everything that can be learnt of its beginning and its end. The only importer of `ws`.
// Each attempt ends in exactly one fact: upgrade.refused, connect.failed or socket.closed. It never decides when to connect.

import type { IncomingMessage } from 'node:http';
import type { SecureContext } from 'node:tls';
import WebSocket from 'ws';
import { safeText } from '../base/text.ts';
import { BODY_START_BYTES_MAX, FRAME_BYTES_MAX, UPGRADE_TIMEOUT_MS } from '../core/bounds.ts';
import type { ConnectionName, ConnectPhase, Headers, Phases } from '../core/fact.ts';
import type { Cancel, Clock } from './clock.ts';
import { closeCause, closedBy, type EndSigns } from './close-cause.ts';
import { type Dialling, dial, tlsOf } from './dial.ts';
import { codeOf, DeadlineError, readFailure } from './failure.ts';
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
  close(reason: string): void;
  ping(): void;
  readonly state: SocketState;
}

/** How long the other side may take to finish a close; then the stream is cut. */
const CLOSE_WAIT_MS = 500;
const BODY_WAIT_MS = 2_000;
const USER_AGENT = 'cbscope (read-only inspector)';

interface Attempt {
  send(text: string): boolean;
  close(reason: string): void;
  ping(): void;
  state(): SocketState;
}

/** First bytes of a refused upgrade's body; never waits long for them. */
function readStart(response: IncomingMessage, clock: Clock, done: (start: string) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let finished = false;
  const finish = (): void => {
    if (finished) return;
    finished = true;
    cancel();
    done(maskText(Buffer.concat(chunks).subarray(0, BODY_START_BYTES_MAX).toString('utf8')));
  };
  const cancel = clock.setTimeout(finish, BODY_WAIT_MS);
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= BODY_START_BYTES_MAX) finish();
  });
  response.once('end', finish).once('error', finish).once('close', finish);
}

function createAttempt(options: SocketOptions, target: Target, ended: () => void): Attempt {
  const { connection, emit, clock } = options;
  const startedMs = clock.monotonicMs();
  const signs: EndSigns = {
    code: 1006,
    asked: false,
    pingTimeout: false,
    finSeen: false,
    socketErrorCode: null,
    frameErrorCode: null,
  };
  let phases: Phases = {};
  let dialling: Dialling | null = null;
  let answerHeaders: Headers = {};
  let opened = false;
  let over = false;
  let detail = '';
  let cancelUpgrade: Cancel = () => undefined;
  let cancelCut: Cancel = () => undefined;

  const dialFor = (): Dialling['socket'] => {
    const timeoutMs = options.connectTimeoutMs;
    const made = dial(target, { clock, trust: options.trust, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    dialling = made;
    phases = made.phases;
    made.onReady(() => {
      const limitMs = options.upgradeTimeoutMs ?? UPGRADE_TIMEOUT_MS;
      const fail = (): unknown =>
        made.socket.destroy(new DeadlineError(`no answer to the upgrade within ${limitMs} ms`));
      cancelUpgrade = clock.setTimeout(fail, limitMs);
    });
    made.socket.once('end', () => {
      if (signs.socketErrorCode === null) signs.finSeen = true;
    });
    made.socket.on('error', (error: Error) => {
      signs.socketErrorCode ??= codeOf(error);
      detail ||= error.message;
    });
    return made.socket;
  };
  const ws = new WebSocket(options.url, {
    createConnection: dialFor as unknown as typeof import('node:net').createConnection,
    perMessageDeflate: options.deflate,
    maxPayload: options.frameBytesMax ?? FRAME_BYTES_MAX,
    followRedirects: false,
    headers: { 'user-agent': USER_AGENT },
    // Newer than the published types: how long `ws` waits for the other side to finish a close.
    ...{ closeTimeout: CLOSE_WAIT_MS },
  });
  const pinger: Pinger = createPinger({
    clock,
    ...(options.pingEveryMs === undefined ? {} : { everyMs: options.pingEveryMs }),
    ...(options.halfOpenAfterMs === undefined ? {} : { halfOpenAfterMs: options.halfOpenAfterMs }),
    ping(payload) {
      if (ws.readyState !== WebSocket.OPEN) return;
      ws.ping(payload);
      emit({ fact: 'ping.sent', connection });
    },
    pong: (roundTripMs) => emit({ fact: 'pong.received', connection, roundTripMs }),
    halfOpen(silentMs) {
      signs.pingTimeout = true;
      detail = `neither frame nor pong for ${Math.round(silentMs)} ms`;
      ws.terminate();
    },
  });

  /** The one way an attempt ends; whatever comes later is an echo of it. */
  const end = (tell: () => void): void => {
    if (over) return;
    over = true;
    cancelUpgrade();
    cancelCut();
    pinger.stop();
    tell();
    ended();
  };
  const tellClosed = (reason: string): void => {
    const cause = closeCause(signs);
    const errorCode = signs.frameErrorCode ?? signs.socketErrorCode;
    const clean = signs.code !== 1006;
    const by = closedBy(signs);
    emit({ fact: 'socket.closed', connection, code: signs.code, reason, clean, by, cause, errorCode, detail });
  };
  const fail = (error: unknown): void =>
    end(() => {
      const reached: ConnectPhase = dialling === null || dialling.reached === 'ready' ? 'upgrade' : dialling.reached;
      const failure = readFailure(error, reached);
      const tookMs = clock.monotonicMs() - startedMs;
      const message = safeText(maskText(failure.message));
      emit({ fact: 'connect.failed', connection, host: target.host, ...failure, message, tookMs });
    });
  const cutSoon = (): void => {
    cancelCut();
    cancelCut = clock.setTimeout(() => ws.terminate(), CLOSE_WAIT_MS);
  };

  ws.on('upgrade', (response) => {
    const nowMs = clock.monotonicMs();
    phases.upgradeMs = nowMs - (dialling?.readyMs ?? nowMs);
    phases.totalMs = nowMs - startedMs;
    answerHeaders = maskHeaders(response.headers);
  });
  ws.on('open', () => {
    opened = true;
    cancelUpgrade();
    const socket = dialling?.socket;
    const address = socket?.remoteAddress ?? '';
    const tls = socket === undefined ? null : tlsOf(socket);
    emit({
      fact: 'socket.opened',
      connection,
      host: target.host,
      address,
      phases: { ...phases },
      extensions: ws.extensions,
      tls,
      headers: answerHeaders,
    });
    pinger.start();
  });
  ws.on('message', (bytes, binary) => {
    pinger.heard();
    if (over || !Buffer.isBuffer(bytes)) return;
    emit({ fact: 'frame.received', connection, bytes, binary, plain: false });
  });
  ws.on('ping', () => pinger.heard());
  ws.on('pong', (payload) => pinger.answered(payload.toString('latin1')));
  ws.on('unexpected-response', (_request, response) => {
    cancelUpgrade();
    const nowMs = clock.monotonicMs();
    phases.upgradeMs = nowMs - (dialling?.readyMs ?? nowMs);
    phases.totalMs = nowMs - startedMs;
    readStart(response, clock, (bodyStart) => {
      const status = response.statusCode ?? 0;
      const headers = maskHeaders(response.headers);
      end(() =>
        emit({
          fact: 'upgrade.refused',
          connection,
          host: target.host,
          status,
          headers,
          bodyStart,
          phases: { ...phases },
        }),
      );
      ws.terminate();
    });
  });
  ws.on('error', (error) => {
    if (over) return;
    if (!opened) return signs.asked ? end(() => tellClosed('')) : fail(error);
    const code = codeOf(error);
    if (code.startsWith('WS_ERR_')) signs.frameErrorCode ??= code;
    detail ||= error.message;
    cutSoon();
  });
  ws.on('close', (code, reason) => {
    if (!opened && !signs.asked) return fail(new Error('closed before the connection was established'));
    signs.code = code;
    end(() => tellClosed(maskText(reason.toString('utf8'))));
  });

  return {
    state: () => (over ? 'idle' : !opened ? 'connecting' : ws.readyState === WebSocket.OPEN ? 'open' : 'closing'),
    send(text) {
      if (over || ws.readyState !== WebSocket.OPEN) return false;
      ws.send(text);
      return true;
    },
    ping: () => pinger.pingNow(),
    close(reason) {
      if (over) return;
      // A close frame of the other side may already be on its way out: then the end is theirs.
      if (ws.readyState === WebSocket.OPEN || !opened) {
        signs.asked = true;
        detail = reason;
      }
      if (!opened) return ws.terminate();
      ws.close(1000);
      cutSoon();
    },
  };
}

export function createSocket(options: SocketOptions): Socket {
  const { connection, emit } = options;
  let current: Attempt | null = null;
  const state = (): SocketState => current?.state() ?? 'idle';
  return {
    get state() {
      return state();
    },
    connect(attempt) {
      if (state() !== 'idle') return;
      const target = targetOf(options.url);
      const url = maskUrl(options.url);
      emit({ fact: 'socket.connecting', connection, url, host: target?.host ?? '', attempt });
      if (target === null) {
        const message = `not a WebSocket URL: ${safeText(url)}; expected wss://host`;
        emit({
          fact: 'connect.failed',
          connection,
          host: '',
          phase: 'dns',
          errorCode: 'ERR_INVALID_URL',
          errorCodes: ['ERR_INVALID_URL'],
          message,
          tookMs: 0,
        });
        return;
      }
      // Not cleared at its end: a new attempt may begin from within the fact that ends this one.
      current = createAttempt(options, target, () => options.onEnd?.());
    },
    send: (text) => current?.send(text) ?? false,
    close: (reason) => current?.close(reason),
    ping: () => current?.ping(),
  };
}
