// What the program wants done, decided from the model alone: when to connect, subscribe, renew, retry, poll and hold back.
// The shell draws the jitter and keeps the timers; nothing here touches a clock or a socket, and a replay ignores what is returned.

import { BACKOFF_BASE_MS, BACKOFF_CAP_MS, PENALTY_PAUSE_MS, TOKEN_RENEW_BEFORE_MS } from './bounds.ts';
import { serverTime } from './clock-offset.ts';
import type { Command } from './command.ts';
import type { Connection } from './connection.ts';
import type { ConnectionName, Fact, FactOf, PollName, Settings } from './fact.ts';
import type { Reading } from './meaning.ts';
import type { Model } from './model.ts';
import { isUnaccepted } from './subscriptions.ts';

const USER_CHANNELS = new Set(['user', 'futures_balance_summary']);
const WITHOUT_PRODUCTS = new Set(['heartbeats', 'user', 'futures_balance_summary']);
const CONNECTIONS: ConnectionName[] = ['public', 'user'];
/** Open and fed for this long, a socket has proved good: its next trouble starts with a fresh back-off. */
const PROVED_GOOD_MS = 10_000;
const REFUSED_FLOOR_MS = 5_000;
const MEASURE_EVERY_MS = 1_000;
const RETRY_BASE_MS = 1_000;
const RETRY_CAP_MS = 60_000;

export function hasUsableKey(model: Model): boolean {
  return model.key?.usable === true;
}

/** The channels of the settings that belong to a connection, heartbeats first: the server gives five seconds to the first subscribe. */
export function channelsOf(settings: Settings, connection: ConnectionName): string[] {
  const own = settings.channels.filter(
    (channel) => channel !== 'heartbeats' && USER_CHANNELS.has(channel) === (connection === 'user'),
  );
  if (connection === 'user' && own.length === 0) own.push('user');
  const heartbeats = settings.heartbeats || settings.channels.includes('heartbeats');
  return [...(heartbeats ? ['heartbeats'] : []), ...new Set(own)];
}

function maySign(model: Model, connection: Connection): boolean {
  return hasUsableKey(model) && !model.plainTextHosts.includes(connection.host);
}

function subscribe(model: Model, connection: Connection, channel: string): Command {
  const settings = model.settings;
  const isPrivate = USER_CHANNELS.has(channel);
  const signed =
    maySign(model, connection) && (isPrivate || (settings?.signPublic === true && channel !== 'heartbeats'));
  const productIds = WITHOUT_PRODUCTS.has(channel) ? [] : (settings?.products ?? []);
  return { command: 'subscribe', connection: connection.name, channel, productIds, signed };
}

function start(model: Model): Command[] {
  const { settings } = model;
  if (settings === null) return [];
  const commands: Command[] = [];
  for (const name of CONNECTIONS) {
    if (model.connections[name].state !== 'off') commands.push({ command: 'connect', connection: name, attempt: 1 });
  }
  if (!model.rest.enabled) return commands;
  for (const [name, seconds] of Object.entries(settings.polls)) {
    commands.push({ command: 'poll', name: name as PollName, everyMs: seconds * 1_000 });
  }
  return commands;
}

function retryAfterMs(headers: Record<string, string>): number {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 600) * 1_000 : 0;
}

function reconnect(model: Model, name: ConnectionName): Command[] {
  const connection = model.connections[name];
  if (model.ended || connection.state === 'off') return [];
  const close = model.closes.findLast((entry) => entry.connection === name);
  if (close === undefined) return [];
  if (close.by === 'client' && close.cause === 'asked') return [{ command: 'connect', connection: name, attempt: 1 }];
  const refusedFloor = close.kind === 'refused' ? Math.max(REFUSED_FLOOR_MS, retryAfterMs(close.headers)) : 0;
  const penalty = close.kind === 'refused' && close.status === 403 ? PENALTY_PAUSE_MS / 2 : 0;
  const paused =
    model.rest.pausedUntilT === null || model.rest.pausedBecause !== 'penalty' ? 0 : model.rest.pausedUntilT - model.t;
  return [
    {
      command: 'reconnect',
      connection: name,
      attempt: connection.attempt + 1,
      baseMs: BACKOFF_BASE_MS,
      capMs: BACKOFF_CAP_MS,
      floorMs: Math.max(0, refusedFloor, penalty, paused),
      reason:
        close.kind === 'closed'
          ? `closed ${close.code ?? ''}`.trim()
          : (close.errorCode ?? `refused ${close.status ?? ''}`.trim()),
    },
  ];
}

