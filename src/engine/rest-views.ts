// What REST did and what its limits are, endpoint by endpoint and bucket by bucket, for the eyes.

import { safeStart } from '../base/text.ts';
import type { Bucket } from '../core/limits.ts';
import { forecastSeconds, remaining, toldByHeader, used } from '../core/limits.ts';
import type { Model } from '../core/model.ts';
import type { Endpoint } from '../core/requests.ts';
import { latencyAt, REQUEST_PHASES } from '../core/requests.ts';
import type { EndpointView, LimitView, RestView } from '../core/snapshot.ts';
import { hostOf, since } from './spans.ts';

export function limitView(model: Model, bucket: Bucket): LimitView {
  // First of all: it lets go of what left the window, and the ledger must not show it once and then no more.
  const calls = used(bucket, model.t);
  const ledger = new Map<string, number>();
  for (const call of bucket.spent.slice(-500)) ledger.set(call.who, (ledger.get(call.who) ?? 0) + 1);
  const backsOff = bucket.name.startsWith('rest') && model.rest.pausedUntilT !== null;
  return {
    bucket: bucket.name,
    used: calls,
    limit: bucket.limit,
    remaining: remaining(bucket, model.t),
    per: bucket.windowMs === 1_000 ? 's' : 'h',
    source: bucket.source,
    headerAgeMs: since(toldByHeader(bucket, model.t)?.t ?? null, model.t),
    forecastSeconds: forecastSeconds(bucket, model.t),
    refusals: bucket.refusals,
    backOffMs: backsOff ? Math.max(0, (model.rest.pausedUntilT ?? model.t) - model.t) : null,
    ledger: [...ledger]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 8)
      .map(([endpoint, calls]) => ({ endpoint, calls })),
  };
}

export function endpointView(model: Model, endpoint: Endpoint): EndpointView {
  const polls = Object.entries(model.settings?.polls ?? {});
  const seconds = polls.find(([name]) => name === endpoint.endpoint.replace(/^market_/, ''))?.[1] ?? 0;
  return {
    endpoint: safeStart(endpoint.endpoint, 40),
    path: safeStart(endpoint.url.replace(/^\w+:\/\/[^/]+/, ''), 120),
    requests: endpoint.requests,
    failed: endpoint.failed,
    byStatus: endpoint.byStatus,
    lastStatus: endpoint.lastStatus,
    lastError: safeStart(endpoint.lastError, 120),
    lastSeq: endpoint.lastSeq,
    p50Ms: latencyAt(endpoint.total, 50),
    p99Ms: latencyAt(endpoint.total, 99),
    phases: phaseViews(endpoint),
    cache: safeStart(endpoint.cache, 20),
    everyMs: seconds * 1_000,
    nextInMs:
      seconds > 0 && endpoint.lastSentT !== null ? Math.max(0, endpoint.lastSentT + seconds * 1_000 - model.t) : null,
  };
}

function phaseViews({ phases }: Endpoint): EndpointView['phases'] {
  return REQUEST_PHASES.flatMap((phase) => {
    const latency = phases[phase];
    if (latency === undefined) return [];
    const [p50Ms, p99Ms] = [latencyAt(latency, 50) ?? 0, latencyAt(latency, 99) ?? 0];
    return [{ phase, calls: latency.totalCount, p50Ms, p99Ms }];
  });
}

export function restView(model: Model): RestView {
  const { rest } = model;
  const pausedForMs = rest.pausedUntilT === null ? null : Math.max(0, rest.pausedUntilT - model.t);
  const failing = Object.values(rest.endpoints).some((endpoint) => endpoint.failuresInARow > 0);
  const state = !rest.enabled
    ? 'off'
    : pausedForMs !== null
      ? 'paused'
      : rest.lastAnswerT === null && rest.failures.length === 0
        ? 'waiting'
        : failing
          ? 'failing'
          : 'ok';
  return {
    state,
    note: pausedForMs === null ? rest.note : `paused: ${rest.pausedBecause}`,
    requests: rest.requests,
    callsPerMinute: rest.recentT.filter((t) => model.t - t <= 60_000).length,
    byStatus: rest.byStatus,
    p50Ms: latencyAt(rest.latency, 50),
    p99Ms: latencyAt(rest.latency, 99),
    host: safeStart(hostOf(model.settings?.restUrl ?? ''), 80),
    pausedForMs,
  };
}
