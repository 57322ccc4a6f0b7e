// The JSON lines on standard output: one object each, keys may be added, never renamed. Texts in findings are sanitised already;
// everything else that came from the network is sanitised here.

import { safeStart, safeText } from '../base/text.ts';
import type { Fact, Settings } from '../core/fact.ts';
import type { FindingChange, TrackedFinding, Verdict } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { FindingHistory } from '../playbook/case-book.ts';

export type Line = Record<string, unknown> & { type: string };

export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function helloLine(
  version: string,
  mode: Snapshot['mode'],
  at: number,
  settings: Settings | null,
  keyId: string | null,
): Line {
  return {
    type: 'hello',
    version,
    mode,
    at: iso(at),
    settings: settings === null ? null : { ...settings, key: keyId === null ? null : safeText(keyId) },
  };
}

/** The connection line that a fact calls for, or null. The model has folded the fact already. */
export function connectionLine(fact: Fact, model: Model): Line | null {
  if (!('connection' in fact)) return null;
  const connection = model.connections[fact.connection];
  const base = {
    type: 'connection',
    connection: fact.connection,
    at: iso(fact.at),
    host: safeStart(connection.host, 120),
  };
  switch (fact.fact) {
    case 'socket.connecting':
      return { ...base, state: 'connecting', attempt: fact.attempt };
    case 'socket.opened':
      return { ...base, state: 'open', phases: fact.phases, tls: fact.tls };
    case 'socket.closed':
      return {
        ...base,
        state: 'closed',
        closeCode: fact.code,
        closeReason: safeStart(fact.reason, 200),
        cause: fact.cause,
        clean: fact.clean,
        by: fact.by,
        detail: safeStart(fact.detail, 200),
      };
    case 'upgrade.refused':
      return {
        ...base,
        state: 'closed',
        closeCode: 1006,
        closeReason: '',
        cause: 'refused',
        status: fact.status,
        detail: safeStart(fact.bodyStart, 200),
      };
    case 'connect.failed':
      return {
        ...base,
        state: 'closed',
        closeCode: 1006,
        closeReason: '',
        cause: 'connect-failed',
        phase: fact.phase,
        errorCode: fact.errorCode,
        detail: safeStart(fact.message, 200),
      };
    case 'retry.scheduled':
      return { ...base, state: 'waiting', attempt: fact.attempt, nextAttemptMs: Math.round(fact.delayMs) };
    default:
      return null;
  }
}

/** The fields that a finding line and an entry of the report share. */
export function findingFields(finding: TrackedFinding): Record<string, unknown> {
  return {
    code: finding.code,
    severity: finding.severity,
    party: finding.party,
    confidence: finding.confidence,
    connection: finding.connection,
    title: finding.title,
    evidence: finding.evidence,
    steps: finding.steps,
    fix: finding.fix,
    disprove: finding.disprove,
    escalate: finding.escalate,
    subject: finding.subject,
    facts: finding.facts,
  };
}

export function findingLine(change: FindingChange): Line {
  const { finding } = change;
  const cleared = change.status === 'cleared' ? { clearedBecause: finding.clearedBecause } : {};
  return {
    type: 'finding',
    status: change.status,
    at: iso(change.at),
    key: finding.key,
    count: finding.count,
    ...findingFields(finding),
    ...cleared,
  };
}

export function verdictLine(verdict: Verdict, at: number): Line {
  return {
    type: 'verdict',
    party: verdict.party,
    confidence: verdict.confidence,
    sentence: verdict.sentence,
    at: iso(at),
    findingKey: verdict.findingKey,
  };
}

function connectionStats(snapshot: Snapshot, name: 'public' | 'user'): Record<string, unknown> {
  const connection = snapshot.connections[name];
  const heartbeat = snapshot.heartbeats[name];
  return {
    state: connection.state,
    messages: connection.frames,
    bytes: connection.bytes,
    messagesPerSecond: Math.round(connection.framesPerSecond * 10) / 10,
    heartbeatCounter: heartbeat.counter,
    heartbeatAgeMs: heartbeat.ageMs === null ? null : Math.round(heartbeat.ageMs),
    heartbeatsSkipped: heartbeat.skipped,
    sequenceGaps: connection.sequenceGaps,
    framesLost: connection.framesLost,
    reconnects: connection.reconnects,
    pingMs: connection.pingMs,
    malformed: connection.malformed,
  };
}

export function statsLine(snapshot: Snapshot): Line {
  return {
    type: 'stats',
    at: iso(snapshot.at),
    connections: { public: connectionStats(snapshot, 'public'), user: connectionStats(snapshot, 'user') },
    rest: {
      requests: snapshot.rest.requests,
      byStatus: snapshot.rest.byStatus,
      p50Ms: snapshot.rest.p50Ms,
      p99Ms: snapshot.rest.p99Ms,
    },
    limits: snapshot.limits.map(({ bucket, limit, remaining, used, per, source, refusals }) => ({
      bucket,
      limit,
      remaining,
      used,
      per,
      source,
      refusals,
    })),
    tokens: snapshot.tokens.map((token) => ({
      connection: token.purpose,
      expiresInMs: Math.round(token.expiresInMs),
      alg: token.alg,
      refused: token.refused,
    })),
    clock: {
      offsetMs: snapshot.clock.offsetMs === null ? null : Math.round(snapshot.clock.offsetMs),
      uncertaintyMs: snapshot.clock.uncertaintyMs === null ? null : Math.ceil(snapshot.clock.uncertaintyMs),
      source: snapshot.clock.source,
    },
    self: {
      loopLagMs: Math.round(snapshot.self.loopLagMs),
      queue: snapshot.self.queue,
      dropped: snapshot.self.dropped,
      heapBytes: snapshot.self.heapBytes,
      factsPerSecond: Math.round(snapshot.self.factsPerSecond),
    },
  };
}

/** When the last line that told of a finding was printed, epoch ms. */
function lastChangeAt({ clearedAt, lastAt }: TrackedFinding): number {
  return clearedAt ?? lastAt;
}

/** What the session was, in one object: the last line of a run, and (with whole findings) the report. */
export function summary(
  model: Model,
  verdict: Verdict,
  history: Iterable<FindingHistory>,
  whole: boolean,
): Record<string, unknown> {
  const findings = [...history].map((entry) => ({
    ...(whole ? findingFields(entry.finding) : {}),
    key: entry.finding.key,
    code: entry.finding.code,
    severity: entry.severity,
    party: entry.finding.party,
    connection: entry.finding.connection,
    status: entry.finding.status,
    count: entry.count,
    firstAt: iso(entry.firstAt),
    lastAt: iso(entry.lastAt),
    ...(whole ? { at: iso(lastChangeAt(entry.finding)), clearedBecause: entry.finding.clearedBecause } : {}),
  }));
  return {
    at: iso(model.at),
    startedAt: iso(model.startedAt),
    durationMs: Math.round(model.t),
    verdict: { party: verdict.party, confidence: verdict.confidence, sentence: verdict.sentence },
    findings,
    counts: counts(model),
  };
}

function counts(model: Model): Record<string, unknown> {
  const { public: open, user } = model.connections;
  return {
    facts: model.seq,
    frames: { public: open.traffic.frames, user: user.traffic.frames },
    framesLost: { public: open.sequence.lost, user: user.sequence.lost },
    closes: model.closes.length,
    reconnects: { public: Math.max(0, open.opens - 1), user: Math.max(0, user.opens - 1) },
    requests: model.rest.requests,
    byStatus: model.rest.byStatus,
    tokens: { made: model.tokens.count, accepted: model.tokens.accepted, refused: model.tokens.refused },
  };
}
