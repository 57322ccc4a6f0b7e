// Owns the exchange's life inside a worker thread: starts it, plays the scenario, obeys messages.
// All that crosses the port is plain data.
import type { MessagePort } from 'node:worker_threads';
import { type Exchange, type ExchangeOptions, startExchange } from './exchange.ts';
import { type Fault, parseFault } from './fault.ts';
import type { ExchangeKeys } from './identity.ts';
import { Player } from './player.ts';

export interface ThreadOptions extends ExchangeOptions {
  /** Time the scenario from readiness instead of from a `begin` message. */
  autoBegin?: boolean;
}

export type ToExchange = { type: 'begin' } | { type: 'fault'; fault: Fault } | { type: 'clear' } | { type: 'close' };

export type FromExchange =
  | {
      type: 'ready';
      publicUrl: string;
      userUrl: string;
      restUrl: string;
      closedPort: number;
      keys: ExchangeKeys;
      caPem: string | undefined;
    }
  | { type: 'problem'; problem: string }
  | { type: 'closed' };

/** Runs an exchange behind a message port until it is told to close. Resolves when everything is closed. */
export async function runExchangeInThread(port: MessagePort, options: ThreadOptions = {}): Promise<void> {
  const exchange = await startExchange(options);
  const player = options.scenario === undefined ? null : new Player(exchange, options.scenario);
  const post = (message: FromExchange) => port.postMessage(message);
  await new Promise<void>((resolve) => {
    port.on('message', (message: unknown) => {
      const order = asOrder(message);
      if (order.type === 'close') resolve();
      else if (order.type === 'begin') player?.begin();
      else if (order.type === 'clear') exchange.clear();
      else applyChecked(exchange, order.fault, post);
    });
    port.on('close', resolve);
    post(readyMessage(exchange));
    if (options.autoBegin === true) player?.begin();
  });
  player?.stop();
  await exchange.close();
  post({ type: 'closed' });
  port.close();
}

type Order = Exclude<ToExchange, { type: 'fault' }> | { type: 'fault'; fault: unknown };

function asOrder(message: unknown): Order {
  const fields = typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {};
  if (fields.type === 'begin' || fields.type === 'clear' || fields.type === 'close') return { type: fields.type };
  return { type: 'fault', fault: fields.type === 'fault' ? fields.fault : message };
}

function applyChecked(exchange: Exchange, value: unknown, post: (message: FromExchange) => void): void {
  const fault = parseFault(value);
  if ('problem' in fault) post({ type: 'problem', problem: fault.problem });
  else exchange.apply(fault);
}

function readyMessage(exchange: Exchange): FromExchange {
  const { publicUrl, userUrl, restUrl, closedPort, keys, caPem } = exchange;
  return { type: 'ready', publicUrl, userUrl, restUrl, closedPort, keys, caPem };
}
