// The end of a plain recording, read without the rest of it.

import { type FileHandle, open } from 'node:fs/promises';
import { LINE_BYTES_MAX } from '../core/bounds.ts';
import type { Place } from './batches.ts';
import { decodeLine, isProblem, LINE_END } from './codec.ts';

const TAIL_BYTES_MIN = 256 * 1024;
const GROWTH = 8;

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** t of the last whole line that is a fact; the first line of the text may be cut and is not looked at. */
function lastT(text: Buffer): number | null {
  let end = text.lastIndexOf(LINE_END);
  while (end > 0) {
    const before = text.lastIndexOf(LINE_END, end - 1);
    if (before < 0) return null;
    const decoded = decodeLine(text.subarray(before + 1, end));
    if (!isProblem(decoded)) return decoded.t;
    end = before;
  }
  return null;
}

/** t of the last fact of a plain file, monotonic ms; null when none is found within the longest line. */
export async function lastStampOf(path: string): Promise<number | null> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    for (let length = TAIL_BYTES_MIN; length <= LINE_BYTES_MAX; length *= GROWTH) {
      const found = lastT(await readAt(handle, Math.max(0, size - length), Math.min(size, length)));
      if (found !== null || length >= size) return found;
    }
    return null;
  } finally {
    await handle.close();
  }
}

/** The beginning of a line about this many bytes before the end of a plain file; null when the file is no longer than that. */
export async function placeNearEnd(path: string, bytes: number): Promise<Place | null> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size <= bytes) return null;
    const text = await readAt(handle, size - bytes, bytes);
    const end = text.indexOf(LINE_END);
    if (end < 0) return null;
    const at = size - bytes + end + 1;
    // Which line it is nobody knows without reading the rest: only that it is not the header.
    return { at, line: 1, restart: { packedAt: at, textAt: at } };
  } finally {
    await handle.close();
  }
}
