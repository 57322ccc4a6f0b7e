// Folds the facts of the two WebSocket connections into the model: opening, frames, pings, errors, endings.

import { CLOSES_MAX, TOKENS_MAX } from './bounds.ts';
import { callOf, foldCall, foldCallEnd } from './calls.ts';
import { addDateSample, bestOffset, serverTime } from './clock-offset.ts';
import type { Connection } from './connection.ts';
import { lastHeardT, restartSocket } from './connection.ts';
import type { FactOf } from './fact.ts';
import { foldBeat } from './heartbeat.ts';
import { spend } from './limits.ts';
import type { Decoded, Reading, SentMessage } from './meaning.ts';
import { MALFORMED } from './meaning.ts';
import type { Close, Model } from './model.ts';
import { foldUserOrder } from './orders.ts';
import { inSelfTrouble } from './self.ts';
import { foldSequence, isSameTrouble } from './sequence.ts';
import type { Unanswered } from './subscriptions.ts';
import {
  foldAcknowledgement,
  foldChannelData,
  foldInBandError,
  foldSubscribe,
  refusalsStanding,
} from './subscriptions.ts';
import { foldOutcome, judgeRefusals, tokenEndsAt } from './tokens.ts';

/** The one channel whose data carries another name than its subscription (reference 3.1). */
export function channelOfData(dataName: string): string {
  return dataName === 'l2_data' ? 'level2' : dataName;
}

const AUTHENTICATION = /auth|unauthori[sz]ed|jwt|token|credential/i;

export function foldConnecting(model: Model, fact: FactOf<'socket.connecting'>): void {
  const connection = model.connections[fact.connection];
  connection.state = 'connecting';
  connection.note = '';
  connection.url = fact.url;
  connection.host = fact.host;
  connection.attempt = fact.attempt;
  connection.stateT = fact.t;
  connection.nextAttemptT = null;
  spend(model.limits['ws-connects'], fact.connection, fact.t);
  foldCall(model, { what: callOf('UPGRADE', fact.url), endpoint: 'upgrade', url: fact.url, requestId: null });
}

function endAttempt(model: Model, connection: Connection, status: number): void {
  foldCallEnd(model, (call) => call.what === callOf('UPGRADE', connection.url), status);
}

export function foldOpened(model: Model, fact: FactOf<'socket.opened'>): void {
  const connection = model.connections[fact.connection];
  restartSocket(connection);
  connection.state = 'open';
  connection.note = '';
  connection.host = fact.host;
  connection.stateT = fact.t;
  connection.openedT = fact.t;
  connection.openedAt = fact.at;
  connection.openedSeq = fact.seq;
  connection.opens += 1;
  connection.phases = fact.phases;
  connection.tls = fact.tls;
  connection.extensions = fact.extensions;
  endAttempt(model, connection, 101);
}

export function foldFrameSent(model: Model, fact: FactOf<'frame.sent'>, message: SentMessage): void {
  const connection = model.connections[fact.connection];
  // The limit is documented for messages without a token (reference 5.1); for our own pace all are counted.
  if (model.capture === null || fact.token === null)
    spend(model.limits['ws-messages'], `${fact.connection} ${message.type || 'message'}`, fact.t);
  if (message.type !== 'subscribe' && message.type !== 'unsubscribe') return;
  foldSubscribe(connection.subscriptions, { message, token: fact.token, t: fact.t, seq: fact.seq });
  if (message.channel === 'heartbeats') connection.heartbeat.subscribed = message.type === 'subscribe';
  if (fact.token !== null) {
    connection.token = fact.token;
    connection.tokenSentT = fact.t;
    connection.tokenEnds = [...connection.tokenEnds, fact.token.exp].slice(-TOKENS_MAX);
    connection.renewAskedT = null;
  }
}

type Received = FactOf<'frame.received'>;

function countFrame(connection: Connection, fact: Received): void {
  const { traffic, heartbeat } = connection;
  const quietMs = fact.t - (traffic.lastFrameT ?? fact.t);
  if (quietMs > heartbeat.longestQuietMs) heartbeat.longestQuietMs = quietMs;
  traffic.frames += 1;
  traffic.bytes += fact.bytes.byteLength;
  traffic.lastFrameT = fact.t;
  traffic.lastFrameSeq = fact.seq;
  connection.framesOnSocket += 1;
  heartbeat.framesSinceLast += 1;
}

/** The hot path: an ordinary market-data frame, of which only the envelope was scanned. */
function foldScanned(connection: Connection, fact: Received, channel: string | null, sequence: number): void {
  if (sequence >= 0) foldSequence(connection.sequence, sequence, fact);
  if (channel !== null) foldChannelData(connection.subscriptions, channelOfData(channel), fact.t);
}

export function foldFrameReceived(model: Model, fact: Received, reading: Reading): void {
  const connection = model.connections[fact.connection];
  countFrame(connection, fact);
  if (reading.of === 'scan') foldScanned(connection, fact, reading.channel, reading.sequence);
  else if (reading.of === 'frame') foldDecoded(model, connection, fact, reading.decoded);
}

