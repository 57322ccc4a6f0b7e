// A recording through a pipe says what its file would, however the bytes come.

import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { openPiped } from '../../src/recording/piped.ts';
import { frameAt, recordingOf } from './fixed.ts';

const FACTS = Array.from({ length: 300 }, (_, index) => frameAt(index + 1));
const WHOLE = recordingOf(FACTS);

/** The bytes in pieces of these lengths, in turns. */
async function* inPieces(bytes: Buffer, lengths: readonly number[], onEnd = () => undefined): AsyncGenerator<Buffer> {
  try {
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const length = lengths[turn % lengths.length] ?? 1;
      yield bytes.subarray(at, at + length);
      at += length;
    }
  } finally {
    onEnd();
  }
}

describe('a recording through a pipe', () => {
  it.each([
    ['plain', (bytes: Buffer) => bytes],
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['zstd', (bytes: Buffer) => zstdCompressSync(bytes)],
  ] as const)('holds the same facts, whatever its pieces: %s', async (_name, pack) => {
    const packed = pack(WHOLE);
    const lengths = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(lengths, async (pieces) => {
        const recording = await openPiped('standard input', inPieces(packed, [3, 4_000, ...pieces]));
        if ('problem' in recording) throw new Error(recording.problem);
        const read = [];
        for await (const batch of recording.facts('passing')) read.push(...batch.map(({ seq }) => seq));
        expect(read).toEqual(FACTS.map(({ seq }) => seq));
        expect(recording.notes).toEqual([]);
        expect(recording.readBytes).toBe(packed.length);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['nothing', '', /ended before anything came/],
    ['a greeting', 'hello\n', /standard input begins with hello/],
    ['bytes', '\u0000\u0001', /binary file/],
  ])('that holds %s is refused in one sentence', async (_name, text, problem) => {
    const opened = await openPiped('standard input', inPieces(Buffer.from(text), [1]));
    expect(opened).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('is let go of by whoever has read enough', async () => {
    const ended = vi.fn<() => undefined>();
    const bytes = inPieces(WHOLE, [70_000], ended);
    const recording = await openPiped('standard input', bytes);
    if ('problem' in recording) throw new Error(recording.problem);
    for await (const _ of recording.facts()) break;
    expect(ended).toHaveBeenCalledTimes(1);
  });
});
