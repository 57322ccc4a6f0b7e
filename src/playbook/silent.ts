// What flows, or does not: silence told apart, late and skipped heartbeats, lost and repeated frames, frames that make no sense.
// When this tool was late itself, nobody else is blamed.

import { grouped } from '../base/grouped.ts';
import { knownChannel } from '../coinbase/channels.ts';
import type { Connection } from '../core/connection.ts';
import { lastHeardT } from '../core/connection.ts';
import { HEARTBEAT_EVERY_MS } from '../core/heartbeat.ts';
import type { Model } from '../core/model.ts';
import { inSelfTrouble } from '../core/self.ts';
import type { Rule, Sighting } from './rule.ts';
import { clockTime, duration, HOLD_MS, plural, sighting } from './rule.ts';
import { closedSteps } from './steps.ts';

const SILENT_MS = 5_000;
const LATE_MS = 2_000;
const PONG_DECIDES_MS = 1_200;
const STALE_MS = 10_000;
const SELF_GUARD_MS = 3_000;

const names = ['public', 'user'] as const;

function open(model: Model): Connection[] {
  return names
    .map((name) => model.connections[name])
    .filter((connection) => connection.state === 'open' && connection.openedT !== null);
}

/** Heartbeats were asked for on this socket and not refused. */
function awaitsHeartbeats(connection: Connection): boolean {
  const refusedT = connection.subscriptions.channels['heartbeats']?.refusedT ?? null;
  return connection.heartbeat.subscribed && refusedT === null;
}

/** Milliseconds since the last frame of an open socket (or since it opened). */
export function silentForMs(model: Model, connection: Connection): number {
  const heard = lastHeardT(connection);
  return heard === null ? 0 : model.t - heard;
}

/** What the pings say during a silence: the server is there but mute, nothing comes through, or it cannot be said yet. */
function pongs(model: Model, connection: Connection): 'answering' | 'silent' | 'undecided' {
  const heard = lastHeardT(connection) ?? 0;
  if (connection.lastPongT !== null && connection.lastPongT > heard + 200) return 'answering';
  const unanswered = connection.pingUnansweredT;
  if (unanswered !== null && model.t - unanswered >= PONG_DECIDES_MS) return 'silent';
  return 'undecided';
}

export const silence: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const connection of open(model)) {
    const silentMs = silentForMs(model, connection);
    if (!awaitsHeartbeats(connection) || silentMs < SILENT_MS || inSelfTrouble(model.self, model.t, SELF_GUARD_MS))
      continue;
    const answer = pongs(model, connection);
    // The next ping decides between a mute server and a dead line; beyond 8 s there is no waiting for it.
    if (answer === 'undecided' && silentMs < SILENT_MS + 3_000) continue;
    seen.push(silent(model, connection, silentMs, answer));
  }
  return seen;
};

function silent(model: Model, connection: Connection, silentMs: number, answer: ReturnType<typeof pongs>): Sighting {
  const alive = answer === 'answering';
  return sighting({
    code: 'FEED_SILENT',
    about: connection.name,
    connection: connection.name,
    party: alive ? 'coinbase' : 'network',
    confidence: answer === 'undecided' ? 'medium' : 'high',
    title: alive
      ? `The ${connection.name} socket is open and answers pings, but no frame has come for ${Math.floor(silentMs / 1_000)} s: the server is mute.`
      : `The ${connection.name} socket looks open, but neither frames nor pongs have come for ${Math.floor(silentMs / 1_000)} s: the connection is dead.`,
    evidence: [
      `heartbeats are subscribed and due every second; last counter ${connection.heartbeat.counter === null ? 'none' : grouped(connection.heartbeat.counter)}`,
      alive
        ? `last pong ${duration(model.t - (connection.lastPongT ?? 0))} ago, round trip ${Math.round(connection.pingMs ?? 0)} ms`
        : `a ping has been unanswered for ${duration(model.t - (connection.pingUnansweredT ?? model.t))}`,
      `our own loop was on time (longest delay ${Math.round(model.self.lagMs)} ms)`,
    ],
    facts: [connection.traffic.lastFrameSeq, connection.openedSeq],
    steps: closedSteps(model, connection.name),
    disprove: 'a second connection from another network that does receive heartbeats',
    clearedBecause: 'frames are flowing again',
  });
}

