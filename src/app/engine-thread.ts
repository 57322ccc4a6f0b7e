// The engine's thread of a full-screen run: builds the session or the replay it is told to, and serves its controls.

import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { serveControls } from '../engine/worker-link.ts';
import { registerKnownSecrets, registerTypedKeys } from './known-secrets.ts';
import type { LivePlan } from './live-session.ts';
import { buildLiveSession } from './live-session.ts';
import { openReplay } from './replay-session.ts';

export type EngineThreadData =
  | { role: 'live'; plan: LivePlan; recordFile: string | null }
  | { role: 'replay'; file: string; directory: string; atEnd?: boolean };

/** What the thread is made with: a port by which its task comes. */
export interface EngineWorkerData {
  role: 'engine';
  orders: MessagePort;
}

/** The first message: whether it started. */
export type Started = { type: 'started' } | { type: 'refused'; problem: string };

/** Waits for its task, then does it: loading its code is most of a start, and needs no task. */
export async function runEngineThread(port: MessagePort, orders: MessagePort): Promise<void> {
  const [task] = (await once(orders, 'message')) as [EngineThreadData];
  orders.close();
  await runTask(port, task);
}

async function runTask(port: MessagePort, data: EngineThreadData): Promise<void> {
  const post = (message: Started): void => port.postMessage(message);
  // The list of secrets is each thread's own.
  registerTypedKeys(process.argv.slice(2));
  registerKnownSecrets();
  if (data.role === 'replay') {
    const replay = await openReplay(data.file, data.directory, data.atEnd === true);
    if ('problem' in replay) return post({ type: 'refused', problem: replay.problem });
    serveControls(replay, port);
    post({ type: 'started' });
    return;
  }
  const session = buildLiveSession(data.plan);
  // A crash of this thread loses nothing that was seen: what is pending goes to the file first.
  process.on('uncaughtExceptionMonitor', () => session.flushSync());
  serveControls(session, port);
  const refused = data.recordFile === null ? null : await session.recordTo(data.recordFile);
  if (refused !== null) return post({ type: 'refused', problem: refused.problem });
  session.start();
  post({ type: 'started' });
}
