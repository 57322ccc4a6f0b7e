// Projects the model into what a front end sees: plain, bounded, ages measured at the newest fact. Works out nothing that a rule should say.

import { safeStart } from '../base/text.ts';
import { closeCode } from '../coinbase/close-codes.ts';
import { bestOffset, serverTime } from '../core/clock-offset.ts';
import type { Connection } from '../core/connection.ts';
import { lastHeardT } from '../core/connection.ts';
import type { ConnectionName } from '../core/fact.ts';
import { HEARTBEAT_EVERY_MS } from '../core/heartbeat.ts';
import type { Close, Model } from '../core/model.ts';
import { inSelfTrouble } from '../core/self.ts';
import type {
  ChannelView,
  CloseView,
  ConnectionView,
  HeartbeatView,
  Silence,
  Snapshot,
  TokenView,
} from '../core/snapshot.ts';
import type { Channel } from '../core/subscriptions.ts';
import type { TimelineWindow } from '../core/timeline.ts';
import type { TokenRecord } from '../core/tokens.ts';
import { rates } from '../core/traffic.ts';
import { balanceViews, orderViews } from './account-views.ts';
import type { Engine } from './engine.ts';
import { endpointView, limitView, restView } from './rest-views.ts';
import { hostOf, since } from './spans.ts';
import { windowOf } from './timeline-look.ts';

const CLEARED_SHOWN = 20;
const STALE_CHANNEL_MS = 10_000;

function channelView(channel: Channel, t: number): ChannelView {
  const ageMs = since(channel.lastDataT, t);
  const missing =
    channel.acknowledged === null
      ? []
      : channel.productIds.filter((id) => channel.channel !== 'user' && !channel.acknowledged?.includes(id));
  return {
    channel: safeStart(channel.channel, 30),
    productIds: channel.productIds.slice(0, 20),
    state: stateOf(channel, ageMs),
    askedAgeMs: Math.max(0, t - channel.askedT),
    acknowledgedAfterMs: since(channel.askedT, channel.acknowledgedT),
    firstDataAfterMs: since(channel.askedT, channel.firstDataT),
    ageMs,
    frames: channel.frames,
    note: safeStart(
      channel.refusal || (missing.length > 0 ? `not acknowledged: ${missing.slice(0, 3).join(', ')}` : ''),
      80,
    ),
  };
}

function stateOf(channel: Channel, ageMs: number | null): ChannelView['state'] {
  if (channel.refusedT !== null) return 'refused';
  if (ageMs !== null)
    return ageMs > STALE_CHANNEL_MS && channel.channel !== 'user' && channel.channel !== 'status' ? 'stale' : 'data';
  return channel.acknowledgedT === null ? 'asked' : 'acknowledged';
}

function lastCloseText(model: Model, name: ConnectionName): string {
  const close = model.closes.findLast((entry) => entry.connection === name);
  if (close === undefined) return '';
  if (close.kind === 'refused') return `upgrade refused: HTTP ${close.status}`;
  if (close.kind === 'connect-failed') return `${close.phase ?? 'connect'} failed: ${close.errorCode ?? ''}`;
  return `closed ${close.code ?? ''} ${closeCode(close.code ?? 0).name.toLowerCase()}`;
}

function connectionView(model: Model, connection: Connection): ConnectionView {
  const { t } = model;
  const speed = rates(connection.traffic);
  return {
    name: connection.name,
    state: connection.state,
    note: safeStart(connection.note, 80),
    host: safeStart(connection.host || hostOf(connection.url), 80),
    url: safeStart(connection.url, 120),
    ageMs: since(connection.openedT, t),
    framesPerSecond: speed.framesPerSecond,
    bytesPerSecond: speed.bytesPerSecond,
    frames: connection.traffic.frames,
    bytes: connection.traffic.bytes,
    lastFrameAgeMs: since(connection.traffic.lastFrameT, t),
    pingMs: connection.state === 'open' ? connection.pingMs : null,
    framesLost: connection.sequence.lost,
    sequenceGaps: connection.sequence.gaps,
    sequenceRepeats: connection.sequence.repeats,
    lastSequence: connection.sequence.last,
    reconnects: Math.max(0, connection.opens - 1),
    attempt: connection.attempt,
    nextAttemptInMs:
      connection.nextAttemptT === null || connection.state !== 'waiting'
        ? null
        : Math.max(0, connection.nextAttemptT - t),
    lastClose: safeStart(lastCloseText(model, connection.name), 80),
    channels: Object.values(connection.subscriptions.channels).map((channel) => channelView(channel, t)),
    phases: connection.phases,
    tls: connection.tls,
    extensions: safeStart(connection.extensions, 60),
    malformed: connection.traffic.malformed,
  };
}

