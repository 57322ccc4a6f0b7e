// A replay as controls: the recording's facts through a fresh engine, wound back and forth. It has no hands: nothing is sent anywhere.

import { PUBLISH_PER_SECOND } from '../core/bounds.ts';
import type { Fact } from '../core/fact.ts';
import type { Verdict } from '../core/finding.ts';
import type { PacketRequest } from '../core/packet-request.ts';
import type { BodyWindow, FactDetail, ReplayView, Snapshot } from '../core/snapshot.ts';
import type { TimelineQuery } from '../core/timeline.ts';
import type { Action, Controls, Outcome } from '../engine/controls.ts';
import { Engine } from '../engine/engine.ts';
import { FactOpener } from '../engine/fact-detail.ts';
import { FactsAtHand } from '../engine/facts-at-hand.ts';
import { takeSnapshot } from '../engine/snapshot.ts';
import { SEARCH_EVERY_MS, TimelineLook } from '../engine/timeline-look.ts';
import { systemClock } from '../feed/clock.ts';
import type { Replay } from '../feed/replay.ts';
import { createReplay } from '../feed/replay.ts';
import type { Recording } from '../recording/reader.ts';
import { openTraffic } from './import.ts';
import type { Keyframe } from './keyframes.ts';
import { RecordedFacts } from './recorded-facts.ts';
import { windowOf } from './recording-window.ts';
import { ReplayIndex } from './replay-index.ts';
import { engineAtEnd } from './replay-tail.ts';
import { sawNothing, UNSEEN } from './saw-nothing.ts';

const FIRST_SCREEN_MS = 20;
/** Markers this close to where a paused replay stands are named. */
const HERE_MS = 1;
const HERE_MAX = 3;

/** Nobody is healthy because of what was not read. */
const UNREAD: Verdict = {
  party: 'unknown',
  confidence: 'low',
  sentence: 'Only the end of the recording is read so far; the verdict follows when the rest is.',
  findingKey: null,
};

export class ReplaySession implements Controls {
  readonly #file: string;
  readonly #directory: string;
  readonly #replay: Replay;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #timer: NodeJS.Timeout;
  readonly #recording: Recording;
  readonly #index: ReplayIndex;
  #engine = new Engine();
  /** The end of the recording, shown until the pass is over or somebody goes elsewhere. */
  #tail: Engine | null = null;
  #startsAtEnd: boolean;
  readonly #look = new TimelineLook();
  readonly #opener = new FactOpener();
  readonly #recorded: RecordedFacts;
  #searching: NodeJS.Timeout | null = null;
  #shown = '';

