// A subscribe that a socket refuses although its key is good: what was sent is at fault, or the account may not have that channel.

import type { Talker } from '../core/fact.ts';
import type { Model } from '../core/model.ts';
import type { AuthOutcome } from '../core/tokens.ts';
import { refusalsInARow } from '../core/tokens.ts';
import { acceptedElsewhere } from './accepted-key.ts';
import { keptTooLongMs, tokenFault } from './captured.ts';
import type { Rule, Sighting } from './rule.ts';
import { plural, sighting } from './rule.ts';
import { isSkewed, unauthorizedSteps } from './steps.ts';
import { explainedByClock, isSettled } from './unauthorized.ts';

/** The refusals in a row of the call that a socket refused last. */
function refusedLast(model: Model, name: Talker): AuthOutcome[] {
  const last = model.tokens.outcomes.findLast(({ talker, accepted }) => talker === name && !accepted);
  return last === undefined ? [] : refusalsInARow(model.tokens, name, last.what);
}

/** Refused on a socket, twice, while the same key is accepted elsewhere: the key is good, what was sent is not. */
export const socketAuthFailure: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of ['public', 'user'] as const) {
    const refusals = refusedLast(model, name);
    const last = refusals.at(-1);
    if (last === undefined || refusals.length < 2 || model.t - last.t > 90_000) continue;
    const accepted = acceptedElsewhere(model, refusals[0] ?? last);
    if (accepted === null || refusals.some((refusal) => explainedByClock(refusal))) continue;
    if (refusals.some(({ token }) => token !== null && tokenFault(token) !== null)) continue;
    if (refusals.some((refusal) => keptTooLongMs(model, refusal) > 0)) continue;
    if (!isSettled(model, refusals[0] ?? last) || isSkewed(model) === true) continue;
    seen.push(
      sighting({
        code: 'WS_AUTH_FAILURE',
        about: name,
        connection: name,
        title: `The ${name} socket refuses “${last.what}” (${last.message}) though ${accepted}.`,
        count: refusals.length,
        confidence: 'medium',
        evidence: [
          `${plural(refusals.length, 'subscribe')} refused in a row, each with a fresh token`,
          `${plural(model.tokens.accepted, 'token')} of the same key accepted`,
        ],
        facts: refusals.map((refusal) => refusal.seq),
        steps: unauthorizedSteps(model),
        clearedBecause: 'a subscribe was accepted',
      }),
    );
  }
  return seen;
};
