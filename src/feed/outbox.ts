// Sends subscribe and unsubscribe frames in the order they were commanded, slowly enough for the limit (reference 5.1), each with a
// token made at the moment of sending. It never sends anything else.

import { subscribeMessage } from '../coinbase/encode.ts';
import type { Command } from '../core/command.ts';
import { type Clock, pause } from './clock.ts';
import type { Emit } from './feed.ts';
import { withoutSignatures } from './mask.ts';
import type { Socket } from './socket.ts';
import type { MadeToken, Tokens } from './tokens.ts';

export type FrameCommand = Extract<Command, { command: 'subscribe' | 'unsubscribe' }>;

/** Says how long the next message must wait; counts it as sent when it need not. */
export interface Pace {
  waitMs(): number;
}

export interface OutboxOptions {
  socket: Socket;
  clock: Clock;
  emit: Emit;
  tokens: Tokens;
  pace: Pace;
  /** False where a token would travel in the clear: then the frame goes without one. */
  mayCarryToken: boolean;
}

export interface Outbox {
  send(command: FrameCommand): void;
  /** The socket has gone, and with it everything waiting for it. */
  clear(): void;
}

const BURST = 4;
const GAP_MS = 130;
const WINDOW_MS = 1_000;
/** One below the documented eight a second, shared by both sockets: the limit counts by address. */
const WINDOW_MESSAGES_MAX = 7;
const WAITING_MAX = 200;

/** A burst of four, then one every 130 ms, and never more than seven in any second. */
export function createPace(clock: Clock): Pace {
  let sent: number[] = [];
  return {
    waitMs() {
      const nowMs = clock.monotonicMs();
      sent = sent.filter((ms) => nowMs - ms < WINDOW_MS);
      const oldest = sent[0];
      const windowMs = sent.length >= WINDOW_MESSAGES_MAX && oldest !== undefined ? oldest + WINDOW_MS - nowMs : 0;
      const newest = sent.at(-1);
      const gapMs = sent.length >= BURST && newest !== undefined ? newest + GAP_MS - nowMs : 0;
      const waitMs = Math.max(0, windowMs, gapMs);
      if (waitMs <= 0) sent.push(nowMs);
      return waitMs;
    },
  };
}

export function createOutbox({ socket, clock, emit, tokens, pace, mayCarryToken }: OutboxOptions): Outbox {
  let waiting: FrameCommand[] = [];
  let generation = 0;
  let busy = false;

  const deliver = async (command: FrameCommand, mine: number): Promise<void> => {
    for (let waitMs = pace.waitMs(); waitMs > 0; waitMs = pace.waitMs()) await pause(clock, waitMs);
    if (mine !== generation) return;
    let made: MadeToken | null = null;
    if (command.signed && mayCarryToken) made = await tokens.make(command.connection);
    if (mine !== generation) return;
    const { command: type, channel, productIds, connection } = command;
    const text = subscribeMessage({ type, channel, productIds, jwt: made?.jwt });
    if (!socket.send(text)) return;
    emit({ fact: 'frame.sent', connection, text: withoutSignatures(text), token: made?.token ?? null });
  };
  const drain = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await deliver(next, generation);
    busy = false;
  };

  return {
    send(command) {
      if (socket.state !== 'open' || waiting.length >= WAITING_MAX) return;
      waiting.push(command);
      void drain();
    },
    clear() {
      waiting = [];
      generation += 1;
    },
  };
}
