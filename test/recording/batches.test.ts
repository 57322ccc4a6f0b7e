// Reading on from a place: what comes is exactly what followed there, whatever the file is packed in.

import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import type { Place } from '../../src/recording/batches.ts';
import { encodeFact, encodeHeader } from '../../src/recording/codec.ts';
import type { Recording } from '../../src/recording/reader.ts';
import { frameAt, HEADER, tickAt } from './fixed.ts';
import { openBytes } from './temporary.ts';

const COUNT = 4_500;

function facts(): Fact[] {
  return Array.from({ length: COUNT }, (_, index) =>
    index % 3 === 0 ? tickAt(index + 1, index) : frameAt(index + 1, 900),
  );
}

/** Lines with a damaged one among them, in blocks that do not end with lines. */
function inBlocks(pack: (block: Buffer) => Buffer): Buffer {
  const lines = facts().map(encodeFact);
  lines.splice(700, 0, Buffer.from('nonsense\n'));
  const text = Buffer.concat([encodeHeader(HEADER), ...lines]);
  const blocks: Buffer[] = [];
  for (let at = 0; at < text.length; at += 500_000) blocks.push(pack(text.subarray(at, at + 500_000)));
  return Buffer.concat(blocks);
}

async function seqsFrom(recording: Recording, from?: Place): Promise<number[]> {
  const seqs: number[] = [];
  for await (const batch of recording.batches(from)) seqs.push(...batch.facts.map(({ seq }) => seq));
  return seqs;
}

describe('a place in a recording', () => {
  it.each([
    ['plain text', (block: Buffer) => block],
    ['gzip', (block: Buffer) => gzipSync(block, { level: 1 })],
    ['zstd', (block: Buffer) => zstdCompressSync(block)],
  ])('of %s is where reading goes on', async (_name, pack) => {
    const recording = await openBytes(inBlocks(pack));
    const all = await seqsFrom(recording);
    expect(all).toEqual(facts().map(({ seq }) => seq));
    let passed = 0;
    let places = 0;
    for await (const { facts: batch, next } of recording.batches()) {
      passed += batch.length;
      places += 1;
      expect(await seqsFrom(recording, structuredClone(next))).toEqual(all.slice(passed));
    }
    expect(places).toBeGreaterThan(4);
  });

  it.each([
    ['plain text', (block: Buffer) => block],
    ['zstd', (block: Buffer) => zstdCompressSync(block)],
  ])('of %s, read in passing, gives the same lines, however long they are', async (_name, pack) => {
    const lines = facts().map(encodeFact);
    // Over several pieces of the file.
    lines.splice(2_000, 0, encodeFact(frameAt(2_001, 1_500_000)));
    const text = Buffer.concat([encodeHeader(HEADER), ...lines]);
    const recording = await openBytes(pack(text));
    const passed = [encodeHeader(HEADER)];
    for await (const batch of recording.facts('passing')) passed.push(...batch.map(encodeFact));
    expect(Buffer.concat(passed).equals(text)).toBe(true);
    expect(recording.readBytes).toBe(recording.sizeBytes);
  });

  it('of zstd does not unpack what stands before it', async () => {
    const recording = await openBytes(inBlocks((block) => zstdCompressSync(block)));
    const places: Place[] = [];
    for await (const { next } of recording.batches()) places.push(next);
    const last = places.at(-1);
    expect(last?.restart.packedAt).toBeGreaterThan(recording.sizeBytes / 2);
  });
});
