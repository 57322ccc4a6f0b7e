// The built program in a pseudo-terminal that reads at once, of 120×40 unless told.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';

export const ROOT = process.env['CBSCOPE_ROOT'] ?? process.cwd();
/** Stands in the last line of every full screen. */
const LAST_LINE = '? help';
/** Jiffies a second, in which /proc counts processor time. */
const JIFFIES_A_SECOND = 100;

export interface Program {
  pid: number;
  /** ms from the start until this text had been written. */
  until(text: string): Promise<number>;
  /** ms until the first full screen. */
  firstScreen(): Promise<number>;
  type(keys: string): void;
  resize(size: typeof SIZE): void;
  /** Told of each piece of output as it comes. */
  listen(listener: (piece: string) => void): void;
  /** Bytes written so far. */
  bytes(): number;
  /** Resolves when it has ended. */
  gone: Promise<void>;
  /** Ends it with `q`, by force after a while. */
  end(): Promise<void>;
}

/** A screen may move over a space in place of writing it. */
function withGaps(text: string): string {
  return text.replace(/\x1b\[(\d*)C/g, (_, cells: string) => ' '.repeat(Number(cells || 1)));
}

export const SIZE = { columns: 120, rows: 40 };

export function startInTerminal(script: string, args: string[], { columns, rows } = SIZE): Program {
  const began = performance.now();
  const env = { ...process.env, NODE_ENV: 'production', CI: '' };
  const terminal = spawn(process.execPath, [script, ...args], {
    cols: columns,
    rows,
    name: 'xterm-256color',
    cwd: ROOT,
    env,
  });
  let text = '';
  let bytes = 0;
  const waiting: { wanted: string; resolve: (ms: number) => void }[] = [];
  terminal.onData((piece) => {
    bytes += Buffer.byteLength(piece);
    // Enough to find a word across two pieces.
    text = (text + piece).slice(-200_000);
    const shown = waiting.length === 0 ? '' : stripVTControlCharacters(withGaps(text));
    for (const each of waiting.splice(0)) {
      if (shown.includes(each.wanted)) each.resolve(performance.now() - began);
      else waiting.push(each);
    }
  });
  const until = (wanted: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no ${JSON.stringify(wanted)} within 60 s`)), 60_000);
      const come = (ms: number): void => {
        clearTimeout(late);
        resolve(ms);
      };
      waiting.push({ wanted, resolve: come });
    });
  const ended = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  return {
    pid: terminal.pid,
    until,
    firstScreen: () => until(LAST_LINE),
    type: (keys) => terminal.write(keys),
    resize: (size) => terminal.resize(size.columns, size.rows),
    listen: (listener) => void terminal.onData(listener),
    bytes: () => bytes,
    gone: ended,
    async end() {
      terminal.write('q');
      const force = setTimeout(() => terminal.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(force);
    },
  };
}

export function program(args: string[], size = SIZE): Program {
  return startInTerminal(join(ROOT, 'bin', 'cbscope.js'), args, size);
}

/** The most memory a process ever had resident, MB. */
export function residentMaxMb(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round((Number(kilobytes) * 1_024) / 1e6);
}

/** Processor time of a process, all its threads, seconds. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / JIFFIES_A_SECOND;
}
