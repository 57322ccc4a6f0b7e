// A terminal in the process: Ink draws into @xterm/headless through fake streams, and tests read what a person would see.

import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';

export interface FakeTerminal {
  stdout: NodeJS.WriteStream;
  stdin: NodeJS.ReadStream;
  /** Everything written so far. */
  written(): string;
  rows(): string[];
  /** `normal` or `alternate`. */
  screenKind(): string;
  rawMode(): boolean;
  type(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Waits until all that was written has been read by the terminal. */
  settle(): Promise<void>;
  cell(column: number, row: number): { char: string; bold: boolean; inverse: boolean; color: boolean };
}

/** One turn of waiting: longer than Ink's escape timeout (20 ms) and than its throttle (33 ms). */
const TURN_MS = 40;
/** Turns without a byte after which nothing more is expected. */
const QUIET_TURNS = 2;
const TURNS_MAX = 25;

export function openFakeTerminal(columns: number, rows: number): FakeTerminal {
  const term = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true, scrollback: 0 });
  let text = '';
  let raw = false;
  const stdout = Object.assign(new EventEmitter(), {
    isTTY: true,
    columns,
    rows,
    write(chunk: string, encoding?: unknown, done?: unknown): boolean {
      text += chunk;
      const callback = typeof encoding === 'function' ? encoding : done;
      term.write(chunk, typeof callback === 'function' ? () => callback() : undefined);
      return true;
    },
  });
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(on: boolean) {
      raw = on;
      return stdin;
    },
    ref: () => stdin,
    unref: () => stdin,
  });
  const settle = async (): Promise<void> => {
    let quiet = 0;
    for (let turn = 0; turn < TURNS_MAX && quiet < QUIET_TURNS; turn += 1) {
      const before = text.length;
      await new Promise((resolve) => setTimeout(resolve, TURN_MS));
      quiet = text.length === before ? quiet + 1 : 0;
    }
    await new Promise<void>((resolve) => term.write('', resolve));
  };
  const buffer = () => term.buffer.active;
  return {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    written: () => text,
    rows: () =>
      Array.from(
        { length: term.rows },
        (_, y) =>
          buffer()
            .getLine(buffer().viewportY + y)
            ?.translateToString(true, 0, term.cols) ?? '',
      ),
    screenKind: () => buffer().type,
    rawMode: () => raw,
    async type(keys) {
      stdin.write(keys);
      await settle();
    },
    async resize(nextColumns, nextRows) {
      term.resize(nextColumns, nextRows);
      Object.assign(stdout, { columns: nextColumns, rows: nextRows });
      stdout.emit('resize');
      await settle();
    },
    settle,
    cell(column, row) {
      const found = buffer()
        .getLine(buffer().viewportY + row)
        ?.getCell(column);
      return {
        char: found?.getChars() ?? '',
        bold: Boolean(found?.isBold()),
        inverse: Boolean(found?.isInverse()),
        color: !found?.isFgDefault(),
      };
    },
  };
}
