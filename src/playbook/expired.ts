// A subscribe that left with a token already over, while the clocks agree: the token was kept too long, the key is not to blame.
// A close at the end of a token is told with the other closes.

import { bestOffset } from '../core/clock-offset.ts';
import type { Connection } from '../core/connection.ts';
import type { Model } from '../core/model.ts';
import type { AuthOutcome } from '../core/tokens.ts';
import { refusalsInARow } from '../core/tokens.ts';
import { keptTooLongMs } from './captured.ts';
import type { Rule, Sighting } from './rule.ts';
import { clockTime, duration, plural, sighting } from './rule.ts';
import { isSkewed, offsetText, unauthorizedSteps } from './steps.ts';

const STANDS_MS = 60_000;
/** An answer may be on its way for as long as this. */
const SENT_LATE_MS = 1_000;

/** How long the refused token had been over in server time, ms; 0 when it was not, or before the clock was measured. */
function overForMs(model: Model, refusal: AuthOutcome): number {
  const keptMs = keptTooLongMs(model, refusal);
  if (keptMs > 0) return keptMs;
  const best = bestOffset(model.clock);
  if (best === null || refusal.token === null) return 0;
  const overMs = refusal.at - best.offsetMs - refusal.token.exp * 1_000;
  return overMs > best.uncertaintyMs ? overMs : 0;
}

/** A captured program sent a subscribe whose token was over by its own clock, and no refusal of it is in the capture. */
function sentTooLate(model: Model, connection: Connection): Sighting | null {
  const { token, tokenSentT, acceptedToken, name } = connection;
  if (model.capture === null || token === null || tokenSentT === null || token === acceptedToken) return null;
  const at = model.at - (model.t - tokenSentT);
  const lateMs = keptTooLongMs(model, { at, token });
  if (lateMs < SENT_LATE_MS || model.t - tokenSentT > STANDS_MS) return null;
  return sighting({
    code: 'WS_JWT_EXPIRED',
    about: name,
    connection: name,
    confidence: 'medium',
    title: `A subscribe left on the ${name} socket with a token that had been over for ${duration(lateMs)}.`,
    evidence: [
      `sent ${clockTime(at)}, the token ran to ${clockTime(token.exp * 1_000)}`,
      'no answer to it is in the capture',
    ],
    facts: [],
    steps: unauthorizedSteps(model),
    clearedBecause: 'a subscribe was accepted, or no such token was sent for 60 s',
  });
}

export const expiredSubscribe: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of ['public', 'user'] as const) {
    const refusals = refusalsInARow(model.tokens, name).filter(
      (refusal) => model.t - refusal.t < STANDS_MS && overForMs(model, refusal) > 0,
    );
    const last = refusals.at(-1);
    const late = last === undefined ? sentTooLate(model, model.connections[name]) : null;
    if (late !== null) seen.push(late);
    if (last === undefined || last.token === null || isSkewed(model) === true) continue;
    seen.push(
      sighting({
        code: 'WS_JWT_EXPIRED',
        about: name,
        connection: name,
        title: `“${last.what}” on the ${name} socket was refused: its token had been over for ${duration(overForMs(model, last))}.`,
        count: refusals.length,
        evidence: [
          `${clockTime(last.at)} ${last.what}: ${last.message}`,
          `the token ran to ${clockTime(last.token.exp * 1_000)}, clock offset ${offsetText(model) ?? ''}`,
          `${plural(refusals.length, 'subscribe')} refused so`,
        ],
        facts: refusals.map((refusal) => refusal.seq),
        steps: unauthorizedSteps(model),
        disprove: 'the same subscribe with a token made right before it is refused too',
        clearedBecause: 'a subscribe was accepted, or no such token was refused for 60 s',
      }),
    );
  }
  return seen;
};
