// Bad input: whatever is done to a recording, it is one sentence or a partial view. Nothing throws, and nothing grows with what is wrong.

import { execFileSync } from 'node:child_process';
import { appendFile, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import { encodeFact, encodeHeader } from '../../src/recording/codec.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { Story } from '../support/story.ts';
import { frameAt, HEADER, recordingOf, tickAt } from './fixed.ts';
import { temporaryFolder } from './temporary.ts';

/** A short session with facts of many kinds. */
function session(): Fact[] {
  const story = new Story().begin();
  story.opens('public');
  story.asks('public', 'ticker', { products: ['BTC-USD'] });
  story.answers('time');
  story.answers('accounts', { status: 401, body: 'Unauthorized' });
  story.fails('orders', 'ECONNREFUSED');
  story.receives('public', Buffer.from([0xff, 0, 1]), true);
  story.tell({ fact: 'user.asked', action: 'mark', detail: 'here' });
  story.closes('public');
  story.tell({ fact: 'tick' });
  return story.facts;
}

type Seen = { problem: string } | { facts: Fact[]; notes: string[] };

/** Opens, reads, folds and shows it, as far as that goes. */
async function seen(file: string): Promise<Seen> {
  const recording = await openRecording(file);
  if ('problem' in recording) {
    expect(recording.problem).toMatch(/^[^\n]+\.$/);
    return recording;
  }
  const facts: Fact[] = [];
  const engine = new Engine();
  for await (const batch of recording.facts()) facts.push(...batch);
  for (const fact of facts) engine.replay(fact);
  takeSnapshot(engine, 'replay');
  const { firstT, lastT } = await recording.extent();
  expect(Number.isFinite(firstT) && Number.isFinite(lastT)).toBe(true);
  for (const note of recording.notes) expect(note).not.toMatch(/[\u0000-\u001f]/);
  return { facts, notes: recording.notes };
}

async function fileOf(bytes: Buffer): Promise<string> {
  const file = join(await temporaryFolder(), 'a');
  await writeFile(file, bytes);
  return file;
}

const seqs = (facts: readonly Fact[]): number[] => facts.map(({ seq }) => seq);

describe('a recording cut at any byte', () => {
  const facts = session();
  const whole = recordingOf(facts);

  it.each([
    ['plain', (bytes: Buffer) => bytes, 1],
    ['gzip', (bytes: Buffer) => gzipSync(bytes), 5],
    ['zstd', (bytes: Buffer) => zstdCompressSync(bytes), 5],
  ] as const)(
    'shows what came before: %s',
    async (_name, pack, step) => {
      const packed = pack(whole);
      const file = await fileOf(packed);
      for (let length = packed.length; length >= 0; length -= step) {
        await truncate(file, length);
        const result = await seen(file);
        if ('problem' in result) continue;
        expect(seqs(result.facts)).toEqual(seqs(facts.slice(0, result.facts.length)));
        expect(result.facts.length === facts.length || result.notes.length > 0 || length <= whole.length).toBe(true);
      }
      await truncate(file, 0);
      expect(await seen(file)).toMatchObject({ problem: expect.stringMatching(/is empty/) });
    },
    180_000,
  );
});

describe('a recording with flipped bytes', () => {
  const whole = recordingOf(session());

  it.each([
    ['plain', (bytes: Buffer) => bytes],
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['zstd', (bytes: Buffer) => zstdCompressSync(bytes)],
  ] as const)(
    'is a sentence or a partial view: %s',
    async (_name, pack) => {
      const packed = pack(whole);
      const file = await fileOf(packed);
      const flips = fc.array(fc.tuple(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 })), {
        minLength: 1,
        maxLength: 4,
      });
      await fc.assert(
        fc.asyncProperty(flips, async (places) => {
          const bytes = Buffer.from(packed);
          for (const [at, bits] of places) bytes.writeUInt8(bytes.readUInt8(at) ^ bits, at);
          await writeFile(file, bytes);
          await seen(file);
        }),
        { numRuns: 250 },
      );
    },
    180_000,
  );
});

