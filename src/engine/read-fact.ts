// Redacts a fact and reads it: the step between the edge and the fold. What is recorded, folded and shown is what leaves here.

import { decodeFrame, decodeResponse, isCacheHit, readRateHeaders, readServerDate } from '../coinbase/decode.ts';
import type { EnvelopeScan } from '../coinbase/envelope.ts';
import { scanEnvelope, scanEnvelopeHead } from '../coinbase/envelope.ts';
import { fieldOf, listOf, parseJson, recordOf, textOf } from '../coinbase/json-value.ts';
import type { Fact, FactOf } from '../core/fact.ts';
import type { Reading, SentMessage } from '../core/meaning.ts';
import { redactFact } from '../recording/redact.ts';
import { looksSuspicious } from '../recording/secret-patterns.ts';

/** Channels whose ordinary frames the fold only counts: their envelope is enough (the hot path). */
const COUNTED = new Set(['ticker', 'ticker_batch', 'l2_data', 'market_trades', 'candles', 'status']);
const NOTHING: Reading = { of: 'nothing' };

const utf8 = new TextDecoder('utf-8');
const latin1 = new TextDecoder('latin1');
const scan: EnvelopeScan = { plain: false, channel: null, sequence: -1, timestampMs: Number.NaN, hasEvents: false };

export interface ReadFact {
  fact: Fact;
  reading: Reading;
}

function readFrame(fact: FactOf<'frame.received'>): Reading {
  if (fact.binary) {
    const envelope = { channel: null, sequence: null, timestampMs: null };
    const why = `a binary frame of ${fact.bytes.byteLength} bytes, where this feed is text only`;
    return {
      of: 'frame',
      decoded: { envelope, meaning: { kind: 'unknown', why }, oddities: [{ name: 'binary', detail: why }] },
    };
  }
  return { of: 'frame', decoded: decodeFrame(utf8.decode(fact.bytes)) };
}

/** The frame without whatever reads like a secret; itself when it holds none. */
function lookedThrough(fact: FactOf<'frame.received'>): FactOf<'frame.received'> {
  const looked = { ...fact, plain: false };
  const redacted = redactFact(looked);
  return redacted === looked ? fact : redacted;
}

/** A fresh frame from the network: scanned; looked through when the scan does not prove it plain, or when its content is to be read. */
function readFresh(fact: FactOf<'frame.received'>): ReadFact {
  if (!fact.binary && scanEnvelope(fact.bytes, scan)) {
    fact.plain = true;
    const reading = scanned(fact);
    if (reading.of === 'scan') return { fact, reading };
    const looked = lookedThrough(fact);
    return looked === fact ? { fact, reading } : { fact: looked, reading: readFrame(looked) };
  }
  const redacted = redactFact(fact) as FactOf<'frame.received'>;
  return { fact: redacted, reading: readFrame(redacted) };
}

/** The envelope is enough for a counted channel when it is whole: channel, number, time stamp and a list of events. */
function scanned(fact: FactOf<'frame.received'>): Reading {
  const isWhole = scan.hasEvents && scan.sequence >= 0 && !Number.isNaN(scan.timestampMs);
  if (scan.channel === null || !COUNTED.has(scan.channel) || !isWhole) return readFrame(fact);
  return { of: 'scan', channel: scan.channel, sequence: scan.sequence, timestampMs: scan.timestampMs };
}

function readSent(text: string): SentMessage {
  const record = recordOf(parseJson(text));
  if (record === null) return { type: '', channel: '', productIds: [] };
  const productIds = (listOf(fieldOf(record, 'product_ids')) ?? []).map(textOf).filter((id) => id !== '');
  return { type: textOf(fieldOf(record, 'type')), channel: textOf(fieldOf(record, 'channel')), productIds };
}

function readResponse(fact: FactOf<'response.arrived'>): Reading {
  return {
    of: 'response',
    decoded: decodeResponse(fact.endpoint, fact.status, fact.headers, fact.body),
    rate: readRateHeaders(fact.headers),
    serverDateMs: readServerDate(fact.headers),
    cacheHit: isCacheHit(fact.headers),
  };
}

function readOther(fact: Fact): Reading {
  if (fact.fact === 'frame.sent') return { of: 'sent', message: readSent(fact.text) };
  if (fact.fact === 'response.arrived') return readResponse(fact);
  if (fact.fact === 'socket.opened' || fact.fact === 'upgrade.refused') {
    const serverDateMs = readServerDate(fact.headers);
    return serverDateMs === null ? NOTHING : { of: 'upgrade', serverDateMs };
  }
  return NOTHING;
}

/** A fact as it came from the edge: redacted, then read. */
export function readFreshFact(fact: Fact): ReadFact {
  if (fact.fact === 'frame.received') return readFresh(fact);
  const redacted = { ...redactFact(fact), seq: fact.seq, at: fact.at, t: fact.t } as Fact;
  return { fact: redacted, reading: readOther(redacted) };
}

/**
 * A fact as it may be shown or copied. Whoever wrote it into a recording may have known fewer secrets: a frame is believed to be plain
 * only when it is proven again.
 */
export function shownFact(fact: Fact): Fact {
  if (fact.fact !== 'frame.received') return redactFact(fact);
  const { bytes, binary, plain } = fact;
  const isProven = plain && !binary && scanEnvelope(bytes, scan);
  return isProven && !looksSuspicious(latin1.decode(bytes)) ? fact : lookedThrough(fact);
}

/** A fact from a recording, other than a frame after `shownFact`. A frame that is only counted is not looked through. */
export function readRecordedFact(fact: Fact): Reading {
  if (fact.fact !== 'frame.received') return readOther(fact);
  // Most frames are only counted: what was proven when it was recorded is not proven again.
  if (fact.plain && !fact.binary && scanEnvelopeHead(fact.bytes, scan) && COUNTED.has(scan.channel ?? ''))
    return { of: 'scan', channel: scan.channel, sequence: scan.sequence, timestampMs: scan.timestampMs };
  if (!fact.plain || fact.binary || !scanEnvelope(fact.bytes, scan))
    return readFrame(shownFact(fact) as FactOf<'frame.received'>);
  return scanned(fact);
}
