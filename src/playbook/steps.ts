// The playbook's diagnostic steps, evaluated: each pass, fail or unknown, with the figure that decided it.

import { channelForEndpoint } from '../coinbase/channels.ts';
import { judgeHost } from '../coinbase/hosts.ts';
import { bestOffset } from '../core/clock-offset.ts';
import type { ConnectionName } from '../core/fact.ts';
import type { Step } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import { duration, plural, step } from './rule.ts';

/** `+0.04 s ± 0.02 s`, or null before the first measurement. */
export function offsetText(model: Model): string | null {
  const best = bestOffset(model.clock);
  if (best === null) return null;
  const seconds = best.offsetMs / 1_000;
  return `${seconds > -0.005 ? '+' : '−'}${Math.abs(seconds).toFixed(2)} s ± ${(best.uncertaintyMs / 1_000).toFixed(2)} s`;
}

/** Whether the measured offset is beyond what tokens bear; null before the first measurement. */
export function isSkewed(model: Model): boolean | null {
  const best = bestOffset(model.clock);
  if (best === null) return null;
  const certain = Math.max(0, Math.abs(best.offsetMs) - best.uncertaintyMs);
  return best.offsetMs > 0 ? certain >= 1_000 : certain >= 30_000;
}

function keyTypeStep(model: Model): Step {
  const text = 'Key type: is it a CDP API key (organizations/…/apiKeys/…), not a legacy key?';
  const key = model.key;
  if (key === null || key.kind === 'none')
    return step(text, 'unknown', model.capture === null ? 'no key is configured' : 'the capture shows no key');
  if (key.kind === 'legacy' || key.kind === 'exchange')
    return step(text, 'fail', `it has the shape of a ${key.kind} key`);
  if (key.defects.includes('key-id-shape') || key.defects.includes('swapped'))
    return step(text, 'fail', 'the key id is not organizations/…/apiKeys/… or a UUID');
  return step(text, 'pass', `CDP key name, ${key.algorithm ?? key.kind}`);
}

function secretStep(model: Model): Step {
  const text = 'Secret: does the private key handle newlines (\\n) correctly?';
  const key = model.key;
  if (model.capture !== null) return step(text, 'unknown', 'a capture does not show the secret');
  if (key === null || key.kind === 'none') return step(text, 'unknown', 'no secret is configured');
  if (!key.usable) return step(text, 'fail', key.explanation || 'the secret cannot be read');
  if (key.repaired) return step(text, 'fail', `${key.defects.join(', ')} (repaired in memory)`);
  return step(
    text,
    'pass',
    key.algorithm === 'EdDSA' ? 'Ed25519 key, 32-byte seed' : 'PEM, EC P-256, line breaks right',
  );
}

export function clockStep(model: Model): Step {
  const text = 'System time: is this machine’s clock synchronised with Coinbase?';
  const offset = offsetText(model);
  const skewed = isSkewed(model);
  if (offset === null || skewed === null) return step(text, 'unknown', 'server time has not been measured yet');
  return step(text, skewed ? 'fail' : 'pass', `${offset} (local − server)`);
}

function jwtStep(model: Model): Step {
  const text = 'JWT, not HMAC: is legacy signing out of the way?';
  if (model.hmacVariables.length > 0) return step(text, 'fail', `found ${model.hmacVariables.join(', ')}`);
  const token = model.tokens.made.at(-1)?.token;
  if (token === undefined)
    return step(text, 'unknown', model.capture === null ? 'no token has been made yet' : 'the capture shows no token');
  return step(
    text,
    'pass',
    `${token.alg}, kid ${token.kid === token.sub ? '=' : '≠'} sub, ${token.uri === null ? 'no uri on a socket' : `uri ${token.uri}`}`,
  );
}

/** Problem “401 Unauthorized”. */
export function unauthorizedSteps(model: Model): Step[] {
  const accepted = model.tokens.accepted;
  const pair =
    accepted > 0
      ? step(
          'Right pair: does this secret belong to this key id?',
          'pass',
          `${plural(accepted, 'token')} of this pair accepted`,
        )
      : step(
          'Right pair: does this secret belong to this key id?',
          'unknown',
          'cannot be told from here while no token is accepted',
        );
  return [keyTypeStep(model), secretStep(model), clockStep(model), jwtStep(model), pair];
}

