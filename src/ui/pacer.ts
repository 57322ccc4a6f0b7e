// When to draw: data at most so many times a second, keys at once, countdowns once a second. It owns one timer and no picture.

import type { Snapshot } from '../core/snapshot.ts';

const COUNTDOWN_MS = 1_000;

export interface PacerOptions {
  fps: number;
  now: () => number;
  draw: () => void;
}

export interface Pacer {
  /** Something new is to be seen. */
  changed(): void;
  /** Only countdowns and ages moved. */
  moved(): void;
  /** A key: draws at once. */
  atOnce(): void;
  /** Screens drawn in the last second. */
  rate(): number;
  stop(): void;
}

export function makePacer({ fps, now, draw }: PacerOptions): Pacer {
  const everyMs = 1_000 / Math.max(0.1, Math.min(30, fps));
  let drawnAt = Number.NEGATIVE_INFINITY;
  let dueAt = Number.POSITIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let recent: number[] = [];
  let stopped = false;

  const drawNow = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    dueAt = Number.POSITIVE_INFINITY;
    drawnAt = now();
    recent = [...recent.filter((at) => at > drawnAt - 1_000), drawnAt];
    draw();
  };
  const dueIn = (gapMs: number): void => {
    if (stopped) return;
    const at = Math.max(now(), drawnAt + gapMs);
    if (at >= dueAt) return;
    if (timer !== null) clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(drawNow, Math.max(0, at - now()));
  };
  return {
    changed: () => dueIn(everyMs),
    moved: () => dueIn(COUNTDOWN_MS),
    atOnce: () => {
      if (!stopped) drawNow();
    },
    rate: () => recent.filter((at) => at > now() - 1_000).length,
    stop: () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** What a snapshot shows apart from ages and countdowns, cheap enough to compare at every snapshot. */
export function fingerprint(snapshot: Snapshot): string {
  const { verdict, connections, rest, replay, recording, probes } = snapshot;
  const sockets = (['public', 'user'] as const).map((name) => {
    const { state, attempt, frames, channels, note } = connections[name];
    return `${state} ${attempt} ${frames} ${note} ${channels.map((channel) => channel.state).join()} ${snapshot.heartbeats[name].counter}`;
  });
  const findings = snapshot.findings.map(
    ({ key, status, count, acknowledged, snoozedUntilT }) =>
      `${key} ${status} ${count} ${acknowledged} ${snoozedUntilT}`,
  );
  const ends = [
    snapshot.timeline.rows[0]?.place,
    snapshot.timeline.rows.at(-1)?.place,
    snapshot.timeline.matching,
    snapshot.timeline.unsearched,
    snapshot.closes[0]?.seq,
    snapshot.closes.length,
  ];
  const played =
    replay === null
      ? ''
      : `${replay.playing} ${replay.speed} ${replay.idleSkip} ${replay.note} ${replay.playing ? '' : replay.positionMs}`;
  const tokens = snapshot.tokens.map((token) => `${token.refused} ${token.uri}`).join();
  // The figures of a sentence grow every second: its other words alone are worth a screen.
  const judged = `${verdict.party} ${verdict.confidence} ${verdict.findingKey}`;
  return [
    judged,
    ...sockets,
    ...findings,
    ...ends,
    rest.state,
    rest.requests,
    played,
    tokens,
    recording?.active,
    probes?.at,
    snapshot.clock.offsetMs,
  ].join('|');
}
