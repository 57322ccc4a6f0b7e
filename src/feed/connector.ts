// When the two sockets connect: what the core asked for, drawn delays, and never two connects close together (reference 5.1).
// It decides nothing on its own; a newer command replaces an older one.

import type { Command } from '../core/command.ts';
import type { ConnectionName } from '../core/fact.ts';
import { drawDelay } from './backoff.ts';
import type { Cancel, Clock } from './clock.ts';
import type { Emit } from './feed.ts';
import type { Socket } from './socket.ts';

type CommandOf<Name extends Command['command']> = Extract<Command, { command: Name }>;

export interface ConnectorOptions {
  sockets: Readonly<Record<ConnectionName, Socket>>;
  clock: Clock;
  emit: Emit;
  random: () => number;
}

export interface Connector {
  connect(command: CommandOf<'connect'>): void;
  reconnect(command: CommandOf<'reconnect'>): void;
  disconnect(command: CommandOf<'disconnect'>): void;
  /** To be called when an attempt of that socket has ended. */
  ended(connection: ConnectionName): void;
  /** Resolves when one more connect may start (probes connect too). */
  slot(): Promise<void>;
  stop(): void;
}

/** At most four connects a second, half of what the server allows one address. */
const CONNECT_GAP_MS = 250;
const PUBLIC_FIRST: readonly ConnectionName[] = ['public', 'user'];

export function createConnector({ sockets, clock, emit, random }: ConnectorOptions): Connector {
  const timers = new Map<ConnectionName, Cancel>();
  /** Attempts due now, or due as soon as the present socket has gone. */
  const due = new Map<ConnectionName, number>();
  let nextFreeMs = Number.NEGATIVE_INFINITY;
  let cancelPump: Cancel | null = null;
  let stopped = false;

  const forget = (connection: ConnectionName): void => {
    timers.get(connection)?.();
    timers.delete(connection);
    due.delete(connection);
  };
  const reserve = (): number => {
    const startMs = Math.max(clock.monotonicMs(), nextFreeMs);
    nextFreeMs = startMs + CONNECT_GAP_MS;
    return startMs - clock.monotonicMs();
  };
  const pump = (): void => {
    cancelPump = null;
    const connection = PUBLIC_FIRST.find((name) => due.has(name) && sockets[name].state === 'idle');
    if (stopped || connection === undefined) return;
    const waitMs = nextFreeMs - clock.monotonicMs();
    if (waitMs > 0) {
      cancelPump = clock.setTimeout(pump, waitMs);
      return;
    }
    const attempt = due.get(connection) ?? 1;
    due.delete(connection);
    reserve();
    sockets[connection].connect(attempt);
    soon();
  };
  // Deferred, so that commands given together are ordered together.
  const soon = (): void => {
    cancelPump ??= clock.setTimeout(pump, 0);
  };
  const want = (connection: ConnectionName, attempt: number): void => {
    if (stopped) return;
    due.set(connection, attempt);
    soon();
  };

  return {
    connect({ connection, attempt }) {
      forget(connection);
      if (sockets[connection].state !== 'idle') sockets[connection].close('connecting anew');
      want(connection, attempt);
    },
    reconnect({ connection, attempt, baseMs, capMs, floorMs, reason }) {
      forget(connection);
      if (stopped) return;
      const delayMs = drawDelay({ attempt, baseMs, capMs, floorMs }, random);
      emit({ fact: 'retry.scheduled', connection, attempt, delayMs, reason });
      timers.set(
        connection,
        clock.setTimeout(() => want(connection, attempt), delayMs),
      );
    },
    disconnect({ connection, reason }) {
      forget(connection);
      sockets[connection].close(reason);
    },
    ended: () => soon(),
    slot: () => new Promise((resolve) => clock.setTimeout(resolve, reserve())),
    stop() {
      stopped = true;
      for (const connection of PUBLIC_FIRST) forget(connection);
      cancelPump?.();
    },
  };
}
