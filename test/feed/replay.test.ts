// Replays: every fact once, in order, at its time; a seek gives exactly the facts up to it, from wherever it started.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { FactSource } from '../../src/feed/fact-source.ts';
import { createReplay, type Replay } from '../../src/feed/replay.ts';
import { FakeClock, settle } from './fake-clock.ts';

function tick(seq: number, t: number): Fact {
  return { seq, at: 1_795_378_446_000 + Math.floor(t), t, fact: 'tick' };
}

function event(seq: number, t: number): Fact {
  return { seq, at: 1_795_378_446_000 + Math.floor(t), t, fact: 'user.asked', action: 'x', detail: '' };
}

function reading(facts: Fact[], batchSize = 7) {
  let readings = 0;
  return {
    readings: () => readings,
    async *facts() {
      readings += 1;
      for (let at = 0; at < facts.length; at += batchSize) yield facts.slice(at, at + batchSize);
    },
    extent: async () => ({ firstT: facts[0]?.t ?? 0, lastT: facts.at(-1)?.t ?? 0 }),
  };
}

/** A replay of these facts, with what a folder of them holds at every moment. */
function playing(facts: Fact[], keptBytesMax = 1e9) {
  const clock = new FakeClock();
  const seen: Fact[] = [];
  let ended = 0;
  const recording = reading(facts);
  const replay = createReplay({
    recording,
    clock,
    keptBytesMax,
    onReset: () => void seen.splice(0),
    onFacts: (more) => void seen.push(...more),
    onEnded: () => {
      ended += 1;
    },
  });
  return { replay, clock, seen, recording, ended: () => ended };
}

/** Lets a seek or a step happen: real promises, the fake clock's turns. */
async function done(clock: FakeClock, work: Promise<void>): Promise<void> {
  let over = false;
  void work.then(() => {
    over = true;
  });
  while (!over) {
    await clock.advance(0);
    await settle();
  }
}

