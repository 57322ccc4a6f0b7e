// Folds REST traffic: requests, answers, failures, what they say of limits, clock, tokens, orders and balances.

import { foldAccounts, foldBreakdown } from './balances.ts';
import { TEXT_SHOWN_MAX } from './bounds.ts';
import { callOf, foldCall, foldCallEnd } from './calls.ts';
import { addDateSample, addTimeSample } from './clock-offset.ts';
import type { FactOf } from './fact.ts';
import { judgeByKnownClock } from './fold-socket.ts';
import { foldRateHeaders, foldRefusal, spend } from './limits.ts';
import type { Reading, RestMeaning } from './meaning.ts';
import type { Model } from './model.ts';
import type { When } from './orders.ts';
import { foldFill, foldRestOrder } from './orders.ts';
import type { Endpoint, Sent } from './requests.ts';
import {
  countStatus,
  endpointOf,
  foldSent,
  keepFailure,
  keepResponse,
  recordLatency,
  recordPhases,
} from './requests.ts';
import { foldOutcome, judgeRefusals } from './tokens.ts';

export function foldRequest(model: Model, fact: FactOf<'request.sent'>): void {
  const { requestId, endpoint, method, url, signed, bucket, token, why, t, at, seq } = fact;
  foldSent(model.rest, { requestId, endpoint, method, url, signed, bucket, token, why, t, at, seq });
  foldCall(model, { what: callOf(method, url), endpoint, url, requestId });
  spend(model.limits[bucket], endpoint, fact.t);
  spend(model.limits['rest-hour'], endpoint, fact.t);
}

type Answer = FactOf<'response.arrived'>;
type Read = Extract<Reading, { of: 'response' }>;

function countAnswer(model: Model, endpoint: Endpoint, fact: Answer): void {
  const status = String(fact.status);
  countStatus(endpoint.byStatus, status);
  countStatus(model.rest.byStatus, status);
  endpoint.lastStatus = fact.status;
  endpoint.lastSeq = fact.seq;
  endpoint.lastT = fact.t;
  model.rest.lastAnswerT = fact.t;
  const totalMs = fact.phases.totalMs;
  if (totalMs !== undefined) {
    recordLatency(endpoint.total, totalMs);
    recordLatency(model.rest.latency, totalMs);
  }
  recordPhases(endpoint, fact.phases);
}

function judgeAnswer(model: Model, endpoint: Endpoint, fact: Answer, read: Read): void {
  const error = read.decoded.error;
  if (error === null && fact.status < 400) {
    endpoint.failuresInARow = 0;
    endpoint.lastOkT = fact.t;
    endpoint.lastError = '';
    model.rest.lastOkT = fact.t;
    model.rest.refusals429InARow = 0;
    return;
  }
  endpoint.failed += 1;
  endpoint.failuresInARow += 1;
  endpoint.lastError = `${fact.status} ${error?.message ?? ''}`.trim().slice(0, TEXT_SHOWN_MAX);
}

function foldToken(model: Model, sent: Sent | undefined, fact: Answer, read: Read): void {
  if (sent === undefined || !sent.signed || sent.token === null) return;
  const refused = fact.status === 401;
  const error = read.decoded.error;
  // A penalty, an edge page, a throttle or a server fault says nothing of the token.
  const judged =
    refused ||
    fact.status < 400 ||
    ((fact.status === 403 || fact.status === 404 || fact.status === 400) && error?.form === 'json');
  if (!judged) return;
  foldOutcome(model.tokens, {
    t: fact.t,
    at: fact.at,
    seq: fact.seq,
    talker: 'rest',
    what: `${sent.method} ${fact.endpoint}`,
    accepted: !refused,
    token: sent.token,
    message: error?.message ?? '',
    status: fact.status,
  });
  if (refused) judgeByKnownClock(model);
}

function foldClock(model: Model, fact: Answer, read: Read): void {
  const roundTripMs = fact.phases.firstByteMs ?? fact.phases.totalMs ?? 100;
  const meaning = read.decoded.meaning;
  if (meaning.kind === 'time' && !read.cacheHit)
    addTimeSample(model.clock, fact.midpointAt, meaning.epochMs, roundTripMs, fact.t);
  else if (read.serverDateMs !== null && !read.cacheHit)
    addDateSample(model.clock, fact.midpointAt, read.serverDateMs, roundTripMs, fact.t);
  const newest = model.clock.samples.at(-1);
  if (newest !== undefined && newest.t === fact.t) judgeRefusals(model.tokens, newest);
}

function foldContent(model: Model, meaning: RestMeaning, when: When, why: string): void {
  const ledger = model.ledger;
  switch (meaning.kind) {
    case 'key_permissions':
      ledger.permissions = { value: meaning, t: when.t, at: when.at, seq: when.seq };
      return;
    case 'accounts':
      foldAccounts(ledger, meaning, when, why !== 'page');
      return;
    case 'orders':
      for (const order of meaning.orders) foldRestOrder(ledger, order, when);
      return;
    case 'fills':
      for (const fill of meaning.fills) foldFill(ledger, fill, when);
      return;
    case 'portfolio':
      foldBreakdown(ledger, meaning, when);
      return;
    case 'products':
      ledger.knownProducts = meaning.productIds;
      return;
    case 'time':
    case 'other':
      return;
  }
}

export function foldResponse(model: Model, fact: Answer, read: Read): void {
  const sent = model.rest.outstanding[fact.requestId];
  delete model.rest.outstanding[fact.requestId];
  const endpoint = endpointOf(model.rest, fact.endpoint);
  foldCallEnd(model, (call) => call.requestId === fact.requestId, fact.status);
  countAnswer(model, endpoint, fact);
  judgeAnswer(model, endpoint, fact, read);
  endpoint.cache = fact.headers['cf-cache-status'] ?? '';
  const bucket = model.limits[sent?.bucket ?? 'rest-public'];
  foldRateHeaders(bucket, read.rate, fact.t);
  if (fact.status === 429) {
    foldRefusal(bucket, fact.t);
    model.rest.refusals429InARow += 1;
  }
  foldClock(model, fact, read);
  foldToken(model, sent, fact, read);
  foldContent(
    model,
    read.decoded.meaning,
    { t: fact.t, at: fact.at, seq: fact.seq, askedT: sent?.t ?? fact.t },
    sent?.why ?? 'poll',
  );
  keepResponse(model.rest, {
    seq: fact.seq,
    at: fact.at,
    t: fact.t,
    requestId: fact.requestId,
    endpoint: fact.endpoint,
    method: sent?.method ?? 'GET',
    url: sent?.url ?? endpoint.url,
    status: fact.status,
    headers: fact.headers,
    body: fact.body,
    error: read.decoded.error,
    signed: sent?.signed ?? false,
    token: sent?.token ?? null,
  });
}

export function foldRequestFailed(model: Model, fact: FactOf<'request.failed'>): void {
  delete model.rest.outstanding[fact.requestId];
  foldCallEnd(model, (call) => call.requestId === fact.requestId, 0);
  const endpoint = endpointOf(model.rest, fact.endpoint);
  endpoint.failed += 1;
  endpoint.failuresInARow += 1;
  endpoint.lastError = fact.errorCode;
  endpoint.lastSeq = fact.seq;
  endpoint.lastT = fact.t;
  countStatus(model.rest.byStatus, 'failed');
  const { seq, at, t, host, phase, errorCode, errorCodes, message, tookMs } = fact;
  keepFailure(model.rest, { seq, at, t, endpoint: fact.endpoint, host, phase, errorCode, errorCodes, message, tookMs });
}
