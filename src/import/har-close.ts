// How a captured socket ended. HAR says little: a close frame when the capture has one, HTTP Toolkit's field, an error in the list of
// frames, or nothing. It rarely says who closed, so a clean end that nothing speaks against is taken to have been asked for.

import { fieldOf, recordOf, textField } from '../coinbase/json-value.ts';
import type { ConnectionName, FactBody } from '../core/fact.ts';
import type { HarEntry } from './har-entry.ts';
import { instantOf } from './har-entry.ts';
import { CLOSE, FAILED, type Message } from './har-message.ts';
import { type OwnWords, ownWordsOf } from './own-words.ts';

type Closed = Extract<FactBody, { fact: 'socket.closed' }>;

export interface Ending {
  /** Epoch ms; null when the capture does not say. */
  atMs: number | null;
  code: number;
  reason: string;
  /** Null when the capture does not say. */
  by: 'server' | 'client' | null;
  detail: string;
  /** What our own export says of it. */
  own?: OwnWords;
}

const REASON_MAX = 200;
const ABNORMAL = 1006;
const NO_CODE = 1005;

function byFrame(message: Message): Ending {
  const bytes = Buffer.from(message.data, 'base64');
  const code = bytes.length >= 2 ? bytes.readUInt16BE(0) : NO_CODE;
  const reason = code === NO_CODE ? '' : bytes.subarray(2).toString('utf8').slice(0, REASON_MAX);
  const known = code >= 1000 && code <= 4999 ? code : NO_CODE;
  return { atMs: message.atMs, code: known, reason, by: message.isSent ? 'client' : 'server', detail: '' };
}

function byField(value: unknown): Ending | null {
  if (typeof value === 'string')
    return { atMs: null, code: ABNORMAL, reason: '', by: null, detail: `the capture says: ${value.slice(0, 60)}` };
  const record = recordOf(value);
  if (record === null) return null;
  const code = fieldOf(record, 'code');
  return {
    atMs: instantOf(fieldOf(record, 'timestamp')),
    code: typeof code === 'number' && Number.isInteger(code) && code >= 1000 && code <= 4999 ? code : NO_CODE,
    reason: textField(record, 'reason').slice(0, REASON_MAX),
    by: null,
    detail: 'the capture does not say which side closed',
  };
}

/** What the capture says of the end of a socket; null when it says nothing. */
export function endingOf(entry: HarEntry, messages: readonly Message[]): Ending | null {
  const frame = messages.find(({ opcode }) => opcode === CLOSE);
  if (frame !== undefined) return byFrame(frame);
  const told = byField(fieldOf(entry.raw, '_webSocketClose'));
  if (told !== null) return { ...told, own: ownWordsOf(entry) };
  const failed = messages.find(({ opcode }) => opcode === FAILED);
  if (failed === undefined) return null;
  return { atMs: failed.atMs, code: ABNORMAL, reason: '', by: null, detail: failed.data.slice(0, REASON_MAX) };
}

/** What is known of the socket around its end. */
export interface EndingCircumstances {
  ageMs: number;
  silentMs: number;
  hadErrorBefore: boolean;
  /** Milliseconds to the nearest end of a token that was sent on it. */
  fromTokenEndMs: number;
  /** Another socket of this kind follows in the capture. */
  hasSuccessor: boolean;
}

const SETTLED_MS = 7_500;
const SILENT_MS = 30_000;
const TOKEN_END_MS = 3_000;

/** A 1000 or 1001 of an old, fed, untroubled socket that nobody opened again: the program had finished. */
function looksAsked(ending: Ending, around: EndingCircumstances): boolean {
  if (ending.code !== 1000 && ending.code !== 1001 && ending.code !== NO_CODE) return false;
  if (around.ageMs < SETTLED_MS || around.silentMs > SILENT_MS || around.hadErrorBefore) return false;
  return around.fromTokenEndMs > TOKEN_END_MS && !around.hasSuccessor;
}

/** A close that our own export tells of: nothing has to be guessed. */
function ownClosed(connection: ConnectionName, ending: Ending, by: Closed['by'], cause: Closed['cause']): Closed {
  const { code, reason } = ending;
  const clean = code !== ABNORMAL;
  return { fact: 'socket.closed', connection, code, reason, clean, by, cause, errorCode: null, detail: '' };
}

export function closedFact(connection: ConnectionName, ending: Ending, around: EndingCircumstances): Closed {
  const isAbnormal = ending.code === ABNORMAL;
  const { own } = ending;
  if (own !== undefined && own.by !== null && own.cause !== null)
    return ownClosed(connection, ending, own.by, own.cause);
  const asked = ending.by === 'client' || (ending.by === null && !isAbnormal && looksAsked(ending, around));
  const told = ending.by === 'server' ? 'close-frame' : 'unknown';
  return {
    fact: 'socket.closed',
    connection,
    code: ending.code,
    reason: ending.reason,
    clean: !isAbnormal,
    by: asked ? 'client' : isAbnormal ? 'network' : 'server',
    cause: asked ? 'asked' : told,
    errorCode: null,
    detail: asked && ending.by === null ? `${ending.detail}; taken as asked for` : ending.detail,
  };
}
