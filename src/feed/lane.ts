// Kept-alive HTTP connections, one request at a time each, so that every phase of an answer is known and belongs to it.
// It knows no endpoint and no token, and never follows a redirect.

import type { SecureContext } from 'node:tls';
import { ANSWER_TIMEOUT_MS, BODY_BYTES_MAX } from '../core/bounds.ts';
import type { ConnectPhase, Phases } from '../core/fact.ts';
import type { Clock } from './clock.ts';
import { type Dialling, dial } from './dial.ts';
import { DeadlineError, type Failure, readFailure } from './failure.ts';
import type { Target } from './target.ts';

type RawHeaders = Record<string, string | string[] | undefined>;

/** The part of undici's handler that is used here. */
export interface WireHandler {
  onRequestStart(controller: WireController): void;
  onResponseStart(controller: WireController, status: number, headers: RawHeaders): void;
  onResponseData(controller: WireController, chunk: Buffer): void;
  onResponseEnd(controller: WireController): void;
  onResponseError(controller: WireController, error: Error): void;
}

export interface WireController {
  abort(reason: Error): void;
}

export type Connector = (
  options: unknown,
  done: (...args: [error: null, socket: Dialling['socket']] | [error: Error, socket: null]) => void,
) => void;

/** One connection of undici; `rest` makes them. */
export interface WireClient {
  dispatch(options: { path: string; method: 'GET'; headers: Record<string, string> }, handler: WireHandler): boolean;
  destroy(error: Error): Promise<void>;
}

export interface WireAnswer {
  status: number;
  headers: RawHeaders;
  body: string;
  truncated: boolean;
  sizeBytes: number;
  phases: Phases;
  /** Monotonic: when the request left and when the first byte came. */
  sentMs: number;
  firstByteMs: number;
  /** Wall clock half way between the two, epoch ms. */
  midpointAt: number;
  freshConnection: boolean;
}

export type WireResult = { answer: WireAnswer; failure: null } | { answer: null; failure: Failure; tookMs: number };

export interface LaneOptions {
  target: Target;
  clock: Clock;
  trust: SecureContext | null;
  openClient(connector: Connector): WireClient;
  connectTimeoutMs?: number;
  answerTimeoutMs?: number;
}

export interface Lanes {
  get(path: string, headers: Record<string, string>): Promise<WireResult>;
  stop(): void;
}

interface Lane {
  client: WireClient;
  dialling: Dialling | null;
  busy: boolean;
}

/** A kept connection that the other side had already given up: safe to ask again on a new one (RFC 9112, 9.3.1). */
const STALE_CODES = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

interface Call {
  startedMs: number;
  before: Dialling | null;
  sentMs: number | null;
  sentWallMs: number;
  firstByteMs: number | null;
  firstByteWallMs: number;
  status: number;
  headers: RawHeaders;
  chunks: Buffer[];
  sizeBytes: number;
  truncated: boolean;
}

function emptyCall(clock: Clock, before: Dialling | null): Call {
  const at = { sentMs: null, sentWallMs: 0, firstByteMs: null, firstByteWallMs: 0 };
  const answer = { status: 0, headers: {}, chunks: [], sizeBytes: 0, truncated: false };
  return { startedMs: clock.monotonicMs(), before, ...at, ...answer };
}

function take(call: Call, chunk: Buffer): void {
  const roomBytes = BODY_BYTES_MAX - (call.truncated ? BODY_BYTES_MAX : call.sizeBytes);
  call.sizeBytes += chunk.length;
  if (chunk.length > roomBytes) call.truncated = true;
  if (roomBytes > 0) call.chunks.push(chunk.subarray(0, roomBytes));
}

function answerOf(call: Call, lane: Lane, clock: Clock): WireAnswer {
  const { status, headers, truncated, sizeBytes } = call;
  const freshConnection = lane.dialling !== call.before;
  const sentMs = call.sentMs ?? call.startedMs;
  const firstByteMs = call.firstByteMs ?? sentMs;
  const phases: Phases = {
    ...(freshConnection ? lane.dialling?.phases : {}),
    firstByteMs: firstByteMs - sentMs,
    totalMs: clock.monotonicMs() - call.startedMs,
  };
  const midpointAt = (call.sentWallMs + call.firstByteWallMs) / 2;
  const body = Buffer.concat(call.chunks).toString('utf8');
  return { status, headers, body, truncated, sizeBytes, phases, sentMs, firstByteMs, midpointAt, freshConnection };
}

