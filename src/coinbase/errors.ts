// Failed answers and in-band error messages: read by the parser order of reference 5.3, and told apart by meaning, not by wording.
// Knows nothing of whose fault anything is.

import { TEXT_SHOWN_MAX } from '../core/bounds.ts';
import type { Headers } from '../core/fact.ts';
import type { RestError } from '../core/meaning.ts';
import { fieldOf, type JsonRecord, listOf, parseJson, recordOf, textField, textOf } from './json-value.ts';

interface Said {
  id: string | null;
  message: string;
}

const GRPC_CODES: Readonly<Record<string, string>> = {
  3: 'INVALID_ARGUMENT',
  5: 'NOT_FOUND',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
};

function codeWord(record: JsonRecord): string {
  const code = textField(record, 'code');
  return Object.hasOwn(GRPC_CODES, code) ? (GRPC_CODES[code] ?? code) : code;
}

function saidByObject(record: JsonRecord): Said {
  const refused = recordOf(fieldOf(record, 'error_response'));
  if (refused !== null) return saidByFields(refused);
  const first = recordOf(listOf(fieldOf(record, 'errors'))?.[0]);
  if (first !== null) return { id: textField(first, 'id', 'code') || null, message: textField(first, 'message', 'id') };
  const nested = recordOf(fieldOf(record, 'error'));
  return nested === null ? saidByFields(record) : saidByFields(nested);
}

function saidByFields(record: JsonRecord): Said {
  const id = textField(record, 'error', 'id') || codeWord(record) || textField(record, 'status');
  const message = textField(
    record,
    'message',
    'error_details',
    'error_description',
    'preview_failure_reason',
    'new_order_failure_reason',
    'error',
    'errorMessage',
    'detail',
  );
  return { id: id || null, message: message || id };
}

function saidByJson(value: unknown): Said | null {
  const record = recordOf(value) ?? recordOf(listOf(value)?.[0]);
  if (record !== null) return saidByObject(record);
  return typeof value === 'string' ? { id: null, message: value } : null;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };
const HEAD_MAX = 16_384;

function titleOf(html: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html)?.[1] ?? '';
  const heading = title.trim() === '' ? (/<h1[^>]*>([^<]*)/i.exec(html)?.[1] ?? '') : title;
  const text = heading.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '');
  return text.replace(/\s+/g, ' ').trim() || 'HTML page without a title';
}

function looksLikeHtml(head: string): boolean {
  return /^\s*(<!--[\s\S]*?-->\s*)?<(!doctype|html|head|body|title|center|h1|script|meta)\b/i.test(
    head.replace(/^\ufeff/, ''),
  );
}

const TAGS = ['cf-ray', 'x-request-id', 'request-id', 'x-amzn-requestid', 'x-amz-cf-id', 'cb-request-id', 'x-trace-id'];

function requestTagOf(headers: Headers): string | null {
  const tags = TAGS.flatMap((name) => {
    const value = Object.hasOwn(headers, name) ? textOf(headers[name]) : '';
    return value === '' ? [] : [`${name} ${value}`];
  });
  return tags.length > 0 ? tags.join(', ').slice(0, TEXT_SHOWN_MAX) : null;
}

function isCloudflare(headers: Headers, head: string, html: boolean): boolean {
  if (/cloudflare/i.test(textOf(headers.server)) || textOf(headers['cf-ray']) !== '') return true;
  return html && /cloudflare|cf-error|cf-browser|challenge-platform/i.test(head);
}

const CHALLENGE = /<title[^>]*>\s*just a moment|challenge-platform|cf-chl-|challenge-form|cf_chl_/i;

/** 403 with a page, or a challenge of whatever status: 429 and 5xx pages without one are other stories. */
function edgeBlock(status: number, headers: Headers, head: string): 'edge' | null {
  const isChallenge = /challenge/i.test(textOf(headers['cf-mitigated'])) || CHALLENGE.test(head);
  return status === 403 || isChallenge ? 'edge' : null;
}

function isPenaltyBox(status: number, said: Said): boolean {
  const words = `${said.id ?? ''} ${said.message}`.replaceAll('_', ' ');
  return status === 403 && /too\s*many|penalt|rate.?limit|throttl|temporar\w*\s+(block|ban|suspend)/i.test(words);
}

