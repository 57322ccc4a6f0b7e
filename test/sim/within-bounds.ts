// Holds a world against its promises: every cap of core/bounds, counters that add up with what was told, numbers that are numbers.

import { expect } from 'vitest';
import * as bounds from '../../src/core/bounds.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { openFact } from '../../src/engine/fact-detail.ts';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import { windowOf } from '../../src/engine/timeline-look.ts';
import { statsLine, summary } from '../../src/report/line.ts';
import { summaryText, trafficSentence } from '../../src/report/sentence.ts';
import type { World } from './world.ts';

const count = (record: object): number => Object.keys(record).length;

/** Every list and table of the model, with the most it may hold. */
function sizes(engine: Engine): [what: string, size: number, most: number][] {
  const { model, book, log } = engine;
  const { rest, tokens, ledger, clock, self } = model;
  const endpoints = Object.values(rest.endpoints);
  const rows: [string, number, number][] = [
    ['closes', model.closes.length, bounds.CLOSES_MAX],
    ['tokens made', tokens.made.length, 3 * bounds.TOKENS_MAX],
    ['token outcomes', tokens.outcomes.length, 40],
    ['endpoints', endpoints.length, bounds.ENDPOINTS_MAX],
    ['statuses of an endpoint', Math.max(0, ...endpoints.map((each) => count(each.byStatus))), 64],
    ['kept good answers', count(rest.lastGood), bounds.ENDPOINTS_MAX],
    ['kept errors', rest.errors.length, bounds.RESPONSES_KEPT_MAX],
    ['kept failures', rest.failures.length, bounds.RESPONSES_KEPT_MAX],
    ['outstanding requests', count(rest.outstanding), 200],
    ['orders', count(ledger.orders), bounds.ORDERS_MAX],
    ['fills', count(ledger.fills), bounds.FILLS_MAX],
    ['accounts', ledger.accounts?.value.length ?? 0, bounds.ACCOUNTS_MAX],
    ['accounts being read', ledger.reading.length, bounds.ACCOUNTS_MAX],
    ['known products', ledger.knownProducts.length, bounds.CATALOGUE_MAX],
    ['disagreements', count(ledger.disagreements), 2 * bounds.ACCOUNTS_MAX],
    ['clock samples', clock.samples.length, 8],
    ['late loops', self.lateT.length, 20],
    ['cleared findings', book.cleared.length, bounds.FINDINGS_CLEARED_MAX],
    ['history', book.history.size, 500],
    ['earlier lives', book.earlier.size, 500],
    ['endings', book.endings.size, 500],
    ['timeline rows', windowOf(log).rows.length, bounds.TIMELINE_ROWS_MAX],
    ['facts of the timeline', log.total - log.first, bounds.TIMELINE_FACTS_MAX],
  ];
  for (const connection of Object.values(model.connections)) {
    const { subscriptions, heartbeat, errors, errorCounts, traffic } = connection;
    rows.push(
      [`${connection.name} channels`, count(subscriptions.channels), bounds.CHANNELS_MAX],
      [`${connection.name} unanswered`, subscriptions.unanswered.length, bounds.CHANNELS_MAX],
      [`${connection.name} lateness`, heartbeat.lateness.length, bounds.LATENESS_SAMPLES_MAX],
      [`${connection.name} errors`, errors.length, 20],
      [`${connection.name} error counts`, count(errorCounts), 20],
      [`${connection.name} marks`, traffic.marks.length, 6],
    );
  }
  for (const bucket of Object.values(model.limits)) {
    rows.push(
      [`${bucket.name} spent`, bucket.spent.length, 10_100],
      [`${bucket.name} samples`, bucket.samples.length, 61],
    );
  }
  for (const finding of book.open.values()) {
    rows.push(
      [`${finding.key} evidence`, finding.evidence.length, 10],
      [`${finding.key} facts`, finding.facts.length, bounds.EVIDENCE_FACTS_MAX],
    );
    rows.push([`${finding.key} title`, finding.title.length, 2 * bounds.TEXT_SHOWN_MAX + 20]);
  }
  return rows;
}

/** Paths at which something is no finite number, or holds a control character. */
function oddPlaces(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} = ${value}`];
  if (typeof value === 'string')
    return /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(value) ? [`${path} = ${JSON.stringify(value)}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => oddPlaces(each, `${path}.${name}`));
}

/** Looks at everything that can be looked at; throws when something throws. */
export function lookAtAll(engine: Engine): void {
  const snapshot = takeSnapshot(engine, 'live');
  expect(oddPlaces(snapshot)).toEqual([]);
  structuredClone(snapshot);
  const history = [...engine.book.history.values()];
  expect(oddPlaces([statsLine(snapshot), summary(engine.model, engine.verdict, history, true)])).toEqual([]);
  expect(oddPlaces([trafficSentence(snapshot), ...summaryText(engine.model, engine.verdict, history)])).toEqual([]);
  for (const row of snapshot.timeline.rows.slice(0, 5)) expect(oddPlaces(openFact(engine.log, row.seq))).toEqual([]);
}

export function expectWithinBounds(engine: Engine): void {
  const over = sizes(engine).filter(([, size, most]) => size > most);
  expect(over).toEqual([]);
}

const sum = (record: Record<string, number>): number => Object.values(record).reduce((total, each) => total + each, 0);

/** What the model counted is what was told. */
export function expectAddsUp({ engine, ground }: World): void {
  const { connections, rest, tokens, seq } = engine.model;
  const { told } = ground;
  const counted = {
    frames: { public: connections.public.traffic.frames, user: connections.user.traffic.frames },
    opens: { public: connections.public.opens, user: connections.user.opens },
    requests: rest.requests,
    answers: sum(rest.byStatus),
    facts: seq,
    tokens: tokens.count,
  };
  const { closes: _, ...expected } = told;
  expect(counted).toEqual(expected);
  for (const { sequence, heartbeat } of Object.values(connections)) {
    expect(sequence.lost).toBeGreaterThanOrEqual(sequence.gaps);
    expect(heartbeat.beats).toBeGreaterThanOrEqual(0);
  }
  const perEndpoint = Object.values(rest.endpoints).reduce((total, each) => total + each.requests, 0);
  expect(perEndpoint).toBe(told.requests);
}
