// The entry of every worker thread: the engine of a full-screen run, or the demo's exchange. Which one is said in its data.

import { parentPort, workerData } from 'node:worker_threads';
import type { ExchangeThreadData } from './app/demo-exchange.ts';
import type { EngineWorkerData } from './app/engine-thread.ts';
import { invariant } from './base/invariant.ts';

const port = parentPort;
invariant(port !== null, 'worker.js runs as a worker thread only');
const data = workerData as EngineWorkerData | ExchangeThreadData;

if (data.role === 'exchange') {
  const { runExchangeInThread } = await import('./exchange/thread.ts');
  const { tls, overrides } = data.scenario.exchange ?? {};
  await runExchangeInThread(port, {
    scenario: data.scenario,
    ...(tls === undefined ? {} : { tls }),
    ...(overrides === undefined ? {} : { overrides }),
  });
  process.exit(0);
} else {
  const { runEngineThread } = await import('./app/engine-thread.ts');
  await runEngineThread(port, data.orders);
}
