// Plays a recording: gives out its facts at the recorded pace times a speed, steps, and seeks by folding again from the nearest checkpoint.
// It changes no stamp, makes no fact, and performs no command: it has no hands.

import type { Fact } from '../core/fact.ts';
import type { Checkpoint, Checkpoints } from './checkpoint.ts';
import type { Cancel, Clock } from './clock.ts';
import { FactSource, type Readable } from './fact-source.ts';
import { dueIn, moved, type Playhead, playheadAt, positionAt, setPlaying, setSpeed } from './playhead.ts';
import { isIdle, ReplayCursor } from './replay-cursor.ts';

export interface ReplayOptions<At extends Checkpoint = Checkpoint> {
  recording: Readable;
  /** Forget everything folded: facts follow again from the first one, or from a checkpoint. */
  onReset: (from: At | null) => void | Promise<void>;
  /** Absent: everything is folded again from the start. */
  checkpoints?: Checkpoints<At>;
  /** The next facts in order. While `state().seeking`, nothing needs to be drawn. */
  onFacts: (facts: Fact[]) => void;
  /** The last fact was given out, and playing has paused. */
  onEnded?: () => void;
  clock: Pick<Clock, 'monotonicMs' | 'setTimeout'>;
  /** Decoded facts kept in memory, bytes. */
  keptBytesMax?: number;
}

export interface ReplayState {
  playing: boolean;
  speed: number;
  /** Recorded t, ms: where it stands, or where a seek is going to. */
  positionMs: number;
  /** Recorded t of the first fact; above 0 when the file begins in the middle of a session. */
  startMs: number;
  /** Recorded t of the last fact. */
  lengthMs: number;
  ended: boolean;
  seeking: boolean;
  idleSkip: boolean;
  /** Why the file could not be read to its end, or null. */
  problem: string | null;
}

export interface Replay {
  /** Resolves when start and length are known. Everything may be called before. */
  readonly ready: Promise<void>;
  /** From the end it begins again at the start. */
  play(): void;
  pause(): void;
  /** Pauses, and moves by one fact; back means folding again. Resolves when it stands there. */
  step(facts: 1 | -1): Promise<void>;
  /** Moves to recorded `t`, ms: every fact up to and including it. A later seek overtakes an earlier one. Resolves when settled. */
  seek(t: number): Promise<void>;
  setSpeed(speed: number): void;
  /** Passes over stretches in which nothing but ticks, pings and heartbeats happens. */
  setIdleSkip(on: boolean): void;
  /** It became known that the recording holds a fact of this recorded `t`, ms. */
  reaches(t: number): void;
  state(): ReplayState;
  stop(): void;
}

/** Facts given out in one turn of the event loop: about 10 ms of folding. */
const FACTS_A_TURN = 4_000;
/** Fewer facts are folded sooner than what was known ahead of them is brought back. */
const FACTS_WORTH_A_JUMP = 4_000;
/** Longest real wait between two looks at the playhead. */
const WAIT_MS_MAX = 250;
/** Recorded time without anything of interest before a stretch counts as idle. */
const IDLE_AFTER_MS = 2_000;

class RecordingReplay<At extends Checkpoint> implements Replay {
  readonly ready: Promise<void>;
  readonly #options: ReplayOptions<At>;
  readonly #source: FactSource;
  readonly #cursor: ReplayCursor;
  #head: Playhead = playheadAt(0);
  #startMs = 0;
  #lengthMs = 0;
  #ended = false;
  #seeking = false;
  #idleSkip = false;
  #stopped = false;
  #steps = 0;
  /** Raised by every seek and by stop: older work gives up at its next turn. */
  #generation = 0;
  #work: Promise<void>;
  #cancel: Cancel = () => undefined;

  constructor(options: ReplayOptions<At>) {
    this.#options = options;
    this.#source = new FactSource(options.recording, options.keptBytesMax);
    this.#cursor = new ReplayCursor(this.#source);
    this.ready = this.#measure();
    this.#work = this.ready;
  }

