// Pings an open socket and notices when the other side has gone without a word. It decides only "half-open"; others end the socket.

import { HALF_OPEN_AFTER_MS, PING_EVERY_MS } from '../core/bounds.ts';
import type { Cancel, Clock } from './clock.ts';

export interface PingerOptions {
  clock: Clock;
  /** Sends one protocol ping with this payload. */
  ping(payload: string): void;
  pong(roundTripMs: number): void;
  /** Neither frame nor pong came for this long. */
  halfOpen(silentMs: number): void;
  everyMs?: number | undefined;
  halfOpenAfterMs?: number | undefined;
}

export interface Pinger {
  start(): void;
  /** Something arrived; cheap enough for every frame. */
  heard(): void;
  /** A pong arrived with this payload. */
  answered(payload: string): void;
  pingNow(): void;
  stop(): void;
}

/** Pings still unanswered are remembered up to this many. */
const OUTSTANDING_MAX = 8;
const BEATS_PER_PING = 5;

export function createPinger(options: PingerOptions): Pinger {
  const { clock, everyMs = PING_EVERY_MS, halfOpenAfterMs = HALF_OPEN_AFTER_MS } = options;
  const beatMs = everyMs / BEATS_PER_PING;
  const outstanding = new Map<string, number>();
  let cancel: Cancel = () => undefined;
  let somethingCame = false;
  let heardMs = 0;
  let beatAtMs = 0;
  let pingAtMs = 0;

  const pingNow = (): void => {
    const nowMs = clock.monotonicMs();
    const payload = nowMs.toFixed(3);
    outstanding.set(payload, nowMs);
    const oldest = outstanding.keys().next().value;
    if (outstanding.size > OUTSTANDING_MAX && oldest !== undefined) outstanding.delete(oldest);
    pingAtMs = nowMs;
    options.ping(payload);
  };
  const beat = (): void => {
    const nowMs = clock.monotonicMs();
    // Late ourselves: what arrived meanwhile has not been read yet, so the silence proves nothing. One ping's time of grace.
    const graceMs = nowMs - beatAtMs > beatMs * 3 ? nowMs - halfOpenAfterMs + everyMs : 0;
    heardMs = somethingCame ? nowMs : Math.max(heardMs, graceMs);
    somethingCame = false;
    beatAtMs = nowMs;
    if (nowMs - heardMs >= halfOpenAfterMs) options.halfOpen(nowMs - heardMs);
    else if (nowMs - pingAtMs >= everyMs - beatMs / 2) pingNow();
  };

  return {
    pingNow,
    start() {
      heardMs = clock.monotonicMs();
      beatAtMs = heardMs;
      pingAtMs = heardMs;
      cancel = clock.setInterval(beat, beatMs);
    },
    heard() {
      somethingCame = true;
    },
    answered(payload) {
      somethingCame = true;
      const sentMs = outstanding.get(payload);
      if (sentMs === undefined) return;
      outstanding.delete(payload);
      options.pong(clock.monotonicMs() - sentMs);
    },
    stop() {
      cancel();
    },
  };
}
