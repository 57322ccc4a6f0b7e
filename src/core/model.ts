// Everything known, folded from facts. Records are mutated in place by step; what a front end sees is a snapshot of it.

import type { Call } from './calls.ts';
import type { ClockOffset } from './clock-offset.ts';
import { newClockOffset } from './clock-offset.ts';
import type { Connection } from './connection.ts';
import { newConnection } from './connection.ts';
import type { KeyInspection, ProbeResult, SettingOrigin, Settings, Stamp } from './fact.ts';
import type { Limits } from './limits.ts';
import { newLimits } from './limits.ts';
import type { Ledger } from './orders.ts';
import { newLedger } from './orders.ts';
import type { Rest } from './requests.ts';
import { newRest } from './requests.ts';
import type { Self } from './self.ts';
import { newSelf } from './self.ts';
import type { Tokens } from './tokens.ts';
import { newTokens } from './tokens.ts';

/** A close, a refused upgrade or a failed connect, with what was known of the socket at that moment. */
export interface Close {
  seq: number;
  at: number;
  t: number;
  connection: 'public' | 'user';
  kind: 'closed' | 'refused' | 'connect-failed';
  code: number | null;
  status: number | null;
  reason: string;
  clean: boolean;
  by: 'server' | 'client' | 'network';
  cause: import('./fact.ts').CloseCause | 'refused' | 'connect-failed';
  errorCode: string | null;
  errorCodes: string[];
  phase: import('./fact.ts').ConnectPhase | null;
  host: string;
  detail: string;
  headers: Record<string, string>;
  /** Age of the socket when it ended; null when it was never open. */
  ageMs: number | null;
  /** Time since the last frame, or since opening when none came; null when it was never open. */
  silentMs: number | null;
  framesReceived: number;
  subscribesSent: number;
  heartbeatsSubscribed: boolean;
  /** Server time minus the nearest `exp` of the tokens sent on the socket: positive = after it ended; null without token. */
  sinceTokenEndMs: number | null;
  /** The newest of these tokens had not ended. */
  hadFreshToken: boolean;
  /** The last in-band error on that socket, if one came within its life. */
  lastError: string | null;
  lastErrorAgoMs: number | null;
  /** Our own loop was late, or the machine slept, around then. */
  duringSelfTrouble: boolean;
  /** Keys of findings that were open on this socket within the 5 s before. */
  openBefore: string[];
  next: string;
}

export interface Probes {
  at: number;
  t: number;
  reason: string;
  results: ProbeResult[];
}

export interface Model extends Stamp {
  startedAt: number;
  version: string;
  mode: 'live' | 'demo';
  /** What captured the traffic when it is another program's; null when it is our own, which nobody needs to be told about. */
  capture: string | null;
  /** The newest calls of a capture, oldest first; empty for our own traffic. */
  calls: Call[];
  settings: Settings | null;
  origins: SettingOrigin[];
  hmacVariables: string[];
  plainTextHosts: string[];
  key: KeyInspection | null;
  connections: { public: Connection; user: Connection };
  rest: Rest;
  limits: Limits;
  tokens: Tokens;
  clock: ClockOffset;
  closes: Close[];
  ledger: Ledger;
  self: Self;
  probes: Probes | null;
  /** When the control experiments were last asked for. */
  probeAskedT: number | null;
  /** When the clock was last asked to be measured out of turn. */
  clockAskedT: number | null;
  recording: { file: string; active: boolean; note: string; stoppedT: number | null; reason: string } | null;
  uiShows: string | null;
  ended: boolean;
}

export function newModel(): Model {
  return {
    seq: 0,
    at: 0,
    t: 0,
    startedAt: 0,
    version: '',
    mode: 'live',
    capture: null,
    calls: [],
    settings: null,
    origins: [],
    hmacVariables: [],
    plainTextHosts: [],
    key: null,
    connections: { public: newConnection('public'), user: newConnection('user') },
    rest: newRest(),
    limits: newLimits(),
    tokens: newTokens(),
    clock: newClockOffset(),
    closes: [],
    ledger: newLedger(),
    self: newSelf(),
    probes: null,
    probeAskedT: null,
    clockAskedT: null,
    recording: null,
    uiShows: null,
    ended: false,
  };
}
