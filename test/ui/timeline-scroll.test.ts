// Scrolling the timeline against a real log: what is shown stands still, is where the keys say, and is never more than was asked for.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIMELINE_FACTS_MAX } from '../../src/core/bounds.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { FactLog } from '../../src/engine/fact-log.ts';
import { TimelineLook } from '../../src/engine/timeline-look.ts';
import type { KeyAction } from '../../src/ui/keymap.ts';
import { reduce, startState } from '../../src/ui/reduce.ts';
import { timelineRows } from '../../src/ui/rows/timeline.ts';
import type { UiState } from '../../src/ui/state.ts';
import { queryOf } from '../../src/ui/timeline-scroll.ts';
import { viewOf } from '../../src/ui/view.ts';
import { AT, healthy } from './fixtures/healthy.ts';

const HEIGHT = 10;
const ROOM = { width: 100, height: HEIGHT, zoomed: false };

/** A sitting: keys and facts in, the lines of the pane out; every question is answered at once. */
class Sitting {
  readonly log = new FactLog();
  readonly #look = new TimelineLook();
  state: UiState = { ...startState({ ascii: false, color: true }), focus: 'timeline' };
  #snapshot: Snapshot = healthy;

  constructor(facts: number) {
    this.arrive(facts);
  }

  arrive(facts: number): void {
    for (let added = 0; added < facts; added += 1) {
      const seq = this.log.total;
      const detail = seq % 3 === 0 ? 'third' : 'other';
      this.log.push({ fact: 'user.asked', action: 'mark', detail, seq, at: AT + seq, t: seq });
    }
    this.#answer();
  }

  press(...actions: KeyAction[]): void {
    for (const action of actions) {
      const event = { type: 'key', action, panes: ['timeline'], rows: HEIGHT - 1, scrollMax: 0, now: AT } as const;
      this.state = reduce(this.state, event, this.#snapshot);
      this.#answer();
    }
  }

  filter(text: string): void {
    this.press('filter');
    this.state = reduce(this.state, { type: 'typed', text }, this.#snapshot);
    this.press('accept');
  }

  #answer(): void {
    this.#look.ask(queryOf(this.state, this.#snapshot, HEIGHT));
    let timeline = this.#look.at(this.log);
    while (timeline.unsearched > 0) timeline = this.#look.at(this.log);
    this.#snapshot = { ...healthy, timeline };
    this.state = reduce(this.state, { type: 'snapshot', now: AT }, this.#snapshot);
  }

  /** Places of the rows shown, and what else the pane says. */
  shown(): { places: number[]; texts: string[]; right: string } {
    const view = viewOf(this.#snapshot, this.state, AT);
    const { lines, right = '' } = timelineRows(view, ROOM);
    const { rows } = view.snapshot.timeline;
    const places = lines.flatMap(({ item }) => (item === undefined ? [] : [rows[item]?.place ?? -1]));
    const texts = lines.filter(({ item }) => item === undefined).map(({ cells }) => cells.map((c) => c.text).join(' '));
    return { places, texts, right };
  }
}

const down = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from - index);

describe('the timeline', () => {
  it('follows until something is chosen, then stands still and counts what is newer', () => {
    const sitting = new Sitting(100);
    expect(sitting.shown()).toMatchObject({ places: down(99, HEIGHT), right: expect.stringContaining('following') });
    sitting.press('down', 'down');
    sitting.arrive(25);
    expect(sitting.shown().places).toEqual(down(99, HEIGHT));
    expect(sitting.shown().right).toContain('25 newer');
    sitting.press('top');
    expect(sitting.shown().places).toEqual(down(124, HEIGHT));
  });

  it('pages to the end of what is kept, which it says', () => {
    const sitting = new Sitting(TIMELINE_FACTS_MAX + 40);
    sitting.press('down', 'page-down');
    expect(sitting.shown().places[0]).toBe(TIMELINE_FACTS_MAX + 39 - (HEIGHT - 1));
    sitting.press('bottom');
    const { places, texts } = sitting.shown();
    expect(places).toEqual(down(40 + HEIGHT - 2, HEIGHT - 1));
    expect(texts).toEqual([
      expect.stringContaining('the newest 4 000 of 4 040 are kept here; older ones are in a recording only'),
    ]);
    sitting.press('page-up');
    expect(sitting.shown().places.at(-1)).toBeGreaterThan(40);
  });

  it('goes on with the oldest that is left when the chosen one is gone', () => {
    const sitting = new Sitting(TIMELINE_FACTS_MAX);
    sitting.press('bottom');
    sitting.arrive(500);
    expect(sitting.state.selected.timeline).toBe('500');
    expect(sitting.shown().places).toContain(500);
  });

  it('keeps the chosen row when the filter is cleared: its neighbours come', () => {
    const sitting = new Sitting(300);
    sitting.filter('third');
    sitting.press('down', 'down', 'down');
    expect(sitting.state.selected.timeline).toBe('291');
    sitting.press('back');
    expect(sitting.state.filter).toBe('');
    expect(sitting.state.selected.timeline).toBe('291');
    expect(sitting.shown().places).toContain(290);
  });

  it('keeps a frozen moment, in which one may still scroll', () => {
    const sitting = new Sitting(100);
    sitting.press('freeze');
    sitting.arrive(30);
    sitting.arrive(30);
    expect(sitting.shown().places).toEqual(down(99, HEIGHT));
    sitting.press('bottom', 'top');
    sitting.arrive(30);
    expect(sitting.shown().places).toEqual(down(99, HEIGHT));
    sitting.press('freeze');
    expect(sitting.shown().places).toEqual(down(189, HEIGHT));
  });

  it('shows a full page around the chosen row, whatever is pressed and whatever arrives', () => {
    const steps = fc.array(
      fc.oneof(
        fc.constantFrom<KeyAction[]>('down', 'up', 'page-down', 'page-up', 'bottom', 'top', 'freeze', 'back'),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('third', 'other'),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), steps, (facts, all) => {
        const sitting = new Sitting(facts);
        for (const step of all) {
          const before = sitting.shown().places[0];
          if (typeof step === 'number') sitting.arrive(step);
          else if (step === 'third' || step === 'other') sitting.filter(step);
          else sitting.press(step);
          const { places, texts } = sitting.shown();
          const chosen = sitting.state.selected.timeline;
          if (chosen !== undefined && places.length > 0) expect(places).toContain(Number(chosen));
          if (texts.length === 0) expect(places).toHaveLength(HEIGHT);
          expect(places).toEqual(places.toSorted((a, b) => b - a));
          if (typeof step === 'number' && chosen !== undefined && texts.length === 0) expect(places[0]).toBe(before);
        }
      }),
      { numRuns: 100 },
    );
  });
});
