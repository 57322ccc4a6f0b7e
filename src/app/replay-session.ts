// A replay as controls: the recording's facts through a fresh engine, wound back and forth. It has no hands: nothing is sent anywhere.

import { PUBLISH_PER_SECOND } from '../core/bounds.ts';
import type { Fact } from '../core/fact.ts';
import type { PacketRequest } from '../core/packet-request.ts';
import type { FactDetail, ReplayView, Snapshot } from '../core/snapshot.ts';
import type { Action, Controls, Outcome } from '../engine/controls.ts';
import { Engine } from '../engine/engine.ts';
import { openFact } from '../engine/fact-detail.ts';
import { takeSnapshot } from '../engine/snapshot.ts';
import { systemClock } from '../feed/clock.ts';
import type { Replay } from '../feed/replay.ts';
import { createReplay } from '../feed/replay.ts';
import { Checkpoints } from '../recording/checkpoints.ts';
import type { Recording } from '../recording/reader.ts';
import { openTraffic } from './import.ts';
import { windowOf } from './recording-window.ts';

const MARKERS_MAX = 500;

type Marker = ReplayView['markers'][number];

/** Finding changes and closes of the whole recording, gathered by folding it once in the background. */
async function gatherMarkers(
  recording: Recording,
  tell: (markers: Marker[]) => void,
  isStopped: () => boolean,
): Promise<void> {
  const markers: Marker[] = [];
  const add = (marker: Marker): void => {
    if (markers.length < MARKERS_MAX) markers.push(marker);
  };
  const engine = new Engine({
    onChanges: (changes) => {
      for (const { status, t, finding } of changes) {
        if (status === 'raised')
          add({ t, label: finding.code, tone: finding.severity === 'info' ? 'normal' : finding.severity });
      }
    },
    onFact: (fact) => {
      if (fact.fact === 'socket.closed')
        add({ t: fact.t, label: `${fact.connection} closed ${fact.code}`, tone: 'warning' });
    },
  });
  for await (const batch of recording.facts()) {
    if (isStopped()) return;
    for (const fact of batch) engine.replay(fact);
    await new Promise((resolve) => setImmediate(resolve));
  }
  tell(markers.sort((a, b) => a.t - b.t));
}

export class ReplaySession implements Controls {
  readonly #file: string;
  readonly #directory: string;
  readonly #replay: Replay;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #timer: NodeJS.Timeout;
  #engine = new Engine();
  #markers: Marker[] = [];
  #shown = '';
  #stopped = false;
  readonly #notes: readonly string[];
  readonly #recording: Recording;
  #opening: Fact[] = [];
  readonly #checkpoints = new Checkpoints();
  #isOneSession = true;

  constructor(file: string, directory: string, recording: Recording) {
    this.#file = file;
    this.#directory = directory;
    this.#notes = recording.notes;
    this.#recording = recording;
    this.#replay = createReplay({
      recording,
      clock: systemClock,
      onReset: () => {
        this.#engine = new Engine();
        this.#opening = [];
        this.#checkpoints.clear();
      },
      onFacts: (facts: Fact[]) => {
        for (const fact of facts) this.#fold(fact);
      },
    });
    this.#timer = setInterval(() => this.#publish(), 1_000 / PUBLISH_PER_SECOND);
    this.#replay.play();
    void gatherMarkers(
      recording,
      (markers) => this.#mark(markers),
      () => this.#stopped,
    );
  }

  #fold(fact: Fact): void {
    const engine = this.#engine;
    if (fact.t < engine.model.t) this.#isOneSession = false;
    engine.replay(fact);
    if (fact.fact === 'tick') this.#checkpoints.note(fact, engine.model, engine.book.open.keys());
    else if (fact.fact === 'session.started' || fact.fact === 'key.inspected') this.#opening.push(fact);
  }

  #mark(markers: Marker[]): void {
    this.#markers = markers;
    this.#shown = '';
  }

  #view(): ReplayView {
    const state = this.#replay.state();
    return {
      file: this.#file,
      playing: state.playing,
      speed: state.speed,
      positionMs: state.positionMs - state.startMs,
      lengthMs: state.lengthMs - state.startMs,
      markers: this.#markers.map((marker) => ({ ...marker, t: marker.t - state.startMs })),
      ended: state.ended,
      idleSkip: state.idleSkip,
      note: state.seeking ? 'seeking' : (this.#notes.at(-1) ?? ''),
    };
  }

  #publish(): void {
    const view = this.#view();
    const shown = `${this.#engine.model.seq} ${view.playing} ${view.speed} ${Math.floor(view.positionMs / 250)} ${view.ended} ${view.note} ${view.idleSkip}`;
    if (this.#listeners.size === 0 || shown === this.#shown || view.note === 'seeking') return;
    this.#shown = shown;
    const snapshot = { ...takeSnapshot(this.#engine, 'replay'), replay: view };
    for (const listener of this.#listeners) listener(snapshot);
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    this.#shown = '';
    return () => this.#listeners.delete(listener);
  }

  async act(action: Action): Promise<Outcome> {
    const done: Outcome = { ok: true, message: '' };
    const startMs = this.#replay.state().startMs;
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
    const next =
      direction === 1
        ? this.#markers.find((marker) => marker.t > positionMs + 1)
        : this.#markers.findLast((marker) => marker.t < positionMs - 500);
    if (next === undefined) return { ok: false, message: direction === 1 ? 'no later marker' : 'no earlier marker' };
    await this.#replay.seek(Math.max(startMs, next.t));
    this.#publish();
    return { ok: true, message: next.label };
  }

  async #escalate(findingKey: string | null, request: PacketRequest, what: 'write' | 'preview'): Promise<Outcome> {
    const engine = this.#engine;
    const checkpoints = this.#checkpoints;
    const source = {
      recording: this.#recording,
      opening: this.#opening,
      checkpoints,
      isOneSession: this.#isOneSession,
    };
    const cut = (momentAt: number, aroundMs: number): ReturnType<typeof windowOf> =>
      windowOf(source, checkpoints.tOf(momentAt) ?? engine.model.t - (engine.model.at - momentAt), aroundMs);
    const snapshot = takeSnapshot(engine, 'replay');
    const { escalateFrom, previewFrom } = await import('./escalate-session.ts');
    const input = { engine, snapshot, findingKey, request, cut, header: this.#recording.header };
    return what === 'write' ? escalateFrom(input, this.#directory) : previewFrom(input);
  }

  async detail(seq: number): Promise<FactDetail | null> {
    return openFact(this.#engine.log, seq);
  }

  drew(): void {
    // A replay's own pace is nobody's business: the recorded figures are shown.
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#replay.stop();
  }
}

export async function openReplay(file: string, directory: string): Promise<ReplaySession | { problem: string }> {
  const recording = await openTraffic(file);
  return 'problem' in recording ? recording : new ReplaySession(file, directory, recording);
}