  play(): void {
    if (this.#ended) void this.seek(this.#startMs);
    this.#head = setPlaying(this.#head, true, this.#now());
    this.#continue();
  }

  pause(): void {
    this.#head = setPlaying(this.#head, false, this.#now());
    this.#cancel();
  }

  setSpeed(speed: number): void {
    this.#head = setSpeed(this.#head, speed, this.#now());
    this.#continue();
  }

  setIdleSkip(on: boolean): void {
    this.#idleSkip = on;
    this.#continue();
  }

  step(facts: 1 | -1): Promise<void> {
    this.pause();
    this.#steps += facts;
    return this.#enqueue(async (generation) => {
      const target = Math.max(0, this.#cursor.given + this.#steps);
      this.#steps = 0;
      if (target < this.#cursor.given) await this.#reset(this.#options.checkpoints?.upToCount(target) ?? null);
      await this.#giveWhile(generation, () => true, target);
      this.#head = moved(this.#head, Math.max(this.#startMs, this.#cursor.lastT), this.#now());
    });
  }

  seek(t: number): Promise<void> {
    this.#generation += 1;
    this.#steps = 0;
    const wanted = Number.isNaN(t) ? 0 : t;
    this.#head = moved(this.#head, Math.max(this.#startMs, wanted), this.#now());
    return this.#enqueue(async (generation) => {
      const target = Math.max(this.#startMs, wanted);
      await this.#approach(target);
      await this.#giveWhile(generation, (fact) => fact.t <= target, Number.POSITIVE_INFINITY);
      if (!this.#ended && generation === this.#generation) this.#head = moved(this.#head, target, this.#now());
    });
  }

  reaches(t: number): void {
    this.#lengthMs = Math.max(this.#lengthMs, t);
  }

  state(): ReplayState {
    const position = positionAt(this.#head, this.#now());
    const known = Math.max(this.#startMs, this.#lengthMs, this.#cursor.lastT);
    return {
      playing: this.#head.playing,
      speed: this.#head.speed,
      positionMs: this.#seeking ? Math.min(position, known) : position,
      startMs: this.#startMs,
      lengthMs: this.#lengthMs,
      ended: this.#ended,
      seeking: this.#seeking,
      idleSkip: this.#idleSkip,
      problem: this.#source.problem,
    };
  }

  stop(): void {
    this.#stopped = true;
    this.#generation += 1;
    this.pause();
    void this.#work.then(() => this.#source.close());
  }

  #now(): number {
    return this.#options.clock.monotonicMs();
  }

  async #measure(): Promise<void> {
    const unknown = { firstT: 0, lastT: 0 };
    const { firstT, lastT } = await this.#options.recording.extent().catch(() => unknown);
    this.#startMs = firstT;
    this.#lengthMs = Math.max(this.#lengthMs, lastT);
    if (this.#head.positionMs < firstT) this.#head = moved(this.#head, firstT, this.#now());
  }

  /** Runs one piece of work after the other; one that was overtaken before it began is left out. */
  #enqueue(run: (generation: number) => Promise<void>): Promise<void> {
    const generation = this.#generation;
    this.#cancel();
    this.#seeking = true;
    const work = this.#work.then(async () => {
      if (this.#stopped || generation !== this.#generation) return;
      await run(generation);
      if (generation !== this.#generation) return;
      this.#seeking = false;
      this.#continue();
    });
    this.#work = work;
    return work;
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.#options.clock.setTimeout(resolve, 0));
  }

  /** Gives out facts as fast as they can be folded, while `isWanted` of the next one, up to a count, or to the end. */
  async #giveWhile(generation: number, isWanted: (fact: Fact) => boolean, count: number): Promise<void> {
    let turnAt = this.#cursor.given + FACTS_A_TURN;
    while (this.#cursor.given < count) {
      const ahead = await this.#cursor.ahead();
      if (generation !== this.#generation) return;
      if (ahead === null) return this.#end();
      const isComplete = this.#give(ahead, isWanted, count - this.#cursor.given);
      if (!isComplete) return;
      // A batch is far less than a turn's worth, and a turn costs more than a batch.
      if (this.#cursor.given < turnAt) continue;
      turnAt = this.#cursor.given + FACTS_A_TURN;
      await this.#turn();
      if (generation !== this.#generation) return;
    }
  }

  /** Gives out one turn's worth of what is ahead; false when it came to a fact that is not wanted. */
  #give(ahead: Fact[], isWanted: (fact: Fact) => boolean, count: number): boolean {
    const most = Math.min(ahead.length, FACTS_A_TURN, count);
    let end = 0;
    for (; end < most; end += 1) {
      const fact = ahead[end] as Fact;
      if (!isWanted(fact)) break;
      this.#cursor.pass(fact);
    }
    if (end > 0) this.#options.onFacts(this.#cursor.take(ahead, end));
    return end === most;
  }

  /** Goes where facts up to recorded `t` are next to be given out: back, or far ahead when a checkpoint is there. */
  async #approach(t: number): Promise<void> {
    const at = this.#options.checkpoints?.upToTime(t) ?? null;
    const isAhead = at !== null && at.given > this.#cursor.given + FACTS_WORTH_A_JUMP;
    if (t < this.#cursor.reachT || isAhead) await this.#reset(at);
  }

  async #reset(at: At | null): Promise<void> {
    await this.#cursor.moveTo(at);
    this.#ended = false;
    await this.#options.onReset(at);
  }

  #end(): void {
    const wasPlaying = this.#head.playing;
    this.#lengthMs = Math.max(this.#lengthMs, this.#cursor.lastT);
    this.#head = setPlaying(moved(this.#head, this.#lengthMs, this.#now()), false, this.#now());
    if (this.#ended) return;
    this.#ended = true;
    if (wasPlaying) this.#options.onEnded?.();
  }

  /** Looks again at what is due, unless something else is under way. */
  #continue(): void {
    this.#cancel();
    if (this.#stopped || this.#seeking || !this.#head.playing) return;
    void this.ready.then(() => this.#wait(0));
  }

  #wait(delayMs: number): void {
    this.#cancel();
    if (this.#stopped || this.#seeking || !this.#head.playing) return;
    const generation = this.#generation;
    this.#cancel = this.#options.clock.setTimeout(() => {
      this.#work = this.#work.then(() => this.#advance(generation));
    }, delayMs);
  }

