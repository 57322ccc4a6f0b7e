// A look at the log: whatever is asked, the window is the right stretch of what is kept, at a bounded cost, and stands still.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIMELINE_BYTES_MAX, TIMELINE_FACTS_MAX, TIMELINE_ROWS_MAX } from '../../src/core/bounds.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { TimelineQuery, TimelineWindow } from '../../src/core/timeline.ts';
import { FactLog } from '../../src/engine/fact-log.ts';
import { NEWEST, TimelineLook, windowOf } from '../../src/engine/timeline-look.ts';

function asked(seq: number, word: string): Fact {
  return { fact: 'user.asked', action: 'mark', detail: `${word} ${seq}`, seq, at: seq, t: seq };
}

function logOf(count: number, wordOf: (seq: number) => string = () => 'word'): FactLog {
  const log = new FactLog();
  for (let seq = 0; seq < count; seq += 1) log.push(asked(seq, wordOf(seq)));
  return log;
}

const placesOf = (window: TimelineWindow): number[] => window.rows.map(({ place }) => place);
const oddWord = (seq: number): string => (seq % 2 === 1 ? 'odd' : 'even');

describe('a window of the log', () => {
  it('holds the newest rows, newest first, while nobody scrolls', () => {
    const window = windowOf(logOf(50), { ...NEWEST, rows: 3 });
    expect(placesOf(window)).toEqual([49, 48, 47]);
    expect(window).toMatchObject({ total: 50, kept: 50, matching: 50, newer: 0, older: 47, oldest: 0, isCut: false });
  });

  it('stands still around a chosen row while facts arrive, and counts the newer ones', () => {
    const log = logOf(50);
    const look = new TimelineLook();
    look.ask({ ...NEWEST, place: 20, rows: 5 });
    const before = look.at(log);
    expect(placesOf(before)).toEqual([22, 21, 20, 19, 18]);
    for (let seq = 50; seq < 60; seq += 1) log.push(asked(seq, 'more'));
    const after = look.at(log);
    expect(placesOf(after)).toEqual(placesOf(before));
    expect(after.newer - before.newer).toBe(10);
  });

  it('says what is no longer kept', () => {
    const log = logOf(TIMELINE_FACTS_MAX + 7);
    const window = windowOf(log, { ...NEWEST, place: 0, rows: 2 });
    expect(placesOf(window)).toEqual([8, 7]);
    expect(window).toMatchObject({ kept: TIMELINE_FACTS_MAX, oldest: 7, older: 0, isCut: true });
  });

  it('keeps fewer facts when they are large', () => {
    const log = new FactLog();
    const bytes = new Uint8Array(TIMELINE_BYTES_MAX / 8);
    const frame = { fact: 'frame.received', connection: 'public', binary: false, plain: true, bytes } as const;
    for (let seq = 0; seq < 20; seq += 1) log.push({ ...frame, seq, at: seq, t: seq });
    expect(log.total - log.first).toBe(7);
    expect(log.factsHeld).toBe(7);
  });

  it('looks at nothing from `upTo` on', () => {
    const window = windowOf(logOf(50, oddWord), { ...NEWEST, rows: 2, upTo: 30, filter: 'odd' });
    expect(placesOf(window)).toEqual([29, 27]);
    expect(window).toMatchObject({ kept: 30, matching: 15 });
  });

  it('searches the newest first, a portion at a time, and all in the end', () => {
    const log = logOf(TIMELINE_FACTS_MAX, oddWord);
    const look = new TimelineLook();
    look.ask({ ...NEWEST, rows: 3, filter: 'odd' });
    look.at(new FactLog());
    const first = look.at(log);
    expect(first.unsearched).toBeGreaterThan(TIMELINE_FACTS_MAX / 2);
    expect(first.rows[0]?.place).toBe(TIMELINE_FACTS_MAX - 1);
    let turns = 1;
    while (look.at(log).unsearched > 0) turns += 1;
    expect(turns).toBeLessThan(50);
    expect(look.at(log).matching).toBe(TIMELINE_FACTS_MAX / 2);
  });

  it('is the stretch that searching everything gives, whatever is asked and however the log moved', () => {
    const queries = fc.record({
      place: fc.option(fc.integer({ min: -10, max: 400 })),
      rows: fc.integer({ min: 1, max: 40 }),
      upTo: fc.option(fc.integer({ min: 0, max: 400 })),
      filter: fc.constantFrom('', 'odd', '1', 'nothing at all'),
      findings: fc.boolean(),
    });
    const steps = fc.array(fc.tuple(queries, fc.integer({ min: 0, max: 60 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(steps, (asks) => {
        const log = new FactLog();
        const look = new TimelineLook();
        for (const [query, more] of asks) {
          look.ask(query);
          searched(look, log);
          for (let added = 0; added < more; added += 1) log.push(asked(log.total, oddWord(log.total)));
          expect(searched(look, log)).toEqual(expectedOf(log, query));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never gives more rows than a snapshot holds', () => {
    const window = windowOf(logOf(1_000), { ...NEWEST, rows: Number.MAX_SAFE_INTEGER });
    expect(window.rows).toHaveLength(TIMELINE_ROWS_MAX);
  });
});

/** The window once everything is searched. */
function searched(look: TimelineLook, log: FactLog): TimelineWindow {
  let window = look.at(log);
  while (window.unsearched > 0) window = look.at(log);
  return window;
}

/** The same by the book: everything listed, filtered, and cut. */
function expectedOf(log: FactLog, query: TimelineQuery): TimelineWindow {
  const end = Math.max(0, Math.min(log.total, query.upTo ?? log.total));
  const all = Array.from({ length: end }, (_, place) => log.tell(place)?.row ?? null).filter((row) => row !== null);
  const fitting = all.filter((row) => `${row.detail} #${row.seq}`.includes(query.filter)).reverse();
  const chosen = query.place === null ? 0 : fitting.findIndex(({ place }) => place <= (query.place ?? 0));
  const at = chosen < 0 ? fitting.length - 1 : chosen;
  const above = query.place === null ? 0 : at - Math.ceil(query.rows / 2) + 1;
  const newer = Math.max(0, Math.min(above, fitting.length - query.rows));
  const rows = fitting.slice(newer, newer + query.rows);
  return {
    query,
    rows,
    total: log.total,
    kept: end,
    matching: fitting.length,
    newer,
    older: fitting.length - newer - rows.length,
    oldest: fitting.at(-1)?.place ?? null,
    isCut: false,
    unsearched: 0,
  };
}