function silenceOf(model: Model, connection: Connection): Silence {
  if (connection.state !== 'open') return 'not-open';
  const heard = lastHeardT(connection);
  if (inSelfTrouble(model.self, model.t, 3_000)) return 'late-by-us';
  if (heard !== null && model.t - heard > 3_000) return 'no-bytes';
  const data = Object.values(connection.subscriptions.channels).filter(
    (channel) => channel.channel !== 'heartbeats' && channel.channel !== 'user' && channel.channel !== 'status',
  );
  const quiet =
    data.length > 0 &&
    data.every((channel) => channel.lastDataT !== null && model.t - channel.lastDataT > STALE_CHANNEL_MS);
  return quiet ? 'heartbeats-without-data' : 'none';
}

function percentile(values: number[], fraction: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? null;
}

function heartbeatView(model: Model, connection: Connection): HeartbeatView {
  const { heartbeat } = connection;
  const open = connection.state === 'open';
  const silence = silenceOf(model, connection);
  return {
    connection: connection.name,
    subscribed: heartbeat.subscribed,
    counter: heartbeat.counter,
    nextInMs: open && heartbeat.lastT !== null ? heartbeat.lastT + HEARTBEAT_EVERY_MS - model.t : null,
    ageMs: since(heartbeat.lastT, model.t),
    latenessMs: [...heartbeat.lateness],
    lateP50Ms: percentile(heartbeat.lateness, 0.5),
    lateP99Ms: percentile(heartbeat.lateness, 0.99),
    lateMaxMs: heartbeat.beats > 1 ? Math.round(heartbeat.lateMaxMs) : null,
    skipped: heartbeat.skipped,
    silence,
    note: heartbeatNote(model, connection, silence),
  };
}

function heartbeatNote(model: Model, connection: Connection, silence: Silence): string {
  if (connection.state === 'off') return connection.note === '' ? 'off' : `off: ${connection.note}`;
  const quiet =
    connection.traffic.lastFrameT === null
      ? ''
      : ` for ${Math.floor((model.t - connection.traffic.lastFrameT) / 1_000)} s`;
  if (connection.state !== 'open') return `none${quiet}: the socket is not open`;
  if (!connection.heartbeat.subscribed) return 'heartbeats are not subscribed';
  if (silence === 'no-bytes') return `no bytes${quiet}`;
  if (silence === 'late-by-us') return 'late by this tool itself';
  if (connection.heartbeat.lastT === null) return 'waiting for the first beat';
  return silence === 'heartbeats-without-data' ? 'heartbeats but no data' : '';
}

function tokenView(model: Model, record: TokenRecord, serverMs: number): TokenView {
  const { token, purpose } = record;
  const connection = purpose === 'rest' ? null : model.connections[purpose];
  const isLive = connection !== null && connection.state === 'open' && connection.token?.tokenId === token.tokenId;
  const refused = model.tokens.outcomes.some(
    (outcome) => !outcome.accepted && outcome.token?.tokenId === token.tokenId,
  );
  const expiresInMs = token.exp * 1_000 - serverMs;
  const renews = isLive && model.settings?.reauth !== 'never';
  return {
    purpose,
    key: shortKey(token.kid),
    alg: token.alg,
    uri: token.uri,
    expiresInMs,
    lifetimeMs: (token.exp - token.nbf) * 1_000,
    startsInMs: token.nbf * 1_000 - serverMs,
    gates:
      purpose === 'rest'
        ? 'one request'
        : isLive
          ? 'the open socket stays up; the next subscribe needs a new token'
          : 'nothing any more: its socket is gone',
    refused,
    nextRenewalInMs: renews ? Math.max(0, expiresInMs - 20_000) : null,
    clock: record.clock,
  };
}

/** `…/apiKeys/2b1f…d0aa`: enough to tell keys apart at a glance. */
export function shortKey(keyId: string): string {
  const last = keyId.split('/').at(-1) ?? keyId;
  const short = last.length > 12 ? `${last.slice(0, 4)}…${last.slice(-4)}` : last;
  return safeStart(keyId.includes('/') ? `…/apiKeys/${short}` : short, 40);
}

