// A folder of its own for a test, and recordings in it. (What needs no test runner is in fixed.ts.)

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { openRecording, type Recording } from '../../src/recording/reader.ts';

/** A new folder that goes when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cbscope-recording-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A file with these bytes, opened as a recording. */
export async function openBytes(bytes: Buffer, name = 'a.ndjson'): Promise<Recording> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, bytes);
  const recording = await openRecording(file);
  if ('problem' in recording) throw new Error(recording.problem);
  return recording;
}

/** Every fact of a recording. */
export async function allFacts(recording: Recording): Promise<Fact[]> {
  const facts: Fact[] = [];
  for await (const batch of recording.facts()) facts.push(...batch);
  return facts;
}
