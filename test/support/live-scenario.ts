// A scenario of the simulated exchange watched by a live session in this process, recorded, and looked at while it runs.

import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { Ready } from '../../src/app/demo-exchange.ts';
import { buildLiveSession } from '../../src/app/live-session.ts';
import { configurationFor } from '../../src/app/scenario-plan.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { windowOf } from '../../src/engine/timeline-look.ts';
import type { Scenario } from '../../src/exchange/scenario.ts';
import { runExchangeInThread } from '../../src/exchange/thread.ts';

export interface Watched {
  /** What the live session showed, in order. */
  moments: Snapshot[];
  /** Its recording. */
  file: string;
}

/** Where recorded scenarios look at the screen: every few ticks, and when something was raised. */
const LOOK_EVERY_TICKS = 3;

/** Runs a scenario for some seconds; the recording is put into `folder`. */
export async function watchScenario(scenario: Scenario, folder: string, seconds: number): Promise<Watched> {
  const { port1, port2 } = new MessageChannel();
  const closed = runExchangeInThread(port2, { scenario });
  const ready = await new Promise<Ready>((resolve) => {
    port1.on('message', (message: Ready | { type: 'closed' }) => message.type === 'ready' && resolve(message));
  });
  const configuration = configurationFor(scenario, ready, {}, false);
  if ('problems' in configuration) throw new Error(configuration.problems.join('; '));
  const file = join(folder, `${scenario.name}.ndjson`);
  const moments: Snapshot[] = [];
  let ticks = 0;
  let wasRaised = false;
  let finish = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const session = buildLiveSession(
    { mode: 'demo', version: 'test', configuration, directory: folder },
    {
      onChanges: (changes) => {
        wasRaised ||= changes.some(({ status }) => status === 'raised');
      },
      onFact: ({ fact }) => {
        if (fact !== 'tick') return;
        ticks += 1;
        if (ticks >= seconds) finish();
        if (ticks % LOOK_EVERY_TICKS !== 0 && !wasRaised) return;
        wasRaised = false;
        // Once whatever this tick caused is folded, too.
        queueMicrotask(() => moments.push(structuredClone(session.snapshot(windowOf(session.engine.log)))));
      },
    },
  );
  const refused = await session.recordTo(file);
  if (refused !== null) throw new Error(refused.problem);
  session.start();
  port1.postMessage({ type: 'begin' });
  await over;
  await session.stop('the test is over');
  moments.push(structuredClone(session.snapshot(windowOf(session.engine.log))));
  port1.postMessage({ type: 'close' });
  await closed;
  return { moments, file };
}