  #isOvertaken(generation: number): boolean {
    return generation !== this.#generation || this.#seeking || !this.#head.playing;
  }

  async #advance(generation: number): Promise<void> {
    if (this.#isOvertaken(generation)) return;
    const ahead = await this.#cursor.ahead();
    if (this.#isOvertaken(generation)) return;
    if (ahead === null) return this.#end();
    const now = this.#now();
    const before = this.#cursor.given;
    const isComplete = this.#give(ahead, (fact) => this.#isDue(fact, now), Number.POSITIVE_INFINITY);
    if (this.#head.speed === Number.POSITIVE_INFINITY) this.#head = moved(this.#head, this.#cursor.lastT, now);
    const next = ahead[this.#cursor.given - before];
    this.#wait(isComplete || next === undefined ? 0 : Math.min(WAIT_MS_MAX, dueIn(this.#head, next.t, now)));
  }

  /** Whether the playhead has come to a fact. It is carried along where recorded time is not waited for. */
  #isDue(fact: Fact, now: number): boolean {
    const isNewSession = fact.t < this.#cursor.lastT;
    const due = dueIn(this.#head, fact.t, now) <= 0;
    const isPassedOver = this.#idleSkip && isIdle(fact) && fact.t - this.#cursor.lastEventT > IDLE_AFTER_MS;
    if (isNewSession || (isPassedOver && !due)) this.#head = moved(this.#head, fact.t, now);
    return due || isPassedOver;
  }
}

/** A replay, paused at the beginning. */
export function createReplay<At extends Checkpoint = Checkpoint>(options: ReplayOptions<At>): Replay {
  return new RecordingReplay(options);
}