function foldDecoded(model: Model, connection: Connection, fact: Received, decoded: Decoded): void {
  const { envelope, meaning } = decoded;
  if (envelope.sequence !== null) foldSequence(connection.sequence, envelope.sequence, fact);
  noteMalformed(connection, fact, decoded);
  switch (meaning.kind) {
    case 'heartbeat':
      foldHeartbeat(connection, fact, meaning.counter, meaning.uptimeS);
      return;
    case 'subscriptions':
      for (const request of foldAcknowledgement(connection.subscriptions, meaning.channels, fact.t))
        accept(model, connection, fact, request);
      return;
    case 'data':
      foldData(model, connection, fact, meaning.channel);
      return;
    case 'user':
      foldData(model, connection, fact, 'user');
      for (const order of meaning.orders) foldUserOrder(model.ledger, order, fact);
      return;
    case 'error':
      foldError(model, connection, fact, meaning.message, meaning.reason);
      return;
    case 'unknown':
      return;
  }
}

function noteMalformed(connection: Connection, fact: Received, decoded: Decoded): void {
  const odd = decoded.oddities.find((oddity) => MALFORMED.has(oddity.name));
  if (odd === undefined) return;
  if (decoded.envelope.sequence === null) connection.sequence.unreadable += 1;
  const why = odd.detail || odd.name;
  const traffic = connection.traffic;
  traffic.malformed += 1;
  traffic.malformedInARow = isSameTrouble(traffic.lastMalformed, fact) ? traffic.malformedInARow + 1 : 1;
  traffic.lastMalformed = { t: fact.t, at: fact.at, seq: fact.seq, why };
}

function foldHeartbeat(connection: Connection, fact: Received, counter: number | null, uptimeS: number | null): void {
  foldChannelData(connection.subscriptions, 'heartbeats', fact.t);
  const others = connection.heartbeat.framesSinceLast - 1;
  connection.heartbeat.framesSinceLast = Math.max(0, others);
  const { t, at, seq } = fact;
  foldBeat(connection.heartbeat, { counter, uptimeS, t, at, seq, gaps: connection.sequence.gaps });
}

function foldData(model: Model, connection: Connection, fact: Received, channel: string): void {
  foldChannelData(connection.subscriptions, channel, fact.t);
  const answered = connection.subscriptions.unanswered.find(
    (request) => request.channel === channel && request.token !== null,
  );
  if (answered === undefined) return;
  // Data of a private channel comes before its acknowledgement (reference 3.4) and proves the token just as well.
  connection.subscriptions.unanswered = connection.subscriptions.unanswered.filter((request) => request !== answered);
  accept(model, connection, fact, answered);
}

function accept(model: Model, connection: Connection, fact: Received, request: Unanswered): void {
  if (request.token === null) return;
  connection.acceptedToken = request.token;
  const channel = connection.subscriptions.channels[request.channel];
  if (channel !== undefined) channel.refusals = 0;
  // One channel accepted says nothing of another that stands refused: its back-off goes on.
  connection.authRefusals = refusalsStanding(connection.subscriptions);
  if (connection.authRefusals === 0) connection.authRetryT = null;
  foldOutcome(model.tokens, {
    t: fact.t,
    at: fact.at,
    seq: fact.seq,
    talker: connection.name,
    what: `subscribe ${request.channel}`,
    accepted: true,
    token: request.token,
    message: '',
    status: null,
  });
}

function foldError(model: Model, connection: Connection, fact: Received, message: string, reason: string | null): void {
  const authentication = AUTHENTICATION.test(message);
  const error = foldInBandError(
    connection.subscriptions,
    { message, reason, authentication },
    { t: fact.t, at: fact.at, seq: fact.seq },
  );
  connection.errors.push(error);
  if (connection.errors.length > 20) connection.errors.shift();
  const counted = Object.keys(connection.errorCounts).length < 20 || connection.errorCounts[message] !== undefined;
  if (counted) connection.errorCounts[message] = (connection.errorCounts[message] ?? 0) + 1;
  if (!authentication || error.token === null) return;
  connection.authRefusals += 1;
  foldOutcome(model.tokens, {
    t: fact.t,
    at: fact.at,
    seq: fact.seq,
    talker: connection.name,
    what: `subscribe ${error.channel ?? '?'}`,
    accepted: false,
    token: error.token,
    message,
    status: null,
  });
  judgeByKnownClock(model);
}

export function foldPing(model: Model, fact: FactOf<'ping.sent'>): void {
  const connection = model.connections[fact.connection];
  connection.pingSentT = fact.t;
  connection.pingUnansweredT = connection.pingUnansweredT ?? fact.t;
}

export function foldPong(model: Model, fact: FactOf<'pong.received'>): void {
  const connection = model.connections[fact.connection];
  connection.lastPongT = fact.t;
  connection.pingUnansweredT = null;
  connection.pingMs = fact.roundTripMs;
}

