// Waits for what ends a run without a screen: its duration, a signal, or a crash, before which the recording is flushed.

import { complain, whenReaderGone } from './output.ts';

/** Resolves with the reason. A thrown error or rejected promise flushes, prints where it happened, and ends the process with 1. */
export function untilEnd(durationMs: number | null, flushSync: () => void): Promise<string> {
  return new Promise((resolve) => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const crash = (error: unknown): void => {
      flushSync();
      complain(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.exit(1);
    };
    const timer = durationMs === null ? null : setTimeout(() => end('the duration is over'), durationMs);
    // Nothing else may hold the process open between reconnects.
    const hold = setInterval(() => undefined, 60_000);
    const end = (reason: string): void => {
      if (timer !== null) clearTimeout(timer);
      clearInterval(hold);
      for (const signal of signals) process.removeAllListeners(signal);
      resolve(reason);
    };
    for (const signal of signals) process.on(signal, () => end(signal));
    process.on('uncaughtException', crash);
    process.on('unhandledRejection', crash);
    // A reader that went away (head, a closed pager) ends the run quietly.
    whenReaderGone(() => end('nobody reads the output'));
  });
}
