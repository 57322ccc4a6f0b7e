// Keeps the paces of the polls: which names run how often. It never overlaps a poll with itself and never catches up what it missed.

import { ENDPOINTS, type Endpoint, type Parameters } from '../coinbase/endpoints.ts';
import { fieldOf, parseJson, recordOf, textField } from '../coinbase/json-value.ts';
import type { PollName } from '../core/fact.ts';
import type { Cancel, Clock } from './clock.ts';
import type { Why } from './rest.ts';

export interface PollerOptions {
  clock: Clock;
  /** True when signed endpoints can be asked at all. */
  canSign: boolean;
  /** Makes the call, all pages; resolves when it is over, whatever came of it. */
  call(endpoint: Endpoint, params: Parameters, why: Why): Promise<unknown>;
  isPaused(): boolean;
}

export interface Poller {
  /** Polls now and then every `everyMs`; 0 ends it. The same pace again polls at once and starts a new grid. */
  poll(name: PollName, everyMs: number): void;
  /** Takes the portfolio out of an answer of `key_permissions`. */
  learnPortfolio(body: string): void;
  stop(): void;
}

interface Poll {
  everyMs: number;
  startMs: number;
  running: boolean;
  cancel: Cancel;
}

/** First calls of different names are this far apart. */
const STAGGER_MS = 125;
const EARLY_MS = 5;
const UNSIGNED: ReadonlySet<PollName> = new Set(['time', 'products']);
const PORTFOLIO_SHAPE = /^[\w-]{1,64}$/;

export function createPoller({ clock, canSign, call, isPaused }: PollerOptions): Poller {
  const polls = new Map<PollName, Poll>();
  let portfolio: string | null = null;
  let nextStartMs = Number.NEGATIVE_INFINITY;

  const run = async (name: PollName, poll: Poll, why: Why): Promise<void> => {
    const unknown = name === 'portfolio' && portfolio === null;
    if (poll.running || isPaused() || unknown) return;
    poll.running = true;
    const endpoint = name === 'products' && !canSign ? ENDPOINTS.market_products : ENDPOINTS[name];
    const params: Parameters = name === 'portfolio' && portfolio !== null ? { portfolio_uuid: portfolio } : {};
    try {
      await call(endpoint, params, why);
    } finally {
      poll.running = false;
    }
  };
  const scheduleNext = (name: PollName, poll: Poll): void => {
    // Timers may fire a little early; that beat is this one.
    const passed = Math.floor((clock.monotonicMs() + EARLY_MS - poll.startMs) / poll.everyMs);
    const dueMs = poll.startMs + (passed + 1) * poll.everyMs;
    poll.cancel = clock.setTimeout(() => beat(name, poll, 'poll'), dueMs - clock.monotonicMs());
  };
  const beat = (name: PollName, poll: Poll, why: Why): void => {
    scheduleNext(name, poll);
    void run(name, poll, why);
  };

  return {
    poll(name, everyMs) {
      const known = polls.get(name);
      known?.cancel();
      polls.delete(name);
      if (everyMs <= 0 || (!canSign && !UNSIGNED.has(name))) return;
      const nowMs = clock.monotonicMs();
      const startMs = Math.max(nowMs, nextStartMs);
      nextStartMs = startMs + STAGGER_MS;
      const poll: Poll = { everyMs, startMs, running: false, cancel: () => undefined };
      // A call of the old grid may still be under way: the new one must not overlap it.
      const next = known?.running === true ? Object.assign(known, { everyMs, startMs }) : poll;
      polls.set(name, next);
      const why = known === undefined ? 'poll' : 'retry';
      next.cancel = clock.setTimeout(() => beat(name, next, why), startMs - nowMs);
    },
    learnPortfolio(body) {
      const record = recordOf(parseJson(body));
      if (record === null || fieldOf(record, 'portfolio_uuid') === undefined) return;
      const uuid = textField(record, 'portfolio_uuid');
      const first = portfolio === null;
      if (!PORTFOLIO_SHAPE.test(uuid)) return;
      portfolio = uuid;
      const poll = polls.get('portfolio');
      if (first && poll !== undefined) void run('portfolio', poll, 'poll');
    },
    stop() {
      for (const poll of polls.values()) poll.cancel();
      polls.clear();
    },
  };
}