/** How long a channel must have spoken before its pace is known. */
const KNOWN_AFTER_MS = 5_000;

/** Channels that always speak when they work; others may be quiet by nature. */
function staleChannel(model: Model, connection: Connection): { name: string; forMs: number; why: string } | null {
  for (const channel of Object.values(connection.subscriptions.channels)) {
    const known = knownChannel(channel.channel);
    if (known === null || known.quiet || known.name === 'heartbeats' || channel.refusedT !== null) continue;
    if (channel.firstDataT === null || channel.lastDataT === null) {
      const asked = model.t - channel.askedT;
      if (channel.acknowledgedT !== null && (channel.acknowledged?.length ?? 0) > 0 && asked > STALE_MS)
        return { name: channel.channel, forMs: asked, why: 'acknowledged, yet not even a snapshot came' };
      continue;
    }
    const mean = (channel.lastDataT - channel.firstDataT) / Math.max(1, channel.frames - 1);
    const quietMs = model.t - channel.lastDataT;
    // A market that speaks in bursts is silent between them: what it was silent for before is no sign of anything.
    const bearableMs = Math.max(STALE_MS, 20 * mean, 3 * channel.longestGapMs);
    const isKnown = channel.frames >= 10 && channel.lastDataT - channel.firstDataT >= KNOWN_AFTER_MS;
    if (isKnown && mean < 2_000 && quietMs > bearableMs)
      return { name: channel.channel, forMs: quietMs, why: `before, a frame came every ${duration(mean)}` };
  }
  return null;
}

export const stale: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const connection of open(model)) {
    const beatAgo =
      connection.heartbeat.lastT === null ? Number.POSITIVE_INFINITY : model.t - connection.heartbeat.lastT;
    if (beatAgo > 3_000 || inSelfTrouble(model.self, model.t, SELF_GUARD_MS)) continue;
    const found = staleChannel(model, connection);
    if (found === null) continue;
    seen.push(
      sighting({
        code: 'FEED_STALE',
        about: connection.name,
        connection: connection.name,
        title: `Heartbeats arrive on the ${connection.name} socket, but ${found.name} has been silent for ${Math.floor(found.forMs / 1_000)} s.`,
        confidence: 'medium',
        evidence: [found.why, `last heartbeat ${duration(beatAgo)} ago`],
        facts: [connection.heartbeat.lastSeq],
        steps: closedSteps(model, connection.name),
        clearedBecause: `${found.name} is flowing again`,
      }),
    );
  }
  return seen;
};

function overdueMs(model: Model, connection: Connection): number {
  const asked = connection.subscriptions.channels['heartbeats']?.acknowledgedT ?? null;
  const last = connection.heartbeat.lastT ?? asked;
  if (last === null || !awaitsHeartbeats(connection)) return 0;
  return model.t - last - HEARTBEAT_EVERY_MS;
}

/** Other frames kept coming while the beat was awaited: else it is silence, which has its own code. */
function flowsMeanwhile(model: Model, connection: Connection): boolean {
  return connection.heartbeat.framesSinceLast > 0 && silentForMs(model, connection) < 1_500;
}

export const lateHeartbeat: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const connection of open(model)) {
    const late = connection.heartbeat.lastLate;
    const arrivedLate =
      late !== null && late.framesMeanwhile > 0 && late.lateMs > LATE_MS && model.t - late.t < HOLD_MS;
    const overdue = overdueMs(model, connection);
    const missing = overdue > LATE_MS && flowsMeanwhile(model, connection);
    if ((!missing && !arrivedLate) || inSelfTrouble(model.self, model.t, SELF_GUARD_MS)) continue;
    const lateMs = missing ? overdue : (late?.lateMs ?? 0);
    seen.push(
      sighting({
        code: 'HEARTBEAT_LATE',
        about: connection.name,
        connection: connection.name,
        title: missing
          ? `The ${connection.name} heartbeat is ${duration(lateMs)} late while other frames flow.`
          : `A ${connection.name} heartbeat came ${duration(lateMs)} late while other frames flowed.`,
        evidence: [
          `${plural(missing ? connection.heartbeat.framesSinceLast : (late?.framesMeanwhile ?? 0), 'other frame')} meanwhile`,
          `our own loop was on time (longest delay ${Math.round(model.self.lagMs)} ms)`,
        ],
        facts: [connection.heartbeat.lastSeq, late?.seq ?? null],
        steps: closedSteps(model, connection.name),
        clearedBecause: 'beats have been on time for 10 s',
      }),
    );
  }
  return seen;
};

