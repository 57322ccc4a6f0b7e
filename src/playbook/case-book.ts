// The life of findings: raised, updated at most once a second, cleared with a reason. Folded from facts like everything else,
// so that a replay and a report tell the same lives as the live run did.

import { FINDINGS_CLEARED_MAX } from '../core/bounds.ts';
import type { Finding, FindingChange, Severity, TrackedFinding } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import { type Carried, carriedSighting, isCarried } from './carried.ts';
import { foldIntoCauses } from './precedence.ts';
import type { Sighting } from './rule.ts';
import { RULES } from './rules.ts';

/** One finding over the whole session, all its lives together. */
export interface FindingHistory {
  finding: TrackedFinding;
  /** The worst it ever was. */
  severity: Severity;
  count: number;
  firstAt: number;
  lastAt: number;
}

const UPDATE_EVERY_MS = 1_000;
const HISTORY_MAX = 500;

export interface CaseBook {
  open: Map<string, TrackedFinding>;
  cleared: TrackedFinding[];
  history: Map<string, FindingHistory>;
  /** Occurrences in earlier lives, by key. */
  earlier: Map<string, number>;
  /** What is said when a finding ends, worked out while it was last seen: afterwards the model has moved on. */
  endings: Map<string, string>;
  /** What was open when the file begins and was not seen again yet. */
  carried: Carried[];
}

export function newCaseBook(): CaseBook {
  return { open: new Map(), cleared: [], history: new Map(), earlier: new Map(), endings: new Map(), carried: [] };
}

function worse(a: Severity, b: Severity): Severity {
  return a === 'critical' || b === 'critical' ? 'critical' : a === 'warning' || b === 'warning' ? 'warning' : 'info';
}

function remember(book: CaseBook, finding: TrackedFinding): void {
  const known = book.history.get(finding.key);
  const earlier = book.earlier.get(finding.key) ?? 0;
  if (known === undefined && book.history.size >= HISTORY_MAX) return;
  book.history.set(finding.key, {
    finding,
    severity: known === undefined ? finding.severity : worse(known.severity, finding.severity),
    count: earlier + finding.count,
    firstAt: known?.firstAt ?? finding.firstAt,
    lastAt: finding.lastAt,
  });
}

function change(model: Model, finding: TrackedFinding): FindingChange {
  return { status: finding.status, at: model.at, t: model.t, finding: { ...finding } };
}

function raise(book: CaseBook, model: Model, finding: Finding): FindingChange {
  const tracked: TrackedFinding = {
    ...finding,
    status: 'raised',
    firstAt: model.at,
    firstT: model.t,
    lastAt: model.at,
    lastT: model.t,
    clearedAt: null,
    clearedT: null,
    clearedBecause: null,
    acknowledged: false,
    snoozedUntilT: null,
  };
  book.open.set(finding.key, tracked);
  remember(book, tracked);
  return change(model, tracked);
}

function differs(tracked: TrackedFinding, finding: Finding): boolean {
  return (
    tracked.title !== finding.title ||
    tracked.count !== finding.count ||
    tracked.severity !== finding.severity ||
    tracked.party !== finding.party ||
    tracked.evidence.join('\n') !== finding.evidence.join('\n') ||
    tracked.steps.some(
      (step, index) => step.result !== finding.steps[index]?.result || step.detail !== finding.steps[index]?.detail,
    )
  );
}

function update(book: CaseBook, model: Model, tracked: TrackedFinding, finding: Finding): FindingChange | null {
  const worsened = tracked.severity !== finding.severity || tracked.party !== finding.party;
  // What is said at the end is the last word: it waits for nothing.
  const isDue = worsened || model.ended || model.t - tracked.lastT >= UPDATE_EVERY_MS;
  if (!isDue || !differs(tracked, finding)) return null;
  Object.assign(tracked, finding, { status: 'updated', lastAt: model.at, lastT: model.t });
  remember(book, tracked);
  return change(model, tracked);
}

function clear(book: CaseBook, model: Model, tracked: TrackedFinding, because: string): FindingChange {
  Object.assign(tracked, { status: 'cleared', clearedAt: model.at, clearedT: model.t, clearedBecause: because });
  book.open.delete(tracked.key);
  book.cleared.push(tracked);
  if (book.cleared.length > FINDINGS_CLEARED_MAX) book.cleared.shift();
  remember(book, tracked);
  // What has no place in the history needs no count either.
  if (book.history.has(tracked.key))
    book.earlier.set(tracked.key, (book.earlier.get(tracked.key) ?? 0) + tracked.count);
  book.endings.delete(tracked.key);
  return change(model, tracked);
}

/** Notes on new closes what was open on their socket just before: a close is folded only into such a cause. */
function noteOpenBefore(book: CaseBook, model: Model): void {
  const close = model.closes.at(-1);
  if (close === undefined || close.seq !== model.seq) return;
  const isRelated = (finding: TrackedFinding): boolean =>
    finding.connection === close.connection || finding.connection === null || /^(AUTH_|ACCESS_)/.test(finding.code);
  const justCleared = book.cleared.filter(
    (finding) => finding.clearedT !== null && model.t - finding.clearedT <= 5_000,
  );
  close.openBefore = [...book.open.values(), ...justCleared].filter(isRelated).map((finding) => finding.key);
}

/** Takes over what was open when the file begins, by its keys. */
export function carryOver(book: CaseBook, model: Model, keys: readonly string[]): void {
  book.carried = keys.slice(0, HISTORY_MAX).map((key) => ({ key, sinceT: model.t, sinceAt: model.at }));
}

/** What the rules see, and what was open before they could see anything. */
function sightingsOf(book: CaseBook, model: Model): Sighting[] {
  const seen = RULES.flatMap((rule) => rule(model));
  if (book.carried.length === 0) return seen;
  const keys = new Set(seen.map(({ finding }) => finding.key));
  book.carried = book.carried.filter((carried) => !keys.has(carried.key) && isCarried(carried, model));
  return [...seen, ...book.carried.flatMap((carried) => carriedSighting(carried) ?? [])];
}

/** Looks at the model anew and tells what changed, in order. */
export function consider(book: CaseBook, model: Model): FindingChange[] {
  noteOpenBefore(book, model);
  const sightings: Sighting[] = foldIntoCauses(sightingsOf(book, model), book.endings);
  const changes: FindingChange[] = [];
  const standing = new Map(sightings.map((seen) => [seen.finding.key, seen]));
  for (const tracked of [...book.open.values()]) {
    if (standing.has(tracked.key)) continue;
    changes.push(clear(book, model, tracked, book.endings.get(tracked.key) ?? 'it is over'));
  }
  for (const { finding, clearedBecause } of standing.values()) {
    book.endings.set(finding.key, clearedBecause);
    const tracked = book.open.get(finding.key);
    const changed = tracked === undefined ? raise(book, model, finding) : update(book, model, tracked, finding);
    if (changed !== null) changes.push(changed);
  }
  return changes;
}

/** What the user did with a finding; nothing when it is no longer open. */
export function acknowledge(book: CaseBook, key: string): void {
  const tracked = book.open.get(key);
  if (tracked !== undefined) tracked.acknowledged = true;
}

export function snooze(book: CaseBook, key: string, untilT: number): void {
  const tracked = book.open.get(key);
  if (tracked !== undefined) tracked.snoozedUntilT = untilT;
}
