// The playbook's problem “WebSocket connection closes immediately (Code 1000/1006)”: every unasked end of a socket gets one name,
// by the order of `nameOf`: what was known before the close explains it better than the code on it.

import { closeCode } from '../coinbase/close-codes.ts';
import { IDLE_CLOSE_FROM_MS, IDLE_CLOSE_TO_MS } from '../coinbase/documented-limits.ts';
import type { ConnectionName } from '../core/fact.ts';
import type { Party } from '../core/finding.ts';
import type { Close, Model } from '../core/model.ts';
import { isBlockedUpgrade } from './forbidden.ts';
import type { Rule, Seen, Sighting } from './rule.ts';
import { clockTime, duration, HOLD_MS, plural, sighting } from './rule.ts';
import { closedSteps } from './steps.ts';

const EARLY_MS = 5_000;
const LOOP_CLOSES = 3;
const LOOP_WITHIN_MS = 60_000;
const TOKEN_END_MS = 2_000;
const IDLE_SLACK_MS = 5_000;
/** Findings of these areas explain a close of the socket they stand on. */
const CAUSES =
  /^(FEED_SILENT|WS_RATE_LIMITED|WS_L2_LIMIT|WS_BAD_CHANNEL|WS_WRONG_HOST|WS_AUTH_FAILURE|AUTH_REJECTED|AUTH_CLOCK_SKEW|AUTH_URI_MISMATCH|ACCESS_PENALTY|SELF_SLEPT)/;

/** The finding, open on that socket within the 5 s before, that a close is a consequence of. */
export function causeOf(close: Close): string | null {
  return close.openBefore.find((key) => CAUSES.test(key)) ?? null;
}

/** An end that nobody on this side asked for. */
export function isUnasked(close: Close): boolean {
  return close.kind === 'closed' && close.cause !== 'asked' && close.cause !== 'ping-timeout';
}

function isIdle(close: Close): boolean {
  const silentMs = close.silentMs ?? 0;
  return (
    !close.heartbeatsSubscribed &&
    silentMs >= IDLE_CLOSE_FROM_MS - IDLE_SLACK_MS &&
    silentMs <= IDLE_CLOSE_TO_MS + IDLE_SLACK_MS
  );
}

function endsWithToken(close: Close): boolean {
  return close.sinceTokenEndMs !== null && Math.abs(close.sinceTokenEndMs) <= TOKEN_END_MS;
}

function isEarly(close: Close): boolean {
  return (
    (close.ageMs ?? Number.POSITIVE_INFINITY) < EARLY_MS &&
    (close.code === 1000 || close.code === 1005 || close.code === 1006)
  );
}

/** The code for one unasked close, by precedence; null when it is folded into its cause. */
export function nameOf(close: Close): string | null {
  if (close.cause === 'too-large' || close.code === 1009) return 'WS_TOO_BIG';
  const ageMs = close.ageMs ?? 0;
  if (close.subscribesSent === 0 && ageMs >= 4_000 && ageMs <= 7_000) return 'WS_NO_SUBSCRIPTION';
  if (isEarly(close)) return 'WS_CLOSED_EARLY';
  if (causeOf(close) !== null) return null;
  if (close.code !== null && close.code >= 1011 && close.code <= 1014) return 'WS_SERVER_FAULT';
  // A policy may be all that is said of a token that is over.
  if (endsWithToken(close)) return 'WS_JWT_EXPIRED';
  if (close.code === 1008) return 'WS_POLICY';
  if (isIdle(close)) return 'WS_IDLE_CLOSE';
  if (close.code === 1001) return 'WS_GOING_AWAY';
  return close.code === 1006 ? 'WS_DROPPED' : 'WS_CLOSED_CLEAN';
}

const UNDERNEATH: Partial<Record<Close['cause'], string>> = {
  reset: 'the TCP connection was reset',
  'fin-without-close-frame': 'the other side ended TCP without a close frame',
  'tls-alert': 'TLS ended it with an alert',
  'too-large': 'a frame was larger than this reader allows',
  'invalid-utf8': 'a text frame was not valid UTF-8',
  'protocol-error': 'the framing rules of RFC 6455 were broken',
};

function codeText(close: Close): string {
  const name = close.code === null ? '' : ` ${closeCode(close.code).name.toLowerCase()}`;
  return `${close.code ?? ''}${name}`;
}