/** Problem “403 Forbidden – Invalid Scope”. */
export function forbiddenSteps(model: Model, endpoint: string | null): Step[] {
  const told = model.ledger.permissions?.value;
  const text = 'Permissions: does the key have View and Trade enabled in the portal?';
  const permissions =
    told === undefined
      ? step(text, 'unknown', 'GET /key_permissions has not answered')
      : step(
          text,
          told.canView ? 'pass' : 'fail',
          `view ${yes(told.canView)}, trade ${yes(told.canTrade)}, transfer ${yes(told.canTransfer)}`,
        );
  const asked = 'Endpoint: does it need Transfer (some portfolio data may)?';
  if (endpoint === null) return [permissions, step(asked, 'unknown', 'no endpoint has been refused')];
  if (told === undefined)
    return [permissions, step(asked, 'unknown', `${endpoint} was refused; the key’s permissions are not known`)];
  const result = endpoint === 'portfolio' && told.canView && !told.canTransfer ? 'fail' : 'pass';
  return [
    permissions,
    step(
      asked,
      result,
      `${endpoint} ${result === 'fail' ? 'is refused though View is there, and Transfer is not' : 'needs View only'}`,
    ),
  ];
}

function yes(value: boolean): string {
  return value ? '✓' : '✗';
}

function hostStep(model: Model, name: ConnectionName): Step {
  const text = 'Auth or public: is this the right URL for the channel?';
  const url = model.connections[name].url;
  const judged = judgeHost(url, name);
  return step(
    text,
    judged.ok ? 'pass' : 'fail',
    judged.problem ?? `${name} channels on ${model.connections[name].host || url}`,
  );
}

function heartbeatStep(model: Model, name: ConnectionName): Step {
  const text = 'Heartbeats: are pings, pongs and heartbeats handled?';
  const connection = model.connections[name];
  const beats = connection.heartbeat.beats;
  const noPong = model.capture === null ? 'no pong yet' : 'the capture shows no pings';
  const ping = connection.pingMs === null ? noPong : `ping ${Math.round(connection.pingMs)} ms`;
  if (model.settings?.heartbeats === false)
    return step(
      text,
      'fail',
      `heartbeats are ${model.capture === null ? 'switched off' : 'never subscribed'}; ${ping}`,
    );
  if (beats === 0) return step(text, 'unknown', `no heartbeat received yet; ${ping}`);
  return step(text, 'pass', `${plural(beats, 'beat')} received, ${ping}`);
}

function tokenStep(model: Model, name: ConnectionName): Step {
  const text = 'JWT validity: was a fresh token in use, renewed before expiry?';
  const connection = model.connections[name];
  const close = model.closes.findLast((entry) => entry.connection === name);
  if (name === 'public' && model.settings?.signPublic !== true)
    return step(text, 'pass', 'public channels are subscribed without a token');
  const over = close?.sinceTokenEndMs ?? null;
  if (over !== null && over >= -2_000)
    return step(
      text,
      'fail',
      `the socket closed ${duration(Math.abs(over))} ${over < 0 ? 'before' : 'after'} its token ended`,
    );
  if (connection.authRefusals > 0)
    return step(text, 'fail', `${plural(connection.authRefusals, 'subscribe')} refused with fresh tokens`);
  if (over !== null) return step(text, 'pass', `the token had ${duration(-over)} left at the close`);
  const token = connection.acceptedToken ?? connection.token;
  return token === null
    ? step(text, 'unknown', 'no token has been sent')
    : step(text, 'pass', 'the token in use was accepted');
}

/** Problem “WebSocket connection closes immediately (1000/1006)”. */
export function closedSteps(model: Model, name: ConnectionName): Step[] {
  return [hostStep(model, name), heartbeatStep(model, name), tokenStep(model, name)];
}

