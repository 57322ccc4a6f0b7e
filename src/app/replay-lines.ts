// Line mode of a replay: a recording through the same fold and rules at full speed, printed as sentences or as JSON objects, one a line.

import { exitCodeOf } from '../cli/exit-code.ts';
import type { Fact, Settings } from '../core/fact.ts';
import { Engine } from '../engine/engine.ts';
import { takeSnapshot } from '../engine/snapshot.ts';
import { NO_ROWS, windowOf } from '../engine/timeline-look.ts';
import { connectionLine, findingLine, helloLine, statsLine, summary, verdictLine } from '../report/line.ts';
import { changeSentences, connectionSentence, summaryText, verdictSentence } from '../report/sentence.ts';
import { openTraffic } from './import.ts';
import { complain, say, sayJson } from './output.ts';
import { sawNothing } from './saw-nothing.ts';
import { untilEnd } from './until-end.ts';
import { VERSION } from './version.ts';

/** Runs to the end of the recording, or until a signal, the duration or the reader of the output ends it; the result is the exit code. */
export async function replayLines(file: string, json: boolean, durationMs: number | null): Promise<number> {
  const recording = await openTraffic(file);
  if ('problem' in recording) {
    complain(recording.problem);
    return 2;
  }
  const print = (line: string | Record<string, unknown> | null): void => {
    if (line !== null) typeof line === 'string' ? say(line) : sayJson(line);
  };
  let isGreeted = false;
  const greet = (at: number, settings: Settings | null): void => {
    isGreeted = true;
    sayJson(helloLine(VERSION, 'replay', at, settings, null));
  };
  const onFact = (fact: Fact): void => {
    if (json && !isGreeted && fact.fact !== 'session.started') greet(fact.at, null);
    if (fact.fact === 'session.started' && json) greet(fact.at, fact.settings);
    if (fact.fact === 'tick') {
      if (json) sayJson(statsLine(takeSnapshot(engine, 'replay', windowOf(engine.log, NO_ROWS))));
      return;
    }
    print(json ? connectionLine(fact, engine.model) : connectionSentence(fact));
  };
  const engine = new Engine({
    onFact,
    onChanges: (changes) => {
      for (const change of changes) {
        if (json) sayJson(findingLine(change));
        else for (const sentence of changeSentences(change)) say(sentence);
      }
    },
    onVerdict: (verdict, at) => print(json ? verdictLine(verdict, at) : verdictSentence(verdict, at)),
  });
  if (!json) say(`cbscope ${VERSION}  REPLAY${recording.header.mode === 'demo' ? '  SIMULATED' : ''}  ${file}`);
  let isOver = false;
  void untilEnd(durationMs, () => undefined).then(() => {
    isOver = true;
  });
  for await (const batch of recording.facts()) {
    for (const fact of batch) engine.replay(fact);
    // A turn of the event loop, in which a signal is heard.
    await new Promise((resolve) => setImmediate(resolve));
    if (isOver) break;
  }
  if (engine.model.seq === 0) sawNothing(engine, recording.header.at);
  if (json && !isGreeted) greet(engine.model.at, null);
  for (const note of recording.notes) complain(note);
  const history = [...engine.book.history.values()];
  if (json) sayJson({ type: 'summary', ...summary(engine.model, engine.verdict, history, false) });
  else for (const line of summaryText(engine.model, engine.verdict, history)) say(line);
  return exitCodeOf(history.map((entry) => entry.severity));
}
