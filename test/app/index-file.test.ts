// The index kept beside a recording: with it everything is as with a pass over the file; whatever is wrong with it, it is as if there were none.

import { appendFile, chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { indexFileOf } from '../../src/app/index-file.ts';
import { Keyframes } from '../../src/app/keyframes.ts';
import { ReplayIndex } from '../../src/app/replay-index.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import { openRecording, type Recording } from '../../src/recording/reader.ts';
import { recordingOf } from '../recording/fixed.ts';
import { temporaryFolder } from '../recording/temporary.ts';
import { seededStory } from '../support/seeded-story.ts';

const FACTS: Fact[] = seededStory(21, 120).facts;

beforeEach(async () => {
  process.env['XDG_CACHE_HOME'] = await temporaryFolder();
});

async function fileOf(facts: Fact[]): Promise<string> {
  const file = join(await temporaryFolder(), 'a.ndjson');
  await writeFile(file, recordingOf(facts));
  return file;
}

async function opened(file: string): Promise<Recording> {
  const recording = await openRecording(file);
  if ('problem' in recording) throw new Error(recording.problem);
  return recording;
}

/** An index of the file, and whether the file had to be passed over for it. */
async function indexed(file: string): Promise<{ index: ReplayIndex; passed: boolean }> {
  const recording = await opened(file);
  let passed = false;
  const watched: Recording = {
    path: recording.path,
    header: recording.header,
    sizeBytes: recording.sizeBytes,
    compression: recording.compression,
    notes: recording.notes,
    readBytes: 0,
    facts: () => recording.facts(),
    extent: () => recording.extent(),
    batches: (from, into, lifetime) => {
      passed ||= from === undefined || from.at === 0;
      return recording.batches(from, into, lifetime);
    },
  };
  const keyframes = new Keyframes();
  keyframes.workBetween = 0;
  const index = new ReplayIndex(watched, { keptFromBytes: 0, keyframes });
  await index.run();
  const wasPassed = passed;
  return { index, passed: wasPassed };
}

const shown = (engine: Engine): string => JSON.stringify(takeSnapshot(engine, 'replay'));

describe('an index beside a recording', () => {
  it('spares the pass, and gives the same', async () => {
    const file = await fileOf(FACTS);
    const first = await indexed(file);
    expect(first.passed).toBe(true);
    expect((await stat(indexFileOf(file))).mode & 0o777).toBe(0o600);
    const second = await indexed(file);
    expect(second.passed).toBe(false);
    const told = ({ index }: typeof first) => [
      index.markers,
      index.reachT,
      index.isOneSession,
      index.notes,
      index.opening,
    ];
    expect(told(second)).toEqual(told(first));
    expect(second.index.checkpoints.bySeq()).toEqual(first.index.checkpoints.bySeq());
    const [all, again] = [first.index.keyframes.all, second.index.keyframes.all];
    expect(again.length).toBe(all.length);
    for (const [number, keyframe] of all.entries()) {
      const stored = again[number];
      if (stored === undefined) throw new Error('a keyframe is missing');
      expect(stored.place).toEqual(keyframe.place);
      expect(shown(await second.index.thaw(stored)) === shown(await first.index.thaw(keyframe))).toBe(true);
    }
    expect(second.index.keyframes.bytes).toBe(first.index.keyframes.bytes);
    expect(await readdir(dirname(file))).toEqual(['a.ndjson', 'a.ndjson.cbscope-index']);
  });

  const spoilings: [string, (file: string) => Promise<unknown>][] = [
    ['the recording grew', (file) => appendFile(file, '\n')],
    ['the recording was written anew', async (file) => utimes(file, new Date(), new Date(1_000_000))],
    [
      'a byte of the recording changed',
      async (file) => {
        const { atime, mtime } = await stat(file);
        const bytes = await readFile(file);
        bytes.write('7', 200);
        await writeFile(file, bytes);
        await utimes(file, atime, mtime);
      },
    ],
    [
      'a byte of the index changed',
      async (file) => {
        const bytes = await readFile(indexFileOf(file));
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 1, bytes.length - 9);
        await writeFile(indexFileOf(file), bytes);
      },
    ],
    [
      'the index is cut short',
      async (file) => writeFile(indexFileOf(file), (await readFile(indexFileOf(file))).subarray(0, 20)),
    ],
    ['the index is empty', async (file) => writeFile(indexFileOf(file), '')],
    [
      'it was made on another machine',
      async () => {
        process.env['XDG_CACHE_HOME'] = await temporaryFolder();
      },
    ],
  ];

  it.each(spoilings)('is not believed when %s', async (_name, spoil) => {
    const file = await fileOf(FACTS);
    await indexed(file);
    await spoil(file);
    const { index, passed } = await indexed(file);
    expect(passed).toBe(true);
    expect(index.isComplete).toBe(true);
    // It was made anew.
    expect((await indexed(file)).passed).toBe(false);
  });

  it('is done without where it cannot be written', async () => {
    const file = await fileOf(FACTS);
    await mkdir(indexFileOf(file));
    expect((await indexed(file)).index.isComplete).toBe(true);
    expect(await readdir(dirname(file))).toEqual(['a.ndjson', 'a.ndjson.cbscope-index']);
    const folder = await temporaryFolder();
    process.env['XDG_CACHE_HOME'] = folder;
    await chmod(folder, 0o500);
    expect((await indexed(file)).index.isComplete).toBe(true);
  });
});
