// How fast a captured program calls: polling that a channel would spare, and retries without back-off. Our own pace is set by policy
// and polls, so nothing here looks at it.

import { grouped } from '../base/grouped.ts';
import { channelForEndpoint } from '../coinbase/channels.ts';
import type { Call } from '../core/calls.ts';
import type { Model } from '../core/model.ts';
import type { Rule, Sighting } from './rule.ts';
import { clockTime, duration, HOLD_MS, plural, sighting } from './rule.ts';
import { throttledSteps } from './steps.ts';

function inGroups(calls: readonly Call[], keyOf: (call: Call) => string): Call[][] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const key = keyOf(call);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [call]);
    else group.push(call);
  }
  return [...groups.values()];
}

const POLL_GAP_MS = 2_000;
/** A client that asks every 2 s is late by a moment now and then. */
const POLL_GAP_SLACK_MS = 200;
const POLLS_MIN = 5;
/** Five calls in one go fetch something; five over four seconds watch it. */
const POLLING_FOR_MS = 4_000;
/** A window of candles that ended this long ago is history being fetched. */
const HISTORY_S = 300;
const MOVING = /^(start|end|cursor|_|t|ts|timestamp|nonce|nocache)$/;

function parameters(url: string): [string, string][] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  return query.split('&').map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']);
}

/** Pages of a list and windows of the past differ from call to call: they are read once each. */
function isOneOff(call: Call): boolean {
  return parameters(call.url).some(
    ([name, value]) =>
      (name === 'cursor' && value !== '') || (name === 'end' && Number(value) < call.sentAt / 1_000 - HISTORY_S),
  );
}

/** The same question: method, path and query without what moves with time. */
function question(call: Call): string {
  const fixed = parameters(call.url).filter(([name]) => !MOVING.test(name));
  return `${call.what}?${fixed.map((pair) => pair.join('=')).join('&')}`;
}

/** The newest calls of a group, as far back as each followed the one before within the polling gap. */
function pollingRun(group: readonly Call[]): Call[] {
  let from = group.length - 1;
  while (from > 0 && (group[from]?.sentT ?? 0) - (group[from - 1]?.sentT ?? 0) <= POLL_GAP_MS + POLL_GAP_SLACK_MS)
    from -= 1;
  return group.slice(from);
}

function pollingTold(model: Model, run: Call[], channel: string): Sighting | null {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined || run.length < POLLS_MIN) return null;
  const spanMs = last.sentT - first.sentT;
  if (spanMs < POLLING_FOR_MS || model.t - last.sentT > HOLD_MS) return null;
  const everyMs = spanMs / (run.length - 1);
  return sighting({
    code: 'RATE_POLLING',
    about: last.what,
    connection: 'rest',
    title: `${last.endpoint} is polled every ${duration(everyMs)}; the channel ${channel} carries the same data without spending the limit.`,
    count: run.length,
    evidence: [
      `${plural(run.length, 'call')} within ${duration(spanMs)}: ${last.what}`,
      `at this pace ${grouped(3_600_000 / everyMs)} calls an hour`,
    ],
    facts: run.map(({ sentSeq }) => sentSeq),
    steps: throttledSteps(model),
    fix: [`subscribe ${channel} instead of polling ${last.endpoint}`, 'or poll it at most every 10 s'],
    clearedBecause: 'the polling ended',
  });
}

/** Five and more answered calls of one question, each within 2 s of the one before. */
export const measuredPolling: Rule = (model) => {
  if (model.capture === null) return [];
  const answered = model.calls.filter(
    (call) =>
      call.what.startsWith('GET ') &&
      call.status !== null &&
      call.status >= 200 &&
      call.status < 400 &&
      !isOneOff(call),
  );
  return inGroups(answered, question).flatMap((group) => {
    const channel = channelForEndpoint(group[0]?.endpoint ?? '');
    const told = channel === null ? null : pollingTold(model, pollingRun(group), channel);
    return told === null ? [] : [told];
  });
};

const RETRIES_MIN = 4;
const RETRY_GAP_MS = 1_000;
/**
 * Waits that double grow fourfold from the first two to the last two; with full jitter, on average too. Below twofold they do not
 * double. Together with all four under a second, a sound back-off from half a second up looks so once in some dozens of times.
 */
const GROWTH_MIN = 2;

function isFailure({ status }: Call): boolean {
  return status === 0 || status === 429 || (status !== null && status >= 500);
}

/** The newest run of failed attempts, each begun after the one before had ended; calls at the same time are no retries. */
function failedRun(group: readonly Call[]): Call[] {
  const run: Call[] = [];
  for (const call of group) {
    const before = run.at(-1);
    if (call.status === null) continue;
    if (!isFailure(call)) run.length = 0;
    else if (before === undefined || (before.endT !== null && call.sentT >= before.endT)) run.push(call);
  }
  return run;
}

/** The waits before the newest retries when they are a storm; null when there is none. */
function stormWaits(run: readonly Call[]): number[] | null {
  const waits = run.slice(1).map((call, index) => call.sentT - (run[index]?.endT ?? call.sentT));
  const [a = 0, b = 0, c = 0, d = 0] = waits.slice(-RETRIES_MIN);
  if (waits.length < RETRIES_MIN || Math.max(a, b, c, d) >= RETRY_GAP_MS) return null;
  return c + d < GROWTH_MIN * (a + b) || c + d === 0 ? waits : null;
}

/** Four and more retries of a call refused with 429, 5xx or no answer, each within a second and without the waits growing. */
export const retryStorm: Rule = (model) => {
  if (model.capture === null) return [];
  return inGroups(model.calls, ({ what }) => what).flatMap((group) => {
    const run = failedRun(group);
    const last = run.at(-1);
    const waits = stormWaits(run);
    if (last === undefined || waits === null || model.t - (last.endT ?? last.sentT) > HOLD_MS) return [];
    const statuses = [...new Set(run.map(({ status }) => (status === 0 ? 'no answer' : String(status))))].join(', ');
    const shown = waits.slice(-RETRIES_MIN).map(duration).join(', ');
    return [
      sighting({
        code: 'RATE_RETRY_STORM',
        about: last.what,
        connection: last.requestId === null ? null : 'rest',
        title: `${last.endpoint} was tried ${run.length} times in a row (${statuses}) with waits of ${shown}: that is no back-off.`,
        count: run.length,
        evidence: [
          last.what,
          `first ${clockTime(run[0]?.sentAt ?? last.sentAt)}, last ${clockTime(last.sentAt)}`,
          'each retry within a second of the answer before it, and the waits do not grow',
        ],
        facts: run.map(({ sentSeq }) => sentSeq),
        steps: throttledSteps(model),
        clearedBecause: 'the retries ended',
      }),
    ];
  });
};
