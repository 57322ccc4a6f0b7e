// Full screen: the engine in a worker thread, the screen on this one. Resolves when the user has left it.

import { Worker } from 'node:worker_threads';
import { registerSecret } from '../base/secret.ts';
import type { ViewSettings } from '../cli/settings.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { controlsOver } from '../engine/worker-link.ts';
import type { EngineThreadData, Started } from './engine-thread.ts';
import type { LivePlan } from './live-session.ts';
import { complain, say } from './output.ts';

export interface ScreenRun {
  plan: LivePlan;
  view: ViewSettings;
  recordFile: string | null;
  onStarted?: () => void;
}

function started(worker: Worker): Promise<Started> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (message: Started | { type: string }) => {
      if (message.type === 'started' || message.type === 'refused') resolve(message as Started);
    });
  });
}

/** Runs the screen over an engine thread; the result is the exit code. */
export async function showScreen(
  data: EngineThreadData,
  mode: Snapshot['mode'],
  view: ViewSettings,
  onStarted?: () => void,
): Promise<number> {
  // Chalk reads the environment when it loads, and does not know NO_COLOR.
  if (!view.color) process.env['FORCE_COLOR'] = '0';
  // A terminal is a terminal, also under CI: Ink would hold every screen back until the end.
  delete process.env['CI'];
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: data });
  const controls = controlsOver(worker);
  const [outcome, { runScreen }] = await Promise.all([started(worker), import('../ui/run.tsx')]);
  if (outcome.type === 'refused') {
    complain(outcome.problem);
    await worker.terminate();
    return 2;
  }
  onStarted?.();
  const { exitCode, farewell } = await runScreen({
    controls,
    mode,
    fps: view.fps,
    ascii: view.ascii,
    color: view.color,
    screenReader: view.screenReader,
    ...(view.durationMs === null ? {} : { closing: AbortSignal.timeout(view.durationMs) }),
  });
  await worker.terminate();
  if (farewell !== '') say(farewell);
  return exitCode;
}

export function watchScreen({ plan, view, recordFile, onStarted }: ScreenRun): Promise<number> {
  const { credentials, secrets } = plan.configuration;
  // This thread prints too: it must know what it may never print.
  if (credentials !== null) registerSecret('API key secret', credentials.secret);
  for (const value of secrets) registerSecret('environment value', value);
  return showScreen({ role: 'live', plan, recordFile }, plan.mode, view, onStarted);
}