function closeEvidence(close: Close): (string | null)[] {
  return [
    `${clockTime(close.at)} closed ${codeText(close)}${close.reason === '' ? '' : ` “${close.reason}”`}, ${close.clean ? 'with' : 'without'} a close frame, ${close.cause === 'unknown' && close.clean ? 'by whom is not known' : `by ${close.by}`}`,
    close.ageMs === null
      ? null
      : `after ${duration(close.ageMs)}, ${plural(close.framesReceived, 'frame')} received, ${plural(close.subscribesSent, 'subscribe')} sent`,
    UNDERNEATH[close.cause] ?? null,
    close.errorCode === null ? null : `error code ${close.errorCode}`,
    close.silentMs === null ? null : `last frame ${duration(close.silentMs)} before`,
    close.lastError === null ? null : `in-band error ${duration(close.lastErrorAgoMs ?? 0)} before: ${close.lastError}`,
  ];
}

const CLEARED_AFTER: Record<string, number> = { WS_JWT_EXPIRED: 30_000, WS_NO_SUBSCRIPTION: 30_000, WS_POLICY: 30_000 };

/** Over when the socket is open again and has been fed for a while; until then the close stands. A later end of it brings nothing back. */
function isOver(model: Model, close: Close, code: string): boolean {
  const connection = model.connections[close.connection];
  const holdMs = CLEARED_AFTER[code] ?? HOLD_MS;
  const isLaterLife = (other: Close): boolean =>
    other.connection === close.connection && other.t - close.t >= holdMs && other.framesReceived > 0;
  if (model.closes.some(isLaterLife)) return true;
  if (model.t - close.t < holdMs) return false;
  return (
    connection.state === 'open' &&
    connection.openedT !== null &&
    connection.openedT > close.t &&
    connection.framesOnSocket > 0
  );
}

function recoveredText(model: Model, close: Close): string {
  const opened = model.connections[close.connection].openedT;
  return opened === null
    ? 'the connection is open again'
    : `reconnected after ${duration(opened - close.t)}, frames are flowing`;
}

type Telling = Pick<Seen, 'title' | 'party' | 'confidence'>;

function droppedTelling(close: Close): Telling {
  const base = `The ${close.connection} socket was cut after ${duration(close.ageMs ?? 0)} (1006)`;
  if (close.duringSelfTrouble)
    return { title: `${base} while this tool was late or asleep.`, party: 'tool', confidence: 'medium' };
  const under = UNDERNEATH[close.cause];
  if (under === undefined) return { title: `${base}, cause not seen.`, confidence: 'medium' };
  const ours = close.cause === 'protocol-error' || close.cause === 'invalid-utf8';
  return ours
    ? { title: `${base}: ${under}.`, party: 'coinbase' }
    : { title: `${base}: ${under}.`, confidence: 'medium' };
}

function earlyTelling(close: Close): Telling {
  const cause = causeOf(close);
  const base = `The ${close.connection} socket was closed ${duration(close.ageMs ?? 0)} after opening (${codeText(close)})`;
  if (cause !== null) {
    const party = /^(AUTH_REJECTED|WS_AUTH)/.test(cause)
      ? 'key'
      : /^(AUTH_CLOCK|WS_|AUTH_URI)/.test(cause)
        ? 'configuration'
        : 'unknown';
    return { title: `${base}, on top of ${cause}.`, party, confidence: 'medium' };
  }
  if (close.lastError !== null) return { title: `${base}, after it said “${close.lastError}”.`, confidence: 'medium' };
  return { title: `${base}; why is not known.`, confidence: 'low' };
}

function telling(code: string, close: Close): Telling {
  const who = `The ${close.connection} socket`;
  const age = duration(close.ageMs ?? 0);
  switch (code) {
    case 'WS_CLOSED_EARLY':
      return earlyTelling(close);
    case 'WS_DROPPED':
      return droppedTelling(close);
    case 'WS_GOING_AWAY':
      return {
        title: `${who}: the server went away after ${age} (1001); SDKs that take this for an end stop silently here.`,
      };
    case 'WS_CLOSED_CLEAN':
      return { title: `${who} was closed by the server after ${age} with ${codeText(close)}, though nobody asked.` };
    case 'WS_JWT_EXPIRED':
      return {
        title: `${who} was closed ${duration(Math.abs(close.sinceTokenEndMs ?? 0))} ${(close.sinceTokenEndMs ?? 0) < 0 ? 'before' : 'after'} its token ended: ${close.hadFreshToken ? 'a newer one had been sent, but the socket is held to an earlier one; reconnect instead' : 'the token was not renewed'}.`,
      };
    case 'WS_NO_SUBSCRIPTION':
      return { title: `${who} was closed after ${age} because nothing had been subscribed.` };
    case 'WS_IDLE_CLOSE':
      return {
        title: `${who} was closed after ${duration(close.silentMs ?? 0)} of silence: heartbeats were not subscribed.`,
      };
    case 'WS_TOO_BIG':
      return { title: `${who} ended because a frame was too large (${codeText(close)}).` };
    default:
      if (close.cause === 'unknown' && close.clean)
        return {
          title: `${who} was closed with ${codeText(close)} after ${age}; the capture does not say by whom.`,
          confidence: 'low',
        };
      return {
        title: `${who} was closed by the server with ${codeText(close)}${close.reason === '' ? '' : ` “${close.reason}”`}.`,
      };
  }
}

