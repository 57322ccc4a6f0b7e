// `cbscope replay`: a recording in the same screen; in a pipe, its lines at full speed.

import type { ReplayFlags } from '../cli/program.ts';
import { configure } from '../cli/settings.ts';
import { terminalVariables } from '../cli/terminal-variables.ts';
import { keepHeapLean } from './lean-heap.ts';
import { complain } from './output.ts';
import { showScreen } from './watch-screen.ts';

/** The view settings alone matter here: what was watched is in the recording. */
export async function replay(file: string, flags: ReplayFlags, isTerminal: boolean): Promise<number> {
  const configuration = configure({ ...flags, envFile: '/dev/null' }, terminalVariables(process.env), isTerminal);
  if ('problems' in configuration) {
    for (const problem of configuration.problems) complain(problem);
    return 2;
  }
  const { view } = configuration;
  const atEnd = flags.end === true;
  keepHeapLean();
  if (view.lines === null) return showScreen({ role: 'replay', file, directory: process.cwd(), atEnd }, 'replay', view);
  // A screen never waits for the code of lines.
  const { replayLines } = await import('./replay-lines.ts');
  return replayLines(file, view.lines === 'json', view.durationMs);
}
