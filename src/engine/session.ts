// A live session: the engine with its feed, its recorder and its front end. Implements Controls in the thread it lives in.

import { PUBLISH_PER_SECOND } from '../core/bounds.ts';
import type { FactBody } from '../core/fact.ts';
import type { PacketRequest } from '../core/packet-request.ts';
import type { BodyWindow, FactDetail, Snapshot } from '../core/snapshot.ts';
import type { TimelineQuery, TimelineWindow } from '../core/timeline.ts';
import type { Feed } from '../feed/feed.ts';
import type { RecordingHeader } from '../recording/format.ts';
import type { Rotation } from '../recording/rotating-writer.ts';
import type { Window } from '../recording/window.ts';
import type { WriterOptions } from '../recording/writer.ts';
import type { Action, Controls, Outcome } from './controls.ts';
import type { EngineOptions, Stamps } from './engine.ts';
import { Engine } from './engine.ts';
import { FactOpener } from './fact-detail.ts';
import { Recorder } from './recorder.ts';
import { takeSnapshot } from './snapshot.ts';
import { NO_ROWS, SEARCH_EVERY_MS, TimelineLook, windowOf } from './timeline-look.ts';

/** What a packet is made from. */
export interface EscalationInput {
  engine: Engine;
  snapshot: Snapshot;
  findingKey: string | null;
  request: PacketRequest;
  /** Cuts what is recorded of `aroundMs` to both sides of an instant (epoch ms). */
  cut: (momentAt: number, aroundMs: number) => Promise<Window | { problem: string }>;
  /** To be put before the window. */
  header: RecordingHeader;
}

export interface SessionOptions {
  mode: 'live' | 'demo';
  version: string;
  stamps: Stamps;
  /** `session.started` and `key.inspected`, in this order. */
  opening: FactBody[];
  makeFeed: (emit: (body: FactBody) => void, originMs: number, gauges: () => Gauges) => Feed;
  /** Writes a packet, or only tells what it would be. */
  escalate: (input: EscalationInput, what: 'write' | 'preview') => Promise<Outcome>;
  /** A name for a new recording. */
  nameFile: (what: 'recording' | 'window') => string;
  /** When a recording goes on in a next file; absent is never. */
  rotation?: Rotation;
  /** What to do with a file that is there when the first recording begins; absent refuses it. */
  existing?: WriterOptions['mode'];
  /** Told of what happens, for lines. */
  observe?: Pick<EngineOptions, 'onFact' | 'onChanges' | 'onVerdict'>;
}

export interface Gauges {
  queue: number;
  dropped: number;
  screensPerSecond: number;
}

