// Asks the signer for tokens, in server time, and tells of each one. It never holds key material and never reuses a token.

import { FIRST_TOKEN_WAIT_MS } from '../core/bounds.ts';
import type { Talker, TokenClaims } from '../core/fact.ts';
import { type Clock, within } from './clock.ts';
import type { Emit } from './feed.ts';
import { maskText } from './mask.ts';
import type { ServerClock } from './server-clock.ts';
import type { Signer } from './signer.ts';

export interface MadeToken {
  jwt: string;
  token: TokenClaims;
}

export interface Tokens {
  /** A fresh token, or null when there is no signer or signing failed (then `token.failed` was told). */
  make(purpose: Talker, uri?: string): Promise<MadeToken | null>;
  /** Tokens asked for from now on wait for this measurement, but never long. */
  awaitMeasurement(measurement: Promise<unknown>): void;
}

/** How long a token waits for a measurement that is under way. */
const MEASUREMENT_WAIT_MS = 1_000;

export function createTokens(signer: Signer | null, serverClock: ServerClock, clock: Clock, emit: Emit): Tokens {
  let firstDeadlineMs: number | null = null;
  let measurement: Promise<unknown> | null = null;

  const settled = async (): Promise<void> => {
    if (measurement !== null) await within(clock, measurement, MEASUREMENT_WAIT_MS);
    if (serverClock.source() === 'server') return;
    firstDeadlineMs ??= clock.monotonicMs() + FIRST_TOKEN_WAIT_MS;
    const leftMs = firstDeadlineMs - clock.monotonicMs();
    if (leftMs > 0) await within(clock, serverClock.first, leftMs);
  };

  return {
    async make(purpose, uri) {
      if (signer === null) return null;
      await settled();
      const source = serverClock.source();
      try {
        const made = await signer.sign({ purpose, nowMs: serverClock.nowMs(), ...(uri === undefined ? {} : { uri }) });
        emit({ fact: 'token.made', purpose, token: made.token, clock: source });
        return made;
      } catch (error) {
        const message = maskText(error instanceof Error ? error.message : String(error));
        emit({ fact: 'token.failed', purpose, message });
        return null;
      }
    },
    awaitMeasurement(promise) {
      const own = promise.then(
        () => undefined,
        () => undefined,
      );
      measurement = own;
      void own.then(() => {
        if (measurement === own) measurement = null;
      });
    },
  };
}
