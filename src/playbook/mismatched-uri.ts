// A refused token whose `uri` is not method, host and path of its request: told field by field, because programs get each of them wrong.

import { signingUri } from '../coinbase/endpoints.ts';
import { uriFaults } from '../coinbase/uri-faults.ts';
import type { Model } from '../core/model.ts';
import type { AuthOutcome } from '../core/tokens.ts';
import type { Rule } from './rule.ts';
import { clockTime, sighting } from './rule.ts';
import { unauthorizedSteps } from './steps.ts';

/** What a refused call's token says, what it should have said, and the differences in words; null when it says the right thing. */
export function wrongUri(model: Model, refusal: AuthOutcome): { uri: string; wanted: string; faults: string[] } | null {
  if (refusal.talker !== 'rest' || refusal.token === null) return null;
  const { uri } = refusal.token;
  const kept = model.rest.errors.find((error) => error.seq === refusal.seq);
  if (kept === undefined || kept.url === '') return null;
  const faults = uriFaults(uri, kept.method, kept.url);
  return faults.length === 0 ? null : { uri: uri ?? '', wanted: signingUri(kept.method, kept.url), faults };
}

export const uriMismatch: Rule = (model) => {
  const wrong = model.tokens.outcomes.findLast(
    (outcome) => !outcome.accepted && model.t - outcome.t < 60_000 && wrongUri(model, outcome) !== null,
  );
  const found = wrong === undefined ? null : wrongUri(model, wrong);
  if (wrong === undefined || found === null) return [];
  return [
    sighting({
      code: 'AUTH_URI_MISMATCH',
      connection: 'rest',
      title:
        found.uri === ''
          ? `A refused token has no uri, the request was “${found.wanted}”.`
          : `A refused token says uri “${found.uri}”, the request was “${found.wanted}”.`,
      evidence: [...found.faults, `${clockTime(wrong.at)} ${wrong.what}: ${wrong.status ?? ''} ${wrong.message}`],
      facts: [wrong.seq],
      steps: unauthorizedSteps(model),
      clearedBecause: 'no such token was refused for 60 s',
    }),
  ];
};
