// The built-in exchange for the demo, in a thread of its own: its work must not make this tool late.

import { Worker } from 'node:worker_threads';
import type { Scenario } from '../exchange/scenario.ts';
import type { FromExchange, ToExchange } from '../exchange/thread.ts';

export type Ready = Extract<FromExchange, { type: 'ready' }>;

export interface DemoExchange {
  ready: Ready;
  /** Starts the scenario's clock. */
  begin(): void;
  close(): Promise<void>;
}

export interface ExchangeThreadData {
  role: 'exchange';
  scenario: Scenario;
}

export function startDemoExchange(scenario: Scenario): Promise<DemoExchange> {
  const data: ExchangeThreadData = { role: 'exchange', scenario };
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: data });
  const post = (message: ToExchange): void => worker.postMessage(message);
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (message: FromExchange) => {
      if (message.type !== 'ready') return;
      resolve({
        ready: message,
        begin: () => post({ type: 'begin' }),
        close: async () => {
          post({ type: 'close' });
          await worker.terminate();
        },
      });
    });
  });
}
