// `cbscope drill`: scenarios with their names hidden, one after the other, and the score on the normal screen at the end.

import { randomInt } from 'node:crypto';
import type { DrillFlags } from '../cli/program.ts';
import type { WatchFlags } from '../cli/settings.ts';
import { isDumb } from '../cli/terminal-variables.ts';
import { Random } from '../exchange/random.ts';
import { findScenario, scenarios } from '../exchange/scenarios.ts';
import type { DrillCase } from '../ui/drill.ts';
import type { ScreenEnd } from '../ui/run.tsx';
import { choicesFor, deal, type Fault, faultsOf } from './deal.ts';
import { startDemoExchange } from './demo-exchange.ts';
import { complain, say } from './output.ts';
import { configurationFor } from './scenario-plan.ts';
import { VERSION } from './version.ts';
import { openScreen } from './watch-screen.ts';

interface Played {
  dealt: DrillCase;
  answer: string | null;
}

interface Start {
  first: Fault | null;
  random: Random;
}

const SEEDS = 2 ** 31;

/** What the flags say, or the sentence that is wrong with them. */
function startOf(flags: DrillFlags): Start | { problem: string } {
  const seed = flags.seed === undefined ? randomInt(SEEDS) : Number(flags.seed);
  if (!Number.isInteger(seed) || seed < 0 || flags.seed?.trim() === '')
    return { problem: `--seed is ${JSON.stringify(flags.seed)}; expected a whole number, such as --seed 7` };
  const named = flags.scenario === undefined ? null : findScenario(flags.scenario);
  const first = named === null ? null : (faultsOf([named])[0] ?? null);
  if (flags.scenario !== undefined && first === null)
    return {
      problem: `--scenario is ${JSON.stringify(flags.scenario)}; expected one that \`cbscope demo --list\` shows with a code`,
    };
  return { first, random: new Random(seed) };
}

/** Plays one scenario behind the veil; null when it could not be started, which has been said. */
async function play(fault: Fault, dealt: DrillCase, flags: WatchFlags): Promise<ScreenEnd | null> {
  const exchange = await startDemoExchange(fault);
  try {
    const configuration = configurationFor(fault, exchange.ready, flags, true);
    if ('problems' in configuration) {
      for (const problem of configuration.problems) complain(problem);
      return null;
    }
    const plan = { mode: 'demo' as const, version: VERSION, configuration, directory: process.cwd() };
    return await openScreen({
      plan,
      view: configuration.view,
      recordFile: null,
      onStarted: exchange.begin,
      drill: dealt,
    });
  } finally {
    await exchange.close();
  }
}

function playedLine({ dealt, answer }: Played): string {
  const told = `${dealt.code}  (${dealt.scenario})`;
  if (answer === null) return `not answered  ${told}`;
  return answer === dealt.code ? `right         ${told}` : `wrong         ${told}, you said ${answer}`;
}

/** What stays on the normal screen: a line for each drill, newest last, and the score. */
export function scoreLines(played: readonly Played[], linesMax: number): string[] {
  const answered = played.filter(({ answer }) => answer !== null);
  const right = answered.filter(({ dealt, answer }) => answer === dealt.code);
  const score = answered.length === 0 ? 'no drill was answered' : `${right.length} of ${answered.length} right`;
  const shown = played.slice(-Math.max(1, linesMax - 1));
  return [...shown.map(playedLine), score];
}

export async function drill(flags: DrillFlags, isTerminal: boolean): Promise<number> {
  if (!isTerminal || isDumb(process.env)) {
    complain('drill needs a terminal: run it without a pipe, or see `cbscope demo` for lines');
    return 2;
  }
  const started = startOf(flags);
  if ('problem' in started) {
    complain(started.problem);
    return 2;
  }
  const { first, random } = started;
  const { scenario: _, seed: __, ...view } = flags;
  const played: Played[] = [];
  let exitCode = 0;
  for (const fault of deal(faultsOf(scenarios), random, first)) {
    const answered = played.filter(({ answer }) => answer !== null);
    const dealt: DrillCase = {
      scenario: fault.name,
      title: fault.title,
      code: fault.code,
      choices: choicesFor(fault, random),
      number: played.length + 1,
      answered: answered.length,
      right: answered.filter(({ dealt: { code }, answer }) => answer === code).length,
      durationMs: fault.durationSeconds * 1_000,
    };
    const end = await play(fault, dealt, view);
    if (end === null) return 2;
    played.push({ dealt, answer: end.drill?.answer ?? null });
    exitCode = end.exitCode;
    if (end.drill?.next !== true) break;
  }
  for (const line of scoreLines(played, (process.stdout.rows ?? 24) - 6)) say(line);
  return exitCode;
}