function afterFrame(model: Model, fact: FactOf<'frame.received'>, reading: Reading): Command[] {
  if (reading.of !== 'frame' || reading.decoded.meaning.kind !== 'error') return [];
  const connection = model.connections[fact.connection];
  const error = connection.subscriptions.errors.at(-1);
  if (error === undefined || error.seq !== fact.seq || error.token === null) return [];
  // First refusal: measure the clock and try again soon with a fresh token; then ever more slowly.
  connection.authRetryT =
    fact.t + Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(10, Math.max(0, connection.authRefusals - 1)));
  const measure = measureClock(model, 'a subscribe was refused');
  const seconds = model.settings?.polls.key_permissions ?? 0;
  // Does REST accept the same key? That tells a bad key from a bad subscribe.
  const canAsk = model.rest.enabled && seconds > 0 && model.rest.pausedUntilT === null && connection.authRefusals <= 2;
  return canAsk ? [...measure, { command: 'poll', name: 'key_permissions', everyMs: seconds * 1_000 }] : measure;
}

function afterResponse(model: Model, fact: FactOf<'response.arrived'>, reading: Reading): Command[] {
  const endpoint = model.rest.endpoints[fact.endpoint];
  if (endpoint === undefined) return [];
  const doubted = model.clock.doubted ? measureClock(model, 'a Date header contradicts the offset') : [];
  model.clock.doubted = false;
  if (reading.of === 'response' && reading.decoded.error?.block === 'penalty')
    return [pause(model, fact.t + PENALTY_PAUSE_MS, 'penalty')];
  if (fact.status === 429) {
    const backOff = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(10, model.rest.refusals429InARow));
    return [pause(model, fact.t + Math.max(backOff, retryAfterMs(fact.headers)), 'rate limit')];
  }
  if (fact.status === 401) {
    // Twice more with fresh tokens tells all that can be told; after that the poll's own pace is enough.
    if (endpoint.failuresInARow <= 2) scheduleRetry(model, fact.endpoint, fact.t);
    return measureClock(model, '401');
  }
  if (fact.status >= 500) scheduleRetry(model, fact.endpoint, fact.t);
  return doubted;
}

/** One measurement answers all refusals of the moment: asked again only when the last was asked a while ago. */
function measureClock(model: Model, reason: string): Command[] {
  if (model.t - (model.clockAskedT ?? Number.NEGATIVE_INFINITY) < MEASURE_EVERY_MS) return [];
  model.clockAskedT = model.t;
  return [{ command: 'measure-clock', reason }];
}

function pause(model: Model, untilT: number, reason: string): Command {
  model.rest.pausedUntilT = Math.max(untilT, model.rest.pausedUntilT ?? 0);
  model.rest.pausedBecause = reason;
  return { command: 'pause-rest', untilT: model.rest.pausedUntilT, reason };
}

function scheduleRetry(model: Model, name: string, t: number): void {
  const endpoint = model.rest.endpoints[name];
  if (endpoint === undefined) return;
  const delay = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(6, endpoint.failuresInARow - 1));
  endpoint.retryT = t + delay;
}

const POLL_OF_ENDPOINT: Record<string, PollName> = { market_products: 'products' };

function retries(model: Model): Command[] {
  const settings = model.settings;
  if (settings === null || (model.rest.pausedUntilT !== null && model.t < model.rest.pausedUntilT)) return [];
  const commands: Command[] = [];
  for (const endpoint of Object.values(model.rest.endpoints)) {
    const name = POLL_OF_ENDPOINT[endpoint.endpoint] ?? (endpoint.endpoint as PollName);
    const seconds = settings.polls[name] ?? 0;
    if (endpoint.retryT === null || model.t < endpoint.retryT || seconds === 0) continue;
    endpoint.retryT = null;
    commands.push({ command: 'poll', name, everyMs: seconds * 1_000 });
  }
  return commands;
}

