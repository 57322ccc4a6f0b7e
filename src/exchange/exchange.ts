// Owns a running exchange: starts it on three loopback listeners, hands out what a client needs, closes everything
// again.
import type { Fault } from './fault.ts';
import { FaultBoard } from './fault-board.ts';
import { applyFault, clearFaults, undoFault } from './fault-effects.ts';
import { type ExchangeKeys, makeIdentity } from './identity.ts';
import { defaultKnobs, type Knobs } from './knobs.ts';
import { closedPort } from './listener.ts';
import { makeParts, type Parts } from './parts.ts';
import type { Scenario } from './scenario.ts';
import type { StatsView } from './stats.ts';

export interface ExchangeOptions {
  host?: '127.0.0.1' | '::1';
  /** REST port; 0 picks a free one. */
  port?: number;
  publicPort?: number;
  userPort?: number;
  tls?: boolean;
  /** Its knobs, TLS mode and faults of second 0 are in force from the start; later steps need a player. */
  scenario?: Scenario;
  seed?: number;
  overrides?: Partial<Knobs>;
}

export interface Exchange {
  readonly publicUrl: string;
  readonly userUrl: string;
  /** Without a path: requests go to `${restUrl}/api/v3/brokerage/...`. */
  readonly restUrl: string;
  /** A loopback port on which nobody listens. */
  readonly closedPort: number;
  readonly keys: ExchangeKeys;
  readonly caPem: string | undefined;
  /** Server time now, skew included. */
  now(): number;
  apply(fault: Fault): void;
  /** Ends every fault in force. */
  clear(): void;
  stats(): StatsView;
  close(): Promise<void>;
}

/** Starts an exchange on loopback. */
export async function startExchange(options: ExchangeOptions = {}): Promise<Exchange> {
  const { scenario } = options;
  const host = options.host ?? '127.0.0.1';
  const tls = options.tls ?? scenario?.exchange?.tls ?? false;
  const knobs = { ...defaultKnobs, ...scenario?.exchange?.overrides, ...options.overrides };
  const identity = makeIdentity();
  // The board tells what ended; the parts that put it right exist only after it.
  const faults = new FaultBoard((fault) => undoFault(parts, fault));
  const parts = makeParts({ host, tls, seed: options.seed ?? 1, knobs, known: identity.known, faults });
  await openAll(parts, options);
  parts.world.life.start();
  parts.feed.start();
  for (const step of scenario?.steps ?? []) if (step.atSeconds === 0) applyFault(parts, step.fault);
  return {
    ...urls(parts, host, tls),
    closedPort: await closedPort(host),
    keys: identity.keys,
    caPem: parts.certificates?.caPem,
    now: () => parts.world.clock.now(),
    apply: (fault) => applyFault(parts, fault),
    clear: () => clearFaults(parts),
    stats: () => parts.world.stats.view(),
    close: () => shut(parts),
  };
}

function urls({ listeners }: Parts, host: string, tls: boolean) {
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    publicUrl: `${tls ? 'wss' : 'ws'}://${name}:${listeners.public.port}`,
    userUrl: `${tls ? 'wss' : 'ws'}://${name}:${listeners.user.port}`,
    restUrl: `${tls ? 'https' : 'http'}://${name}:${listeners.rest.port}`,
  };
}

/** Opens the three listeners, or none: a port that is taken leaves nothing behind. */
async function openAll({ listeners }: Parts, options: ExchangeOptions): Promise<void> {
  try {
    await listeners.rest.open(options.port ?? 0);
    await listeners.public.open(options.publicPort ?? 0);
    await listeners.user.open(options.userPort ?? 0);
  } catch (error) {
    await Promise.all(Object.values(listeners).map((listener) => listener.close()));
    throw error;
  }
}

async function shut(parts: Parts): Promise<void> {
  parts.feed.stop();
  parts.world.life.stop();
  // A fault that ends by itself must not end later: a listener that refused would listen again.
  parts.world.faults.forget();
  parts.hosts.public.close();
  parts.hosts.user.close();
  await Promise.all(Object.values(parts.listeners).map((listener) => listener.close()));
}
