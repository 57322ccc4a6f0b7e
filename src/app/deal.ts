// Deals drills: scenarios in a shuffled order without repeats, each with the right code among look-alikes. A seed repeats the deal.

import type { Random } from '../exchange/random.ts';
import type { Scenario } from '../exchange/scenario.ts';
import { CATALOGUE } from '../playbook/catalogue.ts';

const DISTRACTORS = 5;

/** A scenario that is about one fault. */
export type Fault = Scenario & { code: string };

/** The scenarios that can be guessed: those that are about one code. */
export function faultsOf(scenarios: readonly Scenario[]): Fault[] {
  return scenarios.filter((scenario): scenario is Fault => scenario.code !== null);
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const out = [...list];
  for (let last = out.length - 1; last > 0; last -= 1) {
    const at = random.int(0, last);
    const [a, b] = [out[at], out[last]];
    if (a !== undefined && b !== undefined) [out[at], out[last]] = [b, a];
  }
  return out;
}

const areaOf = (code: string): string => code.split('_')[0] ?? code;

/** How far a code is from the right one: the same problem of the playbook first; then the same area, the same party, the rest. */
function distance(code: string, right: string): number {
  const [one, other] = [CATALOGUE[code], CATALOGUE[right]];
  const farArea = areaOf(code) === areaOf(right) ? 0 : 1;
  if (one?.problem === other?.problem) return farArea;
  return 2 + 2 * farArea + (one?.party === other?.party ? 0 : 1);
}

/** The right code and five look-alikes, nearest first and then mixed; codes that the scenario raises as well are left out. */
export function choicesFor(scenario: Fault, random: Random): string[] {
  const raised = [scenario.code, ...scenario.expect.map(({ code }) => code)];
  const others = shuffled(
    Object.keys(CATALOGUE).filter((code) => !raised.includes(code)),
    random,
  ).toSorted((a, b) => distance(a, scenario.code) - distance(b, scenario.code));
  return shuffled([scenario.code, ...others.slice(0, DISTRACTORS)], random);
}

/** The faults one after the other without end: the named one first, then all in a new order each round, none twice in a row. */
export function* deal(faults: readonly Fault[], random: Random, first: Fault | null): Generator<Fault, never> {
  let last = first;
  if (first !== null) yield first;
  while (true) {
    for (const fault of shuffled(faults, random)) {
      if (fault === last) continue;
      last = fault;
      yield fault;
    }
  }
}
