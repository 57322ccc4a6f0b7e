// `cbscope report`: a recording through the same fold and rules as the live run, printed as a text for a ticket or as one JSON object.

import { exitCodeOf } from '../cli/exit-code.ts';
import type { ReportFlags } from '../cli/program.ts';
import { Engine } from '../engine/engine.ts';
import { summary } from '../report/line.ts';
import { summaryText } from '../report/sentence.ts';
import { openTraffic } from './import.ts';
import { complain, say, sayJson } from './output.ts';

/** Folds a recording, whole or up to a moment (monotonic ms); each batch lets the event loop breathe. */
export async function foldRecording(
  file: string,
  untilT = Number.POSITIVE_INFINITY,
): Promise<{ engine: Engine; notes: string[] } | { problem: string }> {
  const recording = await openTraffic(file);
  if ('problem' in recording) return recording;
  const engine = new Engine();
  for await (const batch of recording.facts()) {
    for (const fact of batch) if (fact.t <= untilT) engine.replay(fact);
    if ((batch.at(-1)?.t ?? 0) > untilT) break;
  }
  return { engine, notes: [...recording.notes] };
}

export async function report(file: string, flags: ReportFlags): Promise<number> {
  const folded = await foldRecording(file);
  if ('problem' in folded) {
    complain(folded.problem);
    return 2;
  }
  const { engine, notes } = folded;
  for (const note of notes) complain(note);
  const history = [...engine.book.history.values()];
  if (flags.json === true) sayJson(summary(engine.model, engine.verdict, history, true));
  else for (const line of summaryText(engine.model, engine.verdict, history)) say(line);
  return exitCodeOf(history.map((entry) => entry.severity));
}
