// The engine: stamps facts, reads them, folds them, looks at the rules, and hands on what follows. One fact is finished before the next begins.
// It knows no thread, file or socket: those are handed in.

import type { Command } from '../core/command.ts';
import type { Fact, FactBody } from '../core/fact.ts';
import type { FindingChange, Verdict } from '../core/finding.ts';
import type { Reading } from '../core/meaning.ts';
import type { Model } from '../core/model.ts';
import { newModel } from '../core/model.ts';
import { step } from '../core/step.ts';
import type { CaseBook } from '../playbook/case-book.ts';
import { acknowledge, carryOver, consider, newCaseBook, snooze } from '../playbook/case-book.ts';
import { probeFor } from '../playbook/probes.ts';
import { verdict } from '../playbook/verdict.ts';
import { FactLog, type FrozenLog } from './fact-log.ts';
import { type Frozen, freeze, thaw } from './freeze.ts';
import { readFreshFact, readRecordedFact, shownFact } from './read-fact.ts';

/** Where stamps come from. Replay needs none: its facts carry theirs. */
export interface Stamps {
  /** Wall clock, epoch ms. */
  wallMs(): number;
  /** Monotonic ms. */
  monotonicMs(): number;
}

export interface EngineOptions {
  stamps?: Stamps;
  /** Obeys commands; absent in a replay, which performs none. */
  perform?: (command: Command) => void;
  /** Keeps no fact for the timeline: for whoever wants figures and findings only. */
  unlisted?: boolean;
  /** Receives every fact, redacted, before it is folded. */
  record?: (fact: Fact) => void;
  onFact?: (fact: Fact, reading: Reading) => void;
  onChanges?: (changes: FindingChange[]) => void;
  onVerdict?: (verdict: Verdict, at: number) => void;
}

const HEALTHY: Verdict = { party: 'healthy', confidence: 'low', sentence: 'No trouble seen so far.', findingKey: null };
/** The same verdict in other words is told again at most this often. */
const REWORDED_EVERY_MS = 10_000;

/** Facts after which the rules look at once; all others wait for the next tick. */
const TELLING = new Set<Fact['fact']>([
  'session.ended',
  'session.resumed',
  'key.inspected',
  'socket.closed',
  'upgrade.refused',
  'connect.failed',
  'request.failed',
  'clock.jumped',
  'machine.slept',
  'recording.started',
  'recording.stopped',
  'user.asked',
  'tick',
]);

function isTelling(fact: Fact, reading: Reading): boolean {
  if (TELLING.has(fact.fact)) return true;
  if (fact.fact === 'response.arrived')
    return fact.status >= 400 || reading.of !== 'response' || reading.decoded.meaning.kind === 'time';
  return reading.of === 'frame' && reading.decoded.meaning.kind === 'error';
}

interface Known {
  model: Model;
  book: CaseBook;
  verdict: Verdict;
  verdictToldT: number;
  log: FrozenLog;
}

/** Everything an engine knows after a fact, as plain data; the facts of its log are left in the recording. */
export type FrozenEngine = Frozen<Known>;

export class Engine {
  readonly model: Model;
  readonly book: CaseBook;
  readonly log = new FactLog();
  verdict: Verdict = HEALTHY;
  readonly #options: EngineOptions;
  readonly #queue: FactBody[] = [];
  #draining = false;
  #isLive = false;
  #seq = 0;
  #originMs: number | null = null;
  #verdictToldT = Number.NEGATIVE_INFINITY;

  constructor(options: EngineOptions = {}, known: Known | null = null) {
    this.#options = options;
    this.model = known?.model ?? newModel();
    this.book = known?.book ?? newCaseBook();
    if (known === null) return;
    this.verdict = known.verdict;
    this.#verdictToldT = known.verdictToldT;
    this.#seq = this.model.seq;
  }

  /** An engine that knows what the frozen one knew. `facts` are the newest listed facts up to there, for its log. */
  static thawed(frozen: FrozenEngine, facts: readonly Fact[], options: EngineOptions = {}): Engine {
    const known = thaw(frozen);
    const engine = new Engine(options, known);
    engine.log.thaw(known.log, facts);
    return engine;
  }

