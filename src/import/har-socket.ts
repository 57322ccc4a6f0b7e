// A WebSocket entry of a capture as facts: the attempt, then a refusal, a failure, or a life of frames and its end.

import { connectionFor } from '../coinbase/channels.ts';
import { isCoinbaseHost, judgeHost, PRODUCTION_URLS } from '../coinbase/hosts.ts';
import { textField } from '../coinbase/json-value.ts';
import { BODY_START_BYTES_MAX } from '../core/bounds.ts';
import type { ConnectionName, FactBody } from '../core/fact.ts';
import type { Gleanings } from './gleanings.ts';
import { gleanHmacHeaders } from './gleanings.ts';
import type { Happening } from './har-call.ts';
import { closedFact, type Ending, endingOf } from './har-close.ts';
import type { HarEntry } from './har-entry.ts';
import { messagesOf, objectOf, rounded } from './har-entry.ts';
import { readFailure } from './har-failure.ts';
import {
  CLOSE,
  channelsAsked,
  FAILED,
  isFeed,
  type Message,
  PING,
  PONG,
  readMessage,
  receivedFact,
  sentFacts,
} from './har-message.ts';
import { ownWordsOf } from './own-words.ts';

/** One socket of a capture, from its first byte to the last thing that is known of it; epoch ms. */
export interface HarSocket {
  entry: HarEntry;
  connection: ConnectionName;
  url: string;
  startMs: number;
  /** When the upgrade was answered. */
  answeredMs: number;
  lastMs: number;
  messages: Message[];
  ending: Ending | null;
  /** Messages that could not be read. */
  unreadable: number;
}

const USER_HOST = new URL(PRODUCTION_URLS.user).host;
const LATEST_MS_MAX = 86_400_000;

function connectionOf(host: string, messages: readonly Message[]): ConnectionName {
  if (host.toLowerCase() === USER_HOST) return 'user';
  if (`wss://${host.toLowerCase()}` === PRODUCTION_URLS.public) {
    const asked = channelsAsked(messages).filter((channel) => channel !== 'heartbeats');
    return asked.length > 0 && asked.every((channel) => connectionFor(channel) === 'user') ? 'user' : 'public';
  }
  return channelsAsked(messages).some((channel) => connectionFor(channel) === 'user') ? 'user' : 'public';
}

function socketUrl(url: URL): string {
  const scheme = url.protocol === 'http:' || url.protocol === 'ws:' ? 'ws' : 'wss';
  return `${scheme}://${url.host}${url.pathname === '/' ? '' : url.pathname}`;
}

/** True for a host that carries this feed, or is known to be taken for one that does. */
function isFeedHost(url: string, host: string): boolean {
  if (!isCoinbaseHost(host)) return false;
  return [PRODUCTION_URLS.public, PRODUCTION_URLS.user].includes(url) || !judgeHost(url, 'public').ok;
}

/** The socket of a WebSocket entry; null when it is not about Coinbase at all. */
export function readSocket(entry: HarEntry): HarSocket | null {
  const listed = messagesOf(entry) ?? [];
  const messages = listed.map(readMessage).filter((message) => message !== null);
  messages.sort((a, b) => a.atMs - b.atMs);
  const url = socketUrl(entry.url);
  const { host } = entry.url;
  const own = ownWordsOf(entry).connection;
  if (own === null && !isFeedHost(`wss://${host}`, host) && !isFeed(messages)) return null;
  const { timings } = entry;
  const firstMs = messages[0]?.atMs ?? Number.POSITIVE_INFINITY;
  const tookMs = timings.blocked + timings.dns + timings.connect + timings.send + timings.wait;
  const answeredMs = Math.min(firstMs, entry.startMs + tookMs);
  const ending = endingOf(entry, messages);
  const lastHeardMs = messages.at(-1)?.atMs ?? answeredMs;
  // Of a broken-off socket the time is not told, but the entry may say how long it was.
  const untoldMs = ending === null ? lastHeardMs : Math.max(lastHeardMs, entry.startMs + entry.durationMs);
  const endMs = ending?.atMs ?? untoldMs;
  return {
    entry,
    connection: own ?? connectionOf(host, messages),
    url,
    startMs: Math.min(entry.startMs, answeredMs),
    answeredMs,
    // A time of closing far from everything else is not believed.
    lastMs: endMs >= lastHeardMs && endMs - lastHeardMs < LATEST_MS_MAX ? endMs : lastHeardMs,
    messages,
    ending,
    unreadable: listed.length - messages.length,
  };
}

/** True when the upgrade was answered with 101, or frames flowed whatever the capture says of the answer. */
export function wasOpen(socket: HarSocket): boolean {
  return socket.entry.status === 101 || socket.messages.length > 0;
}

