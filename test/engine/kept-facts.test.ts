// The timeline beyond what the log holds: every place tells the same, whether its entry is still held or read back from encoded lines.

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { FLIGHT_RECORDER_AGE_MS_MAX, TIMELINE_FACTS_MAX } from '../../src/core/bounds.ts';
import { openFact } from '../../src/engine/fact-detail.ts';
import { KeptFacts } from '../../src/engine/kept-facts.ts';
import { Recorder } from '../../src/engine/recorder.ts';
import { NEWEST, windowOf } from '../../src/engine/timeline-look.ts';
import { ToldChanges } from '../../src/engine/told-changes.ts';
import { encodeFact } from '../../src/recording/codec.ts';
import { FlightRecorder } from '../../src/recording/flight-recorder.ts';
import { frameAt } from '../recording/fixed.ts';
import { Story } from '../support/story.ts';

function recorded(): Story {
  const story: Story = new Story((fact) => recorder.record(fact));
  const recorder: Recorder = new Recorder(story.engine, {
    mode: 'live',
    version: 'test',
    stamps: { wallMs: () => story.serverMs, monotonicMs: () => story.t },
    nameFile: () => '/nowhere',
  });
  story.engine.log.kept = recorder.kept;
  return story;
}

function marks(story: Story, count: number): void {
  for (let index = 0; index < count; index += 1)
    story.engine.accept({ fact: 'user.asked', action: 'mark', detail: `mark ${index}` });
}

/** A dropped socket and its finding, far back by now. */
function longStory(): { story: Story; early: string[] } {
  const story = recorded().up();
  story.closes('public');
  story.advance(2_000);
  story.reopens('public');
  story.advance(30_000);
  const { log } = story.engine;
  const early = Array.from({ length: log.total }, (_, place) => JSON.stringify(log.tell(place)));
  for (let second = 0; second < 10; second += 1) {
    marks(story, TIMELINE_FACTS_MAX / 4);
    story.advance(1_000);
  }
  return { story, early };
}

describe('the timeline of a live run', () => {
  it('tells at every place what it told when that was new', () => {
    const { story, early } = longStory();
    const { log } = story.engine;
    expect(log.total - log.factsHeld).toBeGreaterThan(early.length);
    expect(log.first).toBe(0);
    expect(early.map((_, place) => JSON.stringify(log.tell(place)))).toEqual(early);
    expect(early.filter((told) => told.includes('"finding"')).length).toBeGreaterThan(1);
    for (let place = 0; place < log.total; place += 1) expect(log.tell(place)?.row.place).toBe(place);
  });

  it('finds by a filter, and opens, what the log holds no more', () => {
    const { story } = longStory();
    const { log } = story.engine;
    const { rows, isCut } = windowOf(log, { ...NEWEST, rows: 10, filter: 'code:WS_DROPPED' });
    expect(isCut).toBe(false);
    expect(rows.map(({ what, detail }) => `${what} ${detail}`)).toEqual([
      expect.stringMatching(/^WS_DROPPED cleared/),
      expect.stringMatching(/^WS_DROPPED The public socket/),
    ]);
    const [closed] = windowOf(log, { ...NEWEST, filter: 'closed' }).rows.toReversed();
    expect(openFact(log, closed?.seq ?? -1)?.title).toContain('socket.closed');
    expect(openFact(log, 1)?.title).toContain('session.started');
  });

  it('ends where the flight recorder does', () => {
    const { story } = longStory();
    const { log } = story.engine;
    story.advance(FLIGHT_RECORDER_AGE_MS_MAX / 2);
    story.advance(FLIGHT_RECORDER_AGE_MS_MAX / 2);
    marks(story, TIMELINE_FACTS_MAX);
    story.advance(1_000);
    expect(log.first).toBeGreaterThan(0);
    expect(log.tell(log.first)).not.toBeNull();
    expect(log.tell(log.first - 1)).toBeNull();
  });
});

it('facts are the same when their lines were packed meanwhile', async () => {
  const flight = new FlightRecorder();
  const kept = new KeptFacts(flight, () => undefined);
  const facts = Array.from({ length: 1_200 }, (_, index) => frameAt(index + 1));
  for (let from = 0; from < facts.length; from += 40) {
    const chunk = facts.slice(from, from + 40);
    flight.append(Buffer.concat(chunk.map(encodeFact)), from * 10, chunk.length);
  }
  const numbers = [0, 1, 39, 40, 41, 300, 999];
  const before = numbers.map((number) => kept.at(number)?.seq);
  expect(before).toEqual(numbers.map((number) => number + 1));
  const plainBytes = flight.bytes;
  let t = facts.length * 10;
  await vi.waitFor(
    () => {
      t += 100;
      flight.append(encodeFact(frameAt(5_000)), t, 1);
      expect(flight.bytes).toBeLessThan(plainBytes / 2);
    },
    { interval: 1, timeout: 20_000 },
  );
  expect(numbers.map((number) => kept.at(number)?.seq)).toEqual(before);
  for (const number of numbers)
    expect(kept.around(number + 1, 0, facts.length).some(({ seq }) => seq === number + 1)).toBe(true);
});

describe('places and numbers of facts', () => {
  it('translate into each other', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (isChange) => {
        const changes = new ToldChanges();
        const told = { change: null, seq: 0 } as unknown as Parameters<ToldChanges['add']>[1];
        for (const [place, is] of isChange.entries()) if (is) changes.add(place, told);
        let facts = 0;
        for (const [place, is] of isChange.entries()) {
          expect(changes.at(place) !== null).toBe(is);
          expect(changes.factsBefore(place)).toBe(facts);
          if (!is) expect(changes.placeOf(facts++)).toBe(place);
        }
      }),
    );
  });
});
