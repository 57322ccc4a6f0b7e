// REST by endpoint: what was asked, what came back, how long it took, and what was wrong with it.

import type { Histogram } from 'hdr-histogram-js';
import { build } from 'hdr-histogram-js';
import { newTable } from '../base/table.ts';
import { ENDPOINTS_MAX, RESPONSES_KEPT_MAX } from './bounds.ts';
import type { ConnectPhase, Phases, TokenClaims } from './fact.ts';
import type { RestError } from './meaning.ts';

/** An answer or failure worth keeping whole: errors, and the newest good one of each endpoint. */
export interface KeptResponse {
  seq: number;
  at: number;
  t: number;
  requestId: number;
  endpoint: string;
  method: string;
  url: string;
  status: number | null;
  headers: Record<string, string>;
  body: string;
  error: RestError | null;
  signed: boolean;
  token: TokenClaims | null;
}

export interface NetworkFailure {
  seq: number;
  at: number;
  t: number;
  endpoint: string;
  host: string;
  phase: ConnectPhase;
  errorCode: string;
  errorCodes: string[];
  message: string;
  tookMs: number;
}

export interface Endpoint {
  endpoint: string;
  url: string;
  requests: number;
  failed: number;
  byStatus: Record<string, number>;
  lastStatus: number | null;
  lastError: string;
  lastSeq: number | null;
  lastT: number | null;
  lastOkT: number | null;
  cache: string;
  everyMs: number;
  lastSentT: number | null;
  /** Failures in a row that call for a retry, and when it is due. */
  failuresInARow: number;
  retryT: number | null;
  total: Histogram;
  /** Of the phases that were gone through: a kept-alive connection is not looked up, dialled and greeted again. */
  phases: Partial<Record<RequestPhase, Histogram>>;
}

export const REQUEST_PHASES = ['dns', 'tcp', 'tls', 'first byte'] as const;
export type RequestPhase = (typeof REQUEST_PHASES)[number];

export interface Sent {
  requestId: number;
  endpoint: string;
  method: string;
  url: string;
  signed: boolean;
  bucket: 'rest-public' | 'rest-private';
  token: TokenClaims | null;
  t: number;
  at: number;
  seq: number;
  why: string;
}

export interface Rest {
  enabled: boolean;
  note: string;
  host: string;
  endpoints: Record<string, Endpoint>;
  outstanding: Record<number, Sent>;
  requests: number;
  byStatus: Record<string, number>;
  /** Newest last. */
  errors: KeptResponse[];
  lastGood: Record<string, KeptResponse>;
  failures: NetworkFailure[];
  lastAnswerT: number | null;
  lastOkT: number | null;
  pausedUntilT: number | null;
  pausedBecause: string;
  refusals429InARow: number;
  /** When requests of the last minute left. */
  recentT: number[];
  latency: Histogram;
}

/** Milliseconds, three significant digits, up to a minute. */
export function newLatency(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
  });
}

/** Records one duration in ms; durations under 1 ms count as 1. */
export function recordLatency(histogram: Histogram, ms: number): void {
  histogram.recordValue(Math.max(1, Math.min(60_000, Math.round(ms))));
}

/** Records the phases of one answer. */
export function recordPhases(endpoint: Endpoint, { dnsMs, tcpMs, tlsMs, firstByteMs }: Phases): void {
  const took: Record<RequestPhase, number | undefined> = {
    dns: dnsMs,
    tcp: tcpMs,
    tls: tlsMs,
    'first byte': firstByteMs,
  };
  for (const phase of REQUEST_PHASES) {
    const ms = took[phase];
    if (ms === undefined) continue;
    const known = endpoint.phases[phase] ?? newLatency();
    endpoint.phases[phase] = known;
    recordLatency(known, ms);
  }
}

/** The value at a percentile, ms, or null when nothing was recorded. */
export function latencyAt(histogram: Histogram, percentile: number): number | null {
  return histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(percentile);
}

export function newRest(): Rest {
  return {
    enabled: false,
    note: 'not started',
    host: '',
    endpoints: newTable(),
    outstanding: {},
    requests: 0,
    byStatus: newTable(),
    errors: [],
    lastGood: newTable(),
    failures: [],
    lastAnswerT: null,
    lastOkT: null,
    pausedUntilT: null,
    pausedBecause: '',
    refusals429InARow: 0,
    recentT: [],
    latency: newLatency(),
  };
}

