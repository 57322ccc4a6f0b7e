// The playbook's problem “Rate Limit Exceeded (429)”: limits met, limits near, and polling that a channel would spare.

import { grouped } from '../base/grouped.ts';
import { channelForEndpoint } from '../coinbase/channels.ts';
import { isRateMessage } from '../coinbase/errors.ts';
import type { Bucket, BucketName } from '../core/limits.ts';
import { forecastSeconds, LOW_FRACTION, remaining } from '../core/limits.ts';
import type { Model } from '../core/model.ts';
import type { KeptResponse } from '../core/requests.ts';
import type { Rule, Sighting } from './rule.ts';
import { clockTime, duration, HOLD_MS, plural, sighting } from './rule.ts';
import { throttledSteps } from './steps.ts';

/** What a bucket limits, in words. */
const BUCKETS: Record<BucketName, string> = {
  'rest-public': 'public REST calls',
  'rest-private': 'private REST calls',
  'rest-hour': 'REST calls an hour',
  'ws-connects': 'connects',
  'ws-messages': 'messages to the sockets',
};
const FORECAST_S = 30;
const LOW_FOR_MS = 3_000;
const FAST_POLL_S = 2;

function ledgerText(model: Model, bucket: Bucket): string {
  const calls = new Map<string, number>();
  for (const call of bucket.spent.slice(-500)) calls.set(call.who, (calls.get(call.who) ?? 0) + 1);
  const rows = [...calls].sort((a, b) => b[1] - a[1]).map(([who, count]) => `${who} ${count}`);
  return rows.length === 0
    ? `${model.rest.recentT.length} calls ${model.capture === null ? 'of this tool ' : ''}in the last minute`
    : `spent by: ${rows.slice(0, 4).join(', ')}`;
}

function isStanding(model: Model, kept: KeptResponse): boolean {
  return (
    kept.status === 429 && (model.t - kept.t < HOLD_MS || model.rest.lastOkT === null || model.rest.lastOkT < kept.t)
  );
}

export const limited: Rule = (model) => {
  const refusals = model.rest.errors.filter((kept) => isStanding(model, kept) && model.t - kept.t < 120_000);
  const last = refusals.at(-1);
  if (last === undefined) return [];
  const bucket = model.limits[last.signed ? 'rest-private' : 'rest-public'];
  const waitMs = model.rest.pausedUntilT === null ? 0 : Math.max(0, model.rest.pausedUntilT - last.t);
  return [
    sighting({
      code: 'RATE_LIMITED',
      connection: 'rest',
      title: `REST answers 429 (${last.endpoint}; ${bucket.limit} a second, ${bucket.source})${waitMs > 0 ? `: next safe attempt at ${clockTime(last.at + waitMs)}` : ''}.`,
      count: refusals.length,
      evidence: [
        ...refusals
          .slice(-3)
          .map((kept) =>
            `${clockTime(kept.at)} ${kept.method} ${kept.endpoint}: 429 ${kept.error?.form === 'html' ? '(HTML page of the edge)' : (kept.error?.message ?? '')}`.trim(),
          ),
        ledgerText(model, model.limits['rest-hour']),
        headerText(last),
      ],
      facts: refusals.map((kept) => kept.seq),
      steps: throttledSteps(model),
      disprove: 'stop every other program behind this address; if the 429s go on, the limit is not yours',
      clearedBecause: 'calls have been answered again without a 429',
    }),
  ];
};

function headerText(kept: KeptResponse): string | null {
  const parts = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'].filter(
    (name) => kept.headers[name] !== undefined,
  );
  return parts.length === 0 ? null : parts.map((name) => `${name} ${kept.headers[name]}`).join(', ');
}