function closeOf(
  model: Model,
  connection: Connection,
  fact: { seq: number; at: number; t: number },
): Omit<Close, 'kind' | 'code' | 'by' | 'cause'> {
  const heard = lastHeardT(connection);
  const error = connection.subscriptions.errors.at(-1);
  return {
    seq: fact.seq,
    at: fact.at,
    t: fact.t,
    connection: connection.name,
    status: null,
    reason: '',
    clean: false,
    errorCode: null,
    errorCodes: [],
    phase: null,
    host: connection.host,
    detail: '',
    headers: {},
    ageMs: connection.openedT === null ? null : fact.t - connection.openedT,
    silentMs: heard === null ? null : fact.t - heard,
    framesReceived: connection.framesOnSocket,
    subscribesSent: connection.subscriptions.sent,
    heartbeatsSubscribed: connection.heartbeat.subscribed,
    ...tokenEndsAt(connection.tokenEnds, serverTime(model.clock, fact.at)),
    lastError: error?.message ?? null,
    lastErrorAgoMs: error === undefined ? null : fact.t - error.t,
    duringSelfTrouble: inSelfTrouble(model.self, fact.t, 5_000),
    openBefore: [],
    next: '',
  };
}

function keepClose(model: Model, close: Close): void {
  model.closes.push(close);
  if (model.closes.length > CLOSES_MAX) model.closes.shift();
}

function end(connection: Connection, t: number): void {
  connection.state = 'closed';
  connection.stateT = t;
  connection.openedT = null;
  connection.openedAt = null;
  connection.heartbeat.subscribed = false;
}

export function foldClosed(model: Model, fact: FactOf<'socket.closed'>): void {
  const connection = model.connections[fact.connection];
  keepClose(model, {
    ...closeOf(model, connection, fact),
    kind: 'closed',
    code: fact.code,
    reason: fact.reason,
    clean: fact.clean,
    by: fact.by,
    cause: fact.cause,
    errorCode: fact.errorCode,
    detail: fact.detail,
  });
  end(connection, fact.t);
}

export function foldRefused(model: Model, fact: FactOf<'upgrade.refused'>): void {
  const connection = model.connections[fact.connection];
  connection.openedT = null;
  keepClose(model, {
    ...closeOf(model, connection, fact),
    kind: 'refused',
    code: null,
    status: fact.status,
    by: 'server',
    cause: 'refused',
    host: fact.host,
    headers: fact.headers,
    detail: fact.bodyStart,
  });
  endAttempt(model, connection, fact.status);
  if (fact.status === 429) {
    model.limits['ws-connects'].refusals += 1;
    model.limits['ws-connects'].lastRefusalT = fact.t;
  }
  end(connection, fact.t);
}

export function foldConnectFailed(model: Model, fact: FactOf<'connect.failed'>): void {
  const connection = model.connections[fact.connection];
  connection.openedT = null;
  keepClose(model, {
    ...closeOf(model, connection, fact),
    kind: 'connect-failed',
    code: null,
    by: 'network',
    cause: 'connect-failed',
    errorCode: fact.errorCode,
    errorCodes: fact.errorCodes,
    phase: fact.phase,
    host: fact.host,
    detail: fact.message,
  });
  endAttempt(model, connection, 0);
  end(connection, fact.t);
}

export function foldRetry(model: Model, fact: FactOf<'retry.scheduled'>): void {
  const connection = model.connections[fact.connection];
  connection.state = 'waiting';
  connection.stateT = fact.t;
  connection.note = fact.reason;
  connection.attempt = fact.attempt;
  connection.nextAttemptT = fact.t + fact.delayMs;
  const close = model.closes.findLast((entry) => entry.connection === fact.connection);
  if (close !== undefined && close.next === '') {
    close.next = `attempt ${fact.attempt} after ${(fact.delayMs / 1_000).toFixed(1)} s`;
  }
}

/**
 * The `date` of an upgrade measures the clock of a capture, for want of better: nobody can ask for the time there.
 * Our own clock is measured by time calls.
 */
export function foldUpgradeDate(
  model: Model,
  fact: FactOf<'socket.opened'> | FactOf<'upgrade.refused'>,
  reading: Reading,
): void {
  if (model.capture === null || reading.of !== 'upgrade') return;
  const tookMs = fact.phases.upgradeMs ?? 200;
  addDateSample(model.clock, fact.at - tookMs / 2, reading.serverDateMs, tookMs, fact.t);
}

/** In a capture no measurement is made because of a refusal: it is judged by what is known already. */
export function judgeByKnownClock(model: Model): void {
  const best = bestOffset(model.clock);
  if (model.capture !== null && best !== null) judgeRefusals(model.tokens, { ...best, t: model.t });
}

/** Nothing more is known of the socket: it is neither open, which would make its silence tell something, nor seen to close. */
export function foldCaptureEnded(model: Model, fact: FactOf<'capture.ended'>): void {
  const connection = model.connections[fact.connection];
  end(connection, fact.t);
  connection.state = 'off';
  connection.note = 'the capture does not say how it went on';
}