  /** A copy of what it knows, between two facts. */
  freeze(): FrozenEngine {
    const { model, book, verdict: told } = this;
    return freeze({ model, book, verdict: told, verdictToldT: this.#verdictToldT, log: this.log.freeze() });
  }

  /** Facts accepted but not yet folded: more than one only while a fact's own consequences are being told. */
  get queued(): number {
    return this.#queue.length;
  }

  /** The monotonic reading that is `t` = 0, from the first fact on. */
  get originMs(): number {
    this.#originMs ??= this.#options.stamps?.monotonicMs() ?? 0;
    return this.#originMs;
  }

  /** A fact from the edge: stamped now, folded before this returns (or right after the one being folded). */
  accept(body: FactBody): void {
    if (this.#draining) {
      this.#queue.push(body);
      return;
    }
    this.#draining = true;
    try {
      // A burst finds the queue empty: a frame never passes through it.
      this.#take(body);
      while (this.#queue.length > 0) this.#take(this.#queue.shift() as FactBody);
    } finally {
      this.#draining = false;
    }
  }

  #take(body: FactBody): void {
    const { stamps, record } = this.#options;
    const wallMs = stamps?.wallMs() ?? 0;
    const t = Math.round(((stamps?.monotonicMs() ?? 0) - this.originMs) * 1_000) / 1_000;
    this.#seq += 1;
    const stamped = body as Fact;
    stamped.seq = this.#seq;
    stamped.at = Math.floor(wallMs);
    stamped.t = Math.max(t, this.model.t);
    const { fact, reading } = readFreshFact(stamped);
    record?.(fact);
    this.#isLive = true;
    this.#fold(fact, reading);
  }

  /** A recorded fact, with the stamps it has. Whatever it calls for was done when it was live: nothing is performed. */
  replay(fact: Fact): void {
    this.#seq = fact.seq;
    this.#isLive = false;
    // A frame is looked through when it is shown: most of them never are.
    const known = fact.fact === 'frame.received' ? fact : shownFact(fact);
    this.#fold(known, readRecordedFact(known));
  }

  #fold(fact: Fact, reading: Reading): void {
    const wasOver = this.model.ended;
    const commands = step(this.model, fact, reading);
    if (this.#options.unlisted !== true) this.log.push(fact);
    this.#options.onFact?.(fact, reading);
    if (!wasOver && reading.of !== 'scan' && isTelling(fact, reading)) this.#look(fact);
    if (this.#isLive) for (const command of commands) this.#options.perform?.(command);
  }

  #look(fact: Fact): void {
    if (fact.fact === 'user.asked') this.#obey(fact.action, fact.detail);
    if (fact.fact === 'session.resumed') carryOver(this.book, this.model, fact.openFindings);
    const changes = consider(this.book, this.model);
    for (const change of changes) this.log.pushChange(change, fact.seq);
    if (changes.length > 0) this.#options.onChanges?.(changes);
    const probe = probeFor(this.model, changes);
    if (probe !== null && this.#isLive) this.#options.perform?.(probe);
    this.#tellVerdict(verdict(this.model, this.book));
  }

  #obey(action: string, detail: string): void {
    if (action === 'acknowledge') acknowledge(this.book, detail);
    if (action === 'snooze') snooze(this.book, detail, this.model.t + 600_000);
  }

  #tellVerdict(next: Verdict): void {
    const before = this.verdict;
    this.verdict = next;
    const same =
      before.party === next.party && before.confidence === next.confidence && before.findingKey === next.findingKey;
    const isFirst = this.#verdictToldT === Number.NEGATIVE_INFINITY;
    const reworded = before.sentence !== next.sentence && this.model.t - this.#verdictToldT >= REWORDED_EVERY_MS;
    if (same && !reworded && !isFirst) return;
    this.#verdictToldT = this.model.t;
    this.#options.onVerdict?.(next, this.model.at);
  }
}