function privateChannels(model: Model, connection: Connection): Command[] {
  if (model.settings === null) return [];
  return channelsOf(model.settings, connection.name)
    .map((channel) => subscribe(model, connection, channel))
    .filter((command) => command.command === 'subscribe' && command.signed);
}

/** What a refusal is answered with: only what was not accepted is asked for again. */
function unacceptedChannels(model: Model, connection: Connection): Command[] {
  return privateChannels(model, connection).filter(
    (command) => command.command === 'subscribe' && isUnaccepted(connection.subscriptions, command.channel),
  );
}

function renew(model: Model, connection: Connection): Command[] {
  const reauth = model.settings?.reauth ?? 'never';
  const token = connection.token;
  if (reauth === 'never' || token === null || connection.state !== 'open') return [];
  const leftMs = token.exp * 1_000 - serverTime(model.clock, model.at);
  if (leftMs > TOKEN_RENEW_BEFORE_MS || connection.authRetryT !== null) return [];
  if (connection.renewAskedT !== null && model.t - connection.renewAskedT < 10_000) return [];
  connection.renewAskedT = model.t;
  if (reauth === 'resubscribe') return privateChannels(model, connection);
  connection.askedToClose = 'renewing the token';
  return [{ command: 'disconnect', connection: connection.name, reason: 'renewing the token' }];
}

function onTick(model: Model): Command[] {
  const commands: Command[] = [];
  for (const name of CONNECTIONS) {
    const connection = model.connections[name];
    if (connection.state !== 'open' || connection.openedT === null) continue;
    if (model.t - connection.openedT >= PROVED_GOOD_MS && connection.framesOnSocket > 0) connection.attempt = 0;
    if (connection.authRetryT !== null && model.t >= connection.authRetryT) {
      connection.authRetryT = null;
      commands.push(...unacceptedChannels(model, connection));
    }
    commands.push(...renew(model, connection));
  }
  return [...commands, ...retries(model)];
}

function onAsked(model: Model, fact: FactOf<'user.asked'>): Command[] {
  const name = fact.detail === 'user' ? 'user' : 'public';
  const connection = model.connections[name];
  if (fact.action === 'reconnect') {
    if (connection.state === 'off' || connection.state === 'connecting') return [];
    if (connection.state !== 'open') return [{ command: 'connect', connection: name, attempt: 1 }];
    connection.askedToClose = 'asked by the user';
    return [{ command: 'disconnect', connection: name, reason: 'asked by the user' }];
  }
  if (fact.action === 'new-token' && connection.state === 'open') return privateChannels(model, connection);
  if (fact.action === 'probe') return [{ command: 'probe', reason: 'asked by the user' }];
  return [];
}

/** The commands that a fact, already folded into the model, calls for. */
export function decide(model: Model, fact: Fact, reading: Reading): Command[] {
  // Another program's traffic calls for nothing: what it does next is in the capture.
  if (model.ended || model.capture !== null) return [];
  switch (fact.fact) {
    case 'key.inspected':
      return start(model);
    case 'socket.opened': {
      const connection = model.connections[fact.connection];
      const channels = model.settings === null ? [] : channelsOf(model.settings, fact.connection);
      return channels.map((channel) => subscribe(model, connection, channel));
    }
    case 'socket.closed':
    case 'upgrade.refused':
    case 'connect.failed':
      return reconnect(model, fact.connection);
    case 'frame.received':
      return afterFrame(model, fact, reading);
    case 'response.arrived':
      return afterResponse(model, fact, reading);
    case 'request.failed':
      scheduleRetry(model, fact.endpoint, fact.t);
      return [];
    case 'user.asked':
      return onAsked(model, fact);
    case 'tick':
      return onTick(model);
    default:
      return [];
  }
}
