// One fact opened: its fields, its payload laid out, what is odd about it. Sanitised and bounded, ready to be shown.

import { hexLines, jsonLines, type Lines, linesAfter, NO_LINES, plainLines } from '../base/laid-out.ts';
import { safeStart, safeText } from '../base/text.ts';
import { decodeFrame } from '../coinbase/decode.ts';
import { type EnvelopeScan, scanEnvelopeHead } from '../coinbase/envelope.ts';
import { parseJson } from '../coinbase/json-value.ts';
import type { Fact, FactOf } from '../core/fact.ts';
import type { Envelope } from '../core/meaning.ts';
import type { BodyWindow, FactDetail } from '../core/snapshot.ts';
import type { Facts } from './facts-at-hand.ts';
import { factRow } from './timeline-row.ts';

const LINE_MAX = 400;
/** Dates end there. */
const DATE_MS_MAX = 8.64e15;
/** Lines of one answer. */
const ROWS_MAX = 2_000;
/** A proven frame above this is not read for oddities: nobody waits for that. */
const READ_BYTES_MAX = 262_144;
const utf8 = new TextDecoder('utf-8');
const scan: EnvelopeScan = { plain: false, channel: null, sequence: -1, timestampMs: Number.NaN, hasEvents: false };
const PAYLOADS = new Set([
  'bytes',
  'text',
  'body',
  'bodyStart',
  'headers',
  'results',
  'settings',
  'origins',
  'inspection',
]);

function textLines(text: string, width: number, isProven = false): Lines {
  return isProven || isJson(text) ? jsonLines(text, width) : plainLines(text, width);
}

function isJson(text: string): boolean {
  return parseJson(text) !== undefined;
}

function bodyOf(fact: Fact, width: number): Lines {
  if (fact.fact === 'frame.received')
    // Bytes may only be lent; a text is a copy anyway.
    return fact.binary ? hexLines(fact.bytes.slice()) : textLines(utf8.decode(fact.bytes), width, fact.plain);
  if (fact.fact === 'frame.sent') return textLines(fact.text, width);
  if (fact.fact === 'response.arrived')
    return linesAfter(headerLines(fact.headers, width), textLines(fact.body, width));
  if (fact.fact === 'upgrade.refused')
    return linesAfter(headerLines(fact.headers, width), textLines(fact.bodyStart, width));
  const rest = Object.fromEntries(Object.entries(fact).filter(([name]) => PAYLOADS.has(name)));
  return Object.keys(rest).length === 0 ? NO_LINES : jsonLines(JSON.stringify(rest), width);
}

function headerLines(headers: Record<string, string>, width: number): Lines {
  const text = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return plainLines(`${text.join('\n')}\n\n`, width);
}

function oddities(fact: Fact): string[] {
  if (fact.fact !== 'frame.received' || fact.binary) return [];
  if (fact.plain && fact.bytes.byteLength > READ_BYTES_MAX) return [];
  return decodeFrame(utf8.decode(fact.bytes)).oddities.map((oddity) => safeText(`${oddity.name}: ${oddity.detail}`));
}

function shown(value: unknown): string {
  return safeStart(typeof value === 'string' ? value : JSON.stringify(value), LINE_MAX);
}

/** What the envelope of a text frame says of itself: of a proven one it is read on its bytes, however large it is. */
function envelopeOf(fact: FactOf<'frame.received'>): Envelope {
  if (!fact.plain || !scanEnvelopeHead(fact.bytes, scan)) return decodeFrame(utf8.decode(fact.bytes)).envelope;
  const { channel, sequence, timestampMs } = scan;
  return {
    channel,
    sequence: sequence < 0 ? null : sequence,
    timestampMs: Number.isNaN(timestampMs) ? null : timestampMs,
  };
}

/** The server's time stamp, and how long before the frame came that was; the difference of the clocks is in it. */
function stampText(timestampMs: number, at: number): string {
  const ms = Math.round(at - timestampMs);
  const distance = Math.abs(ms) < 10_000 ? `${Math.abs(ms)} ms` : `${Math.round(Math.abs(ms) / 1_000)} s`;
  return `${new Date(timestampMs).toISOString()}, ${distance} ${ms < 0 ? 'after' : 'before'} it came, by this clock`;
}

function envelopeFields(fact: Fact): FactDetail['fields'] {
  if (fact.fact !== 'frame.received') return [];
  const size = { name: 'size', value: `${fact.bytes.byteLength} bytes` };
  if (fact.binary) return [size];
  const { channel, sequence, timestampMs } = envelopeOf(fact);
  return [
    { name: 'channel', value: shown(channel ?? 'none') },
    { name: 'sequence_num', value: sequence === null ? 'none' : String(sequence) },
    {
      name: 'timestamp',
      value: timestampMs === null || Math.abs(timestampMs) > DATE_MS_MAX ? 'none' : stampText(timestampMs, fact.at),
    },
    size,
  ];
}

function fieldsOf(fact: Fact): FactDetail['fields'] {
  const own = Object.entries(fact)
    .filter(([name, value]) => !PAYLOADS.has(name) && name !== 'fact' && value !== null && value !== undefined)
    .map(([name, value]) => ({
      name: name === 'at' ? 'at (UTC)' : name,
      value: name === 'at' ? new Date(fact.at).toISOString() : shown(value),
    }));
  return [...envelopeFields(fact), ...own];
}

type Kept = Omit<FactDetail, 'body' | 'bodyFrom' | 'bodyTotal' | 'bodyWidth' | 'previousSeq' | 'nextSeq'> & {
  width: number;
  lines: Lines;
};

function laidOut(fact: Fact, width: number): Kept {
  const { source, glyph, what } = factRow(fact);
  return {
    seq: fact.seq,
    at: fact.at,
    title: `${source} ${glyph} ${what}  ${fact.fact}`,
    fields: fieldsOf(fact),
    oddities: oddities(fact),
    width,
    lines: bodyOf(fact, width),
  };
}

/** Opens facts. The one that was opened last is kept laid out: who reads on in it waits for a few lines only. */
export class FactOpener {
  #kept: Kept | null = null;

  open(facts: Facts, seq: number, { from, rows, width }: BodyWindow): FactDetail | null {
    if (this.#kept?.seq !== seq || this.#kept.width !== width) {
      const fact = facts.find(seq);
      this.#kept = fact === null ? null : laidOut(fact, width);
    }
    if (this.#kept === null) return null;
    const { lines, width: _, ...detail } = this.#kept;
    const body = lines.window(from, Math.min(rows, ROWS_MAX)).map((line) => safeStart(line, LINE_MAX));
    return { ...detail, body, bodyFrom: from, bodyTotal: lines.total, bodyWidth: width, ...facts.beside(seq) };
  }
}

const WHOLE: BodyWindow = { from: 0, rows: ROWS_MAX, width: LINE_MAX };

/** The fact with this number, with the first lines of its payload; null when it is no longer held. */
export function openFact(facts: Facts, seq: number, window = WHOLE): FactDetail | null {
  return new FactOpener().open(facts, seq, window);
}
