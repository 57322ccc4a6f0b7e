// Who has accepted the key that somebody refuses: then it is not the key that is at fault.

import type { Model } from '../core/model.ts';
import type { AuthOutcome } from '../core/tokens.ts';
import { refusalsInARow } from '../core/tokens.ts';

/** How long a last word on the key counts: a little longer than the slowest default poll. */
const LAST_WORD_MS = 90_000;

/** REST accepted this key at its last word, not long ago: then what a socket refuses is not the key as such. */
export function restAcceptsKey(model: Model): boolean {
  const last = model.tokens.outcomes.findLast((outcome) => outcome.talker === 'rest');
  return last?.accepted === true && model.t - last.t <= LAST_WORD_MS;
}

/** A subscribe of the same socket whose last word, given not long before a refusal, is that the key is accepted; null when there is none. */
export function acceptedBeside(model: Model, refusal: AuthOutcome): AuthOutcome | null {
  const { talker, what } = refusal;
  const others = model.tokens.outcomes.filter((other) => other.talker === talker && other.what !== what);
  const lastWords = others.filter(
    (other, index) => !others.slice(index + 1).some((later) => later.what === other.what),
  );
  return lastWords.findLast(({ accepted, t }) => accepted && refusal.t - t <= LAST_WORD_MS) ?? null;
}

const ALONE_MIN = 3;

/** The refusals of one REST call that comes back refused again and again while the same key is accepted for others; empty otherwise. */
export function refusedAlone(model: Model): AuthOutcome[] {
  const { outcomes } = model.tokens;
  const last = outcomes.findLast(({ talker, accepted }) => talker === 'rest' && !accepted);
  if (last === undefined || model.t - last.t > LAST_WORD_MS) return [];
  const refusals = refusalsInARow(model.tokens, 'rest', last.what);
  const sinceT = refusals[0]?.t ?? last.t;
  const isAccepted = outcomes.some(({ talker, accepted, t }) => talker === 'rest' && accepted && t > sinceT);
  return isAccepted && refusals.length >= ALONE_MIN ? refusals : [];
}

/** Who accepts the key that a socket refuses, in words; null when nobody does. */
export function acceptedElsewhere(model: Model, refusal: AuthOutcome): string | null {
  if (restAcceptsKey(model)) return 'REST accepts the same key';
  const beside = acceptedBeside(model, refusal);
  return beside === null ? null : `“${beside.what}” was accepted with the same key`;
}
