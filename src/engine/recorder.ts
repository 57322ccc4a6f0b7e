// What a live session keeps of itself: the last minutes in memory, and a recording while one is wanted. Whatever begins in the middle of
// the session begins with what was known there. It folds nothing; what it has to tell becomes a fact.

import { FLIGHT_RECORDER_AGE_MS_MAX, FLIGHT_RECORDER_BYTES_MAX } from '../core/bounds.ts';
import type { Fact, FactOf } from '../core/fact.ts';
import { resumedFrom } from '../core/resume.ts';
import { type Checkpoint, Checkpoints } from '../recording/checkpoints.ts';
import { encodeFact } from '../recording/codec.ts';
import type { Refused } from '../recording/file-access.ts';
import { FlightRecorder } from '../recording/flight-recorder.ts';
import type { RecordingHeader } from '../recording/format.ts';
import { type LineStamp, lastStampIn, stampOf } from '../recording/line-stamp.ts';
import { cutLines, linesBehind } from '../recording/lines-cut.ts';
import { PAGE_BYTES, type Page, Pages } from '../recording/pages.ts';
import { openRotating, type RecordingWriter, type Rotation } from '../recording/rotating-writer.ts';
import { createTape } from '../recording/tape.ts';
import type { Window, WindowWish } from '../recording/window.ts';
import { openWriter, type WriterOptions } from '../recording/writer.ts';
import type { Outcome } from './controls.ts';
import type { Engine, Stamps } from './engine.ts';
import { isListed } from './fact-log.ts';
import { KeptFacts } from './kept-facts.ts';

export interface RecorderOptions {
  mode: RecordingHeader['mode'];
  version: string;
  stamps: Stamps;
  /** A name for a new recording. */
  nameFile: (what: 'recording' | 'window') => string;
  /** When a recording goes on in a next file; absent is never. */
  rotation?: Rotation;
  /** What to do with a file that is there when the first recording begins; absent refuses it. */
  existing?: WriterOptions['mode'];
}

type Stopped = Pick<FactOf<'recording.stopped'>, 'reason' | 'detail'>;
type Opened = RecordingWriter | Refused;

/** What is held is handed to a writer in portions of this size. */
const POURED_BYTES = 2 * 1024 * 1024;

const GO_ON = 'Or go on in it with --append, or replace it with --force.';

export class Recorder {
  readonly #engine: Engine;
  readonly #options: RecorderOptions;
  readonly #flight = new FlightRecorder();
  /** Facts of the timeline, which the log does not hold. */
  readonly kept = new KeptFacts(this.#flight, () => this.#tape.drain());
  /** Listed facts since the last chunk. */
  #listed = 0;
  readonly #tape = createTape(
    (chunk, t, page) => this.#keep(chunk, t, page),
    new Pages(PAGE_BYTES, FLIGHT_RECORDER_BYTES_MAX + 4 * PAGE_BYTES),
  );
  /** The opening facts, and what was known at each tick. */
  readonly #opening: Fact[] = [];
  readonly #checkpoints = new Checkpoints();
  #writer: RecordingWriter | null = null;
  #isBeginning = false;