/** A failed answer, read by the order of reference 5.3: JSON forms, else HTML title, else the first 200 characters. */
export function readError(status: number, headers: Headers, body: string): RestError {
  const head = body.slice(0, HEAD_MAX);
  const html = looksLikeHtml(head);
  const said = html ? { id: null, message: titleOf(head) } : saidByJson(parseJson(body));
  const text = body.trim();
  const form = html ? 'html' : said !== null ? 'json' : text === '' ? 'empty' : 'text';
  const words = {
    id: said?.id?.slice(0, TEXT_SHOWN_MAX) ?? null,
    message: (said?.message ?? text).slice(0, TEXT_SHOWN_MAX),
  };
  return {
    status,
    ...words,
    form,
    block: html ? edgeBlock(status, headers, head) : isPenaltyBox(status, words) ? 'penalty' : null,
    cloudflare: isCloudflare(headers, head, html),
    requestTag: requestTagOf(headers),
  };
}

/** True when a page of the edge (HTML) came instead of an answer of the API. */
export function isEdgePage(error: RestError): boolean {
  return error.form === 'html';
}

function wordsOf(error: RestError): string {
  return `${error.id ?? ''} ${error.message}`.replaceAll('_', ' ');
}

/** 403 after a run of refusals: the penalty box, by `Too many errors` or words to that effect (reference 5.3). */
export function isPenalty(error: RestError): boolean {
  return error.block === 'penalty';
}

const SCOPE_WORDS: readonly RegExp[] = [
  /(missing|required|insufficient|lacks?|without|invalid|does ?n.t have|do(es)? not have|no)\b.{0,40}\b(scopes?|permissions?|privileges?)/i,
  /(scopes?|permissions?)\b.{0,30}\b(missing|required|insufficient|denied|needed)/i,
  /permission ?denied|insufficient.?scope/i,
];

/** True when the key lacks a permission for the call (reference 5.3, row 12 of 6.1). */
export function isScopeError(error: RestError): boolean {
  if (error.status !== 403 && error.status !== 401) return false;
  return !isEdgePage(error) && !isPenalty(error) && says(wordsOf(error), SCOPE_WORDS);
}

const LEVEL2_CAP: readonly RegExp[] = [
  /too many\s+(l2|level.?2)/i,
  /(l2|level.?2)\b.{0,60}\b(limit|max(imum)?|exceed\w*|too many)\b/i,
  /(limit|max(imum)?|exceed\w*|(more|only) .{0,12}\d+)\b.{0,60}\b(l2|level.?2)\b/i,
];

// A message may be as long as a frame; what it means stands at its beginning.
const MESSAGE_READ_MAX = 500;

function says(message: string, any: readonly RegExp[]): boolean {
  const words = message.slice(0, MESSAGE_READ_MAX).replaceAll('_', ' ');
  return any.some((each) => each.test(words));
}

/** The refusal of more level2 products than one connection may have (reference 3.6). */
export function isLevel2Cap(message: string): boolean {
  return says(message, LEVEL2_CAP);
}

const RATE_WORDS: readonly RegExp[] = [
  /rate.{0,3}limit|rate\b.{0,12}\bexceed|exceed\w*\b.{0,20}\brate\b/i,
  /too many (request|message|subscri|connection)|(messages|requests) per (second|minute)/i,
  /too fast|throttl|slow down|resource.?exhausted/i,
];

/** The refusal of messages that come too fast (reference 3.6). */
export function isRateMessage(message: string): boolean {
  return !isLevel2Cap(message) && says(message, RATE_WORDS);
}

const AUTH_WORDS: readonly RegExp[] = [
  /auth\w*.{0,20}(fail|error|invalid|denied|reject|required|expired)|(fail|invalid|unable)\w*.{0,12}(to )?auth/i,
  /unauthori[sz]ed|unauthenticated|not auth|(access|permission) denied/i,
  /(invalid|expired|bad|missing|malformed|revoked|unknown)\s.{0,12}(jwt|token|signature|credential|api.?key)/i,
  /(jwt|token|signature|credentials?|api.?key)\b.{0,25}\b(invalid|not (yet )?valid|expired|bad|missing|malformed|revoked|reject\w*|fail\w*)/i,
];

/** The refusal of a token, or of a channel name that the server does not know (reference 3.6). */
export function isAuthFailure(message: string): boolean {
  return !isRateMessage(message) && says(message, AUTH_WORDS);
}

/** Wording of the Exchange feed: a `reason` beside the message, or `Failed to subscribe` (reference 3.6). */
export function isExchangeStyle(message: string, reason: string | null): boolean {
  return (reason !== null && reason !== '') || /^\s*failed to subscribe\b/i.test(message);
}
