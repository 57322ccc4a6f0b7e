// Refusals that only a captured program earns: tokens built wrong, calls whose token the capture hides or that had none, and the one
// refused subscribe after which the program just sat there.

import { isKnownChannel, knownChannel } from '../coinbase/channels.ts';
import { endpointScope } from '../coinbase/endpoints.ts';
import { isAuthFailure } from '../coinbase/errors.ts';
import type { Connection } from '../core/connection.ts';
import type { Model } from '../core/model.ts';
import type { KeptResponse } from '../core/requests.ts';
import type { InBandError } from '../core/subscriptions.ts';
import { refusalsInARow } from '../core/tokens.ts';
import { keptTooLongMs, tokenFault } from './captured.ts';
import type { Rule, Sighting } from './rule.ts';
import { clockTime, duration, plural, sighting } from './rule.ts';
import { isSkewed, unauthorizedSteps } from './steps.ts';

const STANDS_MS = 60_000;

/** A refused token whose very making is wrong; the key itself may be good. */
export const builtWrong: Rule = (model) => {
  const refused = model.tokens.outcomes.filter(
    ({ accepted, t, token }) => !accepted && token !== null && model.t - t < STANDS_MS && tokenFault(token) !== null,
  );
  const last = refused.at(-1);
  const fault = last?.token === null || last === undefined ? null : tokenFault(last.token);
  if (last === undefined || fault === null) return [];
  return [
    sighting({
      code: 'AUTH_KEY_TYPE',
      connection: last.talker,
      title: `A refused token ${fault.what}.`,
      count: refused.length,
      evidence: [
        `${clockTime(last.at)} ${last.what}: ${last.status ?? ''} ${last.message}`,
        `${plural(refused.length, 'such token')} refused in the last minute`,
      ],
      facts: refused.map(({ seq }) => seq),
      steps: unauthorizedSteps(model),
      fix: [fault.fix],
      clearedBecause: 'no such token was refused for 60 s',
    }),
  ];
};

/** Calls whose token was over by the program’s own clock. Those of a socket have a code of their own. */
export const keptTooLong: Rule = (model) => {
  const late = refusalsInARow(model.tokens).filter(
    (refusal) => refusal.talker === 'rest' && keptTooLongMs(model, refusal) > 0,
  );
  const last = late.at(-1);
  if (last === undefined) return [];
  return [
    sighting({
      code: 'AUTH_REJECTED',
      connection: 'rest',
      party: 'configuration',
      title: `${last.what} was refused: its token had been over for ${duration(keptTooLongMs(model, last))} when the answer came.`,
      count: late.length,
      evidence: late
        .slice(-3)
        .map(
          (refusal) =>
            `${clockTime(refusal.at)} ${refusal.what}: its token ran to ${clockTime((refusal.token?.exp ?? 0) * 1_000)}`,
        ),
      facts: late.map(({ seq }) => seq),
      steps: unauthorizedSteps(model),
      fix: ['make a new token for each call, right before it leaves, after any queue'],
      clearedBecause: 'a token of this key was accepted',
    }),
  ];
};

function standing401(model: Model): KeptResponse[] {
  return model.rest.errors.filter((kept) => {
    const answeredT = model.rest.endpoints[kept.endpoint]?.lastOkT ?? null;
    return kept.status === 401 && kept.token === null && (answeredT === null || answeredT < kept.t);
  });
}

/** 401s of a capture in which no token can be seen: hidden by the export, or never there. */
export const hiddenTokens: Rule = (model) => {
  if (model.capture === null || model.hmacVariables.length > 0) return [];
  const refused = standing401(model);
  const hidden = refused.filter(({ signed }) => signed);
  const unsigned = refused.filter(({ signed, endpoint }) => !signed && endpointScope(endpoint) !== null);
  const seen: Sighting[] = [];
  if (hidden.length >= 2 || (hidden.length === 1 && model.ended)) seen.push(hiddenTold(model, hidden));
  if (unsigned.length > 0) seen.push(unsignedTold(model, unsigned));
  return seen;
};

function listed(refused: KeptResponse[]): string[] {
  return refused
    .slice(-3)
    .map(({ at, method, endpoint, error }) => `${clockTime(at)} ${method} ${endpoint}: 401 ${error?.message ?? ''}`);
}

