// Frames and answers read whole: `{envelope, meaning, oddities}` of any text, `{meaning, error, oddities}` of any answer.
// Total: nothing here throws, and what fits only half is `unknown` or `other` with an oddity, never a wrong reading.

import { BODY_START_BYTES_MAX } from '../core/bounds.ts';
import type { Headers } from '../core/fact.ts';
import type { Decoded, Envelope, Meaning, Oddity, RestDecoded } from '../core/meaning.ts';
import { MALFORMED } from '../core/meaning.ts';
import { isExchangeStyle, readError } from './errors.ts';
import { meaningOf, shown, unknown } from './frame-meaning.ts';
import { readInstant } from './instant.ts';
import {
  fieldOf,
  type JsonRecord,
  listOf,
  parseJson,
  parseJsonExact,
  recordOf,
  textField,
  wholeNumberOf,
} from './json-value.ts';
import { restMeaningOf } from './rest-meaning.ts';

export { isCacheHit, readRateHeaders, readServerDate } from './answer-headers.ts';

export { MALFORMED };

/** True when a frame is not what reference 3.3 promises. */
export function isMalformed(decoded: Decoded): boolean {
  return decoded.oddities.some((oddity) => MALFORMED.has(oddity.name));
}

const NO_ENVELOPE: Envelope = { channel: null, sequence: null, timestampMs: null };

// Types of the Exchange feed; a data frame of Advanced Trade has no top-level type (reference 3.3).
const EXCHANGE_TYPES =
  /^(subscriptions|ticker|ticker_batch|snapshot|l2update|heartbeat|match|last_match|received|open|done|change|activate|status|auction)$/i;

// Escaped control characters other than line breaks and tabs: they have no business in a market feed. Raw ones are not JSON at all.
const HIDDEN_CONTROLS = /\\u00(?:0[0-8bcef]|1[0-9a-f]|7f|[89][0-9a-f])|\\[bf]|[\u007f-\u009f]/i;

/** The meaning of one text frame (reference 3.3 to 3.12). */
export function decodeFrame(text: string): Decoded {
  const oddities: Oddity[] = [];
  if (HIDDEN_CONTROLS.test(text))
    oddities.push({ name: 'control-characters', detail: 'control characters inside a string' });
  const value = parseJson(text);
  if (value === undefined) return notJson(text, oddities);
  const frame = recordOf(value);
  if (frame === null) {
    oddities.push({ name: 'not-an-object', detail: `the frame is ${Array.isArray(value) ? 'a list' : shown(value)}` });
    return { envelope: { ...NO_ENVELOPE }, meaning: unknown('JSON, but not an object'), oddities };
  }
  const type = textField(frame, 'type');
  if (type.toLowerCase() === 'error')
    return { envelope: quietEnvelope(frame), meaning: error(frame, oddities), oddities };
  if (typeof fieldOf(frame, 'channel') === 'string') return dataFrame(frame, oddities);
  if (EXCHANGE_TYPES.test(type)) {
    oddities.push({
      name: 'exchange-style',
      detail: `type ${shown(type)} without channel: a message of the Exchange feed`,
    });
    return { envelope: quietEnvelope(frame), meaning: unknown('a message of the Exchange feed'), oddities };
  }
  oddities.push({ name: 'channel-missing', detail: `channel is ${shown(fieldOf(frame, 'channel'))}` });
  return { envelope: envelopeOf(frame, []), meaning: unknown('a frame without channel'), oddities };
}

function notJson(text: string, oddities: Oddity[]): Decoded {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) {
    oddities.push({ name: 'control-characters', detail: 'raw control characters' });
  }
  oddities.push({
    name: 'not-json',
    detail: text.trim() === '' ? 'an empty frame' : `begins ${shown(text.slice(0, 60))}`,
  });
  return { envelope: { ...NO_ENVELOPE }, meaning: unknown('not JSON'), oddities };
}