const seconds = (count: number): Fact[] => Array.from({ length: count }, (_, index) => event(index + 1, index * 1_000));
const seqs = (facts: Fact[]): number[] => facts.map(({ seq }) => seq);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('a replay', () => {
  it('gives nothing until it plays, then each fact at its time', async () => {
    const { replay, clock, seen } = playing(seconds(20));
    await clock.advance(5_000);
    expect(seen).toEqual([]);
    expect(replay.state()).toMatchObject({ playing: false, positionMs: 0, startMs: 0, lengthMs: 19_000, ended: false });
    replay.play();
    await clock.advance(3_500);
    expect(seqs(seen)).toEqual(upTo(4));
    expect(replay.state()).toMatchObject({ playing: true, positionMs: 3_500 });
  });

  it('keeps the stamps as they are recorded', async () => {
    const facts = seconds(3);
    const { replay, clock, seen } = playing(facts);
    replay.play();
    await clock.advance(10_000);
    expect(seen).toEqual(facts);
    expect(seen[0]).toBe(facts[0]);
  });

  it.each([
    [0.25, 8_000, 3],
    [4, 2_000, 9],
    [64, 250, 17],
  ])('plays at ×%d', async (speed, realMs, count) => {
    const { replay, clock, seen } = playing(seconds(100));
    replay.setSpeed(speed);
    replay.play();
    await clock.advance(realMs);
    expect(seqs(seen)).toEqual(upTo(count));
  });

  it('plays a long recording at full speed to its end, and says so once', async () => {
    const facts = seconds(30_000);
    const { replay, clock, seen, ended } = playing(facts);
    replay.setSpeed(Number.POSITIVE_INFINITY);
    replay.play();
    await clock.advance(10_000);
    expect(seen.length).toBe(30_000);
    expect(ended()).toBe(1);
    expect(replay.state()).toMatchObject({ playing: false, ended: true, positionMs: 29_999_000 });
  });

  it('pauses, and goes on where it stood', async () => {
    const { replay, clock, seen } = playing(seconds(20));
    replay.play();
    await clock.advance(2_500);
    replay.pause();
    await clock.advance(60_000);
    expect(seen.length).toBe(3);
    replay.play();
    await clock.advance(1_000);
    expect(seen.length).toBe(4);
  });

  it('begins again when it is played at its end', async () => {
    const { replay, clock, seen } = playing(seconds(5));
    replay.play();
    await clock.advance(20_000);
    expect(replay.state().ended).toBe(true);
    replay.play();
    await clock.advance(1_500);
    expect(seqs(seen)).toEqual(upTo(2));
    expect(replay.state()).toMatchObject({ playing: true, ended: false, positionMs: 1_500 });
  });

  it('steps by single facts, also back, also over the edges', async () => {
    const { replay, clock, seen } = playing(seconds(9));
    for (const [step, count] of [
      [1, 1],
      [1, 2],
      [1, 3],
      [-1, 2],
      [-1, 1],
      [-1, 0],
      [-1, 0],
      [1, 1],
    ] as const) {
      await done(clock, replay.step(step));
      expect(seqs(seen)).toEqual(upTo(count));
      expect(replay.state()).toMatchObject({ playing: false, positionMs: Math.max(0, count - 1) * 1_000 });
    }
    for (let index = 0; index < 12; index += 1) await done(clock, replay.step(1));
    expect(seqs(seen)).toEqual(upTo(9));
    expect(replay.state().ended).toBe(true);
    await done(clock, replay.step(-1));
    expect(seqs(seen)).toEqual(upTo(8));
  });

  it('does what was asked of it in a hurry', async () => {
    const { replay, clock, seen } = playing(seconds(50));
    const work = [replay.step(1), replay.step(1), replay.step(1), replay.step(-1)];
    for (const each of work) await done(clock, each);
    expect(seqs(seen)).toEqual(upTo(2));
    const seeks = [replay.seek(40_000), replay.seek(3_000), replay.seek(12_000), replay.seek(7_000)];
    expect(replay.state()).toMatchObject({ seeking: true, positionMs: 7_000 });
    for (const each of seeks) await done(clock, each);
    expect(seqs(seen)).toEqual(upTo(8));
    expect(replay.state()).toMatchObject({ seeking: false, positionMs: 7_000 });
  });

  it('goes on playing from where it was moved to', async () => {
    const { replay, clock, seen } = playing(seconds(50));
    replay.play();
    await clock.advance(1_500);
    await done(clock, replay.seek(30_500));
    await clock.advance(1_000);
    expect(seqs(seen)).toEqual(upTo(32));
    expect(replay.state().playing).toBe(true);
  });

  it('is at its end when it is moved beyond it', async () => {
    const { replay, clock, seen } = playing(seconds(5));
    await done(clock, replay.seek(1e9));
    expect(seen.length).toBe(5);
    expect(replay.state()).toMatchObject({ ended: true, positionMs: 4_000 });
    await done(clock, replay.seek(Number.NaN));
    expect(seqs(seen)).toEqual([1]);
  });

  it.each([0, 1e9])('shows the facts up to a moment wherever it came from, keeping %d bytes', async (kept) => {
    const times = fc.array(fc.nat(5_000), { minLength: 1, maxLength: 60 }).map((list) => list.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(times, fc.array(fc.nat(6_000), { maxLength: 5 }), async (ts, seeks) => {
        const facts = ts.map((t, index) => event(index + 1, t));
        const { replay, clock, seen } = playing(facts, kept);
        for (const t of seeks) {
          await done(clock, replay.seek(t));
          const target = Math.max(t, ts[0] ?? 0);
          expect(seen).toEqual(facts.filter((fact) => fact.t <= target));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('begins where a file does that begins in the middle of a session', async () => {
    const { replay, clock, seen } = playing(seconds(5).map((fact) => ({ ...fact, t: fact.t + 500_000 })));
    replay.play();
    await clock.advance(1_500);
    expect(seen.length).toBe(2);
    expect(replay.state()).toMatchObject({ startMs: 500_000, positionMs: 501_500, lengthMs: 504_000 });
  });

  it('goes on at the pace of a second session appended to the first', async () => {
    const facts = [event(1, 0), event(2, 60_000), event(1, 0), event(2, 1_000), event(3, 2_000)];
    const { replay, clock, seen } = playing(facts);
    await done(clock, replay.seek(59_500));
    replay.play();
    await clock.advance(1_000);
    expect(seen.length).toBe(3);
    await clock.advance(1_000);
    expect(seen.length).toBe(4);
  });

  it('passes over idle stretches when asked', async () => {
    const idle = Array.from({ length: 600 }, (_, index) => tick(index + 2, (index + 1) * 1_000));
    const facts = [event(1, 0), ...idle, event(602, 600_500), event(603, 601_500)];
    const { replay, clock, seen } = playing(facts);
    replay.setIdleSkip(true);
    replay.play();
    await clock.advance(3_000);
    expect(seen.at(-1)?.seq).toBe(602);
    await clock.advance(1_000);
    expect(seen.at(-1)?.seq).toBe(603);
    expect(replay.state()).toMatchObject({ idleSkip: true });
  });

  it('does nothing after it was stopped', async () => {
    const { replay, clock, seen } = playing(seconds(20));
    replay.play();
    await clock.advance(2_500);
    replay.stop();
    replay.play();
    void replay.seek(10_000);
    await clock.advance(60_000);
    expect(seen.length).toBe(3);
  });

  it('ends where the file cannot be read any more, and says why', async () => {
    const clock = new FakeClock();
    const seen: Fact[] = [];
    const recording = {
      async *facts() {
        yield seconds(2);
        throw new Error('EIO');
      },
      extent: () => Promise.reject(new Error('EIO')),
    };
    const options = {
      recording,
      clock,
      onReset: () => undefined,
      onFacts: (facts: Fact[]) => void seen.push(...facts),
    };
    const replay: Replay = createReplay(options);
    replay.play();
    await clock.advance(5_000);
    expect(seen.length).toBe(2);
    expect(replay.state()).toMatchObject({ ended: true, problem: 'EIO' });
  });

  it('can perform nothing: it has no way to take a command', () => {
    const { replay } = playing(seconds(1));
    expect('perform' in replay).toBe(false);
  });
});

describe('the facts of a recording', () => {
  it('are read once when they fit, again when they do not', async () => {
    for (const [kept, readings] of [
      [1e9, 1],
      [0, 3],
    ] as const) {
      const recording = reading(seconds(30));
      const source = new FactSource(recording, kept);
      for (let round = 0; round < 3; round += 1) {
        const facts: Fact[] = [];
        for (let index = 0; ; index += 1) {
          const batch = await source.batch(index);
          if (batch === null) break;
          expect(await source.batch(index)).toBe(batch);
          facts.push(...batch);
        }
        expect(seqs(facts)).toEqual(upTo(30));
      }
      expect(recording.readings()).toBe(readings);
    }
  });
});
