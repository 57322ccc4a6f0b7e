// What a front end sees: plain, bounded, structured-cloneable data projected from the model at the publishing pace.
// Nothing is shown that is not in here. Times: `…At` epoch ms, `…T` monotonic ms, `…Ms` durations.

import type { CloseCause, ConnectionName, KeyInspection, Phases, ProbeResult, SettingOrigin, Talker } from './fact.ts';
import type { TrackedFinding, Verdict } from './finding.ts';
import type { TimelineRow, TimelineWindow } from './timeline.ts';

export type { TimelineRow } from './timeline.ts';

/** The silence a connection is in, told apart (or `none`). */
export type Silence = 'none' | 'not-open' | 'no-bytes' | 'heartbeats-without-data' | 'late-by-us';

export interface ChannelView {
  channel: string;
  productIds: string[];
  state: 'asked' | 'acknowledged' | 'data' | 'stale' | 'refused' | 'ignored';
  /** Time since it was asked for, and how long after that it was acknowledged and the first data came; null before. */
  askedAgeMs: number;
  acknowledgedAfterMs: number | null;
  firstDataAfterMs: number | null;
  /** Time since the last data frame; null before the first. */
  ageMs: number | null;
  frames: number;
  note: string;
}

export interface ConnectionView {
  name: ConnectionName;
  /** `off` when settings or missing credentials leave it closed, with `note` saying why. */
  state: 'off' | 'waiting' | 'connecting' | 'open' | 'closed';
  note: string;
  host: string;
  url: string;
  /** Age of the present state's socket; null when not open. */
  ageMs: number | null;
  /** Smoothed over the last 5 s. */
  framesPerSecond: number;
  bytesPerSecond: number;
  /** Totals of the session. */
  frames: number;
  bytes: number;
  lastFrameAgeMs: number | null;
  pingMs: number | null;
  /** Lost sequence numbers and the number of gaps. */
  framesLost: number;
  sequenceGaps: number;
  sequenceRepeats: number;
  lastSequence: number | null;
  reconnects: number;
  attempt: number;
  nextAttemptInMs: number | null;
  lastClose: string;
  channels: ChannelView[];
  phases: Phases;
  tls: string | null;
  extensions: string;
  malformed: number;
}

export interface HeartbeatView {
  connection: ConnectionName;
  subscribed: boolean;
  counter: number | null;
  /** Countdown to the next due beat; negative when overdue; null when none is awaited. */
  nextInMs: number | null;
  ageMs: number | null;
  /** Lateness of the last 32 beats against the one-second cadence, ms, oldest first. */
  latenessMs: number[];
  lateP50Ms: number | null;
  lateP99Ms: number | null;
  lateMaxMs: number | null;
  skipped: number;
  silence: Silence;
  /** Why there is nothing, in words. */
  note: string;
}

export interface TokenView {
  purpose: Talker;
  /** Key id, shortened for the eyes. */
  key: string;
  alg: string;
  uri: string | null;
  /** Against server time; negative when over. */
  expiresInMs: number;
  lifetimeMs: number;
  startsInMs: number;
  /** What it still gates. */
  gates: string;
  refused: boolean;
  nextRenewalInMs: number | null;
  clock: 'server' | 'local';
}

export interface ClockView {
  /** Local minus server, ms; null until measured. */
  offsetMs: number | null;
  uncertaintyMs: number | null;
  samples: number;
  source: 'time' | 'date' | 'none';
  ageMs: number | null;
}

export interface CloseView {
  seq: number;
  at: number;
  connection: ConnectionName;
  /** Close code, or the HTTP status of a refused upgrade, or null when no connection came about. */
  code: number | null;
  name: string;
  meaning: string;
  reason: string;
  clean: boolean;
  by: 'server' | 'client' | 'network';
  cause: CloseCause | 'refused' | 'connect-failed';
  detail: string;
  ageMs: number | null;
  /** What was done next, in words. */
  next: string;
}

export interface LimitView {
  bucket: 'rest-public' | 'rest-private' | 'rest-hour' | 'ws-connects' | 'ws-messages';
  used: number;
  limit: number;
  remaining: number;
  /** `s` or `h`. */
  per: 's' | 'h';
  source: 'header' | 'documented' | 'assumed';
  /** How old the header is that `remaining` is from; null when it is worked out from our own calls. */
  headerAgeMs: number | null;
  /** Seconds until the limit at the present rate; null when it will not be reached. */
  forecastSeconds: number | null;
  refusals: number;
  backOffMs: number | null;
  /** Who spent it in the last window: endpoint → calls. */
  ledger: { endpoint: string; calls: number }[];
}

