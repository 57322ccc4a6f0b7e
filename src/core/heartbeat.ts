// The heartbeats of one connection: one a second, with a counter that is the server's uptime (reference 3.8).

import { LATENESS_SAMPLES_MAX } from './bounds.ts';
import { isSameTrouble } from './sequence.ts';

export const HEARTBEAT_EVERY_MS = 1_000;
/** Without any frame for this long, a connection is silent. */
const SILENCE_MS = 5_000;

export interface HeartbeatSkip {
  t: number;
  at: number;
  seq: number;
  from: number;
  to: number;
}

export interface LateBeat {
  t: number;
  at: number;
  seq: number;
  lateMs: number;
  /** Other frames that came while this beat was awaited. */
  framesMeanwhile: number;
}

export interface Heartbeat {
  /** Asked for on the present socket. */
  subscribed: boolean;
  counter: number | null;
  /** The server's uptime at the last beat, with its fraction; null where it was not told. */
  uptimeS: number | null;
  lastT: number | null;
  lastSeq: number | null;
  /** Lost-frame count and gap count when the last beat came: tells a skipped beat from a lost frame. */
  gapsAtLast: number;
  framesSinceLast: number;
  /** Longest stretch without any frame since the last beat, ms. */
  longestQuietMs: number;
  beats: number;
  lateness: number[];
  lateMaxMs: number;
  skipped: number;
  lastSkip: HeartbeatSkip | null;
  skipsInARow: number;
  lastLate: LateBeat | null;
}

export function newHeartbeat(): Heartbeat {
  return {
    subscribed: false,
    counter: null,
    uptimeS: null,
    lastT: null,
    lastSeq: null,
    gapsAtLast: 0,
    framesSinceLast: 0,
    longestQuietMs: 0,
    beats: 0,
    lateness: [],
    lateMaxMs: 0,
    skipped: 0,
    lastSkip: null,
    skipsInARow: 0,
    lastLate: null,
  };
}

interface Beat {
  counter: number | null;
  uptimeS: number | null;
  t: number;
  at: number;
  seq: number;
  gaps: number;
}

/** The whole part of an uptime moves by two when a beat a little over a second later crosses two whole seconds: nothing was skipped. */
function isRounding(heartbeat: Heartbeat, { counter, uptimeS }: Beat): boolean {
  if (uptimeS === null || heartbeat.uptimeS === null) return false;
  const isWholePart = Math.floor(uptimeS) === counter && Math.floor(heartbeat.uptimeS) === heartbeat.counter;
  return isWholePart && (uptimeS - heartbeat.uptimeS) * 1_000 < 1.5 * HEARTBEAT_EVERY_MS;
}

function noteSkip(heartbeat: Heartbeat, beat: Beat, missed: number): void {
  // With a sequence gap in between, frames were lost on the way: that is the gap's story, not the server's.
  if (beat.gaps !== heartbeat.gapsAtLast || isRounding(heartbeat, beat)) return;
  heartbeat.skipped += missed;
  heartbeat.skipsInARow = (isSameTrouble(heartbeat.lastSkip, beat) ? heartbeat.skipsInARow : 0) + missed;
  heartbeat.lastSkip = { t: beat.t, at: beat.at, seq: beat.seq, from: heartbeat.counter ?? 0, to: beat.counter ?? 0 };
}

/** Folds one beat; the counter may be absent (unreadable), then only the cadence is judged. */
export function foldBeat(heartbeat: Heartbeat, beat: Beat): void {
  if (heartbeat.lastT !== null) {
    const step = beat.counter !== null && heartbeat.counter !== null ? beat.counter - heartbeat.counter : 1;
    if (step > 1 && step <= 3_600 && heartbeat.longestQuietMs < SILENCE_MS) noteSkip(heartbeat, beat, step - 1);
    const lateMs = Math.max(0, beat.t - heartbeat.lastT - HEARTBEAT_EVERY_MS * Math.max(1, Math.min(step, 3_600)));
    heartbeat.lateness.push(Math.round(lateMs));
    if (heartbeat.lateness.length > LATENESS_SAMPLES_MAX) heartbeat.lateness.shift();
    heartbeat.lateMaxMs = Math.max(heartbeat.lateMaxMs, lateMs);
    const waited = beat.t - heartbeat.lastT - HEARTBEAT_EVERY_MS;
    // After a silence of everything the counter has moved on and the beat is late: that is the silence's story.
    const wasSilent = heartbeat.longestQuietMs >= SILENCE_MS;
    if (waited > 2_000 && !wasSilent) {
      heartbeat.lastLate = {
        t: beat.t,
        at: beat.at,
        seq: beat.seq,
        lateMs: waited,
        framesMeanwhile: heartbeat.framesSinceLast,
      };
    }
  }
  heartbeat.counter = beat.counter ?? heartbeat.counter;
  heartbeat.uptimeS = beat.uptimeS;
  heartbeat.lastT = beat.t;
  heartbeat.lastSeq = beat.seq;
  heartbeat.gapsAtLast = beat.gaps;
  heartbeat.framesSinceLast = 0;
  heartbeat.longestQuietMs = 0;
  heartbeat.beats += 1;
}

/** A new socket may talk to another backend: counters are compared only inside one connection. */
export function restartHeartbeat(heartbeat: Heartbeat): void {
  heartbeat.subscribed = false;
  heartbeat.counter = null;
  heartbeat.uptimeS = null;
  heartbeat.lastT = null;
  heartbeat.lastSeq = null;
  heartbeat.framesSinceLast = 0;
  heartbeat.longestQuietMs = 0;
}