function hiddenTold(model: Model, refused: KeptResponse[]): Sighting {
  return sighting({
    code: 'AUTH_REJECTED',
    connection: 'rest',
    confidence: 'low',
    title: `Coinbase refuses ${plural(refused.length, 'call')} with 401; the tokens are not in the capture, so why cannot be told.`,
    count: refused.length,
    evidence: [...listed(refused), 'no Authorization header is in the whole capture: a sanitised export leaves it out'],
    facts: refused.map(({ seq }) => seq),
    steps: unauthorizedSteps(model),
    fix: [
      'capture again with sensitive data (DevTools: “Export HAR (with sensitive data)”): then the token can be judged; cbscope keeps no signature',
      'portal → API keys: is the key there and enabled, and is this machine’s address on its allowlist?',
    ],
    clearedBecause: 'the calls are answered',
  });
}

function unsignedTold(model: Model, refused: KeptResponse[]): Sighting {
  const endpoints = [...new Set(refused.map(({ endpoint }) => endpoint))];
  return sighting({
    code: 'AUTH_NO_CREDENTIALS',
    severity: 'warning',
    connection: 'rest',
    title: `${endpoints.join(', ')} ${endpoints.length === 1 ? 'was' : 'were'} called without a token and refused with 401.`,
    count: refused.length,
    evidence: listed(refused),
    facts: refused.map(({ seq }) => seq),
    steps: unauthorizedSteps(model),
    fix: [
      'for public market data call the twin below /market, which needs no token',
      'sign every other call with a JWT',
    ],
    clearedBecause: 'the calls are answered',
  });
}

const WAITS_MS = 30_000;

/** The last authentication failure of a socket whose channel is still refused, once the program has had its time to try again. */
function lastRefusal(model: Model, connection: Connection): InBandError | null {
  const error = connection.subscriptions.errors.findLast(({ message }) => isAuthFailure(message));
  if (error === undefined || error.channel === null || !isKnownChannel(error.channel)) return null;
  if (connection.subscriptions.channels[error.channel]?.refusedT !== error.t) return null;
  const hasTime = error.token !== null && connection.state === 'open' && !model.ended && model.t - error.t < WAITS_MS;
  return hasTime ? null : error;
}

function lonelyTold(model: Model, connection: Connection, error: InBandError): Sighting {
  const isUnsigned = error.token === null;
  const channel = error.channel ?? '';
  return sighting({
    code: 'WS_AUTH_FAILURE',
    about: connection.name,
    connection: connection.name,
    ...(isUnsigned ? { party: 'configuration' as const } : {}),
    confidence: isUnsigned ? 'high' : 'low',
    title: isUnsigned
      ? `“${channel}” was subscribed on the ${connection.name} socket without a token, and refused (${error.message}).`
      : `The ${connection.name} socket refuses “subscribe ${channel}” (${error.message}) though its token looks right; the program did not try again.`,
    evidence: [`${clockTime(error.at)} ${error.message}`, 'the socket stays open after such a refusal, and silent'],
    facts: [error.seq],
    steps: unauthorizedSteps(model),
    ...(isUnsigned ? { fix: ['put a fresh JWT without `uri` into the `jwt` field of the subscribe'] } : {}),
    clearedBecause: 'a subscribe was accepted',
  });
}

/** One refused subscribe and no second try. Two with fresh tokens are told by the rules for our own traffic. */
export const lonelyRefusal: Rule = (model) => {
  // What is signed with HMAC is refused for that, and told so.
  if (model.capture === null || model.hmacVariables.length > 0 || isSkewed(model) === true) return [];
  return Object.values(model.connections).flatMap((connection) => {
    const error = lastRefusal(model, connection);
    if (error === null) return [];
    const { token } = error;
    if (token === null)
      return knownChannel(error.channel ?? '')?.auth === true ? [lonelyTold(model, connection, error)] : [];
    const tries = new Set(refusalsInARow(model.tokens, connection.name).map((refusal) => refusal.token?.tokenId));
    const isExplained = tokenFault(token) !== null || keptTooLongMs(model, error) > 0;
    return tries.size > 1 || isExplained ? [] : [lonelyTold(model, connection, error)];
  });
};
