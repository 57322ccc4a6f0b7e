// What the parts of a simulated world stand on: chance, time, clocks, the way to tell a fact, and the books that the tests check.

import type { ConnectionName, FactBody, Headers, Settings, TokenClaims } from '../../src/core/fact.ts';
import { token } from '../support/facts.ts';
import type { Random } from './random.ts';
import type { Timetable } from './timetable.ts';

/** A frame as it arrives in the end, after a further delay. */
export interface Arrival {
  bytes: Uint8Array;
  binary: boolean;
  afterMs: number;
}

/** What goes wrong, asked at each step. */
export interface Trouble {
  /** The frame as it arrives: unchanged, changed, several or none. */
  onFrame(text: string, connection: ConnectionName): Arrival[];
  /** What the network or the edge says instead of the API; null for the ordinary answer. */
  onRequest(endpoint: string): { status: number; headers: Headers; body: string } | { errorCode: string } | null;
  /** How a connection attempt ends; null for well. */
  onConnect(connection: ConnectionName): { status: number; body: string } | { errorCode: string } | null;
  /** The message that refuses a subscribe; null when it is accepted. */
  onSubscribe(channel: string): string | null;
  pongs(connection: ConnectionName): boolean;
  /** When a token says it was made, in server time. */
  tokenMs(serverMs: number): number;
  lagMs(): number;
}

/** What was told, to hold the model's counters against. */
export interface Told {
  frames: Record<ConnectionName, number>;
  opens: Record<ConnectionName, number>;
  closes: number;
  requests: number;
  answers: number;
  facts: number;
  tokens: number;
}

export const START_AT = Date.UTC(2026, 10, 20, 14, 30, 0);

export class Ground {
  /** Local minus server, ms. */
  clockAheadMs: number;
  /** Breaches of the promises about commands. */
  readonly breaches: string[] = [];
  readonly told: Told = {
    frames: { public: 0, user: 0 },
    opens: { public: 0, user: 0 },
    closes: 0,
    requests: 0,
    answers: 0,
    facts: 0,
    tokens: 0,
  };
  readonly random: Random;
  readonly time: Timetable;
  readonly trouble: Trouble | null;
  readonly settings: () => Settings | null;
  readonly #accept: (body: FactBody) => void;

  constructor(
    random: Random,
    time: Timetable,
    trouble: Trouble | null,
    settings: () => Settings | null,
    accept: (body: FactBody) => void,
  ) {
    this.random = random;
    this.time = time;
    this.trouble = trouble;
    this.settings = settings;
    this.#accept = accept;
    this.clockAheadMs = random.between(-300, 300);
  }

  get serverMs(): number {
    return START_AT + this.time.t;
  }

  get wallMs(): number {
    return this.serverMs + this.clockAheadMs;
  }

  tell(body: FactBody): void {
    this.told.facts += 1;
    this.#accept(body);
  }

  /** Does something again and again, at a pace asked for each time. */
  every(pace: () => number, run: () => void): void {
    this.time.after(pace(), () => {
      run();
      this.every(pace, run);
    });
  }

  makeToken(purpose: 'public' | 'user' | 'rest', uri: string | null): TokenClaims {
    this.told.tokens += 1;
    const madeMs = this.trouble?.tokenMs(this.serverMs) ?? this.serverMs;
    const made = token(this.told.tokens, madeMs, uri);
    this.tell({ fact: 'token.made', purpose, token: made, clock: 'server' });
    return made;
  }
}
