// What a page about a recording shows, gathered while the recording is folded: rows of the timeline, figures over time, spans of sockets
// and findings. Bounded whatever the size of the recording.

import type { Fact } from '../core/fact.ts';
import type { FindingChange, Severity } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import { FigureGathering } from './figures.ts';
import { SpanGathering } from './spans.ts';
import { type Exchanged, isExchanged, sizeOf, type Told, tellEvent, tellExchanged } from './telling.ts';

/** One line of the timeline. */
export interface Row extends Told {
  /** Position among all facts of the file, from 1. */
  place: number;
  seq: number;
  at: number;
  /** Which frame, call or answer it is, from 1; 0 for anything else. */
  nth: number;
  /** Keys of the findings that rest on it, or that it tells of. */
  keys: string[];
}

interface Placed {
  place: number;
  nth: number;
  fact: Exchanged;
}

const EVENTS_MAX = 2_000;
const EVIDENCE_MAX = 400;
const FIRST_MAX = 60;
const LAST_MAX = 140;
const RECENT_MAX = 2_000;
const RECENT_BYTES_MAX = 32 * 1024 * 1024;

function toneOf(severity: Severity): Told['tone'] {
  return severity === 'info' ? 'normal' : severity;
}

export class Gathering {
  readonly figures = new FigureGathering();
  readonly spans = new SpanGathering();
  /** Events beyond the bound. */
  eventsLeftOut = 0;
  first: { at: number; t: number } | null = null;
  last: { at: number; t: number } = { at: 0, t: 0 };
  /** Frames, calls and answers met. */
  exchanged = 0;
  #place = 0;
  readonly #events: Row[] = [];
  readonly #begun: Placed[] = [];
  readonly #evidence = new Map<number, Row>();
  /** The newest ones whole: findings name them after they came. */
  #recent: Placed[] = [];
  #recentBytes = 0;

  /** Rows in the order of the file: what happened, what proves findings, the first and the last of what went over the wire. */
  get rows(): Row[] {
    const shown = new Map(this.#evidence);
    for (const placed of [...this.#begun, ...this.#recent.slice(-LAST_MAX)])
      if (!shown.has(placed.place)) shown.set(placed.place, rowOf(placed));
    return [...shown.values(), ...this.#events].sort((a, b) => a.place - b.place);
  }

  /** After each fact was folded. */
  note(fact: Fact, model: Model): void {
    const { at, t } = fact;
    this.#place += 1;
    this.first ??= { at, t };
    this.last = { at, t: Math.max(t, this.last.t) };
    this.figures.note(fact, model);
    this.spans.note(fact);
    if (isExchanged(fact)) return this.#noteExchanged(fact);
    const told = tellEvent(fact);
    if (told !== null) this.#addEvent({ ...told, seq: fact.seq, at, keys: [] });
  }

  noteChanges(changes: readonly FindingChange[]): void {
    for (const change of changes) {
      const { status, at, finding } = change;
      this.spans.noteChange(change);
      for (const seq of finding.facts) this.#keepEvidence(seq, finding.key);
      if (status === 'updated') continue;
      const isOver = status === 'cleared';
      const what = isOver
        ? `${finding.code} cleared: ${finding.clearedBecause ?? ''}`
        : `${finding.code}: ${finding.title}`;
      const tone = isOver ? 'good' : toneOf(finding.severity);
      this.#addEvent({ who: 'finding', what, tone, payload: '', cut: 0, seq: 0, at, keys: [finding.key] });
    }
  }

  #addEvent(event: Omit<Row, 'place' | 'nth'>): void {
    if (this.#events.length < EVENTS_MAX) this.#events.push({ ...event, place: this.#place, nth: 0 });
    else this.eventsLeftOut += 1;
  }

  #noteExchanged(fact: Exchanged): void {
    this.exchanged += 1;
    const placed = { place: this.#place, nth: this.exchanged, fact };
    if (this.#begun.length < FIRST_MAX) this.#begun.push(placed);
    this.#recent.push(placed);
    this.#recentBytes += sizeOf(fact);
    if (this.#recent.length >= 2 * RECENT_MAX || this.#recentBytes > RECENT_BYTES_MAX) this.#forgetOlder();
  }

  #forgetOlder(): void {
    this.#recent = this.#recent.slice(-Math.floor(this.#recent.length / 2));
    this.#recentBytes = this.#recent.reduce((sum, { fact }) => sum + sizeOf(fact), 0);
  }

  #keepEvidence(seq: number, key: string): void {
    const placed = this.#recent.findLast(({ fact }) => fact.seq === seq);
    if (placed === undefined) return;
    const known = this.#evidence.get(placed.place);
    if (known === undefined && this.#evidence.size < EVIDENCE_MAX)
      this.#evidence.set(placed.place, { ...rowOf(placed), keys: [key] });
    else if (known?.keys.includes(key) === false) known.keys.push(key);
  }
}

function rowOf({ place, nth, fact }: Placed): Row {
  return { ...tellExchanged(fact), place, nth, seq: fact.seq, at: fact.at, keys: [] };
}
