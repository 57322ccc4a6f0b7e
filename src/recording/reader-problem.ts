// Why a file cannot be read as a recording: one sentence that names the file, what was found and what was expected.

import { isUtf8 } from 'node:buffer';
import { stat } from 'node:fs/promises';
import { safeStart, safeText } from '../base/text.ts';
import type { Compression } from './compression.ts';
import { errorCode } from './file-access.ts';
import { RECORDING_FORMAT, RECORDING_VERSION, type RecordingHeader, readHeader } from './format.ts';

const EXPECTED = 'a recording made by cbscope was expected (its first line begins {"format":"cbscope-recording")';
const QUOTED_MAX = 40;
// A cut-off start may end inside a character; that is no sign of a binary file.
const CHARACTER_BYTES_MAX = 3;

/** What the system said when the file was opened or read. */
export function unreadableProblem(path: string, error: unknown): string {
  const code = errorCode(error);
  const name = safeText(path);
  if (code === 'ENOENT') return `${name} does not exist; ${EXPECTED}.`;
  if (code === 'EACCES' || code === 'EPERM')
    return `${name} cannot be read: this user has no permission (${code}); ${EXPECTED}.`;
  return `${name} cannot be read: the system answered ${safeText(code)}; ${EXPECTED}.`;
}

/** What is wrong with the thing of that name before it is opened; null when nothing is. */
export async function statProblem(path: string): Promise<string | null> {
  const found = await stat(path);
  const name = safeText(path);
  if (found.isDirectory()) return `${name} is a directory; ${EXPECTED}.`;
  if (!found.isFile()) return `${name} is not a regular file; ${EXPECTED}.`;
  return found.size === 0 ? `${name} is empty; ${EXPECTED}.` : null;
}

function looksBinary(start: Buffer): boolean {
  if (start.includes(0)) return true;
  for (let cut = 0; cut <= CHARACTER_BYTES_MAX; cut += 1) {
    if (isUtf8(start.subarray(0, start.length - cut))) return false;
  }
  return true;
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The text behind the mark that editors of Windows put before it. */
export function withoutMark(start: Buffer): Buffer {
  const { length } = BYTE_ORDER_MARK;
  return BYTE_ORDER_MARK.equals(start.subarray(0, length)) ? start.subarray(length) : start;
}

const BEGINNING = Buffer.from(`{"format":"${RECORDING_FORMAT}"`);

/** What the first bytes of an unpacked file say against it; null when nothing. */
export function foreignProblem(path: string, start: Buffer): string | null {
  const name = safeText(path);
  const text = withoutMark(start);
  // Whatever a crash left behind its header, it is a recording.
  if (BEGINNING.equals(text.subarray(0, BEGINNING.length))) return null;
  if (looksBinary(start)) return `${name} is a binary file; ${EXPECTED}.`;
  if (/^\s*\{\s*"log"\s*:/.test(start.toString('utf8'))) {
    return `${name} is a HAR capture, and ${EXPECTED}: make one of it with cbscope import ${name} --out FILE.`;
  }
  return null;
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(withoutMark(line).toString('utf8'));
  } catch {
    return undefined;
  }
}

function foreignLine(name: string, line: Buffer): string {
  const quoted = safeStart(line.toString('utf8', 0, QUOTED_MAX * 4).trim(), QUOTED_MAX);
  if (quoted.startsWith('{"format":"cbscope-recording"')) {
    return `${name} is cut short inside its first line, the header; a recording with a whole header was expected.`;
  }
  return quoted === ''
    ? `${name} begins with an empty line; ${EXPECTED}.`
    : `${name} begins with ${quoted}; ${EXPECTED}.`;
}

/** The header of the first line, or why there is none. `line` is null when nothing could be unpacked. */
export function headerOf(
  path: string,
  line: Buffer | null,
  compression: Compression,
): { header: RecordingHeader } | { problem: string } {
  const name = safeText(path);
  if (line === null) return { problem: `${name} is ${compression} data that cannot be unpacked; ${EXPECTED}.` };
  const read = readHeader(parsed(line));
  if ('header' in read) return read;
  if (read.wrong === 'version') {
    return {
      problem: `${name} is a recording of version ${read.detail}, and this program reads up to version ${RECORDING_VERSION}: a newer cbscope reads it.`,
    };
  }
  if (read.wrong === 'fields') {
    return { problem: `${name} has a header whose ${safeText(read.detail)} cannot be read; ${EXPECTED}.` };
  }
  return { problem: foreignLine(name, line) };
}
