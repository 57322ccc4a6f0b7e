// What was asked for on a socket and what came of it: wrong names, wrong hosts, caps, things silently left out, other in-band errors.

import { carriedBy, isKnownChannel, knownChannel, nearestChannel } from '../coinbase/channels.ts';
import { LEVEL2_PRODUCTS_MAX } from '../coinbase/documented-limits.ts';
import { isAuthFailure, isExchangeStyle, isLevel2Cap, isRateMessage } from '../coinbase/errors.ts';
import { judgeHost } from '../coinbase/hosts.ts';
import type { Connection } from '../core/connection.ts';
import type { Model } from '../core/model.ts';
import type { Channel, InBandError } from '../core/subscriptions.ts';
import type { Rule, Sighting } from './rule.ts';
import { clockTime, HOLD_MS, plural, sighting } from './rule.ts';
import { closedSteps } from './steps.ts';

const UNANSWERED_MS = 2_000;
const USER_HOST = 'advanced-trade-ws-user.coinbase.com';
const IGNORED_AFTER_MS = 2_000;
const names = ['public', 'user'] as const;

function isUnanswered(model: Model, channel: Channel): boolean {
  return (
    channel.acknowledgedT === null &&
    channel.firstDataT === null &&
    (channel.refusedT !== null || model.t - channel.askedT > UNANSWERED_MS)
  );
}

export const badChannel: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of names) {
    const connection = model.connections[name];
    for (const channel of Object.values(connection.subscriptions.channels)) {
      if (isKnownChannel(channel.channel) || !isUnanswered(model, channel)) continue;
      // A subscribe without `channel` is how other feeds are asked: on their host it is the host that is wrong.
      if (channel.channel === '' && hostProblem(connection) !== null) continue;
      const nearest = nearestChannel(channel.channel);
      seen.push(
        sighting({
          code: 'WS_BAD_CHANNEL',
          about: `${name} ${channel.channel}`,
          connection: name,
          title:
            channel.channel === ''
              ? 'A subscribe names no channel: one `channel` a message is expected, not a list of `channels`.'
              : `There is no channel “${channel.channel}”${nearest === null ? '' : `; “${nearest}” is meant, probably`}.`,
          evidence: [
            channel.refusal === ''
              ? 'no acknowledgement and no data came'
              : `the server answered “${channel.refusal}”, which is what it says to an unknown name`,
          ],
          facts: [channel.askedSeq, connection.errors.at(-1)?.seq ?? null],
          steps: closedSteps(model, name),
          ...(nearest === null ? {} : { fix: [`--channels ${nearest} (in code: "channel":"${nearest}")`] }),
          clearedBecause: 'the channel was acknowledged after all',
        }),
      );
    }
  }
  return seen;
};

function hostProblem(connection: Connection): string | null {
  if (connection.state === 'off' && connection.opens === 0) return null;
  const judged = judgeHost(connection.url, connection.name);
  return judged.ok ? null : judged.problem;
}

function wrongHostEvidence(
  model: Model,
  connection: Connection,
): { title: string; evidence: string[]; facts: number[] } | null {
  const problem = hostProblem(connection);
  if (problem !== null) return { title: problem, evidence: [`url ${connection.url}`], facts: [] };
  const exchange = connection.errors.find((error) => isExchangeStyle(error.message, error.reason));
  if (exchange !== undefined) {
    return {
      title: `The ${connection.name} host answers like Coinbase Exchange (“${exchange.message}”${exchange.reason === null ? '' : `, reason “${exchange.reason}”`}): it is another API.`,
      evidence: [`url ${connection.url}`, 'Advanced Trade errors carry no reason'],
      facts: [exchange.seq],
    };
  }
  return refusedPublicChannel(connection) ?? notCarried(model, connection);
}

/** A known public channel, asked for without a token, refused as an authentication failure: this host does not carry it. */
function refusedPublicChannel(connection: Connection): { title: string; evidence: string[]; facts: number[] } | null {
  const refused = Object.values(connection.subscriptions.channels).find((channel) => {
    const known = knownChannel(channel.channel);
    return (
      known !== null &&
      !known.auth &&
      known.name !== 'heartbeats' &&
      !channel.signed &&
      channel.refusedT !== null &&
      isAuthFailure(channel.refusal)
    );
  });
  if (refused === undefined) return null;
  return {
    title: `The host of the ${connection.name} URL refuses ${refused.channel} (“${refused.refusal}”), a channel that needs no token: it does not carry it.`,
    evidence: [
      `url ${connection.url}`,
      carriedBy('user', refused.channel)
        ? ''
        : 'the user host carries only heartbeats, user and futures_balance_summary',
    ],
    facts: [refused.askedSeq],
  };
}

/** A market channel on the user host itself, in vain, token or not. */
function notCarried(
  model: Model,
  connection: Connection,
): { title: string; evidence: string[]; facts: number[] } | null {
  if (connection.host.replace(/:443$/, '') !== USER_HOST) return null;
  const channel = Object.values(connection.subscriptions.channels).find(
    (each) => isKnownChannel(each.channel) && !carriedBy('user', each.channel) && isUnanswered(model, each),
  );
  if (channel === undefined) return null;
  return {
    title: `${channel.channel} is asked for on ${USER_HOST}, which carries only heartbeats, user and futures_balance_summary.`,
    evidence: [
      `url ${connection.url}`,
      channel.refusal === '' ? 'no acknowledgement came' : `the server answered “${channel.refusal}”`,
    ],
    facts: [channel.askedSeq],
  };
}

