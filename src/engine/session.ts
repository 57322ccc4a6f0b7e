// A live session: the engine with its feed, its recorder and its front end. Implements Controls in the thread it lives in.

import { FLIGHT_RECORDER_AGE_MS_MAX, PUBLISH_PER_SECOND } from '../core/bounds.ts';
import type { Fact, FactBody } from '../core/fact.ts';
import type { PacketRequest } from '../core/packet-request.ts';
import type { FactDetail, Snapshot } from '../core/snapshot.ts';
import type { Feed } from '../feed/feed.ts';
import { Checkpoints } from '../recording/checkpoints.ts';
import { FlightRecorder } from '../recording/flight-recorder.ts';
import type { RecordingHeader } from '../recording/format.ts';
import { cutLines } from '../recording/lines-cut.ts';
import { createTape } from '../recording/tape.ts';
import type { Window, WindowWish } from '../recording/window.ts';
import type { Writer } from '../recording/writer.ts';
import { openWriter } from '../recording/writer.ts';
import type { Action, Controls, Outcome } from './controls.ts';
import type { EngineOptions, Stamps } from './engine.ts';
import { Engine } from './engine.ts';
import { openFact } from './fact-detail.ts';
import { takeSnapshot } from './snapshot.ts';

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
  /** Told of what happens, for lines. */
  observe?: Pick<EngineOptions, 'onFact' | 'onChanges' | 'onVerdict'>;
}

export interface Gauges {
  queue: number;
  dropped: number;
  screensPerSecond: number;
}

/** More than the flight recorder ever holds: nothing is left out. */
const WHOLE = Number.POSITIVE_INFINITY;

