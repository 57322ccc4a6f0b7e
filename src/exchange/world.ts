// Owns what all parts of one exchange share, and the questions whose answers depend on the faults in force.
import type { ServerClock } from './clock.ts';
import type { Desk } from './desk.ts';
import type { On } from './fault.ts';
import type { FaultBoard } from './fault-board.ts';
import type { KnownKey } from './identity.ts';
import type { Knobs } from './knobs.ts';
import type { Market } from './market.ts';
import type { OrderLife } from './order-life.ts';
import type { Random } from './random.ts';
import { SlidingWindow } from './rate-limit.ts';
import type { Stats } from './stats.ts';
import { checkToken, type TokenCheck } from './token.ts';

/** The two WebSocket hosts. */
export type HostName = 'public' | 'user';

export interface Permissions {
  view: boolean;
  trade: boolean;
  transfer: boolean;
}

export interface World {
  readonly clock: ServerClock;
  readonly random: Random;
  readonly knobs: Knobs;
  readonly known: ReadonlyMap<string, KnownKey>;
  readonly faults: FaultBoard;
  readonly market: Market;
  readonly desk: Desk;
  readonly life: OrderLife;
  readonly stats: Stats;
  /** Per-address windows that both WebSocket hosts share. */
  readonly connects: SlidingWindow;
  readonly messages: SlidingWindow;
}

/** Whether a fault aimed at `on` strikes a host. */
export function strikes(on: On | undefined, host: HostName): boolean {
  return on === undefined || on === 'both' || on === host;
}

/** Checks a token under the rules in force; a disabled key is as good as unknown. */
export function admit(world: World, token: string, uri: string | null): TokenCheck {
  if (world.faults.find('disable-key') !== null) return { refused: 'key disabled' };
  const tolerance = world.faults.find('token-tolerance');
  const toleranceMs = tolerance === null ? world.knobs.tokenToleranceMs : tolerance.fault.ms;
  return checkToken(token, { clock: world.clock, known: world.known, toleranceMs, uri });
}

/** What the keys may do now: view and trade, unless a fault says otherwise. */
export function permissions(world: World): Permissions {
  const changed = world.faults.find('permissions')?.fault;
  return {
    view: changed?.view ?? true,
    trade: changed?.trade ?? true,
    transfer: changed?.transfer ?? false,
  };
}

/** The portfolio that the keys are bound to now. */
export function boundPortfolio(world: World): { uuid: string; type: 'DEFAULT' | 'CONSUMER' } {
  const bots = world.faults.find('bind-portfolio')?.fault.portfolio === 'bots';
  return bots
    ? { uuid: world.desk.portfolios.bots, type: 'CONSUMER' }
    : { uuid: world.desk.portfolios.default, type: 'DEFAULT' };
}

export function perSecondWindow(): SlidingWindow {
  return new SlidingWindow(1000);
}