export function endpointOf(rest: Rest, name: string): Endpoint {
  const known = rest.endpoints[name];
  if (known !== undefined) return known;
  const made: Endpoint = {
    endpoint: name,
    url: '',
    requests: 0,
    failed: 0,
    byStatus: newTable(),
    lastStatus: null,
    lastError: '',
    lastSeq: null,
    lastT: null,
    lastOkT: null,
    cache: '',
    everyMs: 0,
    lastSentT: null,
    failuresInARow: 0,
    retryT: null,
    total: newLatency(),
    phases: {},
  };
  if (Object.keys(rest.endpoints).length < ENDPOINTS_MAX) rest.endpoints[name] = made;
  return made;
}

const STATUSES_MAX = 60;

/** Counts one answer under its status; more different ones than any server has go under `other`. */
export function countStatus(byStatus: Record<string, number>, status: string): void {
  const isRoom = byStatus[status] !== undefined || Object.keys(byStatus).length < STATUSES_MAX;
  const key = isRoom ? status : 'other';
  byStatus[key] = (byStatus[key] ?? 0) + 1;
}

export function foldSent(rest: Rest, sent: Sent): void {
  const endpoint = endpointOf(rest, sent.endpoint);
  endpoint.requests += 1;
  endpoint.url = sent.url;
  endpoint.lastSentT = sent.t;
  endpoint.retryT = null;
  rest.requests += 1;
  rest.outstanding[sent.requestId] = sent;
  rest.recentT.push(sent.t);
  while (rest.recentT.length > 0 && sent.t - (rest.recentT[0] ?? sent.t) > 60_000) rest.recentT.shift();
  const ids = Object.keys(rest.outstanding);
  if (ids.length > 200 && ids[0] !== undefined) delete rest.outstanding[Number(ids[0])];
}

export function keepResponse(rest: Rest, response: KeptResponse): void {
  if (response.error === null) {
    if (rest.endpoints[response.endpoint] !== undefined) rest.lastGood[response.endpoint] = response;
    return;
  }
  rest.errors.push(response);
  if (rest.errors.length > RESPONSES_KEPT_MAX) rest.errors.shift();
}

export function keepFailure(rest: Rest, failure: NetworkFailure): void {
  rest.failures.push(failure);
  if (rest.failures.length > RESPONSES_KEPT_MAX) rest.failures.shift();
}

/** Errors with one of these statuses in the last `withinMs`, newest last. */
export function recentErrors(
  rest: Rest,
  t: number,
  withinMs: number,
  accepts: (status: number) => boolean,
): KeptResponse[] {
  return rest.errors.filter((kept) => t - kept.t <= withinMs && kept.status !== null && accepts(kept.status));
}

/** A histogram as plain data: pairs of value and count, one after the other. */
export interface FrozenLatency {
  latency: number[];
}

/** Tells a histogram from everything else in a model. */
export function isLatency(value: object): value is Histogram {
  return 'recordValueWithCount' in value;
}

export function isFrozenLatency(value: object): value is FrozenLatency {
  return 'latency' in value && Array.isArray(value.latency);
}

/** What a histogram holds, as plain data: a list of what was recorded, not of what could be. */
export function freezeLatency(histogram: Histogram): FrozenLatency {
  const latency: number[] = [];
  if (histogram.totalCount === 0) return { latency };
  const values = (histogram as unknown as { recordedValuesIterator: RecordedValues }).recordedValuesIterator;
  values.reset();
  while (values.hasNext()) {
    const { valueIteratedTo, countAtValueIteratedTo } = values.next();
    latency.push(valueIteratedTo, countAtValueIteratedTo);
  }
  return { latency };
}

interface RecordedValues {
  reset(): void;
  hasNext(): boolean;
  next(): { valueIteratedTo: number; countAtValueIteratedTo: number };
}

/** A histogram that tells the same percentiles as the one that was frozen. */
export function thawLatency({ latency }: FrozenLatency): Histogram {
  const histogram = newLatency();
  for (let at = 0; at + 1 < latency.length; at += 2) {
    histogram.recordValueWithCount(latency[at] ?? 1, latency[at + 1] ?? 0);
  }
  return histogram;
}
