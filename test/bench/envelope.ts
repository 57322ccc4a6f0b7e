// Frames a second of the envelope scan beside JSON.parse of the same frames in one process.
// The frames are the reference samples, compacted and weighted to a mean near 900 bytes.

import { readFileSync } from 'node:fs';
import { type EnvelopeScan, scanEnvelope } from '../../src/coinbase/envelope.ts';
import { median, tell } from './support-row.ts';

const folder = `${process.env['CBSCOPE_ROOT'] ?? process.cwd()}/test/fixtures/coinbase/`;
const mix = [
  'ticker_update',
  'l2_data_update',
  'l2_data_snapshot',
  'market_trades_snapshot',
  'ticker_snapshot',
  'ticker_snapshot',
  'candles_snapshot',
  'l2_data_snapshot',
];
const frames = mix.map((name) => {
  const text = readFileSync(`${folder}ws_in_${name}.json`, 'utf8');
  return Buffer.from(JSON.stringify(JSON.parse(text)));
});
const meanBytes = frames.reduce((sum, frame) => sum + frame.length, 0) / frames.length;
const scan: EnvelopeScan = { plain: false, channel: null, sequence: -1, timestampMs: Number.NaN, hasEvents: false };

let sink = 0;
function framesPerSecond(each: (frame: Buffer) => number, count: number): number {
  const started = performance.now();
  for (let index = 0; index < count; index += 1) sink += each(frames[index % frames.length] as Buffer);
  return count / ((performance.now() - started) / 1000);
}

const byScan = (frame: Buffer) => (scanEnvelope(frame, scan) ? scan.sequence : -1);
const byParse = (frame: Buffer) => (JSON.parse(frame.toString()) as { sequence_num: number }).sequence_num;

const rounds: { scan: number; parse: number }[] = [];
framesPerSecond(byScan, 100_000);
framesPerSecond(byParse, 30_000);
for (let round = 0; round < 5; round += 1) {
  rounds.push({ scan: framesPerSecond(byScan, 300_000), parse: framesPerSecond(byParse, 80_000) });
}
const scanned = median(rounds.map((each) => each.scan));
const parsed = median(rounds.map((each) => each.parse));
tell({
  what: `envelope scan, mean ${Math.round(meanBytes)} bytes`,
  figure: `${(scanned / 1e6).toFixed(2)} M frames/s`,
  reference: `JSON.parse ${(parsed / 1e6).toFixed(2)} M frames/s${sink > 0 ? '' : ' (nothing was read)'}`,
  ratio: scanned / parsed,
});
