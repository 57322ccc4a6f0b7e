// One fact opened: its fields, its payload pretty-printed, what is odd about it. Sanitised and bounded, ready to be shown.

import { safeStart, safeText } from '../base/text.ts';
import { decodeFrame } from '../coinbase/decode.ts';
import type { Fact } from '../core/fact.ts';
import type { FactDetail } from '../core/snapshot.ts';
import type { FactLog } from './fact-log.ts';
import { factRow } from './timeline-row.ts';

const LINES_MAX = 5_000;
const LINE_MAX = 400;
const utf8 = new TextDecoder('utf-8');
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

function pretty(text: string): string[] {
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not JSON: shown as it came.
  }
  return shown.split('\n', LINES_MAX).map((line) => safeStart(line, LINE_MAX));
}

function hex(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length && lines.length < LINES_MAX; offset += 16) {
    const row = [...bytes.subarray(offset, offset + 16)];
    const digits = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    lines.push(
      `${offset.toString(16).padStart(8, '0')}  ${digits.padEnd(47)}  ${row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')}`,
    );
  }
  return lines;
}

function bodyOf(fact: Fact): string[] {
  if (fact.fact === 'frame.received') return fact.binary ? hex(fact.bytes) : pretty(utf8.decode(fact.bytes));
  if (fact.fact === 'frame.sent') return pretty(fact.text);
  if (fact.fact === 'response.arrived') return [...headerLines(fact.headers), '', ...pretty(fact.body)];
  if (fact.fact === 'upgrade.refused') return [...headerLines(fact.headers), '', ...pretty(fact.bodyStart)];
  const rest = Object.fromEntries(Object.entries(fact).filter(([name]) => PAYLOADS.has(name)));
  return Object.keys(rest).length === 0 ? [] : pretty(JSON.stringify(rest));
}

function headerLines(headers: Record<string, string>): string[] {
  return Object.entries(headers).map(([name, value]) => safeStart(`${name}: ${value}`, LINE_MAX));
}

function oddities(fact: Fact): string[] {
  if (fact.fact !== 'frame.received' || fact.binary) return [];
  return decodeFrame(utf8.decode(fact.bytes)).oddities.map((oddity) => safeText(`${oddity.name}: ${oddity.detail}`));
}

function shown(value: unknown): string {
  return safeStart(typeof value === 'string' ? value : JSON.stringify(value), LINE_MAX);
}

export function openFact(log: FactLog, seq: number): FactDetail | null {
  const found = log.find(seq);
  if (found === null) return null;
  const { fact, previousSeq, nextSeq } = found;
  const row = factRow(fact);
  const fields = Object.entries(fact)
    .filter(([name, value]) => !PAYLOADS.has(name) && name !== 'fact' && value !== null && value !== undefined)
    .map(([name, value]) => ({
      name: name === 'at' ? 'at (UTC)' : name,
      value: name === 'at' ? new Date(fact.at).toISOString() : shown(value),
    }));
  return {
    seq,
    at: fact.at,
    title: `${row.source} ${row.glyph} ${row.what}  ${fact.fact}`,
    fields,
    body: bodyOf(fact),
    oddities: oddities(fact),
    previousSeq,
    nextSeq,
  };
}