/** The same two steps for a captured program, whose pace is what its calls show. */
function capturedThrottledSteps(model: Model): Step[] {
  const byCall = new Map<string, number>();
  const recent = model.calls.filter(({ sentT, requestId }) => requestId !== null && model.t - sentT <= 60_000);
  for (const { endpoint } of recent) byCall.set(endpoint, (byCall.get(endpoint) ?? 0) + 1);
  const [busiest] = [...byCall].sort((a, b) => b[1] - a[1]);
  const isPolled = busiest !== undefined && busiest[1] >= 5 && channelForEndpoint(busiest[0]) !== null;
  const refusals = model.limits['rest-private'].refusals + model.limits['rest-public'].refusals;
  return [
    step(
      USAGE,
      isPolled ? 'fail' : 'pass',
      busiest === undefined
        ? 'no call in the last minute'
        : `${plural(busiest[1], 'call')} of ${busiest[0]} in the last minute`,
    ),
    step(BURST, refusals > 0 ? 'fail' : 'pass', `${plural(refusals, 'answer')} with 429`),
  ];
}

const USAGE = 'Usage: is something polled every second that a channel carries?';
const BURST = 'Burst: is the per-second or hourly limit being reached?';

/** Problem “Rate Limit Exceeded (429)”. */
export function throttledSteps(model: Model): Step[] {
  if (model.capture !== null) return capturedThrottledSteps(model);
  const fast = Object.entries(model.settings?.polls ?? {}).filter(([, seconds]) => seconds > 0 && seconds <= 2);
  const perSecond = model.limits['rest-private'];
  const refusals = model.limits['rest-private'].refusals + model.limits['rest-public'].refusals;
  const perMinute = model.rest.recentT.length;
  return [
    step(
      USAGE,
      fast.length > 0 ? 'fail' : 'pass',
      fast.length > 0
        ? fast.map(([name, seconds]) => `${name} every ${seconds} s`).join(', ')
        : `${plural(perMinute, 'call')} in the last minute, by this tool`,
    ),
    step(
      BURST,
      refusals > 0 ? 'fail' : 'pass',
      `${plural(refusals, 'answer')} with 429; limit ${perSecond.limit} a second (${perSecond.source})`,
    ),
  ];
}

/** For a failed connection: which part of the way works, as far as attempts and probes have shown. */
export function networkSteps(model: Model, phase: string): Step[] {
  const order = ['dns', 'tcp', 'tls', 'upgrade', 'response'];
  const names: Record<string, string> = {
    dns: 'DNS: does the name resolve?',
    tcp: 'TCP: does the host accept the connection?',
    tls: 'TLS: is the certificate trusted?',
    upgrade: 'Answer: does the server answer in time?',
  };
  const wanted = phase === 'request' || phase === 'response' ? 'upgrade' : phase;
  const failedAt = order.indexOf(wanted);
  const steps = Object.entries(names).map(([name, text]) => {
    const index = order.indexOf(name);
    if (index < failedAt) return step(text, 'pass', 'the attempt got past it');
    return index === failedAt ? step(text, 'fail', 'the attempt ended here') : step(text, 'unknown', 'not reached');
  });
  const best = bestOffset(model.clock);
  steps.push(
    step(
      'Elsewhere: does anything else answer?',
      elsewhere(model) ? 'pass' : 'unknown',
      elsewhere(model) ? 'another host answers' : best === null ? 'nothing has answered yet' : 'not in the last 10 s',
    ),
  );
  return steps;
}

function elsewhere(model: Model): boolean {
  const restOk = model.rest.lastAnswerT !== null && model.t - model.rest.lastAnswerT < 10_000;
  return restOk || model.connections.public.state === 'open' || model.connections.user.state === 'open';
}

/** For the escalation problems: is it persistent, is it on a standard endpoint, does the rest work? */
export function escalationSteps(
  model: Model,
  persistent: string,
  isPersistent: boolean,
  failing: readonly string[] = [],
): Step[] {
  const others = Object.values(model.rest.endpoints).filter(
    ({ endpoint, lastOkT }) => !failing.includes(endpoint) && lastOkT !== null && model.t - lastOkT < 60_000,
  );
  return [
    step('Passing delay: does it go away by itself?', isPersistent ? 'fail' : 'unknown', persistent),
    step(
      'Own side: are key, clock and requests in order?',
      isSkewed(model) === true || model.tokens.refused > model.tokens.accepted ? 'fail' : 'pass',
      offsetText(model) ?? 'clock not measured',
    ),
    step(
      'The rest: do other endpoints work?',
      others.length > 0 ? 'pass' : 'unknown',
      others.length > 0
        ? others.map((endpoint) => endpoint.endpoint).join(', ')
        : 'none answered well in the last 60 s',
    ),
  ];
}