export interface EndpointView {
  endpoint: string;
  path: string;
  requests: number;
  failed: number;
  byStatus: Record<string, number>;
  lastStatus: number | null;
  lastError: string;
  lastSeq: number | null;
  p50Ms: number | null;
  p99Ms: number | null;
  /** Latency of each phase. Connections are kept alive, so only some calls look up, connect and greet. */
  phases: { phase: 'dns' | 'tcp' | 'tls' | 'first byte'; calls: number; p50Ms: number; p99Ms: number }[];
  cache: string;
  everyMs: number;
  nextInMs: number | null;
}

export interface OrderView {
  orderId: string;
  productId: string;
  side: string;
  /** As the user channel says, as REST says, as the fills say; empty when that source has not spoken. */
  user: string;
  rest: string;
  filled: string;
  agrees: boolean;
  disagreesForMs: number | null;
  note: string;
}

export interface BalanceView {
  currency: string;
  accounts: string;
  breakdown: string;
  ui: string;
  agrees: boolean;
  disagreesForMs: number | null;
}

export interface SelfView {
  loopLagMs: number;
  loopLagMaxMs: number;
  queue: number;
  dropped: number;
  heapBytes: number;
  rssBytes: number;
  screensPerSecond: number;
  facts: number;
  factsPerSecond: number;
}

export interface RecordingView {
  file: string;
  sizeBytes: number;
  active: boolean;
  note: string;
}

export interface ReplayView {
  file: string;
  playing: boolean;
  /** Facts a second of recorded time per second of real time; Infinity is `max`. */
  speed: number;
  positionMs: number;
  lengthMs: number;
  /** Wall clock of position 0, as the moment shown knows it, epoch ms. */
  startAt: number;
  /** Positions of finding changes and closes, ms. */
  markers: { t: number; label: string; tone: TimelineRow['tone'] }[];
  ended: boolean;
  /** Stretches without anything but ticks are jumped over; absent is off. */
  idleSkip?: boolean;
  /** Part of the recording that is indexed, 0 to 1; absent is all of it. */
  indexed?: number;
  /** Where the person looking is: minutes that their clock is ahead of UTC at the moment shown; absent is UTC. */
  localOffsetMin?: number;
  note: string;
}

export interface RestView {
  state: 'off' | 'ok' | 'failing' | 'paused' | 'waiting';
  note: string;
  requests: number;
  callsPerMinute: number;
  byStatus: Record<string, number>;
  p50Ms: number | null;
  p99Ms: number | null;
  host: string;
  pausedForMs: number | null;
}

export interface Snapshot {
  version: string;
  mode: 'live' | 'demo' | 'replay';
  /** True when the exchange was the built-in one, also in a replay of it. */
  simulated?: boolean;
  /** Stamps of the newest fact folded: all ages in here are measured at this instant. */
  at: number;
  t: number;
  startedAt: number;
  products: string[];
  verdict: Verdict;
  /** Open ones newest first, then the most recently cleared, at most 60. */
  findings: TrackedFinding[];
  openFindings: number;
  connections: Record<ConnectionName, ConnectionView>;
  heartbeats: Record<ConnectionName, HeartbeatView>;
  rest: RestView;
  tokens: TokenView[];
  clock: ClockView;
  closes: CloseView[];
  limits: LimitView[];
  endpoints: EndpointView[];
  orders: OrderView[];
  balances: BalanceView[];
  timeline: TimelineWindow;
  self: SelfView;
  key: KeyInspection | null;
  permissions: string;
  settings: SettingOrigin[];
  probes: { at: number; reason: string; results: ProbeResult[] } | null;
  recording: RecordingView | null;
  replay: ReplayView | null;
}

/** One fact opened: everything that can be said of it, sanitised and bounded. */
/** Which lines of a payload somebody looks at, and how many cells wide they may be. */
export interface BodyWindow {
  from: number;
  rows: number;
  width: number;
}

export interface FactDetail {
  seq: number;
  at: number;
  title: string;
  fields: { name: string; value: string }[];
  /** The payload laid out, as many lines of it as were asked for. */
  body: string[];
  /** Index of the first of these lines, and how many there are in all. */
  bodyFrom: number;
  bodyTotal: number;
  /** Cells that a line may take. */
  bodyWidth: number;
  oddities: string[];
  /** The fact before and after it of the same source and channel, when known. */
  previousSeq: number | null;
  nextSeq: number | null;
}
