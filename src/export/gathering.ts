// What a page about a recording shows, gathered while the recording is folded: figures over time, what happened, and the frames that
// prove it. Bounded whatever the size of the recording.

import { safeStart } from '../base/text.ts';
import type { Fact, FactOf } from '../core/fact.ts';
import type { FindingChange } from '../core/finding.ts';
import { remaining } from '../core/limits.ts';
import type { Model } from '../core/model.ts';
import { rates } from '../core/traffic.ts';
import { Series } from './series.ts';

export interface Event {
  at: number;
  t: number;
  tone: 'critical' | 'warning' | 'normal' | 'good';
  text: string;
}

export interface ShownFact {
  seq: number;
  at: number;
  title: string;
  text: string;
  /** Codes of the findings that rest on it. */
  proves: string[];
}

const EVENTS_MAX = 2_000;
const EVIDENCE_MAX = 400;
const FIRST_MAX = 100;
const LAST_MAX = 300;
const TEXT_MAX = 4_000;
const RECENT_MAX = 2_000;
const RECENT_BYTES_MAX = 32 * 1024 * 1024;

const FIGURES = [
  'publicFrames',
  'userFrames',
  'publicBytes',
  'userBytes',
  'restMs',
  'pingMs',
  'publicLateMs',
  'userLateMs',
  'restHeadroom',
  'socketHeadroom',
  'lagMs',
] as const;
export type Figure = (typeof FIGURES)[number];

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, TEXT_MAX * 4)).toString('utf8');
}

type Exchanged = FactOf<'frame.received'> | FactOf<'frame.sent'> | FactOf<'response.arrived'> | FactOf<'request.sent'>;

function isExchanged(fact: Fact): fact is Exchanged {
  return ['frame.received', 'frame.sent', 'response.arrived', 'request.sent'].includes(fact.fact);
}

function sizeOf(fact: Exchanged): number {
  if (fact.fact === 'frame.received') return fact.bytes.byteLength;
  return fact.fact === 'response.arrived' ? fact.body.length : 0;
}

function shown(fact: Exchanged): Omit<ShownFact, 'proves'> {
  const { seq, at } = fact;
  switch (fact.fact) {
    case 'frame.received': {
      const title = `${fact.connection} ← ${fact.bytes.byteLength} bytes`;
      return { seq, at, title, text: safeStart(fact.binary ? '(binary)' : utf8(fact.bytes), TEXT_MAX) };
    }
    case 'frame.sent':
      return {
        seq,
        at,
        title: `${fact.connection} → ${fact.text.length} characters`,
        text: safeStart(fact.text, TEXT_MAX),
      };
    case 'request.sent':
      return {
        seq,
        at,
        title: `REST → ${fact.method} ${safeStart(fact.endpoint, 80)}`,
        text: safeStart(fact.url, TEXT_MAX),
      };
    case 'response.arrived': {
      const title = `REST ← ${fact.status} ${safeStart(fact.endpoint, 80)}`;
      return { seq, at, title, text: safeStart(fact.body, TEXT_MAX) };
    }
  }
}

function happened(fact: Fact): Omit<Event, 'at' | 't'> | null {
  switch (fact.fact) {
    case 'socket.opened':
      return { tone: 'good', text: `${fact.connection} socket open at ${safeStart(fact.host, 80)}` };
    case 'socket.closed':
      return {
        tone: 'warning',
        text: `${fact.connection} socket closed ${fact.code} by ${fact.by}: ${safeStart(fact.cause, 40)} ${safeStart(fact.reason, 120)}`,
      };
    case 'upgrade.refused':
      return { tone: 'warning', text: `${fact.connection} upgrade refused with HTTP ${fact.status}` };
    case 'connect.failed':
      return {
        tone: 'warning',
        text: `${fact.connection} connecting failed in ${fact.phase}: ${safeStart(fact.errorCode, 40)}`,
      };
    case 'session.resumed':
      return { tone: 'normal', text: 'this recording begins in the middle of a session' };
    case 'session.ended':
      return { tone: 'normal', text: `session ended: ${safeStart(fact.reason, 120)}` };
    case 'user.asked':
      return {
        tone: 'normal',
        text: `${fact.action === 'mark' ? 'mark' : safeStart(fact.action, 40)}: ${safeStart(fact.detail, 120)}`,
      };
    case 'machine.slept':
      return { tone: 'warning', text: `this machine slept for ${Math.round(fact.forMs)} ms` };
    case 'clock.jumped':
      return { tone: 'warning', text: `this machine’s clock jumped by ${Math.round(fact.byMs)} ms` };
    default:
      return null;
  }
}

