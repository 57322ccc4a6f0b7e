// Standard output for lines: the last gate before a terminal, a pipe or a file. What holds a secret does not pass.

import { writeSync } from 'node:fs';
import { shownText } from '../recording/redact.ts';
import type { Line } from '../report/line.ts';

let readerGone: () => void = () => undefined;

/** Calls back once standard output has no reader any more (a closed pipe). */
export function whenReaderGone(run: () => void): void {
  readerGone = run;
}

function writeAll(fd: number, text: string): void {
  let rest = Buffer.from(text, 'utf8');
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // A slow reader of a non-blocking pipe: try again. A reader that left: nobody is there to tell.
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else return code === 'EPIPE' && fd === 1 ? readerGone() : undefined;
    }
  }
}

/** One line to standard output, flushed at once. */
export function say(text: string): void {
  writeAll(1, `${shownText(text)}\n`);
}

export function sayJson(line: Line | Record<string, unknown>): void {
  say(JSON.stringify(line));
}

/** A line on the terminal behind standard error that the next one takes the place of; an empty one takes it away. */
export function passingLine(text: string): void {
  writeAll(2, `\r\u001b[K${shownText(text)}`);
}

/** One sentence to standard error. */
export function complain(text: string): void {
  writeAll(2, `cbscope: ${shownText(text)}\n`);
}
