// A Coinbase mix of frames, generated once from a seed: tickers, book updates, trades and heartbeats with a mean of 893 bytes.
// Sequence numbers and heartbeat counters have ten digits, so that they can be written over without moving anything.

const FIRST_NUMBER = 1_000_000_000;
const DIGITS = 10;
const PRODUCTS = ['BTC-USD', 'ETH-USD', 'SOL-USD', 'XRP-USD'];
const NUMBER = '9999999999';
const BEAT = '8888888888';

export interface MixedFrame {
  bytes: Buffer;
  /** Where the ten digits of the sequence number stand. */
  numberAt: number;
  /** Where those of the heartbeat counter stand, or -1. */
  beatAt: number;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 16_777_216;
  };
}

type Draw = () => number;

function decimal(draw: Draw, most: number, places: number): string {
  return (draw() * most).toFixed(places);
}

function product(draw: Draw): string {
  return PRODUCTS[Math.floor(draw() * PRODUCTS.length)] ?? 'BTC-USD';
}

function instant(draw: Draw): string {
  return `2026-11-22T20:14:0${Math.floor(draw() * 10)}.${String(Math.floor(draw() * 1e9)).padStart(9, '0')}Z`;
}

function ticker(draw: Draw): object {
  return {
    channel: 'ticker',
    timestamp: instant(draw),
    sequence_num: NUMBER,
    events: [
      {
        type: 'update',
        tickers: [
          {
            type: 'ticker',
            product_id: product(draw),
            price: decimal(draw, 99_999, 2),
            volume_24_h: decimal(draw, 9_999, 8),
            low_24_h: decimal(draw, 99_999, 2),
            high_24_h: decimal(draw, 99_999, 2),
            low_52_w: decimal(draw, 99_999, 2),
            high_52_w: decimal(draw, 99_999, 2),
            price_percent_chg_24_h: decimal(draw, 9, 13),
            best_bid: decimal(draw, 99_999, 2),
            best_ask: decimal(draw, 99_999, 2),
            best_bid_quantity: decimal(draw, 9, 8),
            best_ask_quantity: decimal(draw, 9, 8),
          },
        ],
      },
    ],
  };
}

function book(draw: Draw): object {
  const updates = Array.from({ length: 1 + Math.floor(draw() * 19) }, () => ({
    side: draw() < 0.5 ? 'bid' : 'offer',
    event_time: instant(draw),
    price_level: decimal(draw, 99_999, 2),
    new_quantity: decimal(draw, 9, 8),
  }));
  const events = [{ type: 'update', product_id: product(draw), updates }];
  return { channel: 'l2_data', client_id: '', timestamp: instant(draw), sequence_num: NUMBER, events };
}

function trades(draw: Draw): object {
  const made = Array.from({ length: 1 + Math.floor(draw() * 3) }, () => ({
    product_id: product(draw),
    trade_id: decimal(draw, 1e9, 0),
    price: decimal(draw, 99_999, 2),
    size: decimal(draw, 9, 8),
    time: instant(draw),
    side: draw() < 0.5 ? 'BUY' : 'SELL',
  }));
  const events = [{ type: 'update', trades: made }];
  return { channel: 'market_trades', client_id: '', timestamp: instant(draw), sequence_num: NUMBER, events };
}

function heartbeat(draw: Draw): object {
  const events = [
    { current_time: '2026-11-22 20:14:06.25788961 +0000 UTC m=+139651.272674714', heartbeat_counter: BEAT },
  ];
  return { channel: 'heartbeats', timestamp: instant(draw), sequence_num: NUMBER, events };
}

function frameOf(message: object): MixedFrame {
  const text = JSON.stringify(message).replace(`"${NUMBER}"`, NUMBER).replace(`"${BEAT}"`, BEAT);
  return { bytes: Buffer.from(text), numberAt: text.indexOf(NUMBER), beatAt: text.indexOf(BEAT) };
}

/** `count` frames: one heartbeat in a hundred, the rest market data. */
export function coinbaseMix(count: number, seed = 7): MixedFrame[] {
  const draw = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    if (index % 100 === 99) return frameOf(heartbeat(draw));
    const kind = draw();
    return frameOf(kind < 0.3 ? ticker(draw) : kind < 0.8 ? book(draw) : trades(draw));
  });
}

export function meanBytes(frames: MixedFrame[]): number {
  return frames.reduce((sum, frame) => sum + frame.bytes.length, 0) / frames.length;
}

function writeDigits(into: Buffer, at: number, value: number): void {
  let rest = value;
  for (let index = at + DIGITS - 1; index >= at; index -= 1) {
    const tenth = Math.floor(rest / 10);
    into[index] = 48 + (rest - tenth * 10);
    rest = tenth;
  }
}

/** The counters of one connection. */
export interface Counters {
  number: number;
  beat: number;
}

export function newCounters(): Counters {
  return { number: FIRST_NUMBER, beat: FIRST_NUMBER };
}

/** Writes the next numbers into a frame that stands at `offset`. */
export function numberFrame(into: Buffer, offset: number, frame: MixedFrame, counters: Counters): void {
  writeDigits(into, offset + frame.numberAt, counters.number);
  counters.number += 1;
  if (frame.beatAt < 0) return;
  writeDigits(into, offset + frame.beatAt, counters.beat);
  counters.beat += 1;
}
