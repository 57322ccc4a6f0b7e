// One WebSocket message of a capture as facts, and what the messages of a socket say of it as a whole.
// Control frames are told where a capture has them; a message without data or time is no message.

import { connectionFor } from '../coinbase/channels.ts';
import { withoutSignature } from '../coinbase/claims.ts';
import { type EnvelopeScan, scanEnvelope } from '../coinbase/envelope.ts';
import { fieldOf, type JsonRecord, parseJson, recordOf, textField } from '../coinbase/json-value.ts';
import type { ConnectionName, FactBody } from '../core/fact.ts';
import { type Gleanings, glean } from './gleanings.ts';
import { instantOf, objectOf, textsOf } from './har-entry.ts';

export interface Message {
  atMs: number;
  isSent: boolean;
  opcode: number;
  data: string;
}

const TEXT = 1;
const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;
/** What stands for a failure of the socket in the browser's own list of frames. */
export const FAILED = -1;

/** A message that can be read, or null. */
export function readMessage(value: unknown): Message | null {
  const record = recordOf(value);
  const atMs = record === null ? null : instantOf(fieldOf(record, 'time'));
  if (record === null || atMs === null) return null;
  const type = textField(record, 'type').toLowerCase();
  const data = fieldOf(record, 'data');
  if (typeof data !== 'string') return null;
  if (type === 'error') return { atMs, isSent: false, opcode: FAILED, data };
  if (type !== 'send' && type !== 'receive') return null;
  const opcode = fieldOf(record, 'opcode');
  return { atMs, isSent: type === 'send', opcode: typeof opcode === 'number' ? opcode : TEXT, data };
}

const CUT_FROM_CHARACTERS = 16_384;

/** The envelope of a large frame that the capture cut off in the middle; null when it is whole, or no data frame. */
function cutFrame(text: string): string | null {
  if (text.length < CUT_FROM_CHARACTERS || parseJson(text) !== undefined) return null;
  const head = text.slice(0, 400);
  const field = (name: string, pattern: string): string | undefined =>
    new RegExp(`"${name}"\\s*:\\s*(${pattern})`).exec(head)?.[1];
  const channel = field('channel', '"[\\w-]{1,60}"');
  const sequence = field('sequence_num', '\\d{1,16}');
  if (channel === undefined || sequence === undefined) return null;
  const timestamp = field('timestamp', '"[^"\\\\]{1,60}"') ?? 'null';
  return `{"channel":${channel},"timestamp":${timestamp},"sequence_num":${sequence},"events":[]}`;
}

const scan: EnvelopeScan = { plain: false, channel: null, sequence: -1, timestampMs: Number.NaN, hasEvents: false };

/** A received message as a frame; `wasCut` says that only its envelope could be kept. */
export function receivedFact(connection: ConnectionName, message: Message): { body: FactBody; wasCut: boolean } {
  if (message.opcode === BINARY) {
    const bytes = Buffer.from(message.data, 'base64');
    return { body: { fact: 'frame.received', connection, bytes, binary: true, plain: false }, wasCut: false };
  }
  const cut = cutFrame(message.data);
  const bytes = Buffer.from(cut ?? message.data, 'utf8');
  const plain = scanEnvelope(bytes, scan);
  return { body: { fact: 'frame.received', connection, bytes, binary: false, plain }, wasCut: cut !== null };
}

function textOfSent(message: Message, record: JsonRecord | null): string {
  if (message.opcode === BINARY) return Buffer.from(message.data, 'base64').toString('utf8');
  const jwt = record === null ? '' : textField(record, 'jwt');
  return record === null || jwt === '' ? message.data : JSON.stringify({ ...record, jwt: withoutSignature(jwt) });
}

function gleanSubscribe(gleanings: Gleanings, connection: ConnectionName, record: JsonRecord, isSigned: boolean): void {
  const channel = textField(record, 'channel');
  glean(gleanings.products, textsOf(fieldOf(record, 'product_ids'), 500));
  if (channel !== '') glean(gleanings.channels, [channel]);
  if (isSigned && connection === 'public' && connectionFor(channel) === 'public') gleanings.signsPublic = true;
  // Fields of HMAC signing stand in the message itself (reference 2.5).
  for (const name of ['signature', 'passphrase', 'api_key']) {
    if (textField(record, name) !== '') gleanings.hmac.add(`${name} (subscribe)`);
  }
  gleanings.hmacKey ||= textField(record, 'api_key').slice(0, 200);
}

/** A sent message as facts: the token it carries first, when it was not met before. */
export function sentFacts(connection: ConnectionName, message: Message, gleanings: Gleanings): FactBody[] {
  const record = message.opcode === BINARY ? null : objectOf(message.data);
  const jwt = record === null ? '' : textField(record, 'jwt');
  const seen = jwt === '' ? null : gleanings.tokens.see(jwt);
  if (record !== null && textField(record, 'type') === 'subscribe')
    gleanSubscribe(gleanings, connection, record, jwt !== '');
  const token = seen?.token ?? null;
  const facts: FactBody[] = [{ fact: 'frame.sent', connection, text: textOfSent(message, record), token }];
  if (token !== null && seen?.isNew === true)
    facts.unshift({ fact: 'token.made', purpose: connection, token, clock: 'local' });
  return facts;
}

/** The channels that a socket asks for. */
export function channelsAsked(messages: readonly Message[]): string[] {
  return messages.flatMap((message) => {
    const record = message.isSent && message.opcode === TEXT ? objectOf(message.data) : null;
    if (record === null || textField(record, 'type') !== 'subscribe') return [];
    const channel = textField(record, 'channel');
    return channel === '' ? textsOf(fieldOf(record, 'channels'), 50) : [channel];
  });
}

const LOOKED_AT_MAX = 20;

/** True when the frames are those of a Coinbase feed: told by the subscribe, or by the envelope (reference 3.2, 3.3). */
export function isFeed(messages: readonly Message[]): boolean {
  if (channelsAsked(messages.slice(0, LOOKED_AT_MAX)).length > 0) return true;
  return messages.slice(0, LOOKED_AT_MAX).some(({ isSent, opcode, data }) => {
    const record = isSent || opcode !== TEXT || data.length > CUT_FROM_CHARACTERS ? null : objectOf(data);
    return record !== null && 'sequence_num' in record && 'events' in record;
  });
}
