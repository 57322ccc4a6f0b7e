// How far the reading of a large recording has come, on standard error, while a person watches there; in a pipe nothing is said.

import { basename } from 'node:path';
import { safeText } from '../base/text.ts';
import type { Fact } from '../core/fact.ts';
import type { Lifetime } from '../recording/pieces.ts';
import type { PassingRecording } from '../recording/piped.ts';
import { passingLine } from './output.ts';

/** What takes less is over before anybody wonders. */
const QUIET_MS = 700;
const EVERY_MS = 250;
const MEGABYTE = 1e6;

/** `g.ndjson  42 %  310 MB/s`; of a pipe, whose length nobody knows, how much came. */
export function progressText(path: string, readBytes: number, sizeBytes: number, elapsedMs: number): string {
  const percent = Math.min(100, Math.floor((readBytes / Math.max(1, sizeBytes)) * 100));
  const far = sizeBytes === 0 ? `${(readBytes / MEGABYTE).toFixed(0)} MB` : `${String(percent).padStart(3)} %`;
  const rate = readBytes / MEGABYTE / Math.max(0.001, elapsedMs / 1_000);
  return `${safeText(basename(path))}  ${far}  ${rate.toFixed(0)} MB/s`;
}

/** The facts of a recording from its beginning, in batches. `lifetime`: whether frames' bytes last longer than their batch. */
export async function* readThrough(recording: PassingRecording, lifetime: Lifetime = 'kept'): AsyncGenerator<Fact[]> {
  if (!process.stderr.isTTY) return yield* recording.facts(lifetime);
  const beganMs = performance.now();
  let saidMs = Number.NEGATIVE_INFINITY;
  try {
    for await (const facts of recording.facts(lifetime)) {
      yield facts;
      const now = performance.now();
      if (now - beganMs < QUIET_MS || now - saidMs < EVERY_MS) continue;
      saidMs = now;
      passingLine(progressText(recording.path, recording.readBytes, recording.sizeBytes, now - beganMs));
    }
  } finally {
    if (saidMs > 0) passingLine('');
  }
}

/** What is under way where nobody can tell how far it is; an empty text takes the line away. */
export function underWay(text: string): void {
  if (process.stderr.isTTY) passingLine(text);
}
