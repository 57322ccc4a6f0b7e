// A window cut out of encoded lines in memory. They are taken as they are: what is in memory was redacted when it came.

import type { Fact } from '../core/fact.ts';
import type { Checkpoint } from './checkpoints.ts';
import { LINE_END } from './codec.ts';
import { stampOf } from './line-stamp.ts';
import { type Window, WindowCut, type WindowWish } from './window.ts';

/** Adds those of the encoded lines that the cut wants. They are kept as views. */
export function addLines(cut: WindowCut, lines: Buffer): void {
  for (let start = 0, end = lines.indexOf(LINE_END); end >= 0; start = end + 1, end = lines.indexOf(LINE_END, start)) {
    const line = lines.subarray(start, end + 1);
    const stamp = stampOf(line);
    if (stamp !== null && cut.wants(stamp.t)) cut.add({ ...stamp, line });
  }
}

/** What stands behind the line of this sequence number, of lines that stand in order. */
export function linesBehind(lines: Buffer, seq: number): Buffer {
  for (let start = 0; start < lines.length; ) {
    if ((stampOf(lines.subarray(start))?.seq ?? 0) > seq) return lines.subarray(start);
    const end = lines.indexOf(LINE_END, start);
    start = end < 0 ? lines.length : end + 1;
  }
  return lines.subarray(lines.length);
}

/** The lines of the span, as a recording's body, from chunks that stand in order. */
export function cutLines(
  chunks: Iterable<Buffer>,
  wish: WindowWish,
  opening: readonly Fact[],
  checkpoints: ReadonlyMap<number, Checkpoint>,
): Window {
  const cut = new WindowCut(wish);
  for (const lines of chunks) {
    if ((stampOf(lines)?.t ?? 0) > wish.toT) break;
    addLines(cut, lines);
  }
  return cut.finish(opening, checkpoints);
}
