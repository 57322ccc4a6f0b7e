// Reading recordings, whole and damaged: what cannot be one is one sentence, what is damaged in one is a note.

import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { encodeFact, encodeHeader } from '../../src/recording/codec.ts';
import { LineSplitter } from '../../src/recording/line-splitter.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { fact } from './arbitrary-facts.ts';
import { frameAt, HEADER, recordingOf, tickAt } from './fixed.ts';
import { allFacts, openBytes, temporaryFolder } from './temporary.ts';

const frames = (count: number) => Array.from({ length: count }, (_, index) => frameAt(index + 1));

/** Blocks of 50 facts, each compressed by itself. */
function inBlocks(count: number, pack: (block: Buffer) => Buffer): Buffer[] {
  const all = frames(count);
  const blocks = [pack(encodeHeader(HEADER))];
  for (let at = 0; at < count; at += 50) blocks.push(pack(Buffer.concat(all.slice(at, at + 50).map(encodeFact))));
  return blocks;
}

describe('a recording', () => {
  it('is read in order, over the edges of every piece', async () => {
    const recording = await openBytes(recordingOf(frames(4_000)));
    expect(recording.header).toEqual(HEADER);
    expect(await allFacts(recording)).toEqual(frames(4_000));
    expect(recording.notes).toEqual([]);
    expect(await recording.extent()).toEqual({ firstT: 10, lastT: 40_000 });
  });

  it('of the middle of a session begins where that is, not where the session did', async () => {
    const resumed: Fact = {
      ...{ seq: 900, at: 1_795_378_446_000, t: 500_000, fact: 'session.resumed', note: '' },
      ...{ sockets: [], clock: null, uiShows: null, openFindings: [] },
    };
    const recording = await openBytes(recordingOf([tickAt(1, 0), resumed, tickAt(901, 501_000)]));
    expect(await recording.extent()).toEqual({ firstT: 500_000, lastT: 501_000 });
  });

  it('is read again from the beginning', async () => {
    const recording = await openBytes(recordingOf(frames(3)));
    expect(await allFacts(recording)).toEqual(await allFacts(recording));
  });

  it('may hold nothing but its header, with or without the end of the line', async () => {
    for (const bytes of [recordingOf([]), recordingOf([]).subarray(0, -1)]) {
      const recording = await openBytes(bytes);
      expect(await allFacts(recording)).toEqual([]);
      expect(await recording.extent()).toEqual({ firstT: 0, lastT: 0 });
    }
  });

  it('keeps unknown fields of its header', async () => {
    const recording = await openBytes(Buffer.from(`${JSON.stringify({ ...HEADER, host: 'a' })}\n`));
    expect(recording.header['host']).toBe('a');
  });

  it('may have a header that says no more than what it is', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"format":"cbscope-recording","version":1}\n'),
      ...frames(2).map(encodeFact),
    ]);
    const recording = await openBytes(bytes);
    expect(recording.header).toMatchObject({ tool: 'unknown', mode: 'live', partial: false });
    expect(await allFacts(recording)).toEqual(frames(2));
  });

  it.each([
    ['gzip', gzipSync, 'a.gz'],
    ['zstd', zstdCompressSync, 'a.zst'],
    ['zstd', zstdCompressSync, 'named-otherwise'],
  ] as const)('is read from blocks of %s, told by content', async (compression, pack, name) => {
    const recording = await openBytes(Buffer.concat(inBlocks(2_000, (block) => pack(block))), name);
    expect(recording.compression).toBe(compression);
    expect(await allFacts(recording)).toEqual(frames(2_000));
    expect(recording.notes).toEqual([]);
    const { firstT, lastT } = await recording.extent();
    expect(firstT).toBe(10);
    // Its end is only known when it was read.
    expect(lastT).toBeGreaterThan(10);
  });

  it('is read from one big block of another program', async () => {
    for (const pack of [gzipSync, zstdCompressSync]) {
      const recording = await openBytes(pack(recordingOf(frames(5_000))));
      expect((await allFacts(recording)).length).toBe(5_000);
    }
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('of %s that is cut anywhere gives what came before', async (_name, pack) => {
    const blocks = inBlocks(200, (block) => pack(block));
    const whole = Buffer.concat(blocks);
    const last = blocks.at(-1)?.length ?? 0;
    for (const cut of [1, 5, last - 3, last - 12]) {
      const recording = await openBytes(whole.subarray(0, whole.length - cut));
      const facts = await allFacts(recording);
      expect(facts.length).toBeGreaterThanOrEqual(150);
      expect(facts).toEqual(frames(facts.length));
      expect(recording.notes.join()).toContain('cut short');
    }
  });

  it.each([
    ['gzip', (block: Buffer) => gzipSync(block, { level: 0 })],
    ['gzip', (block: Buffer) => gzipSync(block)],
    ['zstd', (block: Buffer) => zstdCompressSync(block)],
  ] as const)('of %s that is damaged in the middle lacks what stood there, and says so', async (_name, pack) => {
    for (const [at, length] of [
      [0, 4],
      [20, 9],
      [3, 5],
    ] as const) {
      const blocks = inBlocks(3_000, pack);
      blocks[30]?.fill(0xa5, at, at + length);
      const recording = await openBytes(Buffer.concat(blocks));
      const seqs = (await allFacts(recording)).map(({ seq }) => seq);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      // The block, and the one before it if the damage hid where the block began.
      expect(seqs.length).toBeGreaterThanOrEqual(3_000 - 2 * 50);
      expect([seqs[0], seqs.at(-1)]).toEqual([1, 3_000]);
      expect(recording.notes.at(-1)).toMatch(
        /^The compressed file is damaged in one place after line \d+ \(\w+\): .* missing/,
      );
    }
  });

  it.each([
    ['gzip', (block: Buffer) => gzipSync(block)],
    ['zstd', (block: Buffer) => zstdCompressSync(block)],
  ] as const)('of %s that is damaged in its last block gives what came before, and says so', async (_name, pack) => {
    const blocks = inBlocks(2_000, pack);
    blocks.at(-1)?.fill(0xa5, 15, 40);
    const recording = await openBytes(Buffer.concat(blocks));
    const facts = await allFacts(recording);
    expect(facts.length).toBeLessThanOrEqual(1_950);
    expect(facts).toEqual(frames(facts.length));
    expect(recording.notes).toEqual([expect.stringMatching(/cannot be unpacked further \(\w+\) after line \d+/)]);
  });

  it('of gzip that is padded with zeros, as tapes and block devices leave it, is whole', async () => {
    for (const padding of [1, 512, 300_000]) {
      const recording = await openBytes(Buffer.concat([gzipSync(recordingOf(frames(300))), Buffer.alloc(padding)]));
      expect(await allFacts(recording)).toEqual(frames(300));
      expect(recording.notes).toEqual([]);
    }
  });

  it('with a torn last line is read up to there, wherever it tore', async () => {
    const whole = recordingOf([frameAt(1), tickAt(2, 20)]);
    const last = encodeFact(tickAt(2, 20)).length;
    for (let cut = 1; cut <= last; cut += 1) {
      const recording = await openBytes(whole.subarray(0, whole.length - cut));
      const facts = await allFacts(recording);
      // Only the newline is missing: nothing of the fact is.
      expect(facts.length).toBe(cut === 1 ? 2 : 1);
      expect(recording.notes.length).toBe(cut === 1 || cut === last ? 0 : 1);
      if (recording.notes.length > 0)
        expect(recording.notes[0]).toMatch(/^The last line \(3\) is cut short after \d+ bytes/);
    }
  });

  it('with damaged, unknown and empty lines is read around them', async () => {
    const lines = [
      'nonsense',
      '{"seq":3}',
      '',
      '{"seq":4,"at":"2026-11-22T20:14:00Z","t":4,"fact":"moon.rose"}',
      '{"seq":',
    ];
    const bytes = Buffer.concat([
      recordingOf([frameAt(1)]),
      Buffer.from(`${lines.join('\n')}\n`),
      encodeFact(frameAt(9)),
    ]);
    const recording = await openBytes(bytes);
    expect((await allFacts(recording)).map(({ seq }) => seq)).toEqual([1, 9]);
    expect(recording.notes).toEqual([
      '3 lines were skipped as damaged, the first is line 3: not one JSON object.',
      '1 line was skipped: this version does not know the facts "moon.rose".',
    ]);
  });

  it('behind the byte order mark of an editor is read, with its line ends', async () => {
    const edited = recordingOf(frames(3)).toString().replaceAll('\n', '\r\n');
    const recording = await openBytes(Buffer.from(`\ufeff${edited}`));
    expect(await allFacts(recording)).toEqual(frames(3));
    expect(recording.notes).toEqual([]);
  });

  it('joined of several files is read as one', async () => {
    const recording = await openBytes(Buffer.concat([recordingOf(frames(2)), recordingOf(frames(1))]));
    expect((await allFacts(recording)).map(({ seq }) => seq)).toEqual([1, 2, 1]);
    expect(recording.notes).toEqual([]);
  });

  it('that vanishes gives what was read, and says so', async () => {
    const recording = await openBytes(recordingOf(frames(2)));
    await rm(recording.path);
    expect(await allFacts(recording)).toEqual([]);
    expect(recording.notes).toEqual([expect.stringContaining('could not be read further than line 0 (ENOENT)')]);
  });

  it('survives any bytes behind its header', async () => {
    const tail = fc.oneof(fc.uint8Array({ maxLength: 300 }), fact.map(encodeFact));
    await fc.assert(
      fc.asyncProperty(fc.array(tail, { maxLength: 5 }), async (parts) => {
        const file = join(await temporaryFolder(), 'a');
        await writeFile(file, Buffer.concat([recordingOf([]), ...parts]));
        const recording = await openRecording(file);
        if (!('problem' in recording)) await allFacts(recording);
      }),
      { numRuns: 30 },
    );
  });
});

