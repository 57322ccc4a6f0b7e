// Cuts a window out of a recording: the lines of some span, with the opening facts in front, as a recording of its own.

import type { Fact } from '../core/fact.ts';
import { encodeFact } from '../recording/codec.ts';
import type { RecordingHeader } from '../recording/format.ts';
import { openRecording } from '../recording/reader.ts';

/** `window.ndjson` holds at most this much; what is cut is cut at the far ends. */
const WINDOW_BYTES_MAX = 10 * 1024 * 1024;

const OPENING = new Set<Fact['fact']>(['session.started', 'key.inspected']);

export interface Window {
  header: RecordingHeader;
  lines: Buffer;
}

/** The facts from `fromT` to `toT` (monotonic ms), encoded. */
export async function windowOf(file: string, fromT: number, toT: number): Promise<Window | { problem: string }> {
  const recording = await openRecording(file);
  if ('problem' in recording) return recording;
  const lines: Buffer[] = [];
  let bytes = 0;
  for await (const batch of recording.facts()) {
    for (const fact of batch) {
      const wanted = OPENING.has(fact.fact) || (fact.t >= fromT && fact.t <= toT);
      if (!wanted || bytes > WINDOW_BYTES_MAX) continue;
      const line = encodeFact(fact);
      bytes += line.length;
      lines.push(line);
    }
    if ((batch.at(-1)?.t ?? 0) > toT) break;
  }
  return { header: recording.header, lines: Buffer.concat(lines) };
}

/** The header of a window cut from a recording with this header. */
export function headerOf(header: RecordingHeader): RecordingHeader {
  return { ...header, partial: true };
}
