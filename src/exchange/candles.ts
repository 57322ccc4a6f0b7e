// Owns price history: smooth, the same however often it is asked for, and ending at the last price. Keeps nothing.
import type { Quotes } from './market.ts';
import { tickText } from './products.ts';
import { hash } from './random.ts';

export interface Candle {
  start: number;
  low: number;
  high: number;
  open: number;
  close: number;
  volume: number;
}

/** Seconds of each granularity that the service knows. */
export const granularities: Readonly<Record<string, number>> = {
  ONE_MINUTE: 60,
  FIVE_MINUTE: 300,
  FIFTEEN_MINUTE: 900,
  THIRTY_MINUTE: 1800,
  ONE_HOUR: 3600,
  TWO_HOUR: 7200,
  FOUR_HOUR: 14_400,
  SIX_HOUR: 21_600,
  ONE_DAY: 86_400,
};

/** The candle that began at `start`; while it forms it ends at the last price. */
export function candleAt(quotes: Quotes, start: number, seconds: number, nowSeconds: number): Candle {
  const open = wave(quotes, start);
  const forming = start + seconds > nowSeconds;
  const close = forming ? quotes.last : wave(quotes, start + seconds);
  const noise = hash(`${quotes.product.id}:${start}`) / 0xffffffff;
  const reach = Math.max(1, Math.round(open * 0.0004 * (0.3 + noise)));
  const share = forming ? Math.max(0.02, (nowSeconds - start) / seconds) : 1;
  return {
    start,
    open,
    close,
    low: Math.max(1, Math.min(open, close) - reach),
    high: Math.max(open, close) + reach,
    volume: Math.round(quotes.volume * (seconds / 86_400) * (0.5 + noise) * share * 1e8) / 1e8,
  };
}

/** A candle with the texts that both the feed and REST use. */
export function candleTexts(
  quotes: Quotes,
  candle: Candle,
): Record<'start' | 'low' | 'high' | 'open' | 'close' | 'volume', string> {
  return {
    start: String(candle.start),
    low: tickText(quotes.product, candle.low),
    high: tickText(quotes.product, candle.high),
    open: tickText(quotes.product, candle.open),
    close: tickText(quotes.product, candle.close),
    volume: String(candle.volume),
  };
}

function wave(quotes: Quotes, seconds: number): number {
  const phase = hash(quotes.product.id) % 1000;
  const start = quotes.product.price / quotes.product.tick;
  const swing = Math.sin(seconds / 5400 + phase) * 0.006 + Math.sin(seconds / 700 + phase * 2) * 0.0012;
  return Math.max(1, Math.round(start * (1 + swing)));
}