export class Session implements Controls {
  readonly engine: Engine;
  readonly #options: SessionOptions;
  readonly #feed: Feed;
  readonly #recorder: Recorder;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #look = new TimelineLook();
  readonly #opener = new FactOpener();
  #screensPerSecond = 0;
  #published = -1;
  #timer: NodeJS.Timeout | null = null;
  #searching: NodeJS.Timeout | null = null;
  #stopping: Promise<void> | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.engine = new Engine({
      stamps: options.stamps,
      record: (fact) => this.#recorder.record(fact),
      perform: (command) => this.#feed.perform(command),
      ...options.observe,
    });
    this.#recorder = new Recorder(this.engine, options);
    this.engine.log.kept = this.#recorder.kept;
    this.#feed = options.makeFeed(
      (body) => this.engine.accept(body),
      this.engine.originMs,
      () => ({
        queue: Math.round(this.#recorder.backlogBytes / 1_024),
        dropped: 0,
        screensPerSecond: this.#screensPerSecond,
      }),
    );
  }

  /** Records from the first fact on; to be called before `start`. Returns what prevents it, if anything does. */
  recordTo(file: string): Promise<{ problem: string } | null> {
    return this.#recorder.openFirst(file);
  }

  start(): void {
    this.#feed.start();
    for (const body of this.#options.opening) this.engine.accept(body);
    const { file } = this.#recorder;
    if (file !== null) this.engine.accept({ fact: 'recording.started', file });
    this.#timer = setInterval(() => this.#publish(), 1_000 / PUBLISH_PER_SECOND);
    // The first screen need not wait for the pace.
    this.#publish();
  }

  /** Without rows of the timeline unless told. */
  snapshot(timeline: TimelineWindow = windowOf(this.engine.log, NO_ROWS)): Snapshot {
    const snapshot = takeSnapshot(this.engine, this.#options.mode, timeline);
    if (snapshot.recording !== null) snapshot.recording.sizeBytes = this.#recorder.sizeBytes;
    return snapshot;
  }

  #publish(): void {
    if (this.#listeners.size === 0 || this.#published === this.engine.model.seq) return;
    this.#published = this.engine.model.seq;
    const snapshot = this.snapshot(this.#look.at(this.engine.log));
    for (const listener of this.#listeners) listener(snapshot);
    if (snapshot.timeline.unsearched > 0) this.#searching ??= setTimeout(() => this.#publishAgain(), SEARCH_EVERY_MS);
  }

  #publishAgain(): void {
    this.#searching = null;
    this.#published = -1;
    this.#publish();
  }

  look(query: TimelineQuery): void {
    this.#look.ask(query);
    this.#published = -1;
    this.#publish();
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    this.#published = -1;
    return () => this.#listeners.delete(listener);
  }

  async act(action: Action): Promise<Outcome> {
    switch (action.action) {
      case 'acknowledge':
      case 'snooze':
        this.engine.accept({ fact: 'user.asked', action: action.action, detail: action.findingKey });
        return { ok: true, message: action.action === 'acknowledge' ? 'acknowledged' : 'snoozed for 10 minutes' };
      case 'reconnect':
      case 'new-token':
        this.engine.accept({ fact: 'user.asked', action: action.action, detail: action.connection });
        return {
          ok: true,
          message:
            action.action === 'reconnect'
              ? `reconnecting the ${action.connection} socket`
              : `a new token for the ${action.connection} socket`,
        };
      case 'mark':
        this.engine.accept({ fact: 'user.asked', action: 'mark', detail: action.text });
        return { ok: true, message: `marked “${action.text}”` };
      case 'ui-shows':
        this.engine.accept({ fact: 'user.asked', action: 'ui-shows', detail: action.text });
        return { ok: true, message: `noted: the web page shows “${action.text}”` };
      case 'record':
        return action.on ? this.#recorder.begin() : this.#recorder.end();
      case 'save-window':
        return this.#recorder.saveWindow();
      case 'escalate':
        return this.#escalate(action.findingKey, action.request ?? {}, 'write');
      case 'escalate-preview':
        return this.#escalate(action.findingKey, action.request, 'preview');
      default:
        return { ok: false, message: 'this is a live session: it cannot be wound' };
    }
  }

  #escalate(findingKey: string | null, request: PacketRequest, what: 'write' | 'preview'): Promise<Outcome> {
    const { engine } = this;
    const cut = async (momentAt: number, aroundMs: number): Promise<Window> =>
      this.#recorder.cutAround(momentAt, aroundMs);
    const snapshot = this.snapshot(windowOf(engine.log));
    const input = { engine, snapshot, findingKey, request, cut, header: this.#recorder.header(true) };
    return this.#options.escalate(input, what);
  }

  async detail(seq: number, window: BodyWindow): Promise<FactDetail | null> {
    return this.#opener.open(this.engine.log, seq, window);
  }

  drew(screensPerSecond: number): void {
    this.#screensPerSecond = screensPerSecond;
  }

  stop(reason: string): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async #stop(reason: string): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#listeners.clear();
    // First the end, then our own closes: the verdict is about the session, not about its being over.
    this.engine.accept({ fact: 'session.ended', reason });
    await this.#feed.stop(reason);
    await this.#recorder.stop();
  }

  /** The crash path: what is pending goes to the file at once. It never throws. */
  flushSync(): void {
    this.#recorder.flushSync();
  }
}
