// Where a replay stands on the recorded clock, as arithmetic: position, speed, and how long until something is due.
// Pure: real time is handed in, monotonic milliseconds of any origin.

/** A position on the recorded clock that moves while playing. */
export interface Playhead {
  /** Recorded t, ms, at `sinceMs`. */
  readonly positionMs: number;
  /** Real time, monotonic ms, at which it stood there. */
  readonly sinceMs: number;
  /** Recorded milliseconds a real millisecond; Infinity is as fast as facts can be folded. */
  readonly speed: number;
  readonly playing: boolean;
}

export const SPEED_MIN = 0.25;
export const SPEED_MAX = 64;

/** The speeds that keys step through. The last is `max`. */
export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, Number.POSITIVE_INFINITY];

/** A paused playhead at `positionMs`, speed 1. */
export function playheadAt(positionMs: number): Playhead {
  return { positionMs, sinceMs: 0, speed: 1, playing: false };
}

/** Where it stands at real time `nowMs`. At infinite speed the position only moves by `moved`. */
export function positionAt(head: Playhead, nowMs: number): number {
  if (!head.playing || head.speed === Number.POSITIVE_INFINITY) return head.positionMs;
  return head.positionMs + Math.max(0, nowMs - head.sinceMs) * head.speed;
}

function from(head: Playhead, nowMs: number, change: Partial<Playhead>): Playhead {
  return { ...head, positionMs: positionAt(head, nowMs), sinceMs: nowMs, ...change };
}

/** The same position, moving or not. */
export function setPlaying(head: Playhead, playing: boolean, nowMs: number): Playhead {
  return from(head, nowMs, { playing });
}

/** The same position at another speed, brought into 0.25…64 or `Infinity`. What is no number is 1. */
export function setSpeed(head: Playhead, speed: number, nowMs: number): Playhead {
  const wanted = Number.isNaN(speed) ? 1 : speed;
  const bounded = wanted === Number.POSITIVE_INFINITY ? wanted : Math.min(SPEED_MAX, Math.max(SPEED_MIN, wanted));
  return from(head, nowMs, { speed: bounded });
}

/** Another position; it goes on moving if it was. */
export function moved(head: Playhead, positionMs: number, nowMs: number): Playhead {
  return from(head, nowMs, { positionMs });
}

/** Real milliseconds until the position reaches recorded `t`: 0 when it has, Infinity while paused. */
export function dueIn(head: Playhead, t: number, nowMs: number): number {
  const ahead = t - positionAt(head, nowMs);
  if (ahead <= 0) return 0;
  if (!head.playing) return Number.POSITIVE_INFINITY;
  return head.speed === Number.POSITIVE_INFINITY ? 0 : ahead / head.speed;
}