it('lines longer than the bound are dropped, not held', () => {
  const taken: string[] = [];
  let tooLong = 0;
  const splitter = new LineSplitter({ line: (line) => taken.push(line.toString()), tooLong: () => (tooLong += 1) }, 8);
  for (const piece of ['one\ntw', 'o\n123456789', '0', '12\nthree\n12345678\n123456789\nend-of-it-all'])
    splitter.push(Buffer.from(piece));
  expect(splitter.rest().length).toBe(0);
  expect([taken, tooLong]).toEqual([['one', 'two', 'three', '12345678'], 3]);
});

describe('what is no recording', () => {
  const foreign: [string, Buffer | string, RegExp][] = [
    ['empty', '', /is empty; a recording made by cbscope was expected/],
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]), /is a binary file/],
    ['latin1', Buffer.from([0x41, 0xe9, 0xe8, 0x0a, 0xe9, 0x41, 0x41, 0x41, 0x41, 0x41]), /is a binary file/],
    ['text', 'hello there\nworld\n', /begins with hello there; a recording/],
    ['JSON lines', '{"a":1}\n', /begins with \{"a":1\}; a recording/],
    ['a HAR', '{\n "log": {"version": "1.2"}}', /is a HAR capture.* cbscope import/],
    ['future', JSON.stringify({ ...HEADER, version: 7 }), /of version 7.*reads up to version 1/],
    ['odd header', JSON.stringify({ ...HEADER, at: 'noon', mode: 1 }), /header whose at, mode cannot be read/],
    ['torn header', JSON.stringify(HEADER).slice(0, 60), /cut short inside its first line/],
    ['control characters', '\u001b[31mred\n', /begins with ␛\[31mred/],
    ['compressed text', gzipSync('hello\n'), /begins with hello/],
    ['broken gzip', Buffer.from([0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9]), /gzip data that cannot be unpacked/],
  ];

  it.each(foreign)('is named in one sentence: %s', async (_name, bytes, sentence) => {
    const file = join(await temporaryFolder(), 'given.ndjson');
    await writeFile(file, bytes);
    const opened = await openRecording(file);
    expect(opened).toEqual({ problem: expect.stringMatching(sentence) });
    if ('problem' in opened) expect(opened.problem).toMatch(/given\.ndjson.*[^\n]$/);
  });

  it('is named in one sentence: missing, directory, unreadable', async () => {
    const folder = await temporaryFolder();
    const locked = join(folder, 'locked');
    await mkdir(join(folder, 'sub'));
    await writeFile(locked, recordingOf([]));
    await chmod(locked, 0);
    expect(await openRecording(join(folder, 'none'))).toEqual({
      problem: expect.stringMatching(/none does not exist; a recording/),
    });
    expect(await openRecording(join(folder, 'sub'))).toEqual({
      problem: expect.stringMatching(/sub is a directory; a recording/),
    });
    expect(await openRecording(join(locked, 'x'))).toEqual({ problem: expect.stringMatching(/ENOTDIR/) });
    // Whoever runs as root may read everything.
    if (process.getuid?.() !== 0)
      expect(await openRecording(locked)).toEqual({ problem: expect.stringMatching(/no permission/) });
  });
});
