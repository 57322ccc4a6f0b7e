// One WebSocket connection: where it stands, what flowed, and the counters that live and die with its socket.

import { newTable } from '../base/table.ts';
import type { ConnectionName, Phases, TokenClaims } from './fact.ts';
import type { Heartbeat } from './heartbeat.ts';
import { newHeartbeat, restartHeartbeat } from './heartbeat.ts';
import type { Sequence } from './sequence.ts';
import { newSequence, restartSequence } from './sequence.ts';
import type { InBandError, Subscriptions } from './subscriptions.ts';
import { newSubscriptions } from './subscriptions.ts';
import type { Traffic } from './traffic.ts';
import { newTraffic } from './traffic.ts';

export type ConnectionState = 'off' | 'waiting' | 'connecting' | 'open' | 'closed';

export interface Connection {
  name: ConnectionName;
  state: ConnectionState;
  note: string;
  url: string;
  host: string;
  stateT: number;
  openedT: number | null;
  openedAt: number | null;
  openedSeq: number | null;
  /** Consecutive attempts since a socket last proved good. */
  attempt: number;
  opens: number;
  nextAttemptT: number | null;
  phases: Phases;
  tls: string | null;
  extensions: string;
  pingSentT: number | null;
  /** When a ping that is still unanswered was sent. */
  pingUnansweredT: number | null;
  lastPongT: number | null;
  pingMs: number | null;
  traffic: Traffic;
  framesOnSocket: number;
  sequence: Sequence;
  heartbeat: Heartbeat;
  subscriptions: Subscriptions;
  /** The newest token that went out on the present socket. */
  token: TokenClaims | null;
  tokenSentT: number | null;
  /** The newest token the server accepted on the present socket. */
  acceptedToken: TokenClaims | null;
  /** `exp` of each token that went out on the present socket, seconds since the epoch: a server may hold it to any of them. */
  tokenEnds: number[];
  /** Newest in-band errors over all sockets of this connection, newest last, at most 20. */
  errors: InBandError[];
  errorCounts: Record<string, number>;
  /** Why we are about to end it ourselves, when we are. */
  askedToClose: string | null;
  /** When the next private subscribe is to be tried after a refusal. */
  authRetryT: number | null;
  authRefusals: number;
  renewAskedT: number | null;
}

export function newConnection(name: ConnectionName): Connection {
  return {
    name,
    state: 'off',
    note: 'not started',
    url: '',
    host: '',
    stateT: 0,
    openedT: null,
    openedAt: null,
    openedSeq: null,
    attempt: 0,
    opens: 0,
    nextAttemptT: null,
    phases: {},
    tls: null,
    extensions: '',
    pingSentT: null,
    pingUnansweredT: null,
    lastPongT: null,
    pingMs: null,
    traffic: newTraffic(),
    framesOnSocket: 0,
    sequence: newSequence(),
    heartbeat: newHeartbeat(),
    subscriptions: newSubscriptions(),
    token: null,
    tokenSentT: null,
    acceptedToken: null,
    tokenEnds: [],
    errors: [],
    errorCounts: newTable(),
    askedToClose: null,
    authRetryT: null,
    authRefusals: 0,
    renewAskedT: null,
  };
}

/** A new socket: everything that belongs to one socket starts again, totals stay. */
export function restartSocket(connection: Connection): void {
  restartSequence(connection.sequence);
  restartHeartbeat(connection.heartbeat);
  connection.subscriptions = newSubscriptions();
  connection.framesOnSocket = 0;
  connection.token = null;
  connection.tokenSentT = null;
  connection.acceptedToken = null;
  connection.tokenEnds = [];
  connection.askedToClose = null;
  connection.pingSentT = null;
  connection.pingUnansweredT = null;
  connection.lastPongT = null;
  connection.renewAskedT = null;
}

/** Instant of the last sign of life that is a frame: the last frame of this socket, or its opening. */
export function lastHeardT(connection: Connection): number | null {
  if (connection.openedT === null) return null;
  const frame = connection.framesOnSocket > 0 ? connection.traffic.lastFrameT : null;
  return Math.max(connection.openedT, frame ?? 0);
}
