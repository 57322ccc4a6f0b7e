// Refused tokens that a captured program made too early, though the machine that captured has the right time: then another machine
// made them (a proxy captures for a whole network), and the clock of that one is ahead.

import { serverTime } from '../core/clock-offset.ts';
import type { Model } from '../core/model.ts';
import type { AuthOutcome } from '../core/tokens.ts';
import type { Rule } from './rule.ts';
import { clockTime, duration, sighting } from './rule.ts';
import { isSkewed, offsetText, unauthorizedSteps } from './steps.ts';

const STANDS_MS = 60_000;

/** How far in Coinbase’s future the token began when it was refused, ms; 0 or less when it had begun. */
function earlyMs(model: Model, { at, token }: AuthOutcome): number {
  return token === null ? 0 : token.nbf * 1_000 - serverTime(model.clock, at);
}

export const madeAhead: Rule = (model) => {
  // A capturing clock that is wrong itself is told by the rule for clocks.
  if (model.capture === null || isSkewed(model) !== false) return [];
  const early = model.tokens.outcomes.filter(
    (outcome) => outcome.outsideItsTime === true && earlyMs(model, outcome) > 0 && model.t - outcome.t < STANDS_MS,
  );
  const last = early.at(-1);
  if (last === undefined) return [];
  return [
    sighting({
      code: 'AUTH_CLOCK_SKEW',
      severity: 'critical',
      connection: last.talker,
      confidence: 'medium',
      title: `A refused token begins ${duration(earlyMs(model, last))} in Coinbase’s future: the clock of the machine that made it is ahead.`,
      count: early.length,
      evidence: [
        ...early
          .slice(-3)
          .map(
            (outcome) => `${clockTime(outcome.at)} ${outcome.what} refused: ${duration(earlyMs(model, outcome))} early`,
          ),
        `the clock that captured is right: ${offsetText(model) ?? ''}`,
      ],
      facts: early.map(({ seq }) => seq),
      steps: unauthorizedSteps(model),
      clearedBecause: 'no such token was refused for 60 s',
    }),
  ];
};
