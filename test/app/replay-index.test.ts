// Keyframes: wherever a replay is moved to, it shows what folding every fact up to there would show.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Keyframe, Keyframes } from '../../src/app/keyframes.ts';
import { ReplayIndex } from '../../src/app/replay-index.ts';
import type { Fact } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import { systemClock } from '../../src/feed/clock.ts';
import { createReplay, type Replay } from '../../src/feed/replay.ts';
import { type Batch, type Place, START } from '../../src/recording/batches.ts';
import type { Recording } from '../../src/recording/reader.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { summary } from '../../src/report/line.ts';
import { HEADER, recordingOf } from '../recording/fixed.ts';
import { temporaryFolder } from '../recording/temporary.ts';
import { seededStory } from '../support/seeded-story.ts';

function told(engine: Engine): string {
  const history = summary(engine.model, engine.verdict, engine.book.history.values(), true);
  return JSON.stringify([history, takeSnapshot(engine, 'replay')]);
}

function folded(facts: readonly Fact[]): Engine {
  const engine = new Engine();
  for (const fact of facts) engine.replay(fact);
  return engine;
}

async function opened(facts: Fact[], pack: (bytes: Buffer) => Buffer): Promise<Recording> {
  const file = join(await temporaryFolder(), 'a');
  await writeFile(file, pack(recordingOf(facts)));
  const recording = await openRecording(file);
  if ('problem' in recording) throw new Error(recording.problem);
  return recording;
}

/** A keyframe after every batch, whatever the work. */
function dense(): Keyframes {
  const keyframes = new Keyframes();
  keyframes.workBetween = 0;
  return keyframes;
}

interface Wound {
  replay: Replay;
  engine: () => Engine;
  jumps: () => number;
}

function wound(recording: Recording, index: ReplayIndex): Wound {
  let engine = new Engine();
  let jumps = 0;
  const replay = createReplay<Keyframe>({
    recording,
    clock: systemClock,
    checkpoints: index.keyframes,
    onReset: async (from) => {
      if (from !== null) jumps += 1;
      engine = from === null ? new Engine() : await index.thaw(from);
    },
    onFacts: (facts) => {
      for (const fact of facts) engine.replay(fact);
    },
  });
  return { replay, engine: () => engine, jumps: () => jumps };
}

/** Every fact up to the first one behind `t`. */
function upTo(facts: readonly Fact[], t: number): readonly Fact[] {
  const end = facts.findIndex((fact) => fact.t > t);
  return end < 0 ? facts : facts.slice(0, end);
}

const BATCH = 37;

/** Facts in memory, in small batches: a place is the number of facts before it. */
function inMemory(facts: readonly Fact[]): Recording {
  async function* batches(from: Place = START): AsyncGenerator<Batch> {
    for (let at = from.at; at < facts.length; at += BATCH) {
      const end = Math.min(facts.length, at + BATCH);
      yield { facts: facts.slice(at, end), next: { ...START, at: end, line: end }, readBytes: end };
    }
  }
  async function* all(): AsyncGenerator<Fact[]> {
    for await (const batch of batches()) yield batch.facts;
  }
  const extent = async () => ({ firstT: facts[0]?.t ?? 0, lastT: facts.at(-1)?.t ?? 0 });
  const about = { path: 'memory', header: HEADER, sizeBytes: facts.length, compression: 'none', notes: [] } as const;
  return { ...about, notes: [], readBytes: 0, facts: all, batches, extent };
}

/** Moves there, one after the other, and compares with folding from the start; how often a keyframe was used. */
async function compare(facts: readonly Fact[], recording: Recording, parts: readonly number[]): Promise<number> {
  const index = new ReplayIndex(recording, { keyframes: dense() });
  await index.run();
  const { replay, engine, jumps } = wound(recording, index);
  for (const part of parts) {
    const t = Math.max(0, part * (facts.at(-1)?.t ?? 0));
    await replay.seek(t);
    expect(told(engine()) === told(folded(upTo(facts, t)))).toBe(true);
  }
  await replay.step(-1);
  await replay.step(-1);
  expect(told(engine()) === told(folded(facts.slice(0, engine().model.seq)))).toBe(true);
  replay.stop();
  return jumps();
}

describe('a seek from any keyframe', () => {
  it('shows what folding from the start shows', async () => {
    const seeks = fc.array(fc.nat(1_050), { minLength: 2, maxLength: 5 });
    let jumps = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), seeks, async (seed, parts) => {
        const { facts } = seededStory(seed);
        jumps += await compare(
          facts,
          inMemory(facts),
          [1_000, ...parts].map((permille) => permille / 1_000),
        );
      }),
      { numRuns: 12 },
    );
    expect(jumps).toBeGreaterThan(10);
  }, 60_000);

  it.each([
    ['plain', (bytes: Buffer) => bytes],
    ['zstd', (bytes: Buffer) => zstdCompressSync(bytes)],
  ])(
    'shows it of a file too: %s',
    async (_name, pack) => {
      const { facts } = seededStory(7, 250);
      const recording = await opened(facts, pack);
      expect(await compare(facts, recording, [0.9, 0.2, 1, 0.65, 0.6])).toBeGreaterThan(2);
    },
    30_000,
  );

  it('shows what was known at the end of a first session and in a second one behind it', async () => {
    const first = seededStory(3, 40).facts;
    const second = seededStory(4, 40).facts;
    const facts = [...first, ...second];
    const recording = inMemory(facts);
    const index = new ReplayIndex(recording, { keyframes: dense() });
    await index.run();
    expect(index.isOneSession).toBe(false);
    const { replay, engine } = wound(recording, index);
    for (const t of [1e9, 20_000, (first.at(-1)?.t ?? 0) - 1, 1e9, 5_000]) {
      await replay.seek(t);
      expect(told(engine()) === told(folded(upTo(facts, t)))).toBe(true);
    }
    replay.stop();
  });
});

describe('the pass over a recording', () => {
  it('gathers findings, closes and marks in the order of time', async () => {
    const { facts } = seededStory(11, 40);
    const recording = await opened(facts, (bytes) => bytes);
    const index = new ReplayIndex(recording);
    await index.run();
    expect(index.isComplete).toBe(true);
    expect(index.progress).toBe(1);
    expect(index.reachT).toBe(facts.at(-1)?.t);
    const times = index.markers.map(({ t }) => t);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const marks = facts.filter((fact) => fact.fact === 'user.asked' && fact.action === 'mark');
    expect(index.markers.filter(({ label }) => label === 'here').length).toBe(marks.length);
  });

  it('keeps within its memory by letting every second keyframe go', async () => {
    const { facts } = seededStory(5, 60);
    const keyframes = new Keyframes(400_000);
    keyframes.workBetween = 1;
    const index = new ReplayIndex(inMemory(facts), { keyframes });
    await index.run();
    expect(keyframes.workBetween).toBeGreaterThan(1);
    expect(keyframes.bytes).toBeLessThan(400_000);
    expect(keyframes.all.length).toBeGreaterThan(0);
  });
});