export const skippedHeartbeat: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of names) {
    const heartbeat = model.connections[name].heartbeat;
    const skip = heartbeat.lastSkip;
    if (skip === null || model.t - skip.t >= HOLD_MS) continue;
    seen.push(
      sighting({
        code: 'HEARTBEAT_SKIPPED',
        about: name,
        connection: name,
        title: `The server skipped ${plural(skip.to - skip.from - 1, `${name} heartbeat`)} (counter ${grouped(skip.from)} → ${grouped(skip.to)}, sequence complete).`,
        count: heartbeat.skipsInARow,
        evidence: [
          `${clockTime(skip.at)} counter ${grouped(skip.from)} → ${grouped(skip.to)}`,
          'the sequence numbers in between are complete',
        ],
        facts: [skip.seq],
        steps: closedSteps(model, name),
        clearedBecause: 'beats have been complete for 10 s',
      }),
    );
  }
  return seen;
};

function products(model: Model, connection: Connection): string {
  const list = [...new Set(Object.values(connection.subscriptions.channels).flatMap((channel) => channel.productIds))];
  const known = list.length > 0 ? list : (model.settings?.products ?? []);
  return known.slice(0, 4).join(', ') + (known.length > 4 ? ` and ${known.length - 4} more` : '');
}

export const sequences: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of names) {
    const connection = model.connections[name];
    const { lastGap, lastRepeat, gapsInARow, repeatsInARow } = connection.sequence;
    if (lastGap !== null && model.t - lastGap.t < HOLD_MS) {
      seen.push(
        sighting({
          code: 'SEQUENCE_GAP',
          about: name,
          connection: name,
          title: `${plural(lastGap.lost, 'frame')} lost on the ${name} socket (#${grouped(lastGap.from)} → #${grouped(lastGap.to)}): ${name === 'user' ? 'order states' : `books of ${products(model, connection)}`} may be wrong since ${clockTime(lastGap.at)}.`,
          count: gapsInARow,
          evidence: [
            `${clockTime(lastGap.at)} after number ${grouped(lastGap.from)} came ${grouped(lastGap.to)}`,
            `${plural(connection.sequence.gaps, 'gap')} and ${plural(connection.sequence.lost, 'lost frame')} this session`,
          ],
          facts: [lastGap.seq],
          steps: closedSteps(model, name),
          clearedBecause: 'no further gap for 10 s; books are right again only after a new snapshot',
        }),
      );
    }
    if (lastRepeat !== null && model.t - lastRepeat.t < HOLD_MS) {
      seen.push(
        sighting({
          code: 'SEQUENCE_REPEAT',
          about: name,
          connection: name,
          title: `Sequence number ${lastRepeat.to} came again or late on the ${name} socket (the last was ${lastRepeat.from}).`,
          count: repeatsInARow,
          evidence: [
            `${clockTime(lastRepeat.at)} after number ${grouped(lastRepeat.from)} came ${grouped(lastRepeat.to)}`,
          ],
          facts: [lastRepeat.seq],
          steps: closedSteps(model, name),
          clearedBecause: 'no further repeat for 10 s',
        }),
      );
    }
  }
  return seen;
};

export const malformed: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of names) {
    const { lastMalformed, malformedInARow } = model.connections[name].traffic;
    if (lastMalformed === null || model.t - lastMalformed.t >= HOLD_MS) continue;
    seen.push(
      sighting({
        code: 'FRAME_MALFORMED',
        about: name,
        connection: name,
        title: `A frame on the ${name} socket makes no sense: ${lastMalformed.why}.`,
        count: malformedInARow,
        evidence: [`${clockTime(lastMalformed.at)} frame #${lastMalformed.seq}: ${lastMalformed.why}`],
        facts: [lastMalformed.seq],
        steps: closedSteps(model, name),
        disprove: 'the same bytes seen by another client without a proxy in between',
        clearedBecause: 'frames have been well-formed for 10 s',
      }),
    );
  }
  return seen;
};
