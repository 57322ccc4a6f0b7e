// A stretch from the middle of a recording: in a plain file the beginning is found by halving, so that an hour costs no more than a minute.

import { type FileHandle, open } from 'node:fs/promises';
import type { Fact } from '../core/fact.ts';
import { decodeLine, isProblem, LINE_END } from './codec.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Recording } from './reader.ts';
import { withoutMark } from './reader-problem.ts';

/** Within one session `t` may fall by this much, where another program wrote the file: what is sought is sought a little earlier. */
export const DISORDER_MS = 1_000;

const LOOK_BYTES = 64 * 1024;
const READ_BYTES = 1024 * 1024;

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** t of the first fact that begins behind this byte, within what is looked at; null when none does. */
async function tBehind(handle: FileHandle, position: number): Promise<number | null> {
  const text = await readAt(handle, position, LOOK_BYTES);
  let start = text.indexOf(LINE_END) + 1;
  while (start > 0) {
    const end = text.indexOf(LINE_END, start);
    if (end < 0) return null;
    const fact = decodeLine(text.subarray(start, end));
    if (!isProblem(fact)) return fact.t;
    start = end + 1;
  }
  return null;
}

/** A byte before which every fact is older than `t`, close to the first that is not. Rests on `t` not falling in the file, but for a little. */
async function byteBefore(handle: FileHandle, size: number, t: number): Promise<number> {
  let low = 0;
  let high = size;
  while (high - low > LOOK_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const found = await tBehind(handle, middle);
    // What cannot be told (a giant line) is treated as too far: rather read too much.
    if (found !== null && found < t) low = middle;
    else high = middle;
  }
  return low;
}

async function* linesFrom(handle: FileHandle, start: number): AsyncGenerator<Buffer[]> {
  let lines: Buffer[] = [];
  const splitter = new LineSplitter({ line: (line) => lines.push(line), tooLong: () => undefined });
  let position = start;
  // Unless it is the beginning, the first line is the rest of one.
  let isRest = start > 0;
  for (;;) {
    const piece = await readAt(handle, position, READ_BYTES);
    if (piece.length === 0) return;
    position += piece.length;
    splitter.push(piece);
    if (lines.length === 0) continue;
    yield isRest ? lines.slice(1) : lines;
    isRest = false;
    lines = [];
  }
}

async function* plainStretch(path: string, fromT: number, toT: number): AsyncGenerator<Fact[]> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    for await (const lines of linesFrom(handle, await byteBefore(handle, size, fromT - DISORDER_MS))) {
      const facts = lines.map(decodeLine).filter((decoded): decoded is Fact => !isProblem(decoded));
      yield facts.filter(({ t }) => t >= fromT && t <= toT);
      if ((facts.at(-1)?.t ?? fromT) > toT + DISORDER_MS) return;
    }
  } finally {
    await handle.close();
  }
}

const HEADER_START = Buffer.from('{"format":');
const START_BYTES = 64;

/** False for what is only read as a recording, such as a HAR capture. */
async function isLines(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const start = withoutMark(await readAt(handle, 0, START_BYTES));
    return start.subarray(0, HEADER_START.length).equals(HEADER_START);
  } finally {
    await handle.close();
  }
}

async function* wholeStretch(recording: Recording, fromT: number, toT: number): AsyncGenerator<Fact[]> {
  for await (const facts of recording.facts()) yield facts.filter(({ t }) => t >= fromT && t <= toT);
}

/**
 * The facts from `fromT` to `toT` (monotonic ms), in batches. `isOneSession`: `t` does not fall in this recording, but for a little; a plain one is then
 * read only where the stretch lies. Errors of the operating system are thrown.
 */
export async function* stretchOf(
  recording: Recording,
  fromT: number,
  toT: number,
  isOneSession: boolean,
): AsyncGenerator<Fact[]> {
  const { path, compression } = recording;
  if (isOneSession && compression === 'none' && (await isLines(path))) yield* plainStretch(path, fromT, toT);
  else yield* wholeStretch(recording, fromT, toT);
}
