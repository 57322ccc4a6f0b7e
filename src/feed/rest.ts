// GET requests from the fixed list, queued, signed right before they leave, and told as facts: one request.sent, then exactly one
// response.arrived or request.failed. The only importer of `undici` and `bottleneck`. It cannot send anything but GET.

import type { SecureContext } from 'node:tls';
import Bottleneck from 'bottleneck';
import { Client } from 'undici';
import { readRateHeaders } from '../coinbase/decode.ts';
import { LIMITS } from '../coinbase/documented-limits.ts';
import { type Endpoint, endpointUrl, type Parameters, signingUri } from '../coinbase/endpoints.ts';
import type { ConnectPhase, FactBody, TokenClaims } from '../core/fact.ts';
import { type Bucket, createBucket, type Limiter } from './bucket.ts';
import type { Clock } from './clock.ts';
import { USER_AGENT } from './dial.ts';
import type { Emit } from './feed.ts';
import { createHourBudget } from './hour-budget.ts';
import { type Connector, createLanes, type LaneOptions, type WireAnswer, type WireClient } from './lane.ts';
import { maskHeaders, maskText, maskUrl } from './mask.ts';
import { mayCarryToken, targetOf } from './target.ts';
import type { Tokens } from './tokens.ts';
import { createTurns } from './turns.ts';

export type Why = Extract<FactBody, { fact: 'request.sent' }>['why'];

export interface RestCall {
  endpoint: Endpoint;
  params?: Parameters;
  why: Why;
}

export type RestResult =
  | {
      outcome: 'answered';
      status: number;
      headers: Record<string, string>;
      body: string;
      truncated: boolean;
      sentMs: number;
      firstByteMs: number;
    }
  | { outcome: 'failed'; phase: ConnectPhase; errorCode: string }
  /** Nothing left this machine, and no fact was made. */
  | { outcome: 'not-sent'; reason: 'paused' | 'hour-full' | 'no-token' | 'plain-text' | 'bad-url' | 'stopped' };

export interface RestOptions {
  restUrl: string;
  clock: Clock;
  trust: SecureContext | null;
  emit: Emit;
  tokens: Tokens;
  /** Share of each limit that is used. */
  fraction?: number;
  connectTimeoutMs?: number;
  answerTimeoutMs?: number;
}

export interface Rest {
  get(call: RestCall): Promise<RestResult>;
  /** No request leaves before this monotonic time; afterwards one at a time until one succeeds. Never shortens a pause. */
  pauseUntil(monotonicMs: number): void;
  /** Monotonic time at which the pause ends; in the past when there is none. */
  readonly pausedUntilMs: number;
  /** Told when an answer itself asks for a pause (`retry-after`), with its end. */
  onRetryAfter(tell: (untilMs: number) => void): void;
  stop(): Promise<void>;
}

const RETRY_AFTER_MS_MAX = 3_600_000;
/** The core asks for the same pause from the same answer, a moment apart. */
const SAME_PAUSE_MS = 250;
/** Share of the hourly limit that is used; the rest is left to the user's own programs. */
const HOUR_SHARE = 0.8;
const CLOCK_PRIORITY = 0;
const ORDINARY_PRIORITY = 5;
const KEEP_ALIVE_MS = 20_000;
const STOPPED = { outcome: 'not-sent', reason: 'stopped' } as const;

function openLimiter(settings: { reservoir: number; maxConcurrent: number; minTime: number }): Limiter {
  return new Bottleneck(settings);
}

/** Own deadlines rule: undici's are coarse (measured: 100 ms fired after 815 ms). */
function clientOf(origin: string): LaneOptions['openClient'] {
  return (connector: Connector): WireClient =>
    new Client(origin, {
      connect: connector as NonNullable<ConstructorParameters<typeof Client>[1]>['connect'] & object,
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
    }) as unknown as WireClient;
}

