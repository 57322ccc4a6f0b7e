// The real terminal: the only file that touches the process's streams and signals. What it changes, it puts back.

import { safeText } from '../base/text.ts';
import { shownText } from '../recording/redact.ts';
import { frugalOutput } from './frugal-output.ts';
import type { Size } from './layout.ts';

/** Why the screen has to go. */
export type Ending = { kind: 'signal'; name: NodeJS.Signals; exitCode: number } | { kind: 'crash'; error: unknown };

/** Hands the terminal over and gives the way to take it back. */
export type Suspend = () => Promise<{ resume: () => Promise<void> }>;

export interface Terminal {
  /** For the framework: of what it draws on the alternate screen, the changed cells are written. */
  stdout: NodeJS.WriteStream;
  stdin: NodeJS.ReadStream;
  /** It is the process's own, where console output goes too. */
  own: boolean;
  insideTmux: boolean;
  size(): Size;
  /** From before the first picture on a key is a key; lines of a whole screen do not wrap. The framework would take the keys after it has drawn. */
  take(wholeScreen: boolean): void;
  /** What was taken; again is no harm. */
  giveBack(): void;
  /** Best effort: a terminal that is gone is no error. */
  write(text: string): void;
  /** On the normal screen, after leaving. */
  complain(text: string): void;
  onResize(listener: () => void): () => void;
  /** Signals, crashes and a hung-up terminal; the listener is called at most once for each. */
  onEnd(listener: (ending: Ending) => void): () => void;
  /** `kill -TSTP` from outside. */
  onStop(listener: () => void): () => void;
  /** Stops the whole job as ctrl-Z does in a shell, and comes back when it is continued. */
  stopJob(suspend: Suspend, wholeGroup: boolean): Promise<void>;
}

const WRAP_OFF = '\u001b[?7l';
const WRAP_ON = '\u001b[?7h';

const ENDING_SIGNALS: readonly [NodeJS.Signals, number][] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
];
/** A job that nobody can continue is not stopped by SIGTSTP: then we come back by ourselves. */
const NOT_STOPPED_AFTER_MS = 300;
const HANGUP: Ending = { kind: 'signal', name: 'SIGHUP', exitCode: 129 };

/** An error as text for the normal screen: secrets and control characters taken out, line by line. */
export function crashText(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return shownText(text).split('\n').slice(0, 40).map(safeText).join('\n');
}

function listenForEnd(
  stdout: NodeJS.WriteStream,
  stdin: NodeJS.ReadStream,
  listener: (ending: Ending) => void,
): () => void {
  const crash = (error: unknown): void => listener({ kind: 'crash', error });
  const hangUp = (): void => listener(HANGUP);
  const signals = ENDING_SIGNALS.map(([name, exitCode]) => {
    const handler = (): void => listener({ kind: 'signal', name, exitCode });
    process.on(name, handler);
    return (): void => void process.off(name, handler);
  });
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  stdout.on('error', hangUp);
  stdin.on('error', hangUp);
  stdin.on('end', hangUp);
  return () => {
    for (const off of signals) off();
    process.off('uncaughtException', crash);
    process.off('unhandledRejection', crash);
    stdin.off('end', hangUp);
    stdin.off('error', hangUp);
    // Errors of a terminal that is gone may still come: they stay heard and unheeded.
    stdout.on('error', () => undefined);
    stdout.off('error', hangUp);
  };
}

/** Best effort: a terminal that is gone has no mode. */
function setRawMode(stdin: NodeJS.ReadStream, on: boolean): void {
  try {
    stdin.setRawMode(on);
  } catch {
    // It hangs up as well, and that is heard.
  }
}

/** Resolves when the job is continued, or when it turns out that it was never stopped. */
function continued(): { promise: Promise<void>; cancel: () => void } {
  let cancel = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      process.off('SIGCONT', done);
      resolve();
    };
    // The timer also keeps the process alive: suspending lets go of stdin.
    const timer = setTimeout(done, NOT_STOPPED_AFTER_MS);
    process.on('SIGCONT', done);
    cancel = done;
  });
  return { promise, cancel };
}

/** The terminal of this process, or other streams in its place. */
export function openTerminal(streams: { stdout?: NodeJS.WriteStream; stdin?: NodeJS.ReadStream }): Terminal {
  const stdout = streams.stdout ?? process.stdout;
  const stdin = streams.stdin ?? process.stdin;
  const stopListeners = new Set<() => void>();
  const onTstp = (): void => {
    for (const listener of stopListeners) listener();
  };
  const frugal = frugalOutput(stdout);
  const write = (text: string): void => {
    try {
      stdout.write(text);
    } catch {
      // A terminal that is gone takes nothing; leaving goes on.
    }
  };
  let whole = false;
  const take = (): void => {
    setRawMode(stdin, true);
    if (whole) write(WRAP_OFF);
  };
  const giveBack = (): void => {
    setRawMode(stdin, false);
    if (whole) write(WRAP_ON);
  };
  return {
    stdout: frugal.stdout,
    stdin,
    own: stdout === process.stdout,
    insideTmux: (process.env.TMUX ?? '') !== '',
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    take(wholeScreen) {
      whole = wholeScreen;
      take();
    },
    giveBack,
    write,
    complain: (text) => void process.stderr.write(`${text}\n`),
    onResize(listener) {
      // Two resizes in one read of the size are no event, but have cut off what stood there.
      process.on('SIGWINCH', frugal.doubt);
      stdout.on('resize', listener);
      return () => {
        process.off('SIGWINCH', frugal.doubt);
        stdout.off('resize', listener);
      };
    },
    onEnd(listener) {
      // Whatever ends the process, even process.exit somewhere.
      process.on('exit', giveBack);
      const off = listenForEnd(stdout, stdin, listener);
      return () => {
        off();
        process.off('exit', giveBack);
      };
    },
    onStop(listener) {
      if (stopListeners.size === 0) process.on('SIGTSTP', onTstp);
      stopListeners.add(listener);
      return () => {
        stopListeners.delete(listener);
        if (stopListeners.size === 0) process.off('SIGTSTP', onTstp);
      };
    },
    async stopJob(suspend, wholeGroup) {
      const suspension = await suspend();
      giveBack();
      const back = continued();
      // Our own handler would swallow the signal.
      process.off('SIGTSTP', onTstp);
      try {
        process.kill(wholeGroup ? 0 : process.pid, 'SIGTSTP');
        await back.promise;
      } finally {
        back.cancel();
        if (stopListeners.size > 0) process.on('SIGTSTP', onTstp);
        take();
        await suspension.resume();
      }
    },
  };
}