function unopened(socket: HarSocket): FactBody {
  const { entry, connection } = socket;
  const { host } = entry.url;
  if (entry.status !== 0) {
    const bodyStart = (entry.body ?? '').slice(0, BODY_START_BYTES_MAX);
    const phases = { ...entry.phases, upgradeMs: rounded(entry.timings.wait) };
    return {
      fact: 'upgrade.refused',
      connection,
      host,
      status: entry.status,
      headers: entry.responseHeaders,
      bodyStart,
      phases,
    };
  }
  const { phase, errorCode } = readFailure(entry.error);
  const tookMs = rounded(socket.answeredMs - socket.startMs);
  const message = entry.error.slice(0, 200);
  return { fact: 'connect.failed', connection, host, phase, errorCode, errorCodes: [errorCode], message, tookMs };
}

function openedFact(socket: HarSocket): FactBody {
  const { entry, connection } = socket;
  return {
    fact: 'socket.opened',
    connection,
    host: entry.url.host,
    address: textField(entry.raw, 'serverIPAddress').slice(0, 60),
    phases: { ...entry.phases, upgradeMs: rounded(entry.timings.wait) },
    extensions: entry.responseHeaders['sec-websocket-extensions'] ?? '',
    tls: null,
    headers: entry.responseHeaders,
  };
}

function hadErrorBefore(messages: readonly Message[], endMs: number): boolean {
  return messages.some(
    ({ isSent, atMs, data }) => !isSent && endMs - atMs <= 5_000 && data.length < 2_000 && isError(data),
  );
}

function isError(data: string): boolean {
  const record = objectOf(data);
  return record !== null && textField(record, 'type') === 'error';
}

function controlFact(socket: HarSocket, message: Message, pingMs: number | null): FactBody | null {
  const { connection } = socket;
  if (message.opcode === PING && message.isSent) return { fact: 'ping.sent', connection };
  if (message.opcode !== PONG || message.isSent || pingMs === null) return null;
  return { fact: 'pong.received', connection, roundTripMs: rounded(message.atMs - pingMs) };
}

export interface SocketHappenings {
  happened: Happening[];
  /** Frames of which the capture kept only a part. */
  cut: number;
}

function frames(socket: HarSocket, gleanings: Gleanings, into: SocketHappenings): number {
  let tokenEndsMs = Number.POSITIVE_INFINITY;
  let pingMs: number | null = null;
  for (const message of socket.messages) {
    const { atMs, opcode } = message;
    if (opcode === CLOSE || opcode === FAILED) continue;
    if (opcode === PING || opcode === PONG) {
      const control = controlFact(socket, message, pingMs);
      if (control !== null) into.happened.push({ atMs, body: control });
      pingMs = control?.fact === 'ping.sent' ? atMs : null;
    } else if (message.isSent) {
      for (const body of sentFacts(socket.connection, message, gleanings)) {
        into.happened.push({ atMs, body });
        if (body.fact !== 'frame.sent' || body.token === null) continue;
        tokenEndsMs = Math.min(tokenEndsMs, Math.abs(socket.lastMs - body.token.exp * 1_000));
      }
    } else {
      const { body, wasCut } = receivedFact(socket.connection, message);
      into.happened.push({ atMs, body });
      if (wasCut) into.cut += 1;
    }
  }
  return tokenEndsMs;
}

/** The facts of one socket. `hasSuccessor`: another one of its kind follows in the capture. */
export function socketHappenings(
  socket: HarSocket,
  gleanings: Gleanings,
  attempt: number,
  hasSuccessor: boolean,
): SocketHappenings {
  const { connection, entry, url, startMs, answeredMs, lastMs, ending, messages } = socket;
  gleanHmacHeaders(gleanings, entry.requestHeaders);
  gleanings.urls[connection] ||= url;
  const made: SocketHappenings = { happened: [], cut: 0 };
  const { happened } = made;
  happened.push({ atMs: startMs, body: { fact: 'socket.connecting', connection, url, host: entry.url.host, attempt } });
  if (!wasOpen(socket)) {
    happened.push({ atMs: answeredMs, body: unopened(socket) });
    return made;
  }
  happened.push({ atMs: answeredMs, body: openedFact(socket) });
  const fromTokenEndMs = frames(socket, gleanings, made);
  if (ending === null) {
    happened.push({ atMs: lastMs, body: { fact: 'capture.ended', connection } });
    return made;
  }
  const heardMs =
    messages.findLast(({ isSent, opcode }) => !isSent && opcode > 0 && opcode < CLOSE)?.atMs ?? answeredMs;
  const around = {
    ageMs: lastMs - answeredMs,
    silentMs: lastMs - heardMs,
    hadErrorBefore: hadErrorBefore(messages, lastMs),
    fromTokenEndMs,
    hasSuccessor,
  };
  happened.push({ atMs: lastMs, body: closedFact(connection, ending, around) });
  return made;
}
