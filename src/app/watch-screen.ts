// Full screen: the engine in a worker thread, the screen on this one. Resolves when the user has left it.

import { MessageChannel, Worker } from 'node:worker_threads';
import { registerSecret } from '../base/secret.ts';
import type { ViewSettings } from '../cli/settings.ts';
import { ENGINE_YOUNG_MB_MAX } from '../core/bounds.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { controlsOver } from '../engine/worker-link.ts';
import type { DrillCase } from '../ui/drill.ts';
import type { ScreenEnd } from '../ui/run.tsx';
import type { EngineThreadData, EngineWorkerData, Started } from './engine-thread.ts';
import { beginSmall, staySmall } from './lean-heap.ts';
import type { LivePlan } from './live-session.ts';
import { complain, say } from './output.ts';

export interface ScreenRun {
  plan: LivePlan;
  view: ViewSettings;
  recordFile: string | null;
  onStarted?: () => void;
  /** A hidden fault to be found. */
  drill?: DrillCase;
  /** Set already; absent sets one. */
  stage?: Stage;
}

function started(worker: Worker): Promise<Started> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (message: Started | { type: string }) => {
      if (message.type === 'started' || message.type === 'refused') resolve(message as Started);
    });
  });
}

/** What the engine's thread died of; with it nothing that is seen is true any more. */
function death(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => {
    worker.once('error', resolve);
    worker.once('exit', (code) => resolve(new Error(`the engine's thread ended by itself, with exit code ${code}`)));
  });
}

/** An engine's thread and the screen's code on their way up: both take long to load, and neither need know yet what it is to show. */
export interface Stage {
  worker: Worker;
  screen: Promise<typeof import('../ui/run.tsx')>;
  /** Hands the engine its task. */
  begin(data: EngineThreadData): void;
}

/** Whoever has something else to wait for asks for a stage first. */
export function setStage(color: boolean, role: EngineThreadData['role'] = 'live'): Stage {
  const { port1: orders, port2 } = new MessageChannel();
  const data: EngineWorkerData = { role: 'engine', orders: port2 };
  beginSmall(role);
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    // For its own list of secrets: a key may have been typed among the arguments.
    argv: process.argv.slice(2),
    workerData: data,
    transferList: [port2],
    resourceLimits: { maxYoungGenerationSizeMb: ENGINE_YOUNG_MB_MAX[role] },
  });
  return { worker, screen: loadScreen(color), begin: (task) => orders.postMessage(task) };
}

function loadScreen(color: boolean): Stage['screen'] {
  // Chalk reads the environment when it loads, and does not know NO_COLOR.
  if (!color) process.env['FORCE_COLOR'] = '0';
  // A terminal is a terminal, also under CI: Ink would hold every screen back until the end.
  delete process.env['CI'];
  return import('../ui/run.tsx');
}

/** Runs the screen over an engine thread until the user has left it. */
async function runOver(
  data: EngineThreadData,
  mode: Snapshot['mode'],
  view: ViewSettings,
  { onStarted, drill, stage = setStage(view.color, data.role) }: Pick<ScreenRun, 'onStarted' | 'drill' | 'stage'>,
): Promise<ScreenEnd> {
  const { worker, screen } = stage;
  const controls = controlsOver(worker);
  const died = death(worker);
  stage.begin(data);
  const [outcome, { runScreen }] = await Promise.all([started(worker), screen]);
  staySmall();
  if (outcome.type === 'refused') {
    complain(outcome.problem);
    await worker.terminate();
    return { exitCode: 2, farewell: '', drill: null };
  }
  onStarted?.();
  const end = await runScreen({
    controls,
    died,
    mode,
    fps: view.fps,
    ascii: view.ascii,
    color: view.color,
    screenReader: view.screenReader,
    ...(view.durationMs === null ? {} : { closing: AbortSignal.timeout(view.durationMs) }),
    ...(drill === undefined ? {} : { drill }),
  });
  await worker.terminate();
  return end;
}

/** Runs the screen and says its farewell; the result is the exit code. */
export async function showScreen(
  data: EngineThreadData,
  mode: Snapshot['mode'],
  view: ViewSettings,
  more: Pick<ScreenRun, 'onStarted' | 'stage'> = {},
): Promise<number> {
  const { exitCode, farewell } = await runOver(data, mode, view, more);
  if (farewell !== '') say(farewell);
  return exitCode;
}

function registerSecrets({ configuration }: LivePlan): void {
  const { credentials, secrets } = configuration;
  // This thread prints too: it must know what it may never print.
  if (credentials !== null) registerSecret('API key secret', credentials.secret);
  for (const value of secrets) registerSecret('environment value', value);
}

export function watchScreen(run: ScreenRun): Promise<number> {
  registerSecrets(run.plan);
  return showScreen({ role: 'live', plan: run.plan, recordFile: run.recordFile }, run.plan.mode, run.view, run);
}

/** The same without the farewell: how it ended is the caller's to tell. */
export function openScreen(run: ScreenRun): Promise<ScreenEnd> {
  registerSecrets(run.plan);
  return runOver({ role: 'live', plan: run.plan, recordFile: run.recordFile }, run.plan.mode, run.view, run);
}
