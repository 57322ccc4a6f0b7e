// A snapshot of a quiet session, and findings, to put the case of a test into.

import type { TrackedFinding } from '../../src/core/finding.ts';
import type { ConnectionView, EndpointView, HeartbeatView, Snapshot, TimelineRow } from '../../src/core/snapshot.ts';
import { timelineOf } from '../support/timeline.ts';

export const AT = Date.parse('2026-11-22T20:14:06.489Z');

function connection(name: ConnectionView['name']): ConnectionView {
  return {
    name,
    state: 'open',
    note: '',
    host: `${name}.example`,
    url: `wss://${name}.example`,
    ageMs: 760_000,
    framesPerSecond: 214,
    bytesPerSecond: 186_000,
    frames: 100_000,
    bytes: 89_000_000,
    lastFrameAgeMs: 4,
    pingMs: 31,
    framesLost: 0,
    sequenceGaps: 0,
    sequenceRepeats: 0,
    lastSequence: 18_997,
    reconnects: 0,
    attempt: 1,
    nextAttemptInMs: null,
    lastClose: '',
    channels: [],
    phases: {},
    tls: 'TLSv1.3',
    extensions: '',
    malformed: 0,
  };
}

function heartbeat(name: ConnectionView['name']): HeartbeatView {
  return {
    connection: name,
    subscribed: true,
    counter: 139_871,
    nextInMs: 400,
    ageMs: 600,
    latenessMs: [],
    lateP50Ms: 12,
    lateP99Ms: 40,
    lateMaxMs: 60,
    skipped: 0,
    silence: 'none',
    note: '',
  };
}

export function endpoint(
  name: string,
  requests: number,
  failed: number,
  byStatus: Record<string, number>,
): EndpointView {
  return {
    endpoint: name,
    path: `/api/v3/brokerage/${name}?limit=2`,
    requests,
    failed,
    byStatus,
    lastStatus: null,
    lastError: '',
    lastSeq: null,
    p50Ms: 84,
    p99Ms: 310,
    phases: [{ phase: 'first byte', calls: 9, p50Ms: 80, p99Ms: 210 }],
    cache: '',
    everyMs: 60_000,
    nextInMs: 10_000,
  };
}

/** A healthy session, changed as the case needs. */
export function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    version: '0.1.0',
    mode: 'live',
    at: AT,
    t: 761_000,
    startedAt: AT - 761_000,
    products: ['BTC-USD', 'ETH-USD'],
    verdict: { party: 'healthy', confidence: 'high', sentence: 'Everything works.', findingKey: null },
    findings: [],
    openFindings: 0,
    connections: { public: connection('public'), user: connection('user') },
    heartbeats: { public: heartbeat('public'), user: heartbeat('user') },
    rest: {
      state: 'ok',
      note: '',
      requests: 50,
      callsPerMinute: 8,
      byStatus: { '200': 50 },
      p50Ms: 84,
      p99Ms: 310,
      host: 'api.coinbase.com',
      pausedForMs: null,
    },
    tokens: [],
    clock: { offsetMs: 40, uncertaintyMs: 20, samples: 5, source: 'time', ageMs: 3_000 },
    closes: [],
    limits: [],
    endpoints: [endpoint('time', 41, 0, { '200': 41 })],
    orders: [],
    balances: [],
    timeline: timelineOf([]),
    self: {
      loopLagMs: 0,
      loopLagMaxMs: 0,
      queue: 0,
      dropped: 0,
      heapBytes: 0,
      rssBytes: 0,
      screensPerSecond: 4,
      facts: 19_000,
      factsPerSecond: 214,
    },
    key: null,
    permissions: 'view',
    settings: [],
    probes: null,
    recording: null,
    replay: null,
    ...change,
  };
}

/** An open critical finding of Coinbase's, changed as the case needs. */
export function finding(change: Partial<TrackedFinding> & { code: string }): TrackedFinding {
  return {
    key: change.code,
    confidence: 'high',
    severity: 'critical',
    party: 'coinbase',
    connection: 'rest',
    title: 'Something is wrong.',
    evidence: [],
    facts: [],
    steps: [],
    fix: ['escalate'],
    disprove: null,
    escalate: null,
    subject: {},
    status: 'raised',
    count: 1,
    firstAt: AT - 252_369,
    firstT: 508_631,
    lastAt: AT,
    lastT: 761_000,
    clearedAt: null,
    clearedT: null,
    clearedBecause: null,
    acknowledged: false,
    snoozedUntilT: null,
    ...change,
  };
}

/** A timeline row `ms` after the moment. */
export function row(seq: number, ms: number, change: Partial<TimelineRow> = {}): TimelineRow {
  const at = AT + ms;
  const base = { seq, at, t: 761_000 + ms, source: 'REST', glyph: '→', what: 'GET', detail: '/products?limit=2' };
  return { ...base, sizeBytes: null, tone: 'normal', ...change };
}
