// Cuts the window of a packet out of a recording: bounded, beginning with what was known then.

import type { Fact } from '../core/fact.ts';
import type { Checkpoints } from '../recording/checkpoints.ts';
import { LineEncoder } from '../recording/codec.ts';
import { addLines } from '../recording/lines-cut.ts';
import type { Recording } from '../recording/reader.ts';
import { stretchOf } from '../recording/stretch.ts';
import { type Window, WindowCut, wishAround } from '../recording/window.ts';

/** What a window is cut from. */
export interface WindowSource {
  recording: Recording;
  /** `session.started` and `key.inspected`. */
  opening: readonly Fact[];
  checkpoints: Checkpoints;
  /** Recorded `t` never falls: the file is one session. */
  isOneSession: boolean;
}

/** The facts of `aroundMs` to both sides of a moment (monotonic ms), encoded. */
export async function windowOf(
  source: WindowSource,
  momentT: number,
  aroundMs: number,
): Promise<Window | { problem: string }> {
  const wish = wishAround(momentT, aroundMs, source.checkpoints);
  const cut = new WindowCut(wish);
  const encoder = new LineEncoder();
  try {
    for await (const batch of stretchOf(source.recording, wish.fromT, wish.toT, source.isOneSession)) {
      for (const fact of batch) if (cut.wants(fact.t)) encoder.append(fact);
      addLines(cut, encoder.take());
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { problem: `the window could not be read from ${source.recording.path}: ${detail}` };
  }
  return cut.finish(source.opening, source.checkpoints.bySeq());
}