export class Gathering {
  readonly figures: Record<Figure, Series>;
  readonly events: Event[] = [];
  /** Events beyond the bound. */
  eventsLeftOut = 0;
  first: { at: number; t: number } | null = null;
  last: { at: number; t: number } = { at: 0, t: 0 };
  /** Frames, calls and answers met. */
  exchanged = 0;
  readonly #begun: Omit<ShownFact, 'proves'>[] = [];
  readonly #evidence = new Map<number, ShownFact>();
  /** The newest ones whole: findings name them after they came. */
  #recent: Exchanged[] = [];
  #recentBytes = 0;

  constructor() {
    this.figures = Object.fromEntries(FIGURES.map((name) => [name, new Series()])) as Record<Figure, Series>;
  }

  /** Facts to be shown: those that prove findings, the first ones and the last ones, in their order. */
  get facts(): ShownFact[] {
    const all = new Map<number, ShownFact>();
    for (const fact of this.#begun) all.set(fact.seq, { ...fact, proves: [] });
    for (const fact of this.#recent.slice(-LAST_MAX)) all.set(fact.seq, { ...shown(fact), proves: [] });
    for (const fact of this.#evidence.values()) all.set(fact.seq, fact);
    return [...all.values()].sort((a, b) => a.seq - b.seq);
  }

  /** After each fact was folded. */
  note(fact: Fact, model: Model): void {
    this.first ??= { at: fact.at, t: fact.t };
    this.last = { at: fact.at, t: fact.t };
    if (isExchanged(fact)) this.#noteExchanged(fact);
    if (fact.fact === 'tick') this.#noteTick(model);
    else if (fact.fact === 'pong.received') this.figures.pingMs.add(fact.t, fact.roundTripMs);
    else if (fact.fact === 'loop.measured') this.figures.lagMs.add(fact.t, fact.lagMs);
    else this.#noteEvent(fact, happened(fact));
  }

  noteChanges(changes: readonly FindingChange[]): void {
    for (const { status, at, t, finding } of changes) {
      const tone = finding.severity === 'info' ? 'normal' : finding.severity;
      if (status === 'raised') this.#noteEvent({ at, t }, { tone, text: `${finding.code}: ${finding.title}` });
      if (status === 'cleared')
        this.#noteEvent({ at, t }, { tone: 'good', text: `${finding.code} cleared: ${finding.clearedBecause ?? ''}` });
      for (const seq of finding.facts) this.#keepEvidence(seq, finding.code);
    }
  }

  #noteEvent({ at, t }: { at: number; t: number }, what: Omit<Event, 'at' | 't'> | null): void {
    if (what === null) return;
    if (this.events.length < EVENTS_MAX) this.events.push({ at, t, ...what });
    else this.eventsLeftOut += 1;
  }

  #noteExchanged(fact: Exchanged): void {
    this.exchanged += 1;
    if (this.#begun.length < FIRST_MAX) this.#begun.push(shown(fact));
    this.#recent.push(fact);
    this.#recentBytes += sizeOf(fact);
    if (this.#recent.length >= 2 * RECENT_MAX || this.#recentBytes > RECENT_BYTES_MAX) this.#forgetOlder();
    const totalMs = fact.fact === 'response.arrived' ? fact.phases.totalMs : undefined;
    if (totalMs !== undefined) this.figures.restMs.add(fact.t, totalMs);
  }

  #forgetOlder(): void {
    this.#recent = this.#recent.slice(-Math.floor(this.#recent.length / 2));
    this.#recentBytes = this.#recent.reduce((sum, fact) => sum + sizeOf(fact), 0);
  }

  #noteTick(model: Model): void {
    const { t, connections, limits } = model;
    const { figures } = this;
    for (const name of ['public', 'user'] as const) {
      const connection = connections[name];
      if (connection.state !== 'open') continue;
      const flow = rates(connection.traffic);
      figures[`${name}Frames`].add(t, flow.framesPerSecond);
      figures[`${name}Bytes`].add(t, flow.bytesPerSecond);
      const late = connection.heartbeat.lateness.at(-1);
      if (late !== undefined) figures[`${name}LateMs`].add(t, late);
    }
    const headroom = (names: readonly (keyof typeof limits)[]): number =>
      Math.min(...names.map((name) => remaining(limits[name], t) / Math.max(1, limits[name].limit)));
    figures.restHeadroom.add(t, headroom(['rest-public', 'rest-private', 'rest-hour']) * 100);
    figures.socketHeadroom.add(t, headroom(['ws-connects', 'ws-messages']) * 100);
  }

  #keepEvidence(seq: number, code: string): void {
    const known = this.#evidence.get(seq);
    if (known !== undefined) {
      if (!known.proves.includes(code)) known.proves.push(code);
      return;
    }
    const fact = this.#recent.findLast((each) => each.seq === seq);
    if (fact === undefined || this.#evidence.size >= EVIDENCE_MAX) return;
    this.#evidence.set(seq, { ...shown(fact), proves: [code] });
  }
}