describe('a recording with', () => {
  it.each([
    ['another kind of version', '"1"'],
    ['version nought', '0'],
    ['half a version', '1.5'],
    ['no version', 'null'],
    ['a list for a version', '[1]'],
    ['a later version', '2'],
    ['a much later version', '1e300'],
  ])('%s is refused in one sentence', async (_name, version) => {
    const header = encodeHeader(HEADER).toString().replace('"version":1', `"version":${version}`);
    expect(await seen(await fileOf(Buffer.from(header)))).toMatchObject({ problem: expect.stringMatching(/version/) });
  });

  it('NULs where a crash of the machine left them is read around them', async () => {
    const nuls = Buffer.alloc(10_000);
    const bytes = Buffer.concat([recordingOf([tickAt(1, 1)]), nuls, Buffer.from('\n'), encodeFact(tickAt(2, 2)), nuls]);
    const result = await seen(await fileOf(bytes));
    if ('problem' in result) throw new Error(result.problem);
    expect(seqs(result.facts)).toEqual([1, 2]);
    expect(result.notes.length).toBe(2);
  });

  it('one line of 200 MB is read around it, in little memory', async () => {
    const file = await fileOf(recordingOf([tickAt(1, 1)]));
    const handle = await open(file, 'a');
    for (let count = 0; count < 200; count += 1) await handle.write(Buffer.alloc(1024 * 1024, 'x'));
    await handle.write(Buffer.concat([Buffer.from('\n'), encodeFact(tickAt(2, 2))]));
    await handle.close();
    const before = process.memoryUsage().rss;
    const result = await seen(file);
    if ('problem' in result) throw new Error(result.problem);
    expect(seqs(result.facts)).toEqual([1, 2]);
    expect(result.notes.join()).toMatch(/1 line was skipped as longer than 64 MB/);
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 1024 * 1024);
  }, 60_000);

  it('a first line that never ends is refused after a megabyte of it', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"format":"cbscope-recording","x":"'),
      Buffer.alloc(3 * 1024 * 1024, 'x'),
    ]);
    expect(await seen(await fileOf(bytes))).toMatchObject({
      problem: expect.stringMatching(/cut short inside its first line/),
    });
  });
});

describe('a file that is no file at rest', () => {
  it('as a FIFO is refused at once', async () => {
    const file = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [file]);
    expect(await seen(file)).toMatchObject({ problem: expect.stringMatching(/is not a regular file/) });
  });

  it('as a device is refused at once', async () => {
    expect(await seen('/dev/zero')).toMatchObject({ problem: expect.stringMatching(/is not a regular file/) });
  });

  it('that grows while it is read shows whole facts in their order', async () => {
    const file = await fileOf(recordingOf(Array.from({ length: 3_000 }, (_, index) => frameAt(index + 1))));
    const recording = await openRecording(file);
    if ('problem' in recording) throw new Error(recording.problem);
    const read: number[] = [];
    let next = 3_001;
    for await (const batch of recording.facts()) {
      read.push(...seqs(batch));
      const line = encodeFact(frameAt(next));
      // Half a line, and the rest of it with the next one.
      if (next < 3_020) await appendFile(file, Buffer.concat([line, encodeFact(frameAt(next + 1)).subarray(0, 40)]));
      if (next < 3_020) await appendFile(file, encodeFact(frameAt(next + 1)).subarray(40));
      next += 2;
    }
    expect(read.length).toBeGreaterThanOrEqual(3_000);
    expect(read).toEqual(Array.from({ length: read.length }, (_, index) => index + 1));
  });

  it('that is cut off while it is read shows what was read', async () => {
    const file = await fileOf(recordingOf(Array.from({ length: 3_000 }, (_, index) => frameAt(index + 1))));
    const recording = await openRecording(file);
    if ('problem' in recording) throw new Error(recording.problem);
    const read: number[] = [];
    for await (const batch of recording.facts()) {
      if (read.length === 0) await truncate(file, 1_000);
      read.push(...seqs(batch));
    }
    expect(read.length).toBeGreaterThan(0);
    expect(read).toEqual(Array.from({ length: read.length }, (_, index) => index + 1));
  });
});
