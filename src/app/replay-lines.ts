// Line mode of a replay: a recording through the same fold and rules at full speed, printed as sentences or as JSON objects, one a line.

import { exitCodeOf } from '../cli/exit-code.ts';
import type { Fact } from '../core/fact.ts';
import { Engine } from '../engine/engine.ts';
import { takeSnapshot } from '../engine/snapshot.ts';
import { NO_ROWS, windowOf } from '../engine/timeline-look.ts';
import { connectionLine, findingLine, helloLine, statsLine, summary, verdictLine } from '../report/line.ts';
import { changeSentences, connectionSentence, summaryText, verdictSentence } from '../report/sentence.ts';
import { openTraffic } from './import.ts';
import { complain, say, sayJson } from './output.ts';
import { VERSION } from './version.ts';

export async function replayLines(file: string, json: boolean): Promise<number> {
  const recording = await openTraffic(file);
  if ('problem' in recording) {
    complain(recording.problem);
    return 2;
  }
  const print = (line: string | Record<string, unknown> | null): void => {
    if (line !== null) typeof line === 'string' ? say(line) : sayJson(line);
  };
  const onFact = (fact: Fact): void => {
    if (fact.fact === 'session.started' && json) sayJson(helloLine(VERSION, 'replay', fact.at, fact.settings, null));
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
  for await (const batch of recording.facts()) for (const fact of batch) engine.replay(fact);
  for (const note of recording.notes) complain(note);
  const history = [...engine.book.history.values()];
  if (json) sayJson({ type: 'summary', ...summary(engine.model, engine.verdict, history, false) });
  else for (const line of summaryText(engine.model, engine.verdict, history)) say(line);
  return exitCodeOf(history.map((entry) => entry.severity));
}
