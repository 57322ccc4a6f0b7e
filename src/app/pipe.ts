// Standard input or a named pipe in place of a recording's file, for commands that read a recording once. Whoever writes into a pipe may
// take its time, and that is said; a pipe that nobody has opened to write into is not waited for long.

import { closeSync, constants, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { safeText } from '../base/text.ts';
import { errorCode } from '../recording/file-access.ts';
import { openPiped, type PassingRecording } from '../recording/piped.ts';
import { openTraffic } from './import.ts';
import { complain } from './output.ts';

const STANDARD_INPUT = '-';
const SAID_AFTER_MS = 1_000;
const WRITER_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 20;
const LOOK_BYTES = 64 * 1024;

async function isPipe(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.isFIFO() === true;
}

/** What has come already, once somebody has the pipe open to write into it; null when nobody does in time. */
async function firstBytes(pipe: number, withinMs: number): Promise<Buffer | null> {
  const bytes = Buffer.alloc(LOOK_BYTES);
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += LOOK_EVERY_MS) {
    try {
      const length = readSync(pipe, bytes);
      if (length > 0) return bytes.subarray(0, length);
    } catch (error) {
      // Nothing there now, says a pipe that has a writer; one without says that it has ended.
      if (errorCode(error) === 'EAGAIN') return bytes.subarray(0, 0);
      throw error;
    }
    await wait(LOOK_EVERY_MS);
  }
  return null;
}

async function* behind(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* rest;
}

/** The bytes of a named pipe as they come. It is opened without waiting, as a thread that waits in the system cannot be called back. */
async function bytesOfPipe(file: string, withinMs: number): Promise<AsyncIterable<Buffer> | null> {
  const pipe = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const first = await firstBytes(pipe, withinMs);
  if (first !== null) return behind(first, new Socket({ fd: pipe, readable: true, writable: false }));
  closeSync(pipe);
  return null;
}

async function openPipe(name: string, bytes: AsyncIterable<Buffer>): ReturnType<typeof openPiped> {
  const waiting = setTimeout(() => complain(`waiting for a recording to be written into ${name}`), SAID_AFTER_MS);
  try {
    return await openPiped(name, bytes);
  } finally {
    clearTimeout(waiting);
  }
}

/** A recording or a capture; `-` is standard input, and a pipe is read as it comes. */
export async function openOnce(
  file: string,
  withinMs = WRITER_WITHIN_MS,
): Promise<PassingRecording | { problem: string }> {
  if (file === STANDARD_INPUT || file === '/dev/stdin') {
    if (!process.stdin.isTTY) return openPipe('standard input', process.stdin);
    return { problem: 'standard input is a terminal; pipe a recording into it, or name a file.' };
  }
  if (!(await isPipe(file))) return openTraffic(file);
  const name = safeText(file);
  const bytes = await bytesOfPipe(file, withinMs);
  if (bytes !== null) return openPipe(name, bytes);
  return {
    problem: `${name} is a pipe that nobody writes into; start what writes the recording within ${withinMs / 1_000} s, or name a file.`,
  };
}
