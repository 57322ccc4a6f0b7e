// How a file that begins in the middle of a session knows what came before: the standing of sockets, channels and clock as one fact, and
// that fact folded back. What it tells is state, never evidence: no error, no close and no count of before comes back.

import { bestOffset } from './clock-offset.ts';
import type { Connection } from './connection.ts';
import { restartSocket } from './connection.ts';
import type { ConnectionName, FactBody, FactOf, ResumedChannel, ResumedSelf, ResumedSocket } from './fact.ts';
import type { Model } from './model.ts';
import type { Channel, Subscriptions } from './subscriptions.ts';

type Resumed = FactOf<'session.resumed'>;

function channelOf(channel: Channel): ResumedChannel {
  const { channel: name, productIds, signed, askedT, acknowledgedT, acknowledged } = channel;
  const { firstDataT, lastDataT, longestGapMs, frames } = channel;
  const data = { firstDataT, lastDataT, longestGapMs, frames };
  return { channel: name, productIds, signed, askedT, acknowledgedT, acknowledged, ...data };
}

function socketOf(connection: Connection): ResumedSocket {
  const { name, state, note, url, host, attempt, openedT, heartbeat, traffic, sequence } = connection;
  const isOpen = openedT !== null;
  return {
    connection: name,
    state,
    note,
    url,
    host,
    attempt,
    openedT,
    lastSequence: isOpen ? sequence.last : null,
    lastFrameT: isOpen && connection.framesOnSocket > 0 ? traffic.lastFrameT : null,
    lastPongT: connection.lastPongT,
    heartbeatCounter: heartbeat.counter,
    heartbeatUptimeS: heartbeat.uptimeS,
    heartbeatT: heartbeat.lastT,
    channels: isOpen ? Object.values(connection.subscriptions.channels).map(channelOf) : [],
    token: connection.token,
  };
}

function selfOf({ lastTickT, slept, lateT }: Model['self']): ResumedSelf {
  const late = lateT.at(-1);
  return {
    lastTickT,
    slept: slept === null ? null : { t: slept.t, at: slept.at, forMs: slept.forMs },
    late: late === undefined ? null : { t: late.t, at: late.at, lagMs: late.lagMs },
  };
}

/** What is known now, for a file that begins here. It shares what the model never writes into again. */
export function resumedFrom(model: Model, openFindings: string[]): Extract<FactBody, { fact: 'session.resumed' }> {
  const best = bestOffset(model.clock);
  return {
    fact: 'session.resumed',
    note: 'the file begins in the middle of a session',
    sockets: [socketOf(model.connections.public), socketOf(model.connections.user)],
    clock: best === null ? null : { offsetMs: best.offsetMs, uncertaintyMs: best.uncertaintyMs },
    uiShows: model.uiShows,
    openFindings,
    self: selfOf(model.self),
  };
}

function resumeChannels(subscriptions: Subscriptions, socket: ResumedSocket, seq: number): void {
  for (const known of socket.channels) {
    subscriptions.channels[known.channel] = {
      ...known,
      longestGapMs: known.longestGapMs ?? 0,
      askedSeq: seq,
      refusedT: null,
      refusal: '',
      refusals: 0,
    };
    const isAnswered = known.acknowledgedT !== null || known.firstDataT !== null;
    if (isAnswered) continue;
    const token = known.signed ? socket.token : null;
    subscriptions.unanswered.push({ channel: known.channel, t: known.askedT, seq, token });
  }
  subscriptions.sent = socket.channels.length;
  subscriptions.acknowledgements = socket.channels.some((known) => known.acknowledgedT !== null) ? 1 : 0;
}

function resumeOpen(connection: Connection, socket: ResumedSocket, fact: Resumed): void {
  const { openedT, heartbeatT, token } = socket;
  if (openedT === null) return;
  connection.openedT = openedT;
  connection.openedAt = fact.at - (fact.t - openedT);
  connection.openedSeq = fact.seq;
  connection.opens = 1;
  connection.lastPongT = socket.lastPongT;
  connection.sequence.last = socket.lastSequence;
  connection.traffic.lastFrameT = socket.lastFrameT;
  connection.framesOnSocket = socket.lastFrameT === null ? 0 : 1;
  connection.heartbeat.subscribed = socket.channels.some((known) => known.channel === 'heartbeats');
  connection.heartbeat.counter = socket.heartbeatCounter;
  connection.heartbeat.uptimeS = socket.heartbeatUptimeS ?? null;
  connection.heartbeat.lastT = heartbeatT;
  resumeChannels(connection.subscriptions, socket, fact.seq);
  connection.token = token;
  connection.acceptedToken = token;
  connection.tokenEnds = token === null ? [] : [token.exp];
}

function resumeSocket(connections: Record<ConnectionName, Connection>, socket: ResumedSocket, fact: Resumed): void {
  const connection = connections[socket.connection];
  restartSocket(connection);
  connection.state = socket.state;
  connection.note = socket.note;
  connection.url = socket.url;
  connection.host = socket.host;
  connection.attempt = socket.attempt;
  connection.stateT = socket.openedT ?? fact.t;
  resumeOpen(connection, socket, fact);
}

function resumeSelf(model: Model, { lastTickT, slept, late }: ResumedSelf, { seq }: Resumed): void {
  model.self.lastTickT = lastTickT;
  model.self.slept = slept === null ? null : { ...slept, seq };
  model.self.lateT = late === null ? [] : [{ ...late, seq }];
}

/** Folds what was known when the file begins: sockets go on from their last number, beat and frame. */
export function foldResumed(model: Model, fact: Resumed): void {
  for (const socket of fact.sockets) resumeSocket(model.connections, socket, fact);
  model.uiShows = fact.uiShows ?? model.uiShows;
  if (fact.self !== undefined) resumeSelf(model, fact.self, fact);
  if (fact.clock === null) return;
  model.clock.source = 'time';
  model.clock.measured += 1;
  model.clock.samples = [{ ...fact.clock, t: fact.t }];
}
