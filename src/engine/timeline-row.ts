// One fact or finding change as one line for the eyes: who, which way, what, and the figures that matter; and as a filter sees it.
// All text is sanitised here.

import { grouped } from '../base/grouped.ts';
import { safeStart } from '../base/text.ts';
import { closeCode } from '../coinbase/close-codes.ts';
import { decodeFrame } from '../coinbase/decode.ts';
import { type EnvelopeScan, scanEnvelopeHead } from '../coinbase/envelope.ts';
import type { Fact, FactOf } from '../core/fact.ts';
import type { FieldValues, FilterRecord } from '../core/filter.ts';
import { findingFields } from '../core/filter-record.ts';
import type { FindingChange } from '../core/finding.ts';
import type { Decoded } from '../core/meaning.ts';
import type { TimelineRow } from '../core/timeline.ts';
import { sentDetail, sentFields, sentWhat, tokenText } from './sent-words.ts';

const TEXT_MAX = 160;
/** A frame larger than this is described by its envelope: decoding it for one line is not worth it. */
const DECODE_BYTES_MAX = 262_144;
const utf8 = new TextDecoder('utf-8');
/** `#999 999`. */
const NUMBER_WIDTH = 8;
const scan: EnvelopeScan = { plain: false, channel: null, sequence: -1, timestampMs: Number.NaN, hasEvents: false };

/** `fields` is what a filter asks for by name, the connection aside. */
type Said = Omit<TimelineRow, 'seq' | 'at' | 't'> & { fields?: FieldValues };

/** A line with what a filter may ask of it. */
export interface ToldRow<Row extends TimelineRow = TimelineRow> {
  row: Row;
  fields: FieldValues;
}

/** The line as a filter sees it. */
export function recordOf({ row, fields }: ToldRow): FilterRecord {
  const text = `${row.source} ${row.glyph} ${row.what} ${row.detail} #${row.seq}`;
  return { ...fields, connection: [row.source], text };
}

