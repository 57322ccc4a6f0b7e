// A REST entry of a capture as facts: the request, and its answer or its failure. Only calls of a Coinbase API are looked at.

import { endpointOfPath } from '../coinbase/endpoints.ts';
import { isCoinbaseHost } from '../coinbase/hosts.ts';
import { BODY_BYTES_MAX } from '../core/bounds.ts';
import type { FactBody } from '../core/fact.ts';
import type { Gleanings } from './gleanings.ts';
import { gleanHmacHeaders } from './gleanings.ts';
import type { HarEntry } from './har-entry.ts';
import { rounded } from './har-entry.ts';
import { readFailure } from './har-failure.ts';

/** Something that happened at an instant, epoch ms with fraction. */
export interface Happening {
  atMs: number;
  body: FactBody;
}

type Sent = Extract<FactBody, { fact: 'request.sent' }>;

const METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE']);
const PREFIX = '/api/v3/brokerage';
const API_HOST = /^(api|api-[a-z-]+)\./;
const NAME_MAX = 80;
const ID_LIKE = /^(?=.*\d)[\w-]{16,}$|^\d+$/;

/** True for a call of Advanced Trade, on whatever host, and of the API hosts of Coinbase that are taken for it. */
export function isCall(entry: HarEntry): boolean {
  if (!METHODS.has(entry.method)) return false;
  if (entry.url.pathname.includes(PREFIX)) return true;
  return isCoinbaseHost(entry.url.host) && API_HOST.test(entry.url.hostname);
}

/** The endpoint's name; for one that nobody knows its path, with ids left out. */
function nameOf(entry: HarEntry): string {
  const known = endpointOfPath(entry.method, entry.url.href);
  if (known !== null) return known.name;
  const { pathname } = entry.url;
  const below = pathname.includes(PREFIX) ? pathname.slice(pathname.indexOf(PREFIX) + PREFIX.length) : pathname;
  const parts = below.split('/').map((part) => (ID_LIKE.test(part) ? '*' : part));
  return parts.join('/').slice(0, NAME_MAX) || '/';
}

/** True for a call that is refused without a token. */
export function needsToken(entry: HarEntry): boolean {
  return (endpointOfPath(entry.method, entry.url.href)?.scope ?? null) !== null;
}

function plainUrl(url: URL): string {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  plain.hash = '';
  return plain.href;
}

function sentFact(
  entry: HarEntry,
  requestId: number,
  gleanings: Gleanings,
  hidesTokens: boolean,
): { sent: Sent; isNewToken: boolean } {
  const { requestHeaders, url } = entry;
  const known = endpointOfPath(entry.method, url.href);
  const authorization = requestHeaders['authorization'] ?? '';
  const seen = authorization === '' ? null : gleanings.tokens.see(authorization);
  const isPrivate = known === null ? authorization !== '' : known.scope !== null;
  const isSigned = authorization !== '' || 'cb-access-sign' in requestHeaders || (hidesTokens && isPrivate);
  if (known !== null && known.scope !== null) gleanings.needs.add(known.scope);
  gleanHmacHeaders(gleanings, requestHeaders);
  gleanings.urls.rest ||= url.origin;
  const sent: Sent = {
    fact: 'request.sent',
    requestId,
    endpoint: nameOf(entry),
    method: entry.method as Sent['method'],
    url: plainUrl(url),
    signed: isSigned,
    bucket: isPrivate ? 'rest-private' : 'rest-public',
    token: seen?.token ?? null,
    why: url.searchParams.get('cursor') ? 'page' : 'asked',
  };
  return { sent, isNewToken: seen?.isNew === true };
}

function answerFact(entry: HarEntry, requestId: number, endpoint: string, sentMs: number): FactBody {
  const { timings, phases, body } = entry;
  const firstByteMs = timings.send + timings.wait;
  const totalMs = timings.dns + timings.connect + firstByteMs + timings.receive;
  const text = body ?? '';
  return {
    fact: 'response.arrived',
    requestId,
    endpoint,
    status: entry.status,
    headers: entry.responseHeaders,
    body: text.slice(0, BODY_BYTES_MAX),
    truncated: text.length > BODY_BYTES_MAX || (body === null && entry.sizeBytes > 0),
    sizeBytes: entry.sizeBytes,
    phases: { ...phases, firstByteMs: rounded(firstByteMs), totalMs: rounded(totalMs) },
    midpointAt: Math.round(sentMs + firstByteMs / 2),
    freshConnection: timings.connect > 0,
  };
}

/**
 * The facts of one call. `hidesTokens` says that the whole capture shows no Authorization at all (a sanitised export):
 * then what needs a token is taken to have carried one.
 */
export function callHappenings(
  entry: HarEntry,
  requestId: number,
  gleanings: Gleanings,
  hidesTokens: boolean,
): Happening[] {
  const { timings, status, url, error } = entry;
  const { sent, isNewToken } = sentFact(entry, requestId, gleanings, hidesTokens);
  const { endpoint, token } = sent;
  const sentMs = entry.startMs + timings.blocked + timings.dns + timings.connect;
  const tookMs = timings.send + timings.wait + timings.receive;
  const happened: Happening[] = [];
  if (token !== null && isNewToken)
    happened.push({ atMs: sentMs, body: { fact: 'token.made', purpose: 'rest', token, clock: 'local' } });
  happened.push({ atMs: sentMs, body: sent });
  const endMs = sentMs + tookMs;
  if (status !== 0) {
    happened.push({ atMs: endMs, body: answerFact(entry, requestId, endpoint, sentMs) });
    return happened;
  }
  const { phase, errorCode } = readFailure(error);
  const failed = { phase, errorCode, errorCodes: [errorCode], message: error.slice(0, 200), tookMs: rounded(tookMs) };
  happened.push({ atMs: endMs, body: { fact: 'request.failed', requestId, endpoint, host: url.host, ...failed } });
  return happened;
}
