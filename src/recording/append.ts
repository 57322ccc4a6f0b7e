// Opening an existing recording to go on with it. What it holds is never changed; a torn last line only gets its end.

import { open, stat } from 'node:fs/promises';
import { safeText } from '../base/text.ts';
import { createFile, errorCode, type Opened, openProblem, type Refused } from './file-access.ts';
import { openRecording } from './reader.ts';

async function endsInLine(opened: { handle: Opened['handle'] }): Promise<boolean> {
  const { size } = await opened.handle.stat();
  const { buffer } = await opened.handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}

async function openExisting(file: string): Promise<Opened | { problem: string }> {
  const recording = await openRecording(file);
  if ('problem' in recording) return { problem: `Could not append: ${recording.problem}` };
  if (recording.compression !== 'none') {
    return {
      problem: `Could not append to ${safeText(file)}: it is compressed, and only a plain recording can be continued; choose another name.`,
    };
  }
  const handle = await open(file, 'r+');
  const isWhole = await endsInLine({ handle });
  return { handle, first: Buffer.from(isWhole ? '' : '\n') };
}

/** The file with what has to be written first: the end of a torn line, or nothing; a missing or empty file is created. */
export async function openForAppending(file: string, header: Buffer): Promise<Opened | Refused> {
  try {
    return (await stat(file)).size === 0 ? await createFile(file, header) : await openExisting(file);
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? createFile(file, header) : { problem: openProblem(file, error) };
  }
}