function said(source: string, glyph: string, what: string, detail: string, more: Partial<Said> = {}): Said {
  return {
    source,
    glyph,
    what: safeStart(what, 40),
    detail: safeStart(detail, TEXT_MAX),
    sizeBytes: null,
    tone: 'normal',
    ...more,
  };
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function productsOf(decoded: Decoded): string {
  const { meaning } = decoded;
  if (meaning.kind === 'data')
    return `${meaning.snapshot ? 'snapshot ' : ''}${meaning.productIds.slice(0, 3).join(' ')}`;
  if (meaning.kind === 'heartbeat') return meaning.counter === null ? '' : grouped(meaning.counter);
  if (meaning.kind === 'subscriptions') return Object.keys(meaning.channels).join(' ');
  if (meaning.kind === 'user')
    return (
      meaning.orders
        .slice(0, 2)
        .map((order) => `${order.productId} ${order.side} ${order.status}`)
        .join(', ') || (meaning.snapshot ? 'snapshot, no open orders' : '')
    );
  if (meaning.kind === 'error') return `${meaning.message}${meaning.reason === null ? '' : ` (${meaning.reason})`}`;
  return meaning.kind === 'unknown' ? meaning.why : '';
}

function fieldsOf({ envelope: { channel }, meaning }: Decoded): FieldValues {
  const fields: FieldValues = channel === null ? {} : { channel: [channel] };
  // `l2_data` is asked for as `level2`.
  if (meaning.kind === 'data') return { channel: [meaning.channel, channel ?? ''], product: meaning.productIds };
  if (meaning.kind !== 'user') return fields;
  const { orders } = meaning;
  return {
    ...fields,
    product: orders.map(({ productId }) => productId),
    order: orders.flatMap(({ orderId, clientOrderId }) => [orderId, clientOrderId]),
    status: orders.map(({ status }) => status),
  };
}

/** Of a large frame the envelope is read, if it is a proven one. */
function largeRow({ connection, bytes, plain }: FactOf<'frame.received'>): Said {
  const isRead = plain && scanEnvelopeHead(bytes, scan);
  const channel = isRead ? scan.channel : null;
  const number = isRead && scan.sequence >= 0 ? `#${grouped(scan.sequence)}` : '';
  return said(
    connection,
    '←',
    channel ?? 'large frame',
    `${number.padEnd(NUMBER_WIDTH)} large: Enter opens it`.trim(),
    {
      sizeBytes: bytes.byteLength,
      fields: channel === null ? {} : { channel: channel === 'l2_data' ? ['level2', channel] : [channel] },
    },
  );
}

function frameRow(fact: FactOf<'frame.received'>): Said {
  const sizeBytes = fact.bytes.byteLength;
  if (fact.binary) return said(fact.connection, '←', 'binary frame', 'Enter opens it', { sizeBytes });
  if (sizeBytes > DECODE_BYTES_MAX) return largeRow(fact);
  const decoded = decodeFrame(utf8.decode(fact.bytes));
  const { sequence } = decoded.envelope;
  const number = sequence === null ? '' : `#${grouped(sequence)}`;
  const isError = decoded.meaning.kind === 'error' || decoded.meaning.kind === 'unknown';
  const what = decoded.meaning.kind === 'error' ? 'error' : (decoded.envelope.channel ?? 'unknown frame');
  const told = productsOf(decoded);
  // What follows the number stands still when it grows a digit.
  const detail = told === '' ? number : `${number === '' ? '' : `${number.padEnd(NUMBER_WIDTH)} `}${told}`;
  return said(fact.connection, '←', what, detail, {
    sizeBytes,
    tone: isError ? 'warning' : decoded.meaning.kind === 'heartbeat' ? 'dim' : 'normal',
    fields: fieldsOf(decoded),
  });
}

function socketRow(fact: Fact): Said | null {
  switch (fact.fact) {
    case 'socket.connecting':
      return said(
        fact.connection,
        '·',
        'connecting',
        `${fact.host}${fact.attempt > 1 ? `  attempt ${fact.attempt}` : ''}`,
        { tone: 'dim' },
      );
    case 'socket.opened':
      return said(fact.connection, '●', 'open', `${fact.host}  ${phasesText(fact.phases)}`, { tone: 'good' });
    case 'frame.received':
      return frameRow(fact);
    case 'frame.sent':
      return said(fact.connection, '→', sentWhat(fact.text), tokenText(fact.token), {
        sizeBytes: fact.text.length,
        fields: sentFields(fact.text),
      });
    case 'socket.closed':
      return said(
        fact.connection,
        '✕',
        `closed ${fact.code}`,
        `${closeCode(fact.code).name.toLowerCase()}${fact.reason === '' ? '' : ` “${fact.reason}”`}  by ${fact.by}, ${fact.cause}`,
        { tone: fact.cause === 'asked' ? 'dim' : 'warning', fields: { code: [String(fact.code)] } },
      );
    case 'upgrade.refused':
      return said(fact.connection, '✕', `HTTP ${fact.status}`, `upgrade refused  ${fact.bodyStart.slice(0, 80)}`, {
        tone: 'critical',
        fields: { status: [String(fact.status)] },
      });
    case 'connect.failed':
      return said(
        fact.connection,
        '✕',
        `${fact.phase} failed`,
        `${fact.errorCode}  ${fact.host}  after ${seconds(fact.tookMs)}`,
        { tone: 'critical', fields: { code: [fact.errorCode] } },
      );
    case 'retry.scheduled':
      return said(
        fact.connection,
        '·',
        'retry',
        `attempt ${fact.attempt} in ${seconds(fact.delayMs)}  ${fact.reason}`,
        { tone: 'dim' },
      );
    default:
      return null;
  }
}

function phasesText(phases: { dnsMs?: number; tcpMs?: number; tlsMs?: number; upgradeMs?: number }): string {
  const parts = [
    ['dns', phases.dnsMs],
    ['tcp', phases.tcpMs],
    ['tls', phases.tlsMs],
    ['upgrade', phases.upgradeMs],
  ] as const;
  const known = parts.filter(([, ms]) => ms !== undefined).map(([name, ms]) => `${name} ${Math.round(ms ?? 0)}`);
  return known.length === 0 ? '' : `${known.join('  ')} ms`;
}

function restRow(fact: Fact): Said | null {
  switch (fact.fact) {
    case 'request.sent':
      return said('REST', '→', `${fact.method} ${fact.endpoint}`, sentDetail(fact), { tone: 'dim' });
    case 'response.arrived': {
      const bad = fact.status >= 400;
      const took = fact.phases.totalMs === undefined ? '' : ` in ${seconds(fact.phases.totalMs)}`;
      return said(
        'REST',
        '←',
        `${fact.status}${took}`,
        bad ? `${fact.endpoint}  “${fact.body.slice(0, 100)}”` : fact.endpoint,
        {
          sizeBytes: fact.sizeBytes,
          tone: bad ? (fact.status >= 500 || fact.status === 429 ? 'critical' : 'warning') : 'normal',
          fields: { status: [String(fact.status)] },
        },
      );
    }
    case 'request.failed':
      return said(
        'REST',
        '✕',
        `${fact.phase} failed`,
        `${fact.errorCode}  ${fact.endpoint}  after ${seconds(fact.tookMs)}`,
        { tone: 'critical', fields: { code: [fact.errorCode] } },
      );
    case 'rest.paused':
      return said('REST', '·', 'paused', fact.reason, { tone: 'warning' });
    default:
      return null;
  }
}

function ownRow(fact: Fact): Said {
  switch (fact.fact) {
    case 'session.started':
      return said('this', '·', 'session started', `cbscope ${fact.version}, ${fact.settings.products.join(' ')}`, {
        tone: 'dim',
      });
    case 'session.ended':
      return said('this', '·', 'session ended', fact.reason, { tone: 'dim' });
    case 'key.inspected':
      return said(
        'this',
        '·',
        'key inspected',
        fact.inspection.explanation || `${fact.inspection.kind} ${fact.inspection.algorithm ?? ''}`,
        { tone: fact.inspection.usable || fact.inspection.kind === 'none' ? 'dim' : 'warning' },
      );
    case 'probes.finished':
      return said(
        'this',
        '·',
        'probe',
        fact.results
          .map((probe) => `${probe.name} ${{ pass: '✓', fail: '✗', skipped: '–' }[probe.result]}`)
          .join('   '),
      );
    case 'clock.jumped':
      return said('this', '!', 'clock jumped', `by ${seconds(Math.abs(fact.byMs))}`, { tone: 'warning' });
    case 'machine.slept':
      return said('this', '!', 'machine slept', `for ${seconds(fact.forMs)}`, { tone: 'warning' });
    case 'recording.started':
      return said('this', '·', 'recording', fact.file);
    case 'recording.stopped':
      return said('this', '!', 'recording stopped', `${fact.reason} ${fact.detail}`, {
        tone: fact.reason === 'asked' ? 'dim' : 'warning',
      });
    case 'token.failed':
      return said('this', '!', 'token failed', `${fact.purpose}: ${fact.message}`, { tone: 'critical' });
    case 'user.asked':
      return said('this', '·', 'you', `${fact.action} ${fact.detail}`, { tone: 'dim' });
    default:
      return said('this', '·', fact.fact, '', { tone: 'dim' });
  }
}

/** A fact as a line, and as a filter sees it. */
export function tellFact(fact: Fact): ToldRow {
  const { fields = {}, ...said } = socketRow(fact) ?? restRow(fact) ?? ownRow(fact);
  return { row: { seq: fact.seq, at: fact.at, t: fact.t, ...said }, fields };
}

export function factRow(fact: Fact): TimelineRow {
  return tellFact(fact).row;
}

const TONES = { critical: 'critical', warning: 'warning', info: 'normal' } as const;

/** A change of a finding as a line, and as a filter sees it. */
export function tellChange(change: FindingChange, seq: number): ToldRow<TimelineRow & { finding: string }> {
  const { finding, at, t } = change;
  const cleared = change.status === 'cleared';
  const source = finding.connection === 'rest' ? 'REST' : (finding.connection ?? 'this');
  const detail = cleared ? `cleared: ${finding.clearedBecause ?? ''}` : finding.title;
  const tone = cleared ? 'good' : TONES[finding.severity];
  const row = { seq, at, t, finding: finding.key, ...said(source, '!', finding.code, detail, { tone }) };
  return { row, fields: findingFields(finding) };
}