export class Session implements Controls {
  readonly engine: Engine;
  readonly #options: SessionOptions;
  readonly #feed: Feed;
  readonly #flight = new FlightRecorder();
  readonly #tape = createTape((chunk, t) => this.#keep(chunk, t));
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  /** The opening facts, and what was known at each tick: a recording begun later starts with them. */
  readonly #opening: Fact[] = [];
  readonly #checkpoints = new Checkpoints();
  #writer: Writer | null = null;
  #screensPerSecond = 0;
  #published = -1;
  #timer: NodeJS.Timeout | null = null;
  #stopping: Promise<void> | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.engine = new Engine({
      stamps: options.stamps,
      record: (fact) => this.#record(fact),
      perform: (command) => this.#feed.perform(command),
      ...options.observe,
    });
    this.#feed = options.makeFeed(
      (body) => this.engine.accept(body),
      this.engine.originMs,
      () => ({
        queue: this.#writer === null ? 0 : Math.round(this.#writer.backlogBytes / 1_024),
        dropped: 0,
        screensPerSecond: this.#screensPerSecond,
      }),
    );
  }

  /** Starts everything; with a file, records from the first fact. Returns what prevents the recording, if anything does. */
  async start(recordFile: string | null): Promise<{ problem: string } | null> {
    if (recordFile !== null) {
      const opened = await this.#open(recordFile, false);
      if ('problem' in opened) return opened;
      this.#writer = opened;
    }
    this.#feed.start();
    for (const body of this.#options.opening) this.engine.accept(body);
    if (this.#writer !== null) this.engine.accept({ fact: 'recording.started', file: this.#writer.file });
    this.#timer = setInterval(() => this.#publish(), 1_000 / PUBLISH_PER_SECOND);
    // The first screen need not wait for the pace.
    this.#publish();
    return null;
  }

  #record(fact: Fact): void {
    if (fact.fact === 'session.started' || fact.fact === 'key.inspected') this.#opening.push(fact);
    if (fact.fact === 'tick') this.#checkpoints.note(fact, this.engine.model, this.engine.book.open.keys());
    this.#tape.append(fact);
  }

  #keep(chunk: Buffer, t: number): void {
    this.#flight.append(chunk, t);
    this.#writer?.appendLines(chunk);
  }

  #header(partial: boolean): RecordingHeader {
    return {
      format: 'cbscope-recording',
      version: 1,
      at: new Date(this.#options.stamps.wallMs()).toISOString(),
      tool: this.#options.version,
      mode: this.#options.mode,
      partial,
    };
  }

  #open(file: string, partial: boolean): Promise<Writer | { problem: string }> {
    return openWriter({
      file,
      header: this.#header(partial),
      mode: 'create',
      onStopped: ({ reason, detail }) => {
        const sizeBytes = this.#writer?.sizeBytes ?? 0;
        this.#writer = null;
        this.engine.accept({ fact: 'recording.stopped', file, reason, detail, sizeBytes });
      },
    });
  }

  /** Everything held from `t` on, beginning with what was known then. */
  #window(fromT: number): Buffer {
    return this.#cut({ momentT: this.engine.model.t, fromT, toT: Number.POSITIVE_INFINITY, bytesMax: WHOLE }).lines;
  }

  #cut(wish: WindowWish): Window {
    this.#tape.drain();
    const fromT = this.#checkpoints.before(wish.fromT)?.t ?? wish.fromT;
    return cutLines(this.#flight.since(fromT), { ...wish, fromT }, this.#opening, this.#checkpoints.bySeq());
  }

  #cutAround(momentAt: number, aroundMs: number): Window {
    const { model } = this.engine;
    const momentT = this.#checkpoints.tOf(momentAt) ?? model.t - (model.at - momentAt);
    return this.#cut({ momentT, fromT: momentT - aroundMs, toT: momentT + aroundMs });
  }

  snapshot(): Snapshot {
    const snapshot = takeSnapshot(this.engine, this.#options.mode);
    if (snapshot.recording !== null && this.#writer !== null) snapshot.recording.sizeBytes = this.#writer.sizeBytes;
    return snapshot;
  }

  #publish(): void {
    if (this.#listeners.size === 0 || this.#published === this.engine.model.seq) return;
    this.#published = this.engine.model.seq;
    const snapshot = this.snapshot();
    for (const listener of this.#listeners) listener(snapshot);
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
      case 'ui-shows':
        this.engine.accept({ fact: 'user.asked', action: 'ui-shows', detail: action.text });
        return { ok: true, message: `noted: the web page shows “${action.text}”` };
      case 'record':
        return this.#switchRecording(action.on);
      case 'save-window':
        return this.#saveWindow();
      case 'escalate':
        return this.#escalate(action.findingKey, action.request ?? {}, 'write');
      case 'escalate-preview':
        return this.#escalate(action.findingKey, action.request, 'preview');
      default:
        return { ok: false, message: 'this is a live session: it cannot be wound' };
    }
  }

  async #switchRecording(on: boolean): Promise<Outcome> {
    if (!on) return this.#endRecording();
    if (this.#writer !== null) return { ok: false, message: `already recording to ${this.#writer.file}` };
    const file = this.#options.nameFile('recording');
    const opened = await this.#open(file, true);
    if ('problem' in opened) return { ok: false, message: opened.problem };
    opened.appendLines(this.#window(0));
    this.#writer = opened;
    this.engine.accept({ fact: 'recording.started', file });
    return { ok: true, message: `recording to ${file}`, path: file };
  }

  async #endRecording(): Promise<Outcome> {
    const writer = this.#writer;
    if (writer === null) return { ok: false, message: 'nothing is being recorded' };
    this.engine.accept({
      fact: 'recording.stopped',
      file: writer.file,
      reason: 'asked',
      detail: '',
      sizeBytes: writer.sizeBytes,
    });
    this.#tape.drain();
    this.#writer = null;
    await writer.close();
    return { ok: true, message: `recorded ${writer.sizeBytes} bytes to ${writer.file}`, path: writer.file };
  }

  async #saveWindow(): Promise<Outcome> {
    const file = this.#options.nameFile('window');
    const lines = this.#window(this.engine.model.t - FLIGHT_RECORDER_AGE_MS_MAX);
    const opened = await this.#open(file, true);
    if ('problem' in opened) return { ok: false, message: opened.problem };
    opened.appendLines(lines);
    await opened.close();
    return { ok: true, message: `the last minutes are in ${file}`, path: file };
  }

  #escalate(findingKey: string | null, request: PacketRequest, what: 'write' | 'preview'): Promise<Outcome> {
    const { engine } = this;
    const cut = async (momentAt: number, aroundMs: number): Promise<Window> => this.#cutAround(momentAt, aroundMs);
    const input = { engine, snapshot: this.snapshot(), findingKey, request, cut, header: this.#header(true) };
    return this.#options.escalate(input, what);
  }

  async detail(seq: number): Promise<FactDetail | null> {
    return openFact(this.engine.log, seq);
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
    // First the end, then our own closes: the verdict is about the session, not about its being over.
    this.engine.accept({ fact: 'session.ended', reason });
    await this.#feed.stop(reason);
    this.#tape.stop();
    await this.#writer?.close();
  }

  /** The crash path: what is pending goes to the file at once. It never throws. */
  flushSync(): void {
    this.#tape.drain();
    this.#writer?.flushSync();
  }
}
