// How many plain frames a second the line encoder appends. Budget: 1.2 million of 893 bytes.

import type { Fact } from '../../src/core/fact.ts';
import { decodeLine, LineEncoder } from '../../src/recording/codec.ts';
import { tell } from './support-row.ts';

const FRAMES = 3_000_000;
const FRAMES_PER_MS = 40;
const FLUSH_BYTES = 256 * 1024;
const frame = Buffer.from(JSON.stringify({ channel: 'l2_data', sequence_num: 1, events: 'x'.repeat(893 - 50) }));

function factAt(index: number): Fact {
  const t = 1000 + Math.round((index / FRAMES_PER_MS) * 1000) / 1000;
  const at = 1_795_378_446_000 + Math.floor(t);
  return {
    seq: index + 1,
    at,
    t,
    fact: 'frame.received',
    connection: 'public',
    bytes: frame,
    binary: false,
    plain: true,
  };
}

function perSecond(count: number, run: () => void): number {
  const began = performance.now();
  run();
  return (count * 1_000) / (performance.now() - began);
}

let taken = 0;
function encodeAll(): void {
  const encoder = new LineEncoder();
  for (let index = 0; index < FRAMES; index += 1) {
    encoder.append(factAt(index));
    if (encoder.pendingBytes >= FLUSH_BYTES) taken += encoder.take().length;
  }
}

const encoder = new LineEncoder();
encoder.append(factAt(12_345));
const line = encoder.take();
const body = line.subarray(0, line.length - 1);
function decodeAll(): void {
  for (let index = 0; index < FRAMES; index += 1) taken += 'problem' in decodeLine(body) ? 1 : 0;
}

encodeAll();
const encoded = perSecond(FRAMES, encodeAll);
const decoded = perSecond(FRAMES, decodeAll);
if (taken === 0) throw new Error('nothing was encoded');
tell({
  what: `lines of ${frame.length}-byte frames encoded`,
  figure: `${(encoded / 1e6).toFixed(2)} M/s`,
  budget: '≥ 1.2 M/s',
  ok: encoded >= 1.2e6,
});
tell({ what: 'and decoded', figure: `${(decoded / 1e6).toFixed(2)} M/s` });
