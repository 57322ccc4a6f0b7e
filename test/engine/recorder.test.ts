// What a session keeps of itself: recordings in one file or several, begun whenever, each of which can be read by itself and tells nothing
// false; together they hold every fact.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { Recorder } from '../../src/engine/recorder.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { numberedFile, type Rotation } from '../../src/recording/rotating-writer.ts';
import { allFacts, temporaryFolder } from '../recording/temporary.ts';
import { Story } from '../support/story.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Everything recorded so far is in a file, and the next one is open if it was due. */
async function written(recorder: Recorder): Promise<void> {
  recorder.cutAround(0, 0);
  do await turn();
  while (recorder.backlogBytes > 0);
}

/** A story whose facts go to a recorder as a session's do. */
async function recording(rotation?: Rotation) {
  const folder = await temporaryFolder();
  const story: Story = new Story((fact) => recorder.record(fact));
  const recorder: Recorder = new Recorder(story.engine, {
    mode: 'live',
    version: 'test',
    stamps: { wallMs: () => story.serverMs, monotonicMs: () => story.t },
    nameFile: (what) => join(folder, `${what}.ndjson`),
    ...(rotation === undefined ? {} : { rotation }),
  });
  return { folder, story, recorder };
}

async function read(file: string): Promise<{ facts: Fact[]; raised: string[]; partial: boolean }> {
  const opened = await openRecording(file);
  if ('problem' in opened) throw new Error(opened.problem);
  const facts = await allFacts(opened);
  expect(opened.notes).toEqual([]);
  const engine = new Engine();
  for (const fact of facts) engine.replay(fact);
  return { facts, raised: [...engine.book.history.keys()], partial: opened.header.partial };
}

describe('a recording', () => {
  it.each([
    ['a size', { bytes: 60_000, ms: null }, '.ndjson'],
    ['an age', { bytes: null, ms: 20_000 }, '.ndjson.zst'],
  ] as const)('goes on in a next file at %s, without losing a fact', async (_name, rotation, ending) => {
    const { folder, story, recorder } = await recording(rotation);
    const first = join(folder, `a${ending}`);
    expect(await recorder.openFirst(first)).toBeNull();
    story.up();
    for (let second = 0; second < 120; second += 1) {
      story.advance(1_000);
      await written(recorder);
    }
    const last = recorder.file ?? '';
    await recorder.stop();
    const seqs: number[] = [];
    let number = 1;
    for (; ; number += 1) {
      const file = number === 1 ? first : numberedFile(first, number);
      const { facts, raised, partial } = await read(file);
      expect(raised).toEqual([]);
      expect(partial).toBe(number > 1);
      if (number > 1)
        expect(facts.slice(0, 3).map(({ fact }) => fact)).toEqual([
          'session.started',
          'key.inspected',
          'session.resumed',
        ]);
      seqs.push(...(number === 1 ? facts : facts.slice(3)).map(({ seq }) => seq));
      if (file === last) break;
    }
    expect(number).toBeGreaterThan(3);
    expect(seqs).toEqual(story.facts.map(({ seq }) => seq));
  });

  it('begun in the middle, or of the last minutes, raises nothing false', async () => {
    const { story, recorder } = await recording();
    story.up();
    story.advance(700_000);
    const saved = await recorder.saveWindow();
    const begun = await recorder.begin();
    story.advance(30_000);
    expect(await recorder.end()).toMatchObject({ ok: true });
    for (const outcome of [saved, begun]) {
      const file = outcome.ok ? (outcome.path ?? '') : '';
      const { facts, raised, partial } = await read(file);
      expect([file, raised, partial]).toEqual([file, [], true]);
      expect(facts[2]).toMatchObject({ fact: 'session.resumed', sockets: [{ state: 'open' }, { state: 'open' }] });
    }
  });

  it('begun or saved while facts keep coming misses none of them', async () => {
    const { story, recorder } = await recording();
    story.up();
    story.advance(60_000);
    const outcomes = Promise.all([recorder.begin(), recorder.saveWindow()]);
    let isOver = false;
    void outcomes.then(() => (isOver = true));
    for (; !isOver; await turn()) story.advance(1_000);
    story.advance(5_000);
    const ended = await recorder.end();
    for (const outcome of [ended, ...(await outcomes)]) {
      const { facts } = await read(outcome.ok ? (outcome.path ?? '') : '');
      const seqs = facts.map(({ seq }) => seq);
      expect(seqs).toEqual(story.facts.slice(0, seqs.length).map(({ seq }) => seq));
      expect(seqs.length).toBeGreaterThan(100);
    }
    const begun = await read(ended.ok ? (ended.path ?? '') : '');
    expect(begun.facts.at(-1)?.fact).toBe('recording.stopped');
  });

  it('goes on in its file when the next cannot be opened', async () => {
    const { folder, story, recorder } = await recording({ bytes: 20_000, ms: null });
    const first = join(folder, 'a.ndjson');
    await recorder.openFirst(first);
    // A directory stands where the next file should be.
    await mkdir(numberedFile(first, 2));
    story.up();
    for (let second = 0; second < 30; second += 1) {
      story.advance(1_000);
      await written(recorder);
    }
    await recorder.stop();
    const seqs = (await read(first)).facts.map(({ seq }) => seq);
    for (let number = 3; ; number += 1) {
      const file = numberedFile(first, number);
      seqs.push(...(await read(file)).facts.slice(3).map(({ seq }) => seq));
      if (file === recorder.file) break;
    }
    expect(seqs).toEqual(story.facts.map(({ seq }) => seq));
  });
});

it.each([
  ['a.ndjson', 'a-2.ndjson'],
  ['a.ndjson.zst', 'a-2.ndjson.zst'],
  ['a.b.gz', 'a.b-2.gz'],
  ['recording', 'recording-2'],
  ['dir.d/a', 'dir.d/a-2'],
])('the second file of %s is %s', (file, second) => {
  expect(numberedFile(file, 2)).toBe(second);
});
