// A named pipe in place of a file: read as it comes, however slowly, and not waited for where nobody writes.

import { execFileSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openOnce } from '../../src/app/pipe.ts';
import { frameAt, recordingOf } from '../recording/fixed.ts';
import { temporaryFolder } from '../recording/temporary.ts';

const FACTS = Array.from({ length: 500 }, (_, index) => frameAt(index + 1));

async function pipe(): Promise<string> {
  const file = join(await temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [file]);
  return file;
}

it('is read as it comes', async () => {
  const file = await pipe();
  const opening = openOnce(file);
  const writer = await open(file, 'w');
  const bytes = recordingOf(FACTS);
  // Half a header, then the rest: more than a pipe holds.
  await writer.write(bytes.subarray(0, 40));
  const written = writer.writeFile(bytes.subarray(40)).then(() => writer.close());
  const recording = await opening;
  if ('problem' in recording) throw new Error(recording.problem);
  const seqs: number[] = [];
  for await (const batch of recording.facts()) seqs.push(...batch.map(({ seq }) => seq));
  await written;
  expect(seqs).toEqual(FACTS.map(({ seq }) => seq));
  expect(recording.notes).toEqual([]);
});

it('that ends before anything came is one sentence', async () => {
  const file = await pipe();
  const opening = openOnce(file);
  const writer = await open(file, 'w');
  await writer.write('hello');
  await writer.close();
  expect(await opening).toEqual({ problem: expect.stringMatching(/pipe begins with hello; a recording/) });
});

it('that nobody writes into is one sentence', async () => {
  expect(await openOnce(await pipe(), 100)).toEqual({
    problem: expect.stringMatching(/pipe is a pipe that nobody writes into; start .* within 0\.1 s, or name a file\.$/),
  });
});
