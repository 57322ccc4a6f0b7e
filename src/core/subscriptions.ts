// What was asked for on one connection, channel by channel: asked → acknowledged → first data → fresh.
// Errors name no channel (reference 3.6), so unanswered requests are kept in the order they were sent and an error answers the oldest.

import { newTable } from '../base/table.ts';
import { CHANNELS_MAX, PRODUCTS_MAX } from './bounds.ts';
import { CHANNEL_NAMES } from './channel-names.ts';
import type { TokenClaims } from './fact.ts';
import type { SentMessage } from './meaning.ts';

export interface Channel {
  channel: string;
  productIds: string[];
  askedT: number;
  askedSeq: number;
  signed: boolean;
  acknowledgedT: number | null;
  /** Products the acknowledgement names; null before one came. */
  acknowledged: string[] | null;
  firstDataT: number | null;
  lastDataT: number | null;
  /** The longest wait from one data frame to the next. */
  longestGapMs: number;
  frames: number;
  refusedT: number | null;
  refusal: string;
  /** Authentication failures in a row; an acceptance ends them. */
  refusals: number;
}

export interface Unanswered {
  channel: string;
  t: number;
  seq: number;
  token: TokenClaims | null;
}

export interface InBandError {
  t: number;
  at: number;
  seq: number;
  message: string;
  reason: string | null;
  /** The oldest unanswered request it may belong to. */
  channel: string | null;
  token: TokenClaims | null;
}

export interface Subscriptions {
  channels: Record<string, Channel>;
  unanswered: Unanswered[];
  /** Subscribes sent on the present socket. */
  sent: number;
  acknowledgements: number;
  /** Errors of the present socket, newest last, at most 20. */
  errors: InBandError[];
}

export function newSubscriptions(): Subscriptions {
  return { channels: newTable(), unanswered: [], sent: 0, acknowledgements: 0, errors: [] };
}

interface Sent {
  message: SentMessage;
  token: TokenClaims | null;
  t: number;
  seq: number;
}

export function foldSubscribe(subscriptions: Subscriptions, sent: Sent): void {
  const { channel, productIds } = sent.message;
  if (sent.message.type === 'unsubscribe') return foldUnsubscribe(subscriptions, channel, productIds);
  subscriptions.sent += 1;
  subscriptions.unanswered.push({ channel, t: sent.t, seq: sent.seq, token: sent.token });
  if (subscriptions.unanswered.length > CHANNELS_MAX) subscriptions.unanswered.shift();
  const known = subscriptions.channels[channel];
  if (known !== undefined) {
    // What was silently left out of the acknowledgement is not asked for any longer.
    const { acknowledged } = known;
    const standing = known.productIds.filter((product) => acknowledged === null || acknowledged.includes(product));
    known.productIds = [...new Set([...standing, ...productIds])].slice(-PRODUCTS_MAX);
    known.signed = sent.token !== null;
    known.refusedT = null;
    known.refusal = '';
    return;
  }
  if (Object.keys(subscriptions.channels).length >= CHANNELS_MAX) return;
  subscriptions.channels[channel] = {
    channel,
    productIds,
    askedT: sent.t,
    askedSeq: sent.seq,
    signed: sent.token !== null,
    acknowledgedT: null,
    acknowledged: null,
    firstDataT: null,
    lastDataT: null,
    longestGapMs: 0,
    frames: 0,
    refusedT: null,
    refusal: '',
    refusals: 0,
  };
}

/** The most authentication failures in a row that a channel of the socket has had. */
export function refusalsStanding(subscriptions: Subscriptions): number {
  return Math.max(0, ...Object.values(subscriptions.channels).map(({ refusals }) => refusals));
}

/** Whether a channel still wants its acknowledgement: it never had one, or was refused since. */
export function isUnaccepted(subscriptions: Subscriptions, name: string): boolean {
  const channel = subscriptions.channels[name];
  return channel === undefined || channel.acknowledged === null || channel.refusedT !== null;
}

/** Without products the whole channel is dropped (reference 3.2). */
function foldUnsubscribe(subscriptions: Subscriptions, name: string, productIds: string[]): void {
  const known = subscriptions.channels[name];
  if (known === undefined) return;
  known.productIds = known.productIds.filter((product) => !productIds.includes(product));
  if (productIds.length === 0 || known.productIds.length === 0) delete subscriptions.channels[name];
}

/** The cumulative acknowledgement: answers every request whose channel it names. Returns the requests it answered. */
export function foldAcknowledgement(
  subscriptions: Subscriptions,
  channels: Record<string, string[]>,
  t: number,
): Unanswered[] {
  subscriptions.acknowledgements += 1;
  for (const [name, products] of Object.entries(channels)) {
    const channel = subscriptions.channels[name];
    if (channel === undefined) continue;
    channel.acknowledgedT = channel.acknowledgedT ?? t;
    channel.acknowledged = products;
    channel.refusedT = null;
    channel.refusals = 0;
  }
  const isNamed = (request: Unanswered): boolean => Object.hasOwn(channels, request.channel);
  const answered = subscriptions.unanswered.filter(isNamed);
  subscriptions.unanswered = subscriptions.unanswered.filter((request) => !isNamed(request));
  return answered;
}

/** Counts one data frame of a channel; false when nobody asked for it. */
export function foldChannelData(subscriptions: Subscriptions, name: string, t: number): boolean {
  const channel = subscriptions.channels[name];
  if (channel === undefined) return false;
  channel.firstDataT = channel.firstDataT ?? t;
  if (channel.lastDataT !== null) channel.longestGapMs = Math.max(channel.longestGapMs, t - channel.lastDataT);
  channel.lastDataT = t;
  channel.frames += 1;
  return true;
}

/** An authentication failure answers an unknown channel name or a token before it answers anything else (reference 3.6). */
function oldestLikely(unanswered: Unanswered[], authentication: boolean): Unanswered | undefined {
  if (!authentication) return unanswered[0];
  const unknown = unanswered.find((request) => !CHANNEL_NAMES.has(request.channel));
  const signed = unanswered.find((request) => request.token !== null);
  return unknown ?? signed ?? unanswered.find((request) => request.channel !== 'heartbeats') ?? unanswered[0];
}

/** An in-band error: attributed to the oldest unanswered request that fits, which it answers. */
export function foldInBandError(
  subscriptions: Subscriptions,
  error: { message: string; reason: string | null; authentication: boolean },
  stamp: { t: number; at: number; seq: number },
): InBandError {
  const request = oldestLikely(subscriptions.unanswered, error.authentication);
  if (request !== undefined) {
    subscriptions.unanswered = subscriptions.unanswered.filter((other) => other !== request);
    const channel = subscriptions.channels[request.channel];
    if (channel !== undefined) {
      channel.refusedT = stamp.t;
      channel.refusal = error.message;
      if (error.authentication) channel.refusals += 1;
    }
  }
  const folded: InBandError = {
    ...stamp,
    message: error.message,
    reason: error.reason,
    channel: request?.channel ?? null,
    // An unknown name is refused in the words of an authentication failure, whatever the token (reference 3.6).
    token: request !== undefined && CHANNEL_NAMES.has(request.channel) ? request.token : null,
  };
  subscriptions.errors.push(folded);
  if (subscriptions.errors.length > 20) subscriptions.errors.shift();
  return folded;
}
