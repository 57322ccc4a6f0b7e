// What the core would like done, as data. Only the live feed has hands; a replay performs none.

import type { ConnectionName, PollName } from './fact.ts';

export type Command =
  /** Open the socket now (no back-off). */
  | { command: 'connect'; connection: ConnectionName; attempt: number }
  /** Open it after a delay drawn by the shell: full jitter, uniform in [floorMs, min(capMs, baseMs × 2^(attempt−1))]. */
  | {
      command: 'reconnect';
      connection: ConnectionName;
      attempt: number;
      baseMs: number;
      capMs: number;
      floorMs: number;
      reason: string;
    }
  | { command: 'disconnect'; connection: ConnectionName; reason: string }
  | {
      command: 'subscribe' | 'unsubscribe';
      connection: ConnectionName;
      channel: string;
      /** Empty: none are named in the frame. */
      productIds: string[];
      signed: boolean;
    }
  | { command: 'poll'; name: PollName; everyMs: number }
  /** Measure the offset to the server's clock before the next token is made. */
  | { command: 'measure-clock'; reason: string }
  /** Send no request (the clock's included) before `untilT`; after it, one call at a time until one succeeds. */
  | { command: 'pause-rest'; untilT: number; reason: string }
  | { command: 'probe'; reason: string };
