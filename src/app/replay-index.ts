// One pass over a whole recording beside its replay: markers, length, and keyframes to seek from. It breathes after every batch, steps
// back while somebody waits for a seek, and never touches what the replay shows.

import { safeStart } from '../base/text.ts';
import type { Fact } from '../core/fact.ts';
import type { FindingChange } from '../core/finding.ts';
import type { ReplayView } from '../core/snapshot.ts';
import { Engine } from '../engine/engine.ts';
import { isListed } from '../engine/fact-log.ts';
import { isIdle } from '../feed/replay-cursor.ts';
import { type Batch, type Place, START } from '../recording/batches.ts';
import { Checkpoints } from '../recording/checkpoints.ts';
import type { Recording } from '../recording/reader.ts';
import { ReadingNotes } from '../recording/reading-notes.ts';
import { INDEXED_BYTES_MIN, type Indexed, identityOf, readIndexFile, writeIndexFile } from './index-file.ts';
import { type Keyframe, Keyframes } from './keyframes.ts';

export type Marker = ReplayView['markers'][number];

const MARKERS_MAX = 500;
/** What the rules cost at a tick, in bytes of plain frames folded meanwhile. */
const TICK_WORK = 20_000;
const STEP_BACK_MS = 20;

/** How far the pass has come: enough to seek, and to go on with it. */
interface Standing {
  given: number;
  listed: number;
  lastT: number;
  lastEventT: number;
  reachT: number;
  place: Place;
}

export interface IndexOptions {
  /** True while somebody waits for the same processor. */
  isBusy?: () => boolean;
  keyframes?: Keyframes;
  /** A plain recording from this size on has its index kept beside it, bytes. */
  keptFromBytes?: number;
}