  constructor(file: string, directory: string, recording: Recording, atEnd = false) {
    this.#file = file;
    this.#directory = directory;
    this.#recording = recording;
    this.#index = new ReplayIndex(recording, { isBusy: () => this.#replay.state().seeking });
    this.#recorded = new RecordedFacts(recording, this.#index);
    this.#replay = createReplay<Keyframe>({
      recording,
      clock: systemClock,
      checkpoints: this.#index.keyframes,
      onReset: (from) => this.#reset(from),
      onFacts: (facts: Fact[]) => {
        for (const fact of facts) this.#engine.replay(fact);
      },
    });
    this.#timer = setInterval(() => this.#publish(), 1_000 / PUBLISH_PER_SECOND);
    this.#startsAtEnd = atEnd;
    if (atEnd) void this.#showTail();
    else this.#replay.play();
    void this.#begin();
  }

  /** The first screen comes first: what begins the recording is folded and shown before the pass takes the processor. */
  async #begin(): Promise<void> {
    await this.#replay.ready;
    await new Promise((resolve) => setTimeout(resolve, FIRST_SCREEN_MS));
    this.#publish();
    await this.#index.run();
    if (this.#index.isEmpty) sawNothing(this.#engine, this.#recording.header.at);
    await this.#settleAtEnd();
  }

  /** A small recording is passed over sooner than its tail is read. */
  async #showTail(): Promise<void> {
    await this.#replay.ready;
    const tail = await engineAtEnd(this.#recording).catch(() => null);
    if (!this.#startsAtEnd) return;
    this.#tail = tail;
    this.#publish();
  }

  /** The exact end in place of its makeshift. */
  async #settleAtEnd(): Promise<void> {
    if (!this.#startsAtEnd) return;
    await this.#replay.seek(Math.max(this.#index.reachT, this.#replay.state().lengthMs));
    this.#leaveTail();
    this.#publish();
  }

  #leaveTail(): void {
    this.#startsAtEnd = false;
    this.#tail = null;
  }

  async #reset(from: Keyframe | null): Promise<void> {
    this.#engine = from === null ? new Engine() : await this.#index.thaw(from);
  }

  #note(): string {
    const { seeking, playing, positionMs } = this.#replay.state();
    if (seeking) return 'seeking';
    const here = playing ? [] : this.#index.markers.filter(({ t }) => Math.abs(t - positionMs) < HERE_MS);
    if (here.length > 0) return [...new Set(here.map(({ label }) => label))].slice(0, HERE_MAX).join(', ');
    if (!this.#index.isComplete) return `indexing ${Math.floor(this.#index.progress * 100)} %`;
    return this.#index.notes.at(-1) ?? '';
  }

  #view(): ReplayView {
    const isAtTail = this.#tail !== null;
    const { model } = this.#tail ?? this.#engine;
    this.#replay.reaches(this.#index.reachT);
    const state = this.#replay.state();
    return {
      file: this.#file,
      playing: state.playing,
      speed: state.speed,
      positionMs: (isAtTail ? state.lengthMs : state.positionMs) - state.startMs,
      lengthMs: state.lengthMs - state.startMs,
      startAt: model.at - (model.t - state.startMs),
      markers: this.#index.markers.map((marker) => ({ ...marker, t: marker.t - state.startMs })),
      ended: state.ended || isAtTail,
      idleSkip: state.idleSkip,
      indexed: this.#index.progress,
      localOffsetMin: -new Date(model.at).getTimezoneOffset(),
      note: this.#note(),
    };
  }

  #publish(): void {
    const view = this.#view();
    const engine = this.#tail ?? this.#engine;
    const shown = `${engine.model.seq} ${this.#tail === null} ${view.playing} ${view.speed} ${Math.floor(view.positionMs / 250)} ${view.ended} ${view.note} ${view.idleSkip} ${view.markers.length}`;
    if (this.#listeners.size === 0 || shown === this.#shown || view.note === 'seeking') return;
    this.#shown = shown;
    const window = this.#look.at(engine.log);
    // Before the stretch that the tail was read from there is more.
    const timeline = this.#tail === null ? window : { ...window, isCut: true };
    const told = takeSnapshot(engine, 'replay', timeline);
    const snapshot = { ...told, verdict: this.#verdictOf(told.verdict, engine), replay: view };
    for (const listener of this.#listeners) listener(snapshot);
    if (timeline.unsearched > 0) this.#searching ??= setTimeout(() => this.#publishAgain(), SEARCH_EVERY_MS);
  }

  #verdictOf(verdict: Verdict, { model }: Engine): Verdict {
    if (model.seq === 0) return verdict.party === 'healthy' ? UNSEEN : verdict;
    return this.#tail !== null && verdict.party === 'healthy' ? UNREAD : verdict;
  }

  #publishAgain(): void {
    this.#searching = null;
    this.#shown = '';
    this.#publish();
  }

  look(query: TimelineQuery): void {
    this.#look.ask(query);
    this.#shown = '';
    this.#publish();
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    this.#shown = '';
    return () => this.#listeners.delete(listener);
  }

  async act(action: Action): Promise<Outcome> {
    const done: Outcome = { ok: true, message: '' };
    const startMs = this.#replay.state().startMs;
    if (action.action.startsWith('replay-')) this.#leaveTail();
    switch (action.action) {
      case 'replay-play':
        if (action.playing) this.#replay.play();
        else this.#replay.pause();
        break;
      case 'replay-seek':
        await this.#replay.seek(startMs + Math.max(0, action.toT));
        break;
      case 'replay-step':
        await this.#replay.step(action.facts);
        break;
      case 'replay-speed':
        this.#replay.setSpeed(action.speed);
        break;
      case 'replay-idle-skip':
        this.#replay.setIdleSkip(action.on);
        break;
      case 'replay-marker':
        return this.#toMarker(action.direction);
      case 'escalate':
        return this.#escalate(action.findingKey, action.request ?? {}, 'write');
      case 'escalate-preview':
        return this.#escalate(action.findingKey, action.request, 'preview');
      default:
        return { ok: false, message: 'this is a recording: nothing can be sent or recorded from it' };
    }
    this.#publish();
    return done;
  }

  async #toMarker(direction: 1 | -1): Promise<Outcome> {
    const { positionMs, startMs } = this.#replay.state();
    const { markers } = this.#index;
    const next =
      direction === 1
        ? markers.find((marker) => marker.t > positionMs + 1)
        : markers.findLast((marker) => marker.t < positionMs - 500);
    if (next === undefined) return { ok: false, message: direction === 1 ? 'no later marker' : 'no earlier marker' };
    await this.#replay.seek(Math.max(startMs, next.t));
    this.#publish();
    return { ok: true, message: next.label };
  }

  async #escalate(findingKey: string | null, request: PacketRequest, what: 'write' | 'preview'): Promise<Outcome> {
    const engine = this.#tail ?? this.#engine;
    const { opening, checkpoints, isOneSession } = this.#index;
    const source = { recording: this.#recording, opening, checkpoints, isOneSession };
    const cut = (momentAt: number, aroundMs: number): ReturnType<typeof windowOf> =>
      windowOf(source, checkpoints.tOf(momentAt) ?? engine.model.t - (engine.model.at - momentAt), aroundMs);
    const snapshot = takeSnapshot(engine, 'replay');
    const { escalateFrom, previewFrom } = await import('./escalate-session.ts');
    const input = { engine, snapshot, findingKey, request, cut, header: this.#recording.header };
    return what === 'write' ? escalateFrom(input, this.#directory) : previewFrom(input);
  }

  async detail(seq: number, window: BodyWindow): Promise<FactDetail | null> {
    const { log } = this.#tail ?? this.#engine;
    const facts = log.has(seq) ? log : new FactsAtHand(await this.#recorded.around(seq));
    return this.#opener.open(facts, seq, window);
  }

  drew(): void {
    // A replay's own pace is nobody's business: the recorded figures are shown.
  }

  async stop(): Promise<void> {
    this.#index.stop();
    clearInterval(this.#timer);
    this.#listeners.clear();
    this.#replay.stop();
  }
}

/** Opens a recording or a capture as a replay, playing from its start, or standing at its end. */
export async function openReplay(
  file: string,
  directory: string,
  atEnd = false,
): Promise<ReplaySession | { problem: string }> {
  const recording = await openTraffic(file);
  return 'problem' in recording ? recording : new ReplaySession(file, directory, recording, atEnd);
}
