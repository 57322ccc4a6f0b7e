// Line mode of watch and demo: the same engine without worker and screen, printed as sentences or as JSON objects, one a line.

import { exitCodeOf } from '../cli/exit-code.ts';
import type { Fact } from '../core/fact.ts';
import type { FindingChange } from '../core/finding.ts';
import { connectionLine, findingLine, helloLine, statsLine, summary, verdictLine } from '../report/line.ts';
import {
  changeSentences,
  connectionSentence,
  summaryText,
  trafficSentence,
  verdictSentence,
} from '../report/sentence.ts';
import { beginSmall, staySmall } from './lean-heap.ts';
import type { LivePlan } from './live-session.ts';
import { buildLiveSession } from './live-session.ts';
import { complain, say, sayJson } from './output.ts';
import { untilEnd } from './until-end.ts';

const TRAFFIC_EVERY_TICKS = 10;

export interface LineRun {
  plan: LivePlan;
  json: boolean;
  durationMs: number | null;
  recordFile: string | null;
  /** Called with every finding raised, for the demo's own judgement. */
  onRaised?: (change: FindingChange) => void;
  /** Called once everything is started. */
  onStarted?: () => void;
}

/** Runs until the duration is over or a signal comes; the result is the exit code. */
export async function watchLines(run: LineRun): Promise<number> {
  // The engine runs on this very thread.
  beginSmall('live');
  staySmall();
  let ticks = 0;
  const onFact = (fact: Fact): void => {
    if (fact.fact === 'tick') return tick();
    const line = run.json ? connectionLine(fact, session.engine.model) : connectionSentence(fact);
    if (line !== null) print(line);
  };
  const print = (line: string | Record<string, unknown>): void =>
    typeof line === 'string' ? say(line) : sayJson(line);
  const tick = (): void => {
    ticks += 1;
    if (run.json) sayJson(statsLine(session.snapshot()));
    else if (ticks % TRAFFIC_EVERY_TICKS === 0) say(trafficSentence(session.snapshot()));
  };
  const session = buildLiveSession(run.plan, {
    onFact,
    onChanges: (changes) => {
      for (const change of changes) {
        if (run.json) sayJson(findingLine(change));
        else for (const sentence of changeSentences(change)) say(sentence);
        if (change.status === 'raised') run.onRaised?.(change);
      }
    },
    onVerdict: (verdict, at) => print(run.json ? verdictLine(verdict, at) : verdictSentence(verdict, at)),
  });
  const refused = run.recordFile === null ? null : await session.recordTo(run.recordFile);
  if (refused !== null) {
    complain(refused.problem);
    return 2;
  }
  // Whoever has read the first line may end the run: it has its last line even so.
  const over = untilEnd(run.durationMs, () => session.flushSync());
  greet(run);
  session.start();
  run.onStarted?.();
  await session.stop(await over);
  const { model, verdict, book } = session.engine;
  const history = [...book.history.values()];
  if (run.json) sayJson({ type: 'summary', ...summary(model, verdict, history, false) });
  else for (const text of summaryText(model, verdict, history)) say(text);
  return exitCodeOf(history.map((entry) => entry.severity));
}

function greet(run: LineRun): void {
  const { version, mode, configuration } = run.plan;
  if (run.json) {
    sayJson(helloLine(version, mode, Date.now(), configuration.settings, configuration.credentials?.keyId ?? null));
    return;
  }
  const { products, publicUrl, userUrl, restUrl } = configuration.settings;
  say(`cbscope ${version}  ${mode === 'demo' ? 'SIMULATED (built-in exchange)' : 'read-only'}  ${products.join(' ')}`);
  say(`public ${publicUrl}   user ${userUrl}   REST ${restUrl}`);
  say(run.durationMs === null ? 'ends with ctrl-C' : `ends by itself after ${run.durationMs / 1_000} s`);
}
