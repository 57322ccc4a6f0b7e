// The network on the way: names that do not resolve, ports that refuse, answers that never come, certificates, resets.
// One finding for each way of failing, with every host it happened to; it ends when those hosts answer.

import type { Talker } from '../core/fact.ts';
import type { Model } from '../core/model.ts';
import { inSelfTrouble } from '../core/self.ts';
import type { Rule, Sighting } from './rule.ts';
import { clockTime, duration, sighting } from './rule.ts';
import { networkSteps } from './steps.ts';

const FORGET_MS = 300_000;

interface Failure {
  code: string;
  talker: Talker;
  host: string;
  phase: string;
  errorCode: string;
  errorCodes: string[];
  message: string;
  at: number;
  t: number;
  seq: number;
}

const BY_CODE: [RegExp, string][] = [
  [/^(ENOTFOUND|EAI_AGAIN|EAI_\w+|ENODATA|ESERVFAIL|EDNS)/, 'NET_DNS'],
  [/^(ECONNREFUSED)$/, 'NET_REFUSED'],
  [/(CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO_|ALTNAME|ISSUER|EPROTO)/, 'NET_TLS'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET)$/, 'NET_RESET'],
  // What came is not HTTP, or no WebSocket's: something between, or at the wrong port, talks another protocol.
  [/^HPE_\w+$/, 'NET_RESET'],
  [/(TIMEDOUT|TIMEOUT|DEADLINE|ABORT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)/, 'NET_TIMEOUT'],
];

/** Where the code of an error tells nothing, the phase it ended in does: an upgrade that fails without one was answered wrongly. */
const BY_PHASE: Partial<Record<string, string>> = { dns: 'NET_DNS', tls: 'NET_TLS', upgrade: 'NET_RESET' };

/** The code of a failed connection, by the error codes first and the phase it ended in second; null when neither tells. */
export function networkCode(errorCode: string, errorCodes: string[], phase: string): string | null {
  for (const code of [errorCode, ...errorCodes]) {
    const found = BY_CODE.find(([pattern]) => pattern.test(code));
    if (found !== undefined) return found[1];
  }
  return BY_PHASE[phase] ?? null;
}

function socketFailures(model: Model): Failure[] {
  return model.closes.flatMap((close) => {
    if (close.kind !== 'connect-failed' || close.errorCode === null) return [];
    const opened = model.connections[close.connection].openedT;
    if ((opened !== null && opened > close.t) || model.connections[close.connection].state === 'off') return [];
    const code = networkCode(close.errorCode, close.errorCodes, close.phase ?? '');
    if (code === null) return [];
    return [
      {
        code,
        talker: close.connection,
        host: close.host,
        phase: close.phase ?? 'tcp',
        errorCode: close.errorCode,
        errorCodes: close.errorCodes,
        message: close.detail,
        at: close.at,
        t: close.t,
        seq: close.seq,
      },
    ];
  });
}

function restFailures(model: Model): Failure[] {
  return model.rest.failures.flatMap((failure) => {
    if (model.rest.lastAnswerT !== null && model.rest.lastAnswerT > failure.t) return [];
    const code = networkCode(failure.errorCode, failure.errorCodes, failure.phase);
    return code === null ? [] : [{ ...failure, code, talker: 'rest' as const }];
  });
}

/** What each way of failing does, for one host and for several. */
const WHAT: Record<string, [one: string, several: string]> = {
  NET_DNS: ['cannot be resolved', 'cannot be resolved'],
  NET_REFUSED: ['refuses the connection', 'refuse the connection'],
  NET_TIMEOUT: ['does not answer in time', 'do not answer in time'],
  NET_TLS: ['fails in TLS', 'fail in TLS'],
  NET_RESET: ['resets the connection', 'reset the connection'],
};

const GARBLED: [one: string, several: string] = ['answers in another protocol', 'answer in another protocol'];

function whatHappened(code: string, { errorCode, phase }: Failure): [one: string, several: string] {
  const isGarbled = /^HPE_/.test(errorCode) || (phase === 'upgrade' && errorCode === 'Error');
  return isGarbled ? GARBLED : (WHAT[code] ?? ['fails', 'fail']);
}

/** The newest failure of each talker: the same one over and over tells nothing more. */
function newestOfEach(failures: Failure[]): Failure[] {
  return failures.filter(
    (failure, index) => !failures.slice(index + 1).some((later) => later.talker === failure.talker),
  );
}

function failureLine(failure: Failure): string {
  const each = failure.errorCodes.length > 1 ? ` (each address: ${failure.errorCodes.join(', ')})` : '';
  // Node's own advice after the first sentence is about Node, not about the trouble.
  const message = failure.message.split(';')[0] ?? '';
  return `${clockTime(failure.at)} ${failure.talker}: ${failure.phase} failed with ${failure.errorCode}${each} ${message}`.trim();
}

function told(model: Model, code: string, failures: Failure[]): Sighting | null {
  const last = failures.at(-1);
  if (last === undefined) return null;
  const hosts = [
    ...new Set(failures.map((failure) => `${failure.host} (${failure.talker === 'rest' ? 'REST' : failure.talker})`)),
  ];
  const talkers = [...new Set(failures.map((failure) => failure.talker))];
  return sighting({
    code,
    connection: talkers.length === 1 ? last.talker : null,
    title: `${hosts.join(', ')} ${whatHappened(code, last)[hosts.length === 1 ? 0 : 1]}: ${last.errorCode === 'Error' ? last.message : last.errorCode}.`,
    count: failures.length,
    evidence: newestOfEach(failures).map(failureLine),
    facts: failures.map((failure) => failure.seq),
    steps: networkSteps(model, last.phase),
    disprove:
      code === 'NET_DNS'
        ? `getent hosts ${last.host.replace(/:\d+$/, '')}`
        : `curl -sv https://${last.host}/ -o /dev/null`,
    clearedBecause: `answered again after ${duration(model.t - (failures[0]?.t ?? model.t))}`,
  });
}

export const connections: Rule = (model) => {
  const all = [...socketFailures(model), ...restFailures(model)].filter((failure) => model.t - failure.t < FORGET_MS);
  const byCode = new Map<string, Failure[]>();
  for (const failure of all) {
    // Our own lateness makes deadlines pass: then nobody timed out.
    if (failure.code === 'NET_TIMEOUT' && inSelfTrouble(model.self, failure.t, 5_000)) continue;
    byCode.set(failure.code, [...(byCode.get(failure.code) ?? []), failure]);
  }
  return [...byCode].map(([code, failures]) => told(model, code, failures)).filter((seen) => seen !== null);
};