export function createRest(options: RestOptions): Rest {
  const { restUrl, clock, emit, tokens, fraction = 0.5 } = options;
  const target = targetOf(restUrl);
  const origin = URL.parse(restUrl)?.origin ?? '';
  const lanes = target === null ? null : createLanes({ ...options, target, openClient: clientOf(origin) });
  const bucket = (name: 'rest-public' | 'rest-private'): Bucket =>
    createBucket({ limit: LIMITS[name].limit, windowMs: LIMITS[name].windowMs, fraction, clock, openLimiter });
  const buckets = { 'rest-public': bucket('rest-public'), 'rest-private': bucket('rest-private') };
  const hour = createHourBudget(LIMITS['rest-hour'].limit * HOUR_SHARE);
  const turns = createTurns();
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  let tellRetryAfter: (untilMs: number) => void = () => undefined;
  let lastId = 0;
  let stopped = false;

  const isPaused = (): boolean => clock.monotonicMs() < pausedUntilMs;
  const pauseUntil = (untilMs: number): void => {
    pausedUntilMs = Math.max(pausedUntilMs, untilMs);
    turns.oneAtATime();
  };

  const told = (requestId: number, endpoint: Endpoint, answer: WireAnswer): RestResult => {
    const { status, truncated, sizeBytes, phases, midpointAt, freshConnection, sentMs, firstByteMs } = answer;
    const headers = maskHeaders(answer.headers);
    const body = maskText(answer.body);
    const rate = readRateHeaders(headers);
    if (status < 400) turns.freely();
    void buckets[endpoint.bucket].believe(rate);
    const shape = { status, headers, body, truncated, sizeBytes, phases, midpointAt, freshConnection };
    emit({ fact: 'response.arrived', requestId, endpoint: endpoint.name, ...shape });
    if ((status === 429 || status === 503) && rate.retryAfterSeconds !== null) {
      const untilMs = clock.monotonicMs() + Math.min(rate.retryAfterSeconds * 1000, RETRY_AFTER_MS_MAX);
      if (untilMs > pausedUntilMs + SAME_PAUSE_MS) tellRetryAfter(untilMs);
    }
    return { outcome: 'answered', status, headers, body, truncated, sentMs, firstByteMs };
  };

  const perform = async (call: RestCall, url: URL): Promise<RestResult> => {
    const { endpoint, why } = call;
    if (stopped || lanes === null || target === null) return STOPPED;
    if (isPaused()) return { outcome: 'not-sent', reason: 'paused' };
    const made = endpoint.signed ? await tokens.make('rest', signingUri('GET', url.href)) : null;
    if (endpoint.signed && made === null) return { outcome: 'not-sent', reason: 'no-token' };
    // A pause may have begun while the token was being made.
    if (stopped) return STOPPED;
    if (isPaused()) return { outcome: 'not-sent', reason: 'paused' };
    if (!hour.spend(clock.monotonicMs())) return { outcome: 'not-sent', reason: 'hour-full' };
    lastId += 1;
    const requestId = lastId;
    const token: TokenClaims | null = made?.token ?? null;
    const about = { requestId, endpoint: endpoint.name };
    const line = {
      method: 'GET',
      url: maskUrl(url.href),
      signed: token !== null,
      bucket: endpoint.bucket,
      token,
    } as const;
    emit({ fact: 'request.sent', ...about, ...line, why });
    const headers: Record<string, string> = { accept: 'application/json', 'user-agent': USER_AGENT };
    if (endpoint.cached) headers['cache-control'] = 'no-cache';
    if (made !== null) headers.authorization = `Bearer ${made.jwt}`;
    const result = await lanes.get(url.pathname + url.search, headers);
    if (result.failure === null) return told(requestId, endpoint, result.answer);
    const message = maskText(result.failure.message);
    emit({ fact: 'request.failed', ...about, host: target.name, ...result.failure, message, tookMs: result.tookMs });
    return { outcome: 'failed', phase: result.failure.phase, errorCode: result.failure.errorCode };
  };

  return {
    get pausedUntilMs() {
      return pausedUntilMs;
    },
    pauseUntil,
    onRetryAfter(tell) {
      tellRetryAfter = tell;
    },
    async get(call) {
      const { endpoint, why } = call;
      const url = URL.parse(endpointUrl(restUrl, endpoint, call.params ?? {}));
      if (url === null || target === null) return { outcome: 'not-sent', reason: 'bad-url' };
      if (endpoint.signed && !mayCarryToken(restUrl)) return { outcome: 'not-sent', reason: 'plain-text' };
      if (isPaused()) return { outcome: 'not-sent', reason: 'paused' };
      const priority = why === 'clock' ? CLOCK_PRIORITY : ORDINARY_PRIORITY;
      const turn = (): Promise<RestResult> => turns.take(() => perform(call, url));
      return buckets[endpoint.bucket].run(priority, turn).catch((error: unknown) => {
        if (stopped) return STOPPED;
        throw error;
      });
    },
    async stop() {
      stopped = true;
      lanes?.stop();
      await Promise.all([buckets['rest-public'].stop(), buckets['rest-private'].stop()]);
    },
  };
}
