// The one fold: a fact and its reading into the model, and the commands that follow. Live, replay, report and tests all come through here.
// Pure to its caller: no clock, no randomness, no I/O; the model is its own and is mutated in place.

import type { Command } from './command.ts';
import type { Fact, FactOf, Talker } from './fact.ts';
import { foldRequest, foldRequestFailed, foldResponse } from './fold-rest.ts';
import {
  foldCaptureEnded,
  foldClosed,
  foldConnectFailed,
  foldConnecting,
  foldFrameReceived,
  foldFrameSent,
  foldOpened,
  foldPing,
  foldPong,
  foldRefused,
  foldRetry,
  foldUpgradeDate,
} from './fold-socket.ts';
import type { Reading } from './meaning.ts';
import type { Model } from './model.ts';
import { channelsOf, decide, hasUsableKey } from './policy.ts';
import { foldResumed } from './resume.ts';
import { foldLag } from './self.ts';
import { foldToken } from './tokens.ts';
import { markTraffic } from './traffic.ts';

/** Folds one fact. `reading` must be the reading of this very fact (`{ of: 'nothing' }` where there is nothing to read). */
export function step(model: Model, fact: Fact, reading: Reading): Command[] {
  model.seq = fact.seq;
  model.at = fact.at;
  model.t = fact.t;
  // An ordinary market-data frame asks for nothing: leave before the switches.
  if (fact.fact === 'frame.received' && reading.of === 'scan') {
    foldFrameReceived(model, fact, reading);
    return NOTHING;
  }
  fold(model, fact, reading);
  return decide(model, fact, reading);
}

const NOTHING: Command[] = [];

function fold(model: Model, fact: Fact, reading: Reading): void {
  switch (fact.fact) {
    case 'session.started':
      return foldSession(model, fact);
    case 'session.resumed':
      return foldResumed(model, fact);
    case 'session.ended':
      model.ended = true;
      return;
    case 'key.inspected':
      return foldKey(model, fact);
    case 'socket.connecting':
      return foldConnecting(model, fact);
    case 'socket.opened':
      foldOpened(model, fact);
      return foldUpgradeDate(model, fact, reading);
    case 'frame.received':
      return foldFrameReceived(model, fact, reading);
    case 'frame.sent':
      if (reading.of === 'sent') foldFrameSent(model, fact, reading.message);
      return;
    case 'ping.sent':
      return foldPing(model, fact);
    case 'pong.received':
      return foldPong(model, fact);
    case 'socket.closed':
      return foldClosed(model, fact);
    case 'upgrade.refused':
      foldRefused(model, fact);
      return foldUpgradeDate(model, fact, reading);
    case 'connect.failed':
      return foldConnectFailed(model, fact);
    case 'retry.scheduled':
      return foldRetry(model, fact);
    case 'capture.ended':
      return foldCaptureEnded(model, fact);
    case 'request.sent':
      return foldRequest(model, fact);
    case 'response.arrived':
      if (reading.of === 'response') foldResponse(model, fact, reading);
      return;
    case 'request.failed':
      return foldRequestFailed(model, fact);
    case 'token.made':
      return foldToken(model.tokens, {
        token: fact.token,
        purpose: fact.purpose,
        clock: fact.clock,
        madeT: fact.t,
        madeAt: fact.at,
      });
    case 'token.failed':
      model.tokens.failure = `${talkerName(fact.purpose)}: ${fact.message}`;
      return;
    default:
      return foldOwn(model, fact);
  }
}

/** The facts about this tool itself. */
function foldOwn(model: Model, fact: Fact): void {
  switch (fact.fact) {
    case 'rest.paused':
      model.rest.pausedUntilT = fact.untilT;
      return;
    case 'probes.finished':
      model.probes = { at: fact.at, t: fact.t, reason: fact.reason, results: fact.results };
      return;
    case 'loop.measured':
      return foldLoop(model, fact);
    case 'clock.jumped':
      model.self.jumped = { t: fact.t, at: fact.at, seq: fact.seq, byMs: fact.byMs };
      // What was measured against the old wall clock no longer holds.
      model.clock.samples = [];
      return;
    case 'machine.slept':
      model.self.slept = { t: fact.t, at: fact.at, seq: fact.seq, forMs: fact.forMs };
      return;
    case 'recording.started':
      model.recording = { file: fact.file, active: true, note: '', stoppedT: null, reason: '' };
      return;
    case 'recording.stopped':
      model.recording = { file: fact.file, active: false, note: fact.detail, stoppedT: fact.t, reason: fact.reason };
      return;
    case 'user.asked':
      if (fact.action === 'ui-shows') model.uiShows = fact.detail;
      return;
    case 'tick':
      return foldTick(model, fact);
    default:
      return;
  }
}

function talkerName(talker: Talker): string {
  return talker === 'rest' ? 'REST' : `${talker} socket`;
}

const NOT_CAPTURED = 'not in this capture';

function foldSession(model: Model, fact: FactOf<'session.started'>): void {
  model.startedAt = fact.at;
  model.version = fact.version;
  model.mode = fact.mode;
  model.capture = fact.capture ?? null;
  model.settings = fact.settings;
  model.origins = fact.origins;
  model.hmacVariables = fact.hmacVariables;
  model.plainTextHosts = fact.plainTextHosts;
  model.uiShows = fact.settings.uiShows;
  model.rest.enabled = fact.settings.rest;
  model.rest.note = fact.settings.rest ? '' : model.capture === null ? 'switched off by --no-rest' : NOT_CAPTURED;
}

function foldKey(model: Model, fact: FactOf<'key.inspected'>): void {
  model.key = fact.inspection;
  const settings = model.settings;
  if (settings === null) return;
  const { public: open, user } = model.connections;
  open.url = settings.publicUrl;
  user.url = settings.userUrl;
  if (model.capture !== null) {
    for (const connection of [open, user]) Object.assign(connection, { state: 'off', note: NOT_CAPTURED });
    return;
  }
  const wanted = channelsOf(settings, 'public').length > 0;
  open.state = wanted ? 'waiting' : 'off';
  open.note = wanted ? '' : 'no public channel is asked for';
  user.state = settings.user && hasUsableKey(model) ? 'waiting' : 'off';
  if (!settings.user) user.note = 'switched off by --no-user';
  else if (fact.inspection.kind === 'none') user.note = 'no key is configured';
  else if (!hasUsableKey(model)) user.note = 'the key cannot be used';
  else user.note = '';
}

function foldLoop(model: Model, fact: FactOf<'loop.measured'>): void {
  const { self } = model;
  foldLag(self, fact.lagMs, fact);
  self.queue = fact.queue;
  self.dropped = fact.dropped;
  self.heapBytes = fact.heapBytes;
  self.rssBytes = fact.rssBytes;
  self.screensPerSecond = fact.screensPerSecond;
}

function foldTick(model: Model, fact: FactOf<'tick'>): void {
  const { self } = model;
  const elapsedMs = self.lastTickT === null ? 1_000 : Math.max(1, fact.t - self.lastTickT);
  self.factsPerSecond = ((fact.seq - self.factsAtTick) * 1_000) / elapsedMs;
  self.factsAtTick = fact.seq;
  self.lastTickT = fact.t;
  self.ticks += 1;
  markTraffic(model.connections.public.traffic, fact.t);
  markTraffic(model.connections.user.traffic, fact.t);
  if (model.rest.pausedUntilT !== null && fact.t >= model.rest.pausedUntilT) model.rest.pausedUntilT = null;
}