export class ReplayIndex {
  readonly keyframes: Keyframes;
  /** Where windows of a packet can begin. */
  readonly checkpoints = new Checkpoints();
  /** `session.started` and `key.inspected`, as far as met. */
  opening: readonly Fact[] = [];
  /** Recorded `t` never fell so far. */
  isOneSession = true;
  readonly #recording: Recording;
  readonly #isBusy: () => boolean;
  readonly #isKept: boolean;
  readonly #engine: Engine;
  readonly #notes = new ReadingNotes();
  #keptNotes: readonly string[] | null = null;
  #markers: Marker[] = [];
  #standing: Standing = {
    given: 0,
    listed: 0,
    lastT: Number.NEGATIVE_INFINITY,
    lastEventT: 0,
    reachT: Number.NEGATIVE_INFINITY,
    place: START,
  };
  /** Where batches began lately, and how many facts of the log came before: the newest ones are looked for from here. */
  #logMarks: { place: Place; given: number; listed: number }[] = [{ place: START, given: 0, listed: 0 }];
  #work = 0;
  #readBytes = 0;
  #stopped = false;
  #complete = false;

  constructor(recording: Recording, options: IndexOptions = {}) {
    const { isBusy = () => false, keyframes = new Keyframes(), keptFromBytes = INDEXED_BYTES_MIN } = options;
    this.#recording = recording;
    this.#isBusy = isBusy;
    this.#isKept = recording.compression === 'none' && recording.sizeBytes >= keptFromBytes;
    this.keyframes = keyframes;
    this.#engine = new Engine({
      onChanges: (changes) => this.#markChanges(changes),
      onFact: (fact) => this.#markFact(fact),
    });
  }

  /** Raised findings, closes and marks so far, in the order of recorded t. */
  get markers(): readonly Marker[] {
    return this.#markers;
  }

  /** The greatest recorded t met, ms; -Infinity before the first fact. */
  get reachT(): number {
    return this.#standing.reachT;
  }

  /** What was odd in the file, one sentence each; known when it was passed over. */
  get notes(): readonly string[] {
    const own = this.#keptNotes ?? this.#notes.sentences();
    return own.length > 0 ? own : this.#recording.notes;
  }

  /** True when the whole file was passed over and held no fact. */
  get isEmpty(): boolean {
    return this.#complete && this.reachT === Number.NEGATIVE_INFINITY;
  }

  /** True when the whole file was passed over. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** Part of the file passed over, 0 to 1. */
  get progress(): number {
    if (this.#complete) return 1;
    return Math.min(1, this.#readBytes / Math.max(1, this.#recording.sizeBytes));
  }

  /** Passes over the recording once, unless somebody kept what that comes to; resolves at its end or when stopped. */
  async run(): Promise<void> {
    const kept = this.#isKept ? await readIndexFile(this.#recording) : null;
    if (kept !== null) return this.#adopt(kept);
    const identity = this.#isKept ? await identityOf(this.#recording.path).catch(() => null) : null;
    await this.#pass();
    if (this.#stopped) return;
    this.#complete = true;
    if (identity !== null) await writeIndexFile(this.#recording.path, identity, this.#indexed());
  }

  async #pass(): Promise<void> {
    // Only this engine sees these facts, and nobody looks at its log: frames' bytes need not last.
    for await (const batch of this.#recording.batches(START, this.#notes, 'passing')) {
      while (this.#isBusy() && !this.#stopped) await new Promise((resolve) => setTimeout(resolve, STEP_BACK_MS));
      if (this.#stopped) return;
      this.#fold(batch);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #indexed(): Indexed {
    const { markers, notes, opening, isOneSession, reachT } = this;
    const checkpoints = [...this.checkpoints.bySeq().values()];
    return { reachT, isOneSession, markers, notes, opening, checkpoints, keyframes: this.keyframes.all };
  }

  #adopt(kept: Indexed): void {
    this.#standing = { ...this.#standing, reachT: kept.reachT };
    this.isOneSession = kept.isOneSession;
    this.#markers = [...kept.markers];
    this.#keptNotes = kept.notes;
    this.opening = kept.opening;
    this.checkpoints.restore(kept.checkpoints);
    for (const keyframe of kept.keyframes) this.keyframes.add(keyframe);
    this.#complete = true;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** An engine as it was at a keyframe; the facts of its log are read from the recording. */
  async thaw({ frozen, given, log }: Keyframe): Promise<Engine> {
    const listed: Fact[] = [];
    let left = given - log.given;
    for await (const { facts } of this.#recording.batches(log.place)) {
      for (const fact of facts.slice(0, left)) if (isListed(fact)) listed.push(fact);
      left -= facts.length;
      if (left <= 0) break;
    }
    return Engine.thawed(frozen, listed);
  }

  #fold({ facts, next, readBytes }: Batch): void {
    const { given, listed, lastEventT, place } = this.#standing;
    let { reachT } = this.#standing;
    let newlyListed = 0;
    let ticks = 0;
    for (const fact of facts) {
      this.#engine.replay(fact);
      if (fact.t > reachT) reachT = fact.t;
      else if (fact.t < reachT) this.isOneSession = false;
      if (fact.fact === 'tick') ticks += 1;
      if (isListed(fact)) newlyListed += 1;
    }
    this.#standing = {
      given: given + facts.length,
      listed: listed + newlyListed,
      lastT: facts.at(-1)?.t ?? this.#standing.lastT,
      lastEventT: facts.findLast((fact) => !isIdle(fact))?.t ?? lastEventT,
      reachT,
      place: next,
    };
    this.#readBytes = readBytes;
    this.#work += next.at - place.at + ticks * TICK_WORK;
    this.#markLog();
    if (this.#work >= this.keyframes.workBetween) this.#keepKeyframe();
  }

  #markLog(): void {
    const { place, given, listed } = this.#standing;
    this.#logMarks.push({ place, given, listed });
    const held = this.#engine.log.factsHeld;
    const oldestListed = listed - held;
    while ((this.#logMarks[1]?.listed ?? Number.POSITIVE_INFINITY) <= oldestListed) this.#logMarks.shift();
  }

  #keepKeyframe(): void {
    this.#work = 0;
    const { given, lastT, lastEventT, reachT, place } = this.#standing;
    const from = this.#logMarks[0] ?? { place: START, given: 0 };
    const log = { place: from.place, given: from.given };
    this.keyframes.add({ given, lastT, lastEventT, reachT, place, log, frozen: this.#engine.freeze() });
  }

  #mark(marker: Marker): void {
    if (this.#markers.length >= MARKERS_MAX) return;
    const later = this.#markers.findLastIndex((other) => other.t <= marker.t) + 1;
    this.#markers.splice(later, 0, marker);
  }

  #markChanges(changes: readonly FindingChange[]): void {
    for (const { status, t, finding } of changes) {
      const tone = finding.severity === 'info' ? 'normal' : finding.severity;
      if (status === 'raised') this.#mark({ t, label: finding.code, tone });
    }
  }

  #markFact(fact: Fact): void {
    if (fact.fact === 'frame.received') return;
    this.checkpoints.note(fact, this.#engine.model, this.#engine.book.open.keys());
    if (fact.fact === 'session.started' || fact.fact === 'key.inspected') this.opening = [...this.opening, fact];
    if (fact.fact === 'socket.closed')
      this.#mark({ t: fact.t, label: `${fact.connection} closed ${fact.code}`, tone: 'warning' });
    if (fact.fact === 'user.asked' && fact.action === 'mark')
      this.#mark({ t: fact.t, label: safeStart(fact.detail, 40), tone: 'normal' });
  }
}
