// What one fact is called on a page: who, what, and the words that came over the wire with it. Plain text, bounded, not yet escaped.

import type { Fact, FactOf, Headers } from '../core/fact.ts';

export type Tone = 'critical' | 'warning' | 'normal' | 'good';

export interface Told {
  /** The connection, `REST`, or `this` for the tool itself. */
  who: string;
  what: string;
  tone: Tone;
  /** What was sent or received, its beginning; empty when there was nothing. */
  payload: string;
  /** Characters of the payload that are left out. */
  cut: number;
}

export type Exchanged =
  | FactOf<'frame.received'>
  | FactOf<'frame.sent'>
  | FactOf<'response.arrived'>
  | FactOf<'request.sent'>
  | FactOf<'request.failed'>;

const PAYLOAD_MAX = 4_000;
const HEADER_MAX = 300;
const HEADERS_MAX = 40;
const NAMES = new Set(['frame.received', 'frame.sent', 'response.arrived', 'request.sent', 'request.failed']);

/** True for what goes over the wire all the time, of which a page shows only a part. */
export function isExchanged(fact: Fact): fact is Exchanged {
  return NAMES.has(fact.fact);
}

/** Bytes that keeping it costs. */
export function sizeOf(fact: Exchanged): number {
  if (fact.fact === 'frame.received') return fact.bytes.byteLength;
  return fact.fact === 'response.arrived' ? fact.body.length : 0;
}

function told(who: string, what: string, tone: Tone = 'normal', payload = ''): Told {
  return { who, what, tone, payload: payload.slice(0, PAYLOAD_MAX), cut: Math.max(0, payload.length - PAYLOAD_MAX) };
}

function withHeaders(headers: Headers, body: string): string {
  const lines = Object.entries(headers).slice(0, HEADERS_MAX);
  return [...lines.map(([name, value]) => `${name}: ${value.slice(0, HEADER_MAX)}`), '', body].join('\n');
}

function frameText({ bytes, binary }: FactOf<'frame.received'>): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (binary) return buffer.toString('hex', 0, PAYLOAD_MAX).replace(/(..)(?=.)/g, '$1 ');
  return buffer.toString('utf8');
}

function channelOf(text: string): string {
  const head = text.slice(0, 200);
  const type = /"type"\s*:\s*"(error|subscribe|unsubscribe)"/.exec(head)?.[1] ?? '';
  return `${type} ${/"channel"\s*:\s*"([\w-]{1,40})"/.exec(head)?.[1] ?? ''}`.trim();
}

function answerTone(status: number): Tone {
  if (status >= 500 || status === 429) return 'critical';
  return status >= 400 ? 'warning' : 'normal';
}

function took(ms: number | undefined): string {
  return ms === undefined ? '' : `, ${Math.round(ms)} ms`;
}

/** A frame, a call or its answer. */
export function tellExchanged(fact: Exchanged): Told {
  switch (fact.fact) {
    case 'frame.received': {
      const text = frameText(fact);
      const name = fact.binary ? 'binary' : channelOf(text);
      const tone = name.startsWith('error') ? 'warning' : 'normal';
      return told(fact.connection, `← ${name || 'frame'}, ${fact.bytes.byteLength} bytes`, tone, text);
    }
    case 'frame.sent':
      return told(fact.connection, `→ ${channelOf(fact.text) || 'frame'}`, 'normal', fact.text);
    case 'request.sent':
      return told('REST', `→ ${fact.method} ${fact.endpoint}`, 'normal', `${fact.method} ${fact.url}`);
    case 'response.arrived': {
      const payload = withHeaders(fact.headers, fact.body);
      const what = `← ${fact.status} ${fact.endpoint}${took(fact.phases.totalMs)}`;
      return told('REST', what, answerTone(fact.status), payload);
    }
    case 'request.failed':
      return told('REST', `✕ ${fact.endpoint} failed in ${fact.phase}: ${fact.errorCode}`, 'critical', fact.message);
  }
}

/** What happened otherwise and deserves a line of its own; null for the rest. */
export function tellEvent(fact: Fact): Told | null {
  switch (fact.fact) {
    case 'socket.opened':
      return told(fact.connection, `open at ${fact.host}`, 'good', withHeaders(fact.headers, ''));
    case 'socket.closed': {
      const tone = fact.cause === 'asked' ? 'normal' : 'warning';
      const reason = fact.reason === '' ? '' : ` “${fact.reason}”`;
      return told(fact.connection, `closed ${fact.code}${reason} by ${fact.by}: ${fact.cause}`, tone, fact.detail);
    }
    case 'upgrade.refused': {
      const payload = withHeaders(fact.headers, fact.bodyStart);
      return told(fact.connection, `upgrade refused with HTTP ${fact.status}`, 'critical', payload);
    }
    case 'connect.failed': {
      const what = `connecting failed in ${fact.phase}: ${fact.errorCode}`;
      return told(fact.connection, what, 'critical', `${fact.host}\n${fact.message}`);
    }
    case 'session.resumed':
      return told('this', 'this recording begins in the middle of a session');
    case 'session.ended':
      return told('this', `session ended: ${fact.reason}`);
    case 'user.asked':
      return told('this', `${fact.action}: ${fact.detail}`);
    case 'machine.slept':
      return told('this', `this machine slept for ${Math.round(fact.forMs)} ms`, 'warning');
    case 'clock.jumped':
      return told('this', `this machine’s clock jumped by ${Math.round(fact.byMs)} ms`, 'warning');
    default:
      return null;
  }
}