function loopOf(model: Model, closes: Close[], name: ConnectionName): Sighting | null {
  const recent = closes.filter(
    (close) => close.connection === name && isUnasked(close) && model.t - close.t <= LOOP_WITHIN_MS,
  );
  const last = recent.at(-1);
  if (last === undefined || recent.length < LOOP_CLOSES) return null;
  const codes = [...new Set(recent.map((close) => close.code))];
  const parties = [...new Set(recent.map((close) => partyOf(close)))];
  return sighting({
    code: 'WS_RECONNECT_LOOP',
    about: name,
    connection: name,
    party: parties.length === 1 ? (parties[0] ?? 'unknown') : 'unknown',
    confidence: 'medium',
    title: `The ${name} socket has been closed ${recent.length} times within 60 s (${codes.join(', ')}).`,
    count: recent.length,
    evidence: recent.slice(-4).flatMap((close) => closeEvidence(close).slice(0, 1)),
    facts: recent.map((close) => close.seq),
    steps: closedSteps(model, name),
    disprove: 'cbscope watch --no-user, or --channels heartbeats: which of the two still loops?',
    clearedBecause: 'fewer than three closes in the last 60 s',
  });
}

function partyOf(close: Close): Party {
  if (close.by === 'server' && close.clean) return 'coinbase';
  return close.code === 1006 ? (close.duringSelfTrouble ? 'tool' : 'network') : 'unknown';
}

/** One finding for each socket and name, of the closes that still stand. */
export const closes: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of ['public', 'user'] as const) {
    const loop = loopOf(model, model.closes, name);
    if (loop !== null) seen.push(loop);
    const standing = new Map<string, Close[]>();
    for (const close of model.closes) {
      if (close.connection !== name || !isUnasked(close)) continue;
      const code = nameOf(close);
      if (code === null || isOver(model, close, code)) continue;
      standing.set(code, [...(standing.get(code) ?? []), close]);
    }
    for (const [code, list] of standing) {
      const last = list.at(-1);
      if (last === undefined || model.t - last.t > 600_000) continue;
      seen.push(told(model, code, last, list));
    }
  }
  return seen;
};

function told(model: Model, code: string, last: Close, list: Close[]): Sighting {
  return sighting({
    code,
    about: last.connection,
    connection: last.connection,
    ...telling(code, last),
    // The reader whose limit it was: this tool, or the program that was captured.
    ...(code === 'WS_TOO_BIG' && model.capture !== null ? { party: 'configuration' as const } : {}),
    count: list.length,
    evidence: [...closeEvidence(last), causeOf(last) === null ? null : `open just before: ${causeOf(last)}`],
    facts: list.map((close) => close.seq),
    steps: closedSteps(model, last.connection),
    clearedBecause: recoveredText(model, last),
  });
}

const REFUSED_PARTY = (status: number, html: boolean): Party => {
  if (status === 429) return 'configuration';
  if (status >= 500) return 'coinbase';
  if (status === 401 || status === 403) return html ? 'network' : 'key';
  return 'configuration';
};

/** HTTP instead of 101. A 403 page or a challenge is the edge's block, which has its own code. */
export const upgrades: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const name of ['public', 'user'] as const) {
    const refusals = model.closes.filter(
      (close) => close.connection === name && close.kind === 'refused' && model.t - close.t < 300_000,
    );
    const last = refusals.at(-1);
    const connection = model.connections[name];
    if (last === undefined || last.status === null || (connection.openedT !== null && connection.openedT > last.t))
      continue;
    const html = /^\s*</.test(last.detail);
    if (isBlockedUpgrade(last)) continue;
    seen.push(
      sighting({
        code: 'WS_UPGRADE_REFUSED',
        about: name,
        connection: name,
        party: REFUSED_PARTY(last.status, html),
        title: `The ${name} socket’s upgrade was answered with HTTP ${last.status} instead of 101${html ? ' and an HTML page' : ''}.`,
        count: refusals.length,
        evidence: [
          ...['server', 'cf-ray', 'retry-after', 'content-type']
            .filter((header) => last.headers[header] !== undefined)
            .map((header) => `${header}: ${last.headers[header]}`),
          last.detail === '' ? 'the body was empty' : `body starts: ${last.detail.slice(0, 120)}`,
        ],
        facts: refusals.map((close) => close.seq),
        steps: closedSteps(model, name),
        clearedBecause: 'the socket opened',
      }),
    );
  }
  return seen;
};
