// How many plain frames a second the line encoder appends: `node test/bench/line-encoder.ts`. Budget: 1.2 million of 893 bytes.

import type { Fact } from '../../src/core/fact.ts';
import { decodeLine, LineEncoder } from '../../src/recording/codec.ts';

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

function perSecond(count: number, run: () => void): string {
  const began = process.hrtime.bigint();
  run();
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  return `${(count / seconds / 1e6).toFixed(2)} M/s`;
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
const rates = [perSecond(FRAMES, encodeAll), perSecond(FRAMES, decodeAll)];
process.stdout.write(`frame ${frame.length} bytes, encode ${rates[0]}, decode ${rates[1]} (${taken} bytes taken)\n`);