/** The poll's endpoint as its channel names it: without a key products are read from the public twin. */
export const polling: Rule = (model) => {
  const settings = model.settings;
  if (settings === null || !settings.rest) return [];
  const seen: Sighting[] = [];
  for (const [name, seconds] of Object.entries(settings.polls)) {
    const channel = channelForEndpoint(name);
    const asked = Object.values(model.rest.endpoints).find(
      (endpoint) => endpoint.endpoint === name || endpoint.endpoint === `market_${name}`,
    );
    if (seconds <= 0 || seconds > FAST_POLL_S || channel === null || asked === undefined || asked.requests === 0)
      continue;
    seen.push(
      sighting({
        code: 'RATE_POLLING',
        about: name,
        connection: 'rest',
        title: `${name} is polled every ${seconds} s; the channel ${channel} carries the same data without spending the limit.`,
        evidence: [
          `${plural(asked.requests, 'request')} so far`,
          `at this pace ${grouped(3_600 / seconds)} calls an hour`,
        ],
        facts: [asked.lastSeq],
        steps: throttledSteps(model),
        fix: [`subscribe ${channel} instead of polling ${name}`, `or poll it at most every 10 s: --poll ${name}=10`],
        clearedBecause: 'the polling ended',
      }),
    );
  }
  return seen;
};

/** Low for three seconds: seen so in answers that far apart, or seen so once and no window has started anew since. */
function isLow(bucket: Bucket, t: number): boolean {
  const newest = bucket.samples.at(-1);
  if (bucket.lowSinceT === null || newest === undefined || t - newest.t > HOLD_MS || bucket.lowSamples < 2)
    return false;
  const seenFor = newest.t - bucket.lowSinceT;
  const lasts = newest.resetSeconds === null || newest.resetSeconds * 1_000 > LOW_FOR_MS;
  return seenFor >= LOW_FOR_MS || (lasts && t - bucket.lowSinceT >= LOW_FOR_MS);
}

function headroomTitle(model: Model, bucket: Bucket): { title: string; evidence: string } | null {
  const t = model.t;
  const left = remaining(bucket, t);
  const forecast = forecastSeconds(bucket, t);
  if (forecast !== null && forecast <= FORECAST_S) {
    return {
      title: `At this rate ${BUCKETS[bucket.name]} reach their limit ${forecast < 1 ? 'at once' : `in ${Math.round(forecast)} s`}: ${left} of ${bucket.limit} remain (${bucket.source}).`,
      evidence: 'remaining has only been falling',
    };
  }
  if (!isLow(bucket, t)) return null;
  return {
    title: `Only ${left} of ${bucket.limit} remain of ${BUCKETS[bucket.name]} (${Math.round((left / bucket.limit) * 100)} %, ${bucket.source}), for ${duration(t - (bucket.lowSinceT ?? t))}.`,
    evidence: `less than ${LOW_FRACTION * 100} % in ${plural(bucket.lowSamples, 'answer')} in a row`,
  };
}

export const headroom: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const bucket of Object.values(model.limits)) {
    const low = headroomTitle(model, bucket);
    if (low === null) continue;
    seen.push(
      sighting({
        code: 'RATE_HEADROOM_LOW',
        about: bucket.name,
        connection: bucket.name.startsWith('ws') ? null : 'rest',
        title: low.title,
        evidence: [low.evidence, ledgerText(model, model.limits['rest-hour'])],
        facts: [],
        steps: throttledSteps(model),
        clearedBecause: 'more than 20 % remain again',
      }),
    );
  }
  return seen;
};

export const socketLimited: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const connection of Object.values(model.connections)) {
    const errors = connection.errors.filter((error) => isRateMessage(error.message) && model.t - error.t < HOLD_MS);
    const last = errors.at(-1);
    const sent = model.limits['ws-messages'];
    const burst = sent.burst !== null && model.t - sent.burst.t < HOLD_MS ? sent.burst : null;
    if (last === undefined && (burst === null || connection.name !== 'public')) continue;
    seen.push(
      sighting({
        code: 'WS_RATE_LIMITED',
        about: connection.name,
        connection: connection.name,
        title:
          last === undefined
            ? `${burst?.calls ?? 0} messages were sent within a second; the limit is ${sent.limit}.`
            : `The ${connection.name} socket answered “${last.message}”: more than ${sent.limit} messages a second.`,
        count: Math.max(1, errors.length),
        evidence: errors.slice(-3).map((error) => `${clockTime(error.at)} ${error.message}`),
        facts: errors.map((error) => error.seq),
        steps: throttledSteps(model),
        clearedBecause: 'no further refusal or burst for 10 s',
      }),
    );
  }
  return seen;
};
