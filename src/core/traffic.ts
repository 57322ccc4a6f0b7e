// How much flows on one connection: totals, and rates smoothed over the last few seconds. Folded at every frame: keep it cheap.

const SECONDS_KEPT = 5;

export interface Traffic {
  frames: number;
  bytes: number;
  /** Totals at the last ticks, oldest first: rates are differences over these. */
  marks: { t: number; frames: number; bytes: number }[];
  lastFrameT: number | null;
  lastFrameSeq: number | null;
  malformed: number;
  malformedInARow: number;
  lastMalformed: { t: number; at: number; seq: number; why: string } | null;
}

export function newTraffic(): Traffic {
  return {
    frames: 0,
    bytes: 0,
    marks: [],
    lastFrameT: null,
    lastFrameSeq: null,
    malformed: 0,
    malformedInARow: 0,
    lastMalformed: null,
  };
}

/** Called at every tick. */
export function markTraffic(traffic: Traffic, t: number): void {
  traffic.marks.push({ t, frames: traffic.frames, bytes: traffic.bytes });
  if (traffic.marks.length > SECONDS_KEPT + 1) traffic.marks.shift();
}

/** Frames and bytes a second over the last five seconds. */
export function rates(traffic: Traffic): { framesPerSecond: number; bytesPerSecond: number } {
  const first = traffic.marks[0];
  const last = traffic.marks.at(-1);
  if (first === undefined || last === undefined || last.t <= first.t) return { framesPerSecond: 0, bytesPerSecond: 0 };
  const seconds = (last.t - first.t) / 1_000;
  return {
    framesPerSecond: (last.frames - first.frames) / seconds,
    bytesPerSecond: (last.bytes - first.bytes) / seconds,
  };
}