function error(frame: JsonRecord, oddities: Oddity[]): Meaning {
  const reason = textField(frame, 'reason').slice(0, BODY_START_BYTES_MAX) || null;
  const message = textField(frame, 'message', 'error', 'error_message', 'reason').slice(0, BODY_START_BYTES_MAX);
  if (message === '')
    oddities.push({ name: 'message-missing', detail: `message is ${shown(fieldOf(frame, 'message'))}` });
  if (isExchangeStyle(message, reason)) {
    oddities.push({ name: 'exchange-style', detail: 'an error in the words of the Exchange feed' });
  }
  return { kind: 'error', message, reason };
}

// An error frame carries no envelope, and that is right (reference 3.6); what is there is read without complaint.
function quietEnvelope(frame: JsonRecord): Envelope {
  return envelopeOf(frame, []);
}

function dataFrame(frame: JsonRecord, oddities: Oddity[]): Decoded {
  const envelope = envelopeOf(frame, oddities);
  const list = listOf(fieldOf(frame, 'events'));
  if (list === null) {
    oddities.push({ name: 'events-missing', detail: `events is ${shown(fieldOf(frame, 'events'))}` });
    return { envelope, meaning: unknown('a frame without events'), oddities };
  }
  const events = list.map(recordOf).filter((event) => event !== null);
  if (events.length < list.length) oddities.push({ name: 'event-unreadable', detail: 'an event is not an object' });
  return { envelope, meaning: meaningOf(envelope.channel ?? '', events, oddities), oddities };
}

function envelopeOf(frame: JsonRecord, oddities: Oddity[]): Envelope {
  const channel = fieldOf(frame, 'channel');
  return {
    channel: typeof channel === 'string' ? channel : null,
    sequence: sequenceOf(fieldOf(frame, 'sequence_num'), oddities),
    timestampMs: timestampOf(fieldOf(frame, 'timestamp'), oddities),
  };
}

function sequenceOf(value: unknown, oddities: Oddity[]): number | null {
  const sequence = wholeNumberOf(value);
  if (value === undefined || value === null) oddities.push({ name: 'sequence-missing', detail: 'no sequence_num' });
  else if (sequence === null) oddities.push({ name: 'sequence-unreadable', detail: `sequence_num is ${shown(value)}` });
  else if (typeof value === 'string') oddities.push({ name: 'sequence-string', detail: 'sequence_num is a string' });
  return sequence;
}

function timestampOf(value: unknown, oddities: Oddity[]): number | null {
  const instant = typeof value === 'string' ? readInstant(value) : null;
  if (value === undefined || value === null) oddities.push({ name: 'timestamp-missing', detail: 'no timestamp' });
  else if (instant === null) oddities.push({ name: 'timestamp-unreadable', detail: `timestamp is ${shown(value)}` });
  return instant;
}

function isRefusal(record: JsonRecord | null): boolean {
  return (
    record !== null && (fieldOf(record, 'success') === false || recordOf(fieldOf(record, 'error_response')) !== null)
  );
}

/** The meaning of one answer. `endpoint` is a name of `endpoints.ts`; `headers` have lower-case names. */
export function decodeResponse(endpoint: string, status: number, headers: Headers, body: string): RestDecoded {
  if (status < 200 || status > 299)
    return { meaning: { kind: 'other' }, error: readError(status, headers, body), oddities: [] };
  // The catalogue is large and holds no amounts of ours; elsewhere every digit counts.
  const value = /product/.test(endpoint) ? parseJson(body) : parseJsonExact(body);
  const oddities: Oddity[] = [];
  if (value === undefined) {
    const error = readError(status, headers, body);
    oddities.push({
      name: error.form === 'html' ? 'html-for-json' : 'not-json',
      detail: `${endpoint} answered ${status}`,
    });
    return { meaning: { kind: 'other' }, error: error.form === 'html' ? error : null, oddities };
  }
  const record = recordOf(value);
  // HTTP 200 with `success: false` is a refusal; a stray failure reason beside `success: true` is not (reference part 4).
  if (isRefusal(record)) return { meaning: { kind: 'other' }, error: readError(status, headers, body), oddities };
  if (record === null) oddities.push({ name: 'not-an-object', detail: `${endpoint} answered ${shown(value)}` });
  return { meaning: restMeaningOf(endpoint, record ?? {}, oddities), error: null, oddities };
}
