// Owns the list of built-in scenarios, so that a bundle carries them. Each is a data file of its own.
import { parseScenario, type Scenario } from './scenario.ts';
import accessPenalty from './scenarios/access-penalty.json' with { type: 'json' };
import authFailure from './scenarios/auth-failure.json' with { type: 'json' };
import authFlaky from './scenarios/auth-flaky.json' with { type: 'json' };
import badChannel from './scenarios/bad-channel.json' with { type: 'json' };
import balanceMismatch from './scenarios/balance-mismatch.json' with { type: 'json' };
import clockAhead from './scenarios/clock-ahead.json' with { type: 'json' };
import clockSkew from './scenarios/clock-skew.json' with { type: 'json' };
import closedClean from './scenarios/closed-clean.json' with { type: 'json' };
import closedEarly from './scenarios/closed-early.json' with { type: 'json' };
import dns from './scenarios/dns.json' with { type: 'json' };
import dropped from './scenarios/dropped.json' with { type: 'json' };
import droppedEarly from './scenarios/dropped-early.json' with { type: 'json' };
import droppedReset from './scenarios/dropped-reset.json' with { type: 'json' };
import edgeBlocked from './scenarios/edge-blocked.json' with { type: 'json' };
import errorFrame from './scenarios/error-frame.json' with { type: 'json' };
import feedSilent from './scenarios/feed-silent.json' with { type: 'json' };
import feedStale from './scenarios/feed-stale.json' with { type: 'json' };
import frameHostile from './scenarios/frame-hostile.json' with { type: 'json' };
import frameMalformed from './scenarios/frame-malformed.json' with { type: 'json' };
import goingAway from './scenarios/going-away.json' with { type: 'json' };
import halfOpen from './scenarios/half-open.json' with { type: 'json' };
import healthy from './scenarios/healthy.json' with { type: 'json' };
import healthyBigBook from './scenarios/healthy-big-book.json' with { type: 'json' };
import healthyCachedTime from './scenarios/healthy-cached-time.json' with { type: 'json' };
import healthyEd25519 from './scenarios/healthy-ed25519.json' with { type: 'json' };
import healthySlowRest from './scenarios/healthy-slow-rest.json' with { type: 'json' };
import healthyStringCounter from './scenarios/healthy-string-counter.json' with { type: 'json' };
import heartbeatLate from './scenarios/heartbeat-late.json' with { type: 'json' };
import heartbeatSkipped from './scenarios/heartbeat-skipped.json' with { type: 'json' };
import hmacMixed from './scenarios/hmac-mixed.json' with { type: 'json' };
import idleClose from './scenarios/idle-close.json' with { type: 'json' };
import keyRejected from './scenarios/key-rejected.json' with { type: 'json' };
import keyType from './scenarios/key-type.json' with { type: 'json' };
import l2Limit from './scenarios/l2-limit.json' with { type: 'json' };
import legacyKey from './scenarios/legacy-key.json' with { type: 'json' };
import noCredentials from './scenarios/no-credentials.json' with { type: 'json' };
import orderCancelStuck from './scenarios/order-cancel-stuck.json' with { type: 'json' };
import orderStuck from './scenarios/order-stuck.json' with { type: 'json' };
import policy from './scenarios/policy.json' with { type: 'json' };
import rateHeadroomLow from './scenarios/rate-headroom-low.json' with { type: 'json' };
import rateLimited from './scenarios/rate-limited.json' with { type: 'json' };
import ratePolling from './scenarios/rate-polling.json' with { type: 'json' };
import reconnectLoop from './scenarios/reconnect-loop.json' with { type: 'json' };
import refused from './scenarios/refused.json' with { type: 'json' };
import reset from './scenarios/reset.json' with { type: 'json' };
import restRefused from './scenarios/rest-refused.json' with { type: 'json' };
import restReset from './scenarios/rest-reset.json' with { type: 'json' };
import restTimeout from './scenarios/rest-timeout.json' with { type: 'json' };
import scopePortfolio from './scenarios/scope-portfolio.json' with { type: 'json' };
import scopeTrade from './scenarios/scope-trade.json' with { type: 'json' };
import scopeTransfer from './scenarios/scope-transfer.json' with { type: 'json' };
import scopeView from './scenarios/scope-view.json' with { type: 'json' };
import secretNewlines from './scenarios/secret-newlines.json' with { type: 'json' };
import secretOneLine from './scenarios/secret-one-line.json' with { type: 'json' };
import secretQuoted from './scenarios/secret-quoted.json' with { type: 'json' };
import secretUnreadable from './scenarios/secret-unreadable.json' with { type: 'json' };
import sequenceGap from './scenarios/sequence-gap.json' with { type: 'json' };
import sequenceRepeat from './scenarios/sequence-repeat.json' with { type: 'json' };
import serverErrors from './scenarios/server-errors.json' with { type: 'json' };
import serverFault from './scenarios/server-fault.json' with { type: 'json' };
import story from './scenarios/story.json' with { type: 'json' };
import subscriptionIgnored from './scenarios/subscription-ignored.json' with { type: 'json' };
import timeout from './scenarios/timeout.json' with { type: 'json' };
import tls from './scenarios/tls.json' with { type: 'json' };
import tlsExpired from './scenarios/tls-expired.json' with { type: 'json' };
import tokenExpired from './scenarios/token-expired.json' with { type: 'json' };
import tooBig from './scenarios/too-big.json' with { type: 'json' };
import upgradeRefused from './scenarios/upgrade-refused.json' with { type: 'json' };
import upgradeThrottled from './scenarios/upgrade-throttled.json' with { type: 'json' };
import wrongHost from './scenarios/wrong-host.json' with { type: 'json' };
import wrongPair from './scenarios/wrong-pair.json' with { type: 'json' };
import wsRateLimited from './scenarios/ws-rate-limited.json' with { type: 'json' };

