// The live feed: joins sockets, REST, clocks, tokens and probes, and hands each command of the core to the one that performs it.
// All policy is in the core; nothing is decided here.

import { unreachable } from '../base/invariant.ts';
import { isCacheHit } from '../coinbase/decode.ts';
import { ENDPOINTS, type Endpoint, type Parameters } from '../coinbase/endpoints.ts';
import { fieldOf, parseJson, recordOf, textOf } from '../coinbase/json-value.ts';
import type { Command } from '../core/command.ts';
import type { ConnectionName, Settings } from '../core/fact.ts';
import { type Clock, systemClock } from './clock.ts';
import { createConnector } from './connector.ts';
import { trustOf } from './dial.ts';
import type { Emit, Feed } from './feed.ts';
import { createLoopMonitor, type Gauges } from './loop-monitor.ts';
import { createOutbox, createPace, type Outbox } from './outbox.ts';
import { getPages } from './pages.ts';
import { createPoller } from './poller.ts';
import { createProbes } from './probes.ts';
import { createRest, type RestResult, type Why } from './rest.ts';
import { createServerClock } from './server-clock.ts';
import type { Signer } from './signer.ts';
import { createSocket, type Socket } from './socket.ts';
import { mayCarryToken } from './target.ts';
import { createTicker } from './ticker.ts';
import { createTokens } from './tokens.ts';

export interface LiveOptions {
  settings: Settings;
  signer: Signer | null;
  /** Contents of `--ca-file`, trusted beside the system's authorities; unreadable PEM throws here. */
  caPem: string | null;
  /** Draws the jitter of back-off; [0, 1). */
  random?: () => number;
  clock?: Clock;
  /** False leaves `loop.measured` out. */
  loopMonitor?: boolean;
  gauges?: () => Gauges;
  /** The monotonic reading that is `t` = 0 of the session; that of making the feed when absent. */
  originMs?: number;
}

/** How long `stop` waits for sockets to say goodbye. */
const STOP_WAIT_MS = 800;

export function createLiveFeed(options: LiveOptions, emit: Emit): Feed {
  const { settings, signer, clock = systemClock, random = Math.random } = options;
  const originMs = options.originMs ?? clock.monotonicMs();
  const trust = trustOf(options.caPem);
  let stopped = false;
  const tell: Emit = (fact) => {
    if (!stopped) emit(fact);
  };

  const serverClock = createServerClock(clock);
  const tokens = createTokens(signer, serverClock, clock, tell);
  const rest = createRest({ restUrl: settings.restUrl, clock, trust, emit: tell, tokens });
  const canSign = signer !== null && mayCarryToken(settings.restUrl);
  const urls: Record<ConnectionName, string> = { public: settings.publicUrl, user: settings.userUrl };
  const waitingForEnd = new Set<() => void>();

  const openSocket = (connection: ConnectionName, told: Emit, onEnd: () => void): Socket =>
    createSocket({ connection, url: urls[connection], emit: told, trust, deflate: settings.deflate, clock, onEnd });
  const ended = (connection: ConnectionName): void => {
    outboxes[connection].clear();
    connector.ended(connection);
    for (const tellEnd of waitingForEnd) tellEnd();
  };
  const sockets: Record<ConnectionName, Socket> = {
    public: openSocket('public', tell, () => ended('public')),
    user: openSocket('user', tell, () => ended('user')),
  };
  const connector = createConnector({ sockets, clock, emit: tell, random });
  const pace = createPace(clock);
  const outbox = (connection: ConnectionName): Outbox =>
    createOutbox({
      socket: sockets[connection],
      clock,
      emit: tell,
      tokens,
      pace,
      mayCarryToken: mayCarryToken(urls[connection]),
    });
  const outboxes: Record<ConnectionName, Outbox> = { public: outbox('public'), user: outbox('user') };

  const learn = (endpoint: Endpoint, result: RestResult): void => {
    if (result.outcome !== 'answered' || result.status >= 300) return;
    if (endpoint.name === 'key_permissions') poller.learnPortfolio(result.body);
    if (endpoint.name !== 'time' || isCacheHit(result.headers)) return;
    const record = recordOf(parseJson(result.body));
    const serverMs = record === null ? Number.NaN : Number.parseInt(textOf(fieldOf(record, 'epochMillis')), 10);
    const { sentMs, firstByteMs } = result;
    if (serverMs > 0) serverClock.measured({ sentMs, firstByteMs, serverMs });
  };
  const call = async (endpoint: Endpoint, params: Parameters, why: Why): Promise<void> => {
    learn(endpoint, await getPages(rest, endpoint, params, why));
  };
  let measuring: Promise<void> | null = null;
  const measureClock = (): void => {
    measuring ??= call(ENDPOINTS.time, {}, 'clock').finally(() => {
      measuring = null;
    });
    tokens.awaitMeasurement(measuring);
  };
  const isPaused = (): boolean => clock.monotonicMs() < rest.pausedUntilMs;
  const poller = createPoller({ clock, canSign, call, isPaused });
  const pauseRest = (untilMs: number, reason: string): void => {
    rest.pauseUntil(untilMs);
    tell({ fact: 'rest.paused', untilT: rest.pausedUntilMs - originMs, reason });
  };
  rest.onRetryAfter((untilMs) => pauseRest(untilMs, 'retry-after'));

  const probes = createProbes({
    settings,
    clock,
    trust,
    emit: tell,
    rest,
    canSign,
    slot: connector.slot,
    openSocket: (listen) => openSocket('public', listen, () => undefined),
  });
  const monitor = options.loopMonitor === false ? null : createLoopMonitor(tell, options.gauges);
  const ticker = createTicker({
    clock,
    emit: tell,
    beforeTick: (lateMs) => monitor?.report(lateMs),
    onUncounted: serverClock.slept,
  });

  const perform = (command: Command): void => {
    switch (command.command) {
      case 'connect':
        return connector.connect(command);
      case 'reconnect':
        return connector.reconnect(command);
      case 'disconnect':
        return connector.disconnect(command);
      case 'subscribe':
      case 'unsubscribe':
        return outboxes[command.connection].send(command);
      case 'poll':
        return poller.poll(command.name, command.everyMs);
      case 'measure-clock':
        return measureClock();
      case 'pause-rest':
        return pauseRest(originMs + command.untilT, command.reason);
      case 'probe':
        return probes.run(command.reason);
      default:
        return unreachable(command);
    }
  };
  const allIdle = (): boolean => sockets.public.state === 'idle' && sockets.user.state === 'idle';
  const idle = (): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!allIdle()) return;
        cancel();
        resolve();
      };
      const cancel = clock.setTimeout(resolve, STOP_WAIT_MS);
      waitingForEnd.add(look);
      look();
    });

  return {
    start: () => ticker.start(),
    perform(command) {
      if (!stopped) perform(command);
    },
    async stop(reason) {
      ticker.stop();
      monitor?.stop();
      poller.stop();
      probes.stop();
      connector.stop();
      sockets.public.close(reason);
      sockets.user.close(reason);
      await Promise.all([idle(), rest.stop()]);
      stopped = true;
    },
  };
}