function phaseOf(call: Call, lane: Lane): ConnectPhase {
  if (call.firstByteMs !== null) return 'response';
  if (call.sentMs !== null) return 'request';
  const reached = lane.dialling === call.before ? 'ready' : (lane.dialling?.reached ?? 'ready');
  return reached === 'ready' ? 'request' : reached;
}

function isLive(lane: Lane): boolean {
  return lane.dialling !== null && lane.dialling.reached === 'ready' && !lane.dialling.socket.destroyed;
}

export function createLanes(options: LaneOptions): Lanes {
  const { target, clock, trust, answerTimeoutMs = ANSWER_TIMEOUT_MS } = options;
  let lanes: Lane[] = [];
  const dialOptions = { clock, trust, timeoutMs: options.connectTimeoutMs };

  const openLane = (): Lane => {
    const connector: Connector = (_, done) => {
      const dialling = dial(target, dialOptions);
      lane.dialling = dialling;
      const failed = (error: Error): void => done(error, null);
      dialling.socket.on('error', failed);
      dialling.onReady(() => {
        dialling.socket.off('error', failed);
        dialling.socket.on('error', () => undefined);
        done(null, dialling.socket);
      });
    };
    const lane: Lane = { client: options.openClient(connector), dialling: null, busy: false };
    lanes.push(lane);
    return lane;
  };
  const drop = (lane: Lane, why: Error): void => {
    lanes = lanes.filter((each) => each !== lane);
    lane.client.destroy(why).catch(() => undefined);
  };
  const freeLane = (): Lane => {
    const free = lanes.filter((lane) => !lane.busy);
    return free.find(isLive) ?? free[0] ?? openLane();
  };

  const send = (lane: Lane, path: string, headers: Record<string, string>): Promise<WireResult> =>
    new Promise((resolve) => {
      const call = emptyCall(clock, lane.dialling);
      const passed = new DeadlineError(`no whole answer within ${answerTimeoutMs} ms`);
      const cancel = clock.setTimeout(() => fail(passed), answerTimeoutMs);
      let over = false;
      const settle = (result: WireResult, error: Error | null): void => {
        if (over) return;
        over = true;
        cancel();
        lane.busy = false;
        if (error !== null) drop(lane, error);
        resolve(result);
      };
      const fail = (error: Error): void => {
        const failure = readFailure(error, phaseOf(call, lane));
        settle({ answer: null, failure, tookMs: clock.monotonicMs() - call.startedMs }, error);
      };
      const finish = (cut: Error | null): void => settle({ answer: answerOf(call, lane, clock), failure: null }, cut);
      lane.busy = true;
      lane.client.dispatch(
        { path, method: 'GET', headers },
        {
          onRequestStart() {
            call.sentMs = clock.monotonicMs();
            call.sentWallMs = clock.wallMs();
          },
          onResponseStart(_, status, answerHeaders) {
            if (status < 200) return;
            call.firstByteMs = clock.monotonicMs();
            call.firstByteWallMs = clock.wallMs();
            call.status = status;
            call.headers = answerHeaders;
          },
          onResponseData(controller, chunk) {
            take(call, chunk);
            if (!call.truncated) return;
            const enough = new Error(`the body is larger than ${BODY_BYTES_MAX} bytes`);
            finish(enough);
            controller.abort(enough);
          },
          onResponseEnd: () => finish(null),
          onResponseError: (_, error) => fail(error),
        },
      );
    });

  return {
    async get(path, headers) {
      const lane = freeLane();
      const kept = isLive(lane) ? lane.dialling : null;
      const result = await send(lane, path, headers);
      if (result.failure === null || kept === null || kept !== lane.dialling) return result;
      const stale = result.failure.phase === 'request' && STALE_CODES.has(result.failure.errorCode);
      return stale ? send(openLane(), path, headers) : result;
    },
    stop() {
      for (const lane of [...lanes]) drop(lane, new Error('stopped'));
    },
  };
}