  constructor(engine: Engine, options: RecorderOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /** The recording's file, or null while nothing is recorded. */
  get file(): string | null {
    return this.#writer?.file ?? null;
  }

  /** Bytes of the recording's file. */
  get sizeBytes(): number {
    return this.#writer?.sizeBytes ?? 0;
  }

  /** Bytes that wait for the disk. */
  get backlogBytes(): number {
    return this.#writer?.backlogBytes ?? 0;
  }

  /** Every fact, redacted, before it is folded. */
  record(fact: Fact): void {
    const { model, book } = this.#engine;
    if (fact.fact === 'session.started' || fact.fact === 'key.inspected') this.#opening.push(fact);
    if (fact.fact === 'tick') this.#checkpoints.note(fact, model, book.open.keys());
    if (isListed(fact)) this.#listed += 1;
    this.#tape.append(fact);
  }

  /** Records from the first fact on; to be called before it. */
  async openFirst(file: string): Promise<{ problem: string } | null> {
    const opened = await this.#open(file, false, this.#options.existing);
    if ('problem' in opened) return opened.exists === true ? { problem: `${opened.problem} ${GO_ON}` } : opened;
    this.#writer = opened;
    return null;
  }

  async begin(): Promise<Outcome> {
    if (this.#writer !== null) return { ok: false, message: `already recording to ${this.#writer.file}` };
    if (this.#isBeginning) return { ok: false, message: 'a recording is being begun' };
    this.#isBeginning = true;
    try {
      return await this.#begin(this.#options.nameFile('recording'));
    } finally {
      this.#isBeginning = false;
    }
  }

  async #begin(file: string): Promise<Outcome> {
    const opened = await this.#open(file, true);
    if ('problem' in opened) return { ok: false, message: opened.problem };
    const last = await this.#pour(opened, 0);
    if (last !== null) this.#catchUp(opened, last);
    if (!opened.active) return { ok: false, message: `the recording to ${file} has stopped` };
    this.#writer = opened;
    this.#engine.accept({ fact: 'recording.started', file });
    return { ok: true, message: `recording to ${file}`, path: file };
  }

  async end(): Promise<Outcome> {
    const writer = this.#writer;
    if (writer === null) return { ok: false, message: 'nothing is being recorded' };
    const { file, sizeBytes } = writer;
    this.#engine.accept({ fact: 'recording.stopped', file, reason: 'asked', detail: '', sizeBytes });
    this.#tape.drain();
    this.#writer = null;
    await writer.close();
    return { ok: true, message: `recorded ${writer.sizeBytes} bytes to ${file}`, path: file };
  }

  /** Writes the last minutes to a file of their own. */
  async saveWindow(): Promise<Outcome> {
    const file = this.#options.nameFile('window');
    let stopped: Stopped | null = null;
    const onStopped = (why: Stopped): void => {
      stopped = why;
    };
    const opened = await openWriter({ file, header: this.header(true), mode: 'create', onStopped });
    if ('problem' in opened) return { ok: false, message: opened.problem };
    await this.#pour(opened, this.#engine.model.t - FLIGHT_RECORDER_AGE_MS_MAX);
    await opened.close();
    const problem = (stopped as Stopped | null)?.detail;
    if (problem !== undefined) return { ok: false, message: `${file} is not whole: ${problem}` };
    return { ok: true, message: `the last minutes are in ${file}`, path: file };
  }

  /** What is held of `aroundMs` to both sides of an instant (epoch ms). */
  cutAround(momentAt: number, aroundMs: number): Window {
    const { model } = this.#engine;
    const momentT = this.#checkpoints.tOf(momentAt) ?? model.t - (model.at - momentAt);
    return this.#cut({ momentT, fromT: momentT - aroundMs, toT: momentT + aroundMs });
  }

  header(partial: boolean): RecordingHeader {
    const { stamps, version, mode } = this.#options;
    const at = new Date(stamps.wallMs()).toISOString();
    return { format: 'cbscope-recording', version: 1, at, tool: version, mode, partial };
  }

  async stop(): Promise<void> {
    this.#tape.stop();
    await this.#writer?.close();
  }

  /** The crash path: what is pending goes to the file at once. It never throws. */
  flushSync(): void {
    this.#tape.drain();
    this.#writer?.flushSync();
  }

  #keep(chunk: Buffer, t: number, page: Page): void {
    this.#flight.append(chunk, t, this.#listed, page);
    this.#listed = 0;
    if (this.#writer === null) return;
    page.hold();
    this.#writer.appendLines(chunk, page);
  }

  #open(file: string, partial: boolean, mode: WriterOptions['mode'] = 'create'): Promise<Opened> {
    const { rotation, stamps } = this.#options;
    const onStopped = (stopped: Stopped): void => this.#stopped(stopped, file);
    if (rotation === undefined) return openWriter({ file, header: this.header(partial), mode, onStopped });
    return openRotating({
      file,
      rotation,
      mode,
      header: (isNext) => this.header(partial || isNext),
      begin: () => this.#beginning(),
      onStopped,
      onRotated: (next) => this.#engine.accept({ fact: 'recording.started', file: next }),
      nowMs: () => stamps.monotonicMs(),
    });
  }

  #stopped({ reason, detail }: Stopped, first: string): void {
    const { file = first, sizeBytes = 0 } = this.#writer ?? {};
    this.#writer = null;
    this.#engine.accept({ fact: 'recording.stopped', file, reason, detail, sizeBytes });
  }

  /** Everything known now, as the first lines of a file that goes on from here. */
  #beginning(): Buffer {
    this.#tape.drain();
    const { model, book } = this.#engine;
    const { seq, at, t } = model;
    const resumed = { ...resumedFrom(model, [...book.open.keys()]), seq, at, t };
    return Buffer.concat([...this.#opening, resumed].map(encodeFact));
  }

  /** Writes everything held from `t` on, beginning with what was known then, while the session goes on; the stamp of the last line. */
  async #pour(writer: RecordingWriter, fromT: number): Promise<LineStamp | null> {
    this.#tape.drain();
    const resumed = this.#resumedAt(fromT);
    const firstSeq = resumed?.seq ?? this.#oldestHeld();
    const before = this.#opening.filter(({ seq }) => seq < firstSeq);
    writer.appendLines(Buffer.concat([...before, ...(resumed === null ? [] : [resumed])].map(encodeFact)));
    let last: LineStamp | null = null;
    for (const lines of this.#flight.since(resumed?.t ?? Number.NEGATIVE_INFINITY)) {
      last = lastStampIn(lines);
      writer.appendLines(resumed === null ? lines : linesBehind(lines, resumed.seq));
      if (writer.backlogBytes > POURED_BYTES) await writer.flush();
    }
    return last;
  }

  /** Writes what came behind a stamp, at once; where a burst was faster than the disk, it begins anew with what is known now. */
  #catchUp(writer: RecordingWriter, { seq, t }: LineStamp): void {
    this.#tape.drain();
    if (this.#oldestHeld() > seq + 1) return writer.appendLines(this.#beginning());
    for (const lines of this.#flight.since(t)) writer.appendLines(linesBehind(lines, seq));
  }

  /** Sequence number of the oldest line held. */
  #oldestHeld(): number {
    for (const lines of this.#flight.since(Number.NEGATIVE_INFINITY)) return stampOf(lines)?.seq ?? 1;
    return Number.POSITIVE_INFINITY;
  }

  /** What was known at `t`, or where what is held begins; null when that is the whole session, or no moment of it is known. */
  #resumedAt(t: number): Checkpoint | null {
    const oldest = this.#oldestHeld();
    const wanted = this.#checkpoints.before(t);
    if (wanted !== null && wanted.seq >= oldest - 1) return wanted;
    return this.#opening.some(({ seq }) => seq === oldest) ? null : this.#checkpoints.from(oldest);
  }

  #cut(wish: WindowWish): Window {
    this.#tape.drain();
    const fromT = this.#checkpoints.before(wish.fromT)?.t ?? wish.fromT;
    return cutLines(this.#flight.since(fromT), { ...wish, fromT }, this.#opening, this.#checkpoints.bySeq());
  }
}