/** The newest token of each talker. */
function tokenViews(model: Model): TokenView[] {
  const serverMs = serverTime(model.clock, model.at);
  return (['user', 'public', 'rest'] as const).flatMap((purpose) => {
    const record = model.tokens.made.findLast((made) => made.purpose === purpose);
    return record === undefined ? [] : [tokenView(model, record, serverMs)];
  });
}

function closeView(close: Close): CloseView {
  const code = close.kind === 'refused' ? close.status : close.code;
  const known = close.code === null ? null : closeCode(close.code);
  const name =
    close.kind === 'refused'
      ? `HTTP ${close.status}`
      : close.kind === 'connect-failed'
        ? `${close.phase ?? 'connect'} failed`
        : (known?.name.toLowerCase() ?? '');
  return {
    seq: close.seq,
    at: close.at,
    connection: close.connection,
    code,
    name,
    meaning:
      known?.meaning ??
      (close.kind === 'refused'
        ? 'the server answered the upgrade with HTTP instead of 101'
        : 'no connection came about'),
    reason: safeStart(close.reason, 120),
    clean: close.clean,
    by: close.by,
    cause: close.cause,
    detail: safeStart(close.errorCode ?? close.detail, 120),
    ageMs: close.ageMs,
    next: safeStart(close.next, 80),
  };
}

function permissionText(model: Model): string {
  const told = model.ledger.permissions?.value;
  if (told === undefined) return 'permissions unknown';
  const granted = [told.canView ? 'view' : '', told.canTrade ? 'trade' : '', told.canTransfer ? 'transfer' : ''].filter(
    (name) => name !== '',
  );
  return granted.length === 0 ? 'no permissions' : granted.join(' + ');
}

/** The snapshot of this moment, with the newest rows unless told. `replay` and the recording's size are the session's to add. */
export function takeSnapshot(engine: Engine, mode: Snapshot['mode'], timeline?: TimelineWindow): Snapshot {
  const { model, book } = engine;
  const open = [...book.open.values()].sort((a, b) => b.firstT - a.firstT);
  const best = bestOffset(model.clock);
  return {
    version: model.version,
    mode,
    simulated: model.mode === 'demo',
    at: model.at,
    t: model.t,
    startedAt: model.startedAt,
    products: model.settings?.products.slice(0, 20) ?? [],
    verdict: engine.verdict,
    findings: [...open, ...book.cleared.slice(-CLEARED_SHOWN).reverse()].map((finding) => ({ ...finding })),
    openFindings: open.length,
    connections: {
      public: connectionView(model, model.connections.public),
      user: connectionView(model, model.connections.user),
    },
    heartbeats: {
      public: heartbeatView(model, model.connections.public),
      user: heartbeatView(model, model.connections.user),
    },
    rest: restView(model),
    tokens: tokenViews(model),
    clock: {
      offsetMs: best?.offsetMs ?? null,
      uncertaintyMs: best?.uncertaintyMs ?? null,
      samples: model.clock.measured,
      source: model.clock.source,
      ageMs: since(model.clock.samples.at(-1)?.t ?? null, model.t),
    },
    closes: model.closes.map(closeView),
    limits: Object.values(model.limits).map((bucket) => limitView(model, bucket)),
    endpoints: Object.values(model.rest.endpoints).map((endpoint) => endpointView(model, endpoint)),
    orders: orderViews(model),
    balances: balanceViews(model),
    timeline: timeline ?? windowOf(engine.log),
    self: selfView(model, engine),
    key: model.key,
    permissions: permissionText(model),
    settings: model.origins,
    probes:
      model.probes === null
        ? null
        : { at: model.probes.at, reason: model.probes.reason, results: model.probes.results },
    recording:
      model.recording === null
        ? null
        : { file: model.recording.file, sizeBytes: 0, active: model.recording.active, note: model.recording.note },
    replay: null,
  };
}

function selfView(model: Model, engine: Engine): Snapshot['self'] {
  const { self } = model;
  return {
    loopLagMs: self.lagMs,
    loopLagMaxMs: self.lagMaxMs,
    queue: self.queue + engine.queued,
    dropped: self.dropped,
    heapBytes: self.heapBytes,
    rssBytes: self.rssBytes,
    screensPerSecond: self.screensPerSecond,
    facts: model.seq,
    factsPerSecond: self.factsPerSecond,
  };
}
