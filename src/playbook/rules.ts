// Every rule, in the order in which new findings are told.

import { madeAhead } from './captured-clock.ts';
import { measuredPolling, retryStorm } from './captured-pace.ts';
import { builtWrong, hiddenTokens, keptTooLong, lonelyRefusal } from './captured-tokens.ts';
import { closes, upgrades } from './closed.ts';
import { balances, serverErrors, stuckOrders } from './escalation.ts';
import { expiredSubscribe } from './expired.ts';
import { edge, penalty, portfolio, scopes } from './forbidden.ts';
import { uriMismatch } from './mismatched-uri.ts';
import { connections } from './network.ts';
import { socketAuthFailure } from './refused-subscribe.ts';
import type { Rule } from './rule.ts';
import { ownTrouble, recording } from './self.ts';
import { lateHeartbeat, malformed, sequences, silence, skippedHeartbeat, stale } from './silent.ts';
import { badChannel, ignoredSubscription, level2Cap, otherErrors, wrongHost } from './subscribed.ts';
import { headroom, limited, polling, socketLimited } from './throttled.ts';
import { clockSkew, credentials, flaky, rejected } from './unauthorized.ts';

export const RULES: readonly Rule[] = [
  ownTrouble,
  recording,
  credentials,
  connections,
  edge,
  penalty,
  clockSkew,
  madeAhead,
  uriMismatch,
  builtWrong,
  rejected,
  keptTooLong,
  hiddenTokens,
  flaky,
  socketAuthFailure,
  lonelyRefusal,
  expiredSubscribe,
  scopes,
  portfolio,
  wrongHost,
  badChannel,
  level2Cap,
  ignoredSubscription,
  otherErrors,
  socketLimited,
  limited,
  headroom,
  polling,
  measuredPolling,
  retryStorm,
  upgrades,
  closes,
  silence,
  stale,
  lateHeartbeat,
  skippedHeartbeat,
  sequences,
  malformed,
  serverErrors,
  stuckOrders,
  balances,
];
