// The program in a real pseudo-terminal, with a terminal emulator looking on: what a person would see, and what is left behind.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const BIN = new URL('../../bin/cbscope.js', import.meta.url).pathname;

export interface PtyRun {
  /** Of what runs on the terminal itself: the shell, or the program that is alone. */
  pid: number;
  /** Everything written so far, control sequences and all. */
  written(): string;
  rows(): string[];
  /** `normal` or `alternate`. */
  screenKind(): string;
  type(keys: string): void;
  /** To the whole job, as a terminal or `kill` would send it. */
  signal(name: NodeJS.Signals): void;
  resize(columns: number, rows: number): void;
  /** Resolves when it holds, looked at whenever something was written; rejects with the screen when it takes too long. */
  until(holds: () => boolean, what: string): Promise<void>;
  /** Takes nothing from the program until told to go on, as a terminal does whose text is being selected. */
  stall(): void;
  goOn(): void;
  /** Closes the terminal as a window is closed. */
  hangUp(): void;
  /** Resolves when what runs on the terminal itself has ended. */
  gone(): Promise<void>;
  /** The exit code of the program and the terminal's settings after it. */
  ended(): Promise<{ exitCode: number; stty: string }>;
}

/** Patience is counted in looks, not in time: a test process that was busy itself has not waited. */
const LOOK_EVERY_MS = 250;
const LOOKS_MAX = 120;

/** The environment without what a test run or an outer terminal puts there. */
function environment(): Record<string, string> {
  const { CI: _, TMUX: __, NO_COLOR: ___, FORCE_COLOR: ____, ...rest } = process.env;
  return { ...(rest as Record<string, string>), TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' };
}

/** Where and with what it runs; a folder and an environment of its own unless told. A value of null is no variable. */
export interface PtyPlace {
  cwd?: string;
  env?: Record<string, string | null>;
}

/** What a shell would type to start the program. */
export const COMMAND = `"${process.execPath}" -- "${BIN}"`;

/** Starts `cbscope` with these arguments under a shell that outlives it and then tells how the terminal was left. */
export function openPty(args: string, columns = 100, rows = 30, place: PtyPlace = {}): PtyRun {
  const script = `trap : INT TERM HUP QUIT; ${COMMAND} ${args}; echo "RC=$?"; stty -a; echo THE-END`;
  return runIn('bash', ['-c', script], columns, rows, place);
}

/** A shell with job control that waits for commands, as a person has it. */
export function openShell(columns = 100, rows = 30, place: PtyPlace = {}): PtyRun {
  const env = { PS1: '\\n> ', ...place.env };
  return runIn('bash', ['--norc', '--noprofile', '-i'], columns, rows, { ...place, env });
}

/** Starts `cbscope` as the only program of its terminal. */
export function openAlone(args: readonly string[], columns = 100, rows = 30, place: PtyPlace = {}): PtyRun {
  return runIn(process.execPath, ['--', BIN, ...args], columns, rows, place);
}

function environmentOf({ env }: PtyPlace): Record<string, string> {
  const all = Object.entries({ ...environment(), ...env });
  return Object.fromEntries(all.filter((each): each is [string, string] => each[1] !== null));
}

function runIn(file: string, args: string[], columns: number, rows: number, place: PtyPlace): PtyRun {
  const term = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 500 });
  const cwd = place.cwd ?? mkdtempSync(join(tmpdir(), 'cbscope-pty-'));
  const env = environmentOf(place);
  const child = spawn(file, args, { name: env['TERM'] ?? 'xterm-256color', cols: columns, rows, cwd, env });
  let text = '';
  let isGone = false;
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const each of waiting) each();
  };
  // What was written counts when the emulator shows it: the two never disagree.
  const onData = (chunk: string): void =>
    term.write(chunk, () => {
      text += chunk;
      look();
    });
  child.onData(onData);
  child.onExit(() =>
    term.write('', () => {
      isGone = true;
      look();
    }),
  );
  const buffer = () => term.buffer.active;
  const screen = (): string[] =>
    Array.from({ length: term.rows }, (_, y) => {
      const line = buffer().getLine(buffer().viewportY + y);
      return line?.translateToString(true, 0, term.cols) ?? '';
    });
  const until = (holds: () => boolean, what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      let looks = 0;
      const done = (error: Error | null): void => {
        clearInterval(timer);
        waiting.delete(check);
        if (error === null) resolve();
        else reject(error);
      };
      const check = (): void => {
        if (holds()) done(null);
      };
      const timer = setInterval(() => {
        looks += 1;
        check();
        if (looks < LOOKS_MAX) return;
        child.kill('SIGKILL');
        done(new Error(`waited in vain for ${what}; the screen:\n${screen().join('\n')}`));
      }, LOOK_EVERY_MS);
      waiting.add(check);
      check();
    });
  return {
    pid: child.pid,
    written: () => text,
    rows: screen,
    screenKind: () => buffer().type,
    type: (keys) => child.write(keys),
    signal: (name) => void process.kill(-child.pid, name),
    resize(nextColumns, nextRows) {
      term.resize(nextColumns, nextRows);
      child.resize(nextColumns, nextRows);
    },
    until,
    stall: () => child.pause(),
    goOn: () => child.resume(),
    hangUp: () => (child as unknown as { destroy(): void }).destroy(),
    gone: () => until(() => isGone, 'the end of the program'),
    async ended() {
      await until(() => text.includes('THE-END'), 'the shell after the program');
      const at = text.lastIndexOf('RC=');
      const [first = '', ...rest] = text.slice(at).split(/\r?\n/);
      return { exitCode: Number(first.slice(3)), stty: rest.join(' ') };
    },
  };
}
