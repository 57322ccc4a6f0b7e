// One look at a whole recording for its packet: what it raised, how things stood when each of it was last seen, and where windows can begin.

import type { Fact } from '../core/fact.ts';
import type { FindingChange, TrackedFinding } from '../core/finding.ts';
import type { PacketRequest } from '../core/packet-request.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Engine } from '../engine/engine.ts';
import { takeSnapshot } from '../engine/snapshot.ts';
import { NO_ROWS, windowOf } from '../engine/timeline-look.ts';
import type { PacketResponse } from '../escalation/packet.ts';
import { Checkpoints } from '../recording/checkpoints.ts';
import { DISORDER_MS } from '../recording/stretch.ts';
import { findingFor, responsesOf } from './escalate-session.ts';
import { openTraffic } from './import.ts';
import { readThrough } from './reading-progress.ts';
import type { WindowSource } from './recording-window.ts';

/** How things stood when a finding was seen. */
interface Standing {
  t: number;
  snapshot: Snapshot;
  responses: PacketResponse[];
}

/** A recording with the finding that a packet of it is about. */
export interface RecordedCase extends WindowSource {
  engine: Engine;
  finding: TrackedFinding | null;
  snapshot: Snapshot;
  responses: PacketResponse[];
  /** Wall clock of the first and the last fact, epoch ms. */
  fromAt: number;
  toAt: number;
}

const STANDING_EVERY_MS = 2_000;
const STANDINGS_MAX = 60;
/** A finding that has lasted is looked at less often: at most about this many times in all. */
const LOOKS_MAX = 60;

/** Without rows: the bytes of frames do not outlast their batch. */
function figuresOf(engine: Engine): Snapshot {
  return takeSnapshot(engine, 'replay', windowOf(engine.log, NO_ROWS));
}

/** The standing at each finding's latest change: what contradicted then may agree by the end of the recording. */
class Standings {
  readonly #byKey = new Map<string, Standing>();
  readonly #wanted: string | null;

  constructor(wanted: string | null) {
    this.#wanted = wanted;
  }

  #isOfInterest({ key, code, severity, escalate }: TrackedFinding): boolean {
    if (this.#wanted !== null) return key === this.#wanted || code === this.#wanted;
    return severity === 'critical' || escalate !== null;
  }

  note(engine: Engine, changes: readonly FindingChange[]): void {
    for (const { status, finding } of changes) {
      if (status === 'cleared' || !this.#isOfInterest(finding)) continue;
      const { t } = engine.model;
      const known = this.#byKey.get(finding.key);
      const pause = Math.max(STANDING_EVERY_MS, (t - finding.firstT) / LOOKS_MAX);
      if (known !== undefined && status !== 'raised' && t - known.t < pause) continue;
      if (known === undefined && this.#byKey.size >= STANDINGS_MAX) continue;
      const snapshot = figuresOf(engine);
      this.#byKey.set(finding.key, { t, snapshot, responses: responsesOf(engine) });
    }
  }

  of(key: string): Standing | null {
    return this.#byKey.get(key) ?? null;
  }
}

function notRaised(engine: Engine, wanted: string): { problem: string } {
  const codes = [...new Set([...engine.book.history.values()].map((entry) => entry.finding.code))];
  const expected = codes.length === 0 ? 'none: it raised nothing' : `one of ${codes.join(', ')}`;
  return { problem: `--finding ${JSON.stringify(wanted)} was not raised in this recording; expected ${expected}` };
}

const OPENING = new Set<Fact['fact']>(['session.started', 'key.inspected']);

/** Folds a recording once. `wanted`: code or key of the finding; without one it is what was asked for, or the finding that weighs most. */
export async function recordedCase(
  file: string,
  wanted: string | null,
  asked: PacketRequest,
): Promise<RecordedCase | { problem: string }> {
  const recording = await openTraffic(file);
  if ('problem' in recording) return recording;
  const checkpoints = new Checkpoints();
  const standings = new Standings(wanted);
  const opening: Fact[] = [];
  const engine = new Engine({ unlisted: true, onChanges: (changes) => standings.note(engine, changes) });
  let isOneSession = true;
  let fromAt = 0;
  for await (const batch of readThrough(recording, 'passing')) {
    for (const fact of batch) {
      if (fact.t < engine.model.t - DISORDER_MS) isOneSession = false;
      if (fromAt === 0) fromAt = fact.at;
      if (OPENING.has(fact.fact)) opening.push(fact);
      engine.replay(fact);
      if (fact.fact === 'tick') checkpoints.note(fact, engine.model, engine.book.open.keys());
    }
  }
  const finding = findingFor(engine, wanted, asked);
  if (finding === null && wanted !== null) return notRaised(engine, wanted);
  const isOpen = finding === null || engine.book.open.has(finding.key);
  const standing = isOpen ? null : standings.of(finding.key);
  const snapshot = standing?.snapshot ?? figuresOf(engine);
  const responses = standing?.responses ?? responsesOf(engine);
  const times = { fromAt, toAt: engine.model.at };
  return { recording, engine, finding, snapshot, responses, checkpoints, opening, isOneSession, ...times };
}
