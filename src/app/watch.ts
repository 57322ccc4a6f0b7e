// `cbscope watch`: configuration, then lines or the screen.

import type { WatchFlags } from '../cli/settings.ts';
import { configure } from '../cli/settings.ts';
import { systemClock } from '../feed/clock.ts';
import { fileName } from './file-name.ts';
import type { LivePlan } from './live-session.ts';
import { complain } from './output.ts';
import { VERSION } from './version.ts';
import { watchScreen } from './watch-screen.ts';

/** The file a run records to: the one named, or one named by the time; null when nothing is to be recorded. */
export function recordFileOf(record: string | null, compress: boolean): string | null {
  if (record === null) return null;
  const named = record === '' ? fileName('recording', systemClock.wallMs()) : record;
  return compress && !/\.(zst|gz)$/.test(named) ? `${named}.zst` : named;
}

export async function watch(flags: WatchFlags, isTerminal: boolean): Promise<number> {
  const configuration = configure(flags, process.env, isTerminal);
  if ('problems' in configuration) {
    for (const problem of configuration.problems) complain(problem);
    return 2;
  }
  const plan: LivePlan = { mode: 'live', version: VERSION, configuration, directory: process.cwd() };
  const recordFile = recordFileOf(configuration.record, configuration.compress);
  const { view } = configuration;
  if (view.lines === null) return watchScreen({ plan, view, recordFile });
  // The engine runs on this thread only without a screen: a screen never waits for its code.
  const { watchLines } = await import('./watch-lines.ts');
  return watchLines({ plan, json: view.lines === 'json', durationMs: view.durationMs, recordFile });
}
