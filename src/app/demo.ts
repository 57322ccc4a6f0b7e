// The demo: a scenario on the built-in exchange, watched by the same program as everything else. No key, no network, no set-up.

import type { WatchFlags } from '../cli/settings.ts';
import { wantsColor } from '../cli/terminal-variables.ts';
import type { FindingChange } from '../core/finding.ts';
import type { Scenario } from '../exchange/scenario.ts';
import { findScenario, scenarios } from '../exchange/scenarios.ts';
import { startDemoExchange } from './demo-exchange.ts';
import type { LivePlan } from './live-session.ts';
import { complain, say } from './output.ts';
import { listLines } from './scenario-list.ts';
import { configurationFor } from './scenario-plan.ts';
import { VERSION } from './version.ts';
import { recordFileOf } from './watch.ts';
import { setStage, watchScreen } from './watch-screen.ts';

async function listScenarios(): Promise<number> {
  const { HAR_EXAMPLES } = await import('../import/examples.ts');
  const { RECORDED_EXAMPLES } = await import('./recorded-examples.ts');
  for (const line of listLines(scenarios, HAR_EXAMPLES, RECORDED_EXAMPLES)) say(line);
  return 0;
}

/** Whether every expected code came, in time and, for a story, in order. */
function judge(scenario: Scenario, raised: { code: string; t: number }[], beganT: number): string[] {
  return scenario.expect.flatMap(({ code, bySeconds }) => {
    const seen = raised.find((each) => each.code === code);
    if (seen === undefined) return [`${code} was not raised`];
    const after = (seen.t - beganT) / 1_000;
    return after > bySeconds + 3
      ? [`${code} was raised after ${after.toFixed(1)} s, expected within ${bySeconds} s`]
      : [];
  });
}

export interface DemoFlags extends WatchFlags {
  list?: boolean;
}

export async function demo(name: string | undefined, flags: DemoFlags, isTerminal: boolean): Promise<number> {
  if (flags.list === true) return listScenarios();
  const scenario = findScenario(name ?? 'story');
  if (scenario === null) {
    const { demoBundled, findBundled } = await import('./demo-capture.ts');
    const bundled = findBundled(name ?? '');
    if (bundled !== null) return demoBundled(bundled, flags, isTerminal);
    complain(`there is no scenario ${JSON.stringify(name)}; expected one of those that \`cbscope demo --list\` shows`);
    return 2;
  }
  const wantsScreen = isTerminal && flags.json !== true && flags.plain !== true;
  const starting = startDemoExchange(scenario);
  const stage = wantsScreen ? setStage(flags.color !== false && wantsColor(process.env)) : null;
  const exchange = await starting;
  try {
    const configuration = configurationFor(scenario, exchange.ready, flags, isTerminal);
    if ('problems' in configuration) {
      for (const problem of configuration.problems) complain(problem);
      return 2;
    }
    const plan: LivePlan = { mode: 'demo', version: VERSION, configuration, directory: process.cwd() };
    if (configuration.view.lines === null)
      return await watchScreen({
        plan,
        view: configuration.view,
        recordFile: recordFileOf(configuration.record, configuration.compress),
        onStarted: exchange.begin,
        ...(stage === null ? {} : { stage }),
      });
    return await inLines(scenario, plan, exchange.begin);
  } finally {
    await stage?.worker.terminate();
    await exchange.close();
  }
}

async function inLines(scenario: Scenario, plan: LivePlan, begin: () => void): Promise<number> {
  const { view, record } = plan.configuration;
  const raised: { code: string; t: number }[] = [];
  const onRaised = ({ finding, t }: FindingChange): void => void raised.push({ code: finding.code, t });
  const durationMs = view.durationMs ?? scenario.durationSeconds * 1_000;
  const { watchLines } = await import('./watch-lines.ts');
  const code = await watchLines({
    plan,
    json: view.lines === 'json',
    durationMs,
    recordFile: recordFileOf(record, plan.configuration.compress),
    onRaised,
    onStarted: begin,
  });
  if (code === 1 || code === 2) return code;
  // Cut short on purpose, the story cannot be judged whole.
  if (durationMs < scenario.durationSeconds * 1_000) return 0;
  const missed = judge(scenario, raised, 0);
  for (const sentence of missed) complain(`the demo was not diagnosed as scripted: ${sentence}`);
  return missed.length === 0 ? 0 : 1;
}