export const wrongHost: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of names) {
    const found = wrongHostEvidence(model, model.connections[name]);
    if (found === null) continue;
    seen.push(
      sighting({
        code: 'WS_WRONG_HOST',
        about: name,
        connection: name,
        ...found,
        steps: closedSteps(model, name),
        clearedBecause: 'the channel is carried now',
      }),
    );
  }
  return seen;
};

export const level2Cap: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of names) {
    const connection = model.connections[name];
    const asked = connection.subscriptions.channels['level2']?.productIds.length ?? 0;
    const answered = connection.subscriptions.errors.find((error) => isLevel2Cap(error.message));
    if (asked <= LEVEL2_PRODUCTS_MAX && answered === undefined) continue;
    seen.push(
      sighting({
        code: 'WS_L2_LIMIT',
        about: name,
        connection: name,
        title:
          answered === undefined || asked > LEVEL2_PRODUCTS_MAX
            ? `${asked} level2 products on one socket; ${LEVEL2_PRODUCTS_MAX} are the most.`
            : `The ${name} socket answered “${answered.message}”: at most ${LEVEL2_PRODUCTS_MAX} level2 products on one socket.`,
        evidence: ['the whole message that goes over the cap is refused; earlier ones live on'],
        facts: [connection.subscriptions.channels['level2']?.askedSeq ?? null, answered?.seq ?? null],
        steps: closedSteps(model, name),
        clearedBecause: 'fewer products are subscribed',
      }),
    );
  }
  return seen;
};

/** Products asked for and not in the acknowledgement; aliases (BTC-USDC for BTC-USD) count as there. */
function ignoredProducts(channel: Channel): string[] {
  if (channel.acknowledged === null || !knownChannel(channel.channel)?.takesProducts || channel.channel === 'user')
    return [];
  const there = new Set(channel.acknowledged.map((product) => product.toUpperCase()));
  return channel.productIds.filter(
    (product) => !there.has(product.toUpperCase()) && !there.has(product.toUpperCase().replace(/-USDC$/, '-USD')),
  );
}

function ignored(model: Model, connection: Connection): { channel: Channel; what: string }[] {
  return Object.values(connection.subscriptions.channels).flatMap((channel) => {
    if (channel.refusedT !== null || !isKnownChannel(channel.channel)) return [];
    const products = channel.acknowledgedT === null ? [] : ignoredProducts(channel);
    if (products.length > 0) return [{ channel, what: products.join(', ') }];
    // A later acknowledgement that leaves the channel out, with no data either: it was dropped in silence.
    const passedOver =
      channel.acknowledgedT === null && channel.firstDataT === null && connection.subscriptions.acknowledgements > 0;
    return passedOver && model.t - channel.askedT > IGNORED_AFTER_MS + 3_000
      ? [{ channel, what: 'the whole channel' }]
      : [];
  });
}

export const ignoredSubscription: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of names) {
    const connection = model.connections[name];
    if (connection.state !== 'open') continue;
    for (const { channel, what } of ignored(model, connection)) {
      seen.push(
        sighting({
          code: 'WS_SUBSCRIPTION_IGNORED',
          about: `${name} ${channel.channel}`,
          connection: name,
          title: `${what} was asked for on ${channel.channel} but is not in the acknowledgement: unknown or delisted products are dropped silently.`,
          evidence: [
            `asked: ${channel.productIds.join(', ')}`,
            `acknowledged: ${channel.acknowledged?.join(', ') ?? 'nothing'}`,
          ],
          facts: [channel.askedSeq],
          steps: closedSteps(model, name),
          clearedBecause: 'it was acknowledged after all',
        }),
      );
    }
  }
  return seen;
};

function isExplained(model: Model, connection: Connection, error: InBandError): boolean {
  if (isRateMessage(error.message) || isLevel2Cap(error.message) || isExchangeStyle(error.message, error.reason))
    return true;
  if (error.channel !== null && !isKnownChannel(error.channel)) return true;
  // A captured program that subscribes a private channel without a token has a finding of its own.
  if (model.capture !== null && isAuthFailure(error.message) && knownChannel(error.channel ?? '')?.auth === true)
    return true;
  // Refused tokens, and public channels refused without one, have their own findings.
  return isAuthFailure(error.message) && (error.token !== null || refusedPublicChannel(connection) !== null);
}

export const otherErrors: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of names) {
    const connection = model.connections[name];
    const errors = connection.errors.filter(
      (error) => model.t - error.t < HOLD_MS * 2 && !isExplained(model, connection, error),
    );
    const last = errors.at(-1);
    if (last === undefined) continue;
    seen.push(
      sighting({
        code: 'WS_ERROR_FRAME',
        about: name,
        connection: name,
        title: `The ${name} socket answered with an error: “${last.message}”.`,
        count: errors.length,
        confidence: 'low',
        evidence: [
          ...errors
            .slice(-3)
            .map(
              (error) => `${clockTime(error.at)} ${error.message}${error.reason === null ? '' : ` (${error.reason})`}`,
            ),
          last.channel === null ? null : `${plural(1, 'request')} was unanswered: ${last.channel}`,
        ],
        facts: errors.map((error) => error.seq),
        steps: closedSteps(model, name),
        clearedBecause: 'no further error for 20 s',
      }),
    );
  }
  return seen;
};