const files: readonly unknown[] = [
  healthy,
  story,
  noCredentials,
  legacyKey,
  hmacMixed,
  secretNewlines,
  secretQuoted,
  secretOneLine,
  secretUnreadable,
  keyType,
  clockSkew,
  clockAhead,
  keyRejected,
  wrongPair,
  authFlaky,
  scopeView,
  scopeTrade,
  scopeTransfer,
  scopePortfolio,
  accessPenalty,
  edgeBlocked,
  closedEarly,
  droppedEarly,
  closedClean,
  goingAway,
  dropped,
  droppedReset,
  reconnectLoop,
  policy,
  tooBig,
  serverFault,
  idleClose,
  tokenExpired,
  upgradeRefused,
  upgradeThrottled,
  badChannel,
  wrongHost,
  authFailure,
  subscriptionIgnored,
  l2Limit,
  wsRateLimited,
  errorFrame,
  feedSilent,
  halfOpen,
  feedStale,
  heartbeatLate,
  heartbeatSkipped,
  sequenceGap,
  sequenceRepeat,
  frameMalformed,
  frameHostile,
  rateLimited,
  ratePolling,
  rateHeadroomLow,
  serverErrors,
  orderStuck,
  orderCancelStuck,
  balanceMismatch,
  dns,
  refused,
  timeout,
  reset,
  tls,
  tlsExpired,
  restRefused,
  restTimeout,
  restReset,
  healthyEd25519,
  healthyStringCounter,
  healthyBigBook,
  healthyCachedTime,
  healthySlowRest,
];

/** Every built-in scenario, in the order in which they are listed to people. */
export const scenarios: readonly Scenario[] = files.map((file) => {
  const scenario = parseScenario(file);
  if ('problem' in scenario) throw new Error(`A built-in scenario is damaged: ${scenario.problem}`);
  return scenario;
});

export function findScenario(name: string): Scenario | null {
  return scenarios.find((s) => s.name === name) ?? null;
}
