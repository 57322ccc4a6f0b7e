// Standard input or a named pipe in place of a recording's file, for commands that read a recording once. A pipe that nobody writes into
// is waited for, and that is said.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { safeText } from '../base/text.ts';
import { openPiped, type PassingRecording } from '../recording/piped.ts';
import { openTraffic } from './import.ts';
import { complain } from './output.ts';

const STANDARD_INPUT = '-';
const PATIENCE_MS = 1_000;

async function isPipe(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.isFIFO() === true || found?.isSocket() === true;
}

/** A recording or a capture; `-` is standard input, and a pipe is read as it comes. */
export async function openOnce(file: string): Promise<PassingRecording | { problem: string }> {
  const isInput = file === STANDARD_INPUT;
  if (isInput && process.stdin.isTTY)
    return { problem: 'standard input is a terminal; pipe a recording into it, or name a file.' };
  if (!isInput && !(await isPipe(file))) return openTraffic(file);
  const name = isInput || file === '/dev/stdin' ? 'standard input' : safeText(file);
  const bytes = name === 'standard input' ? process.stdin : createReadStream(file);
  const waiting = setTimeout(() => complain(`waiting for a recording to be written into ${name}`), PATIENCE_MS);
  try {
    return await openPiped(name, bytes);
  } finally {
    clearTimeout(waiting);
  }
}
