// Owns prices and trades: a seeded walk for each product, moved on by elapsed time.
// It knows no clock, no socket and no channel.
import { Book, type LevelChange } from './book.ts';
import { type Product, products } from './products.ts';
import type { Random } from './random.ts';

export interface Trade {
  id: number;
  ticks: number;
  size: number;
  /** The maker's side, as the feed reports it. */
  side: 'BUY' | 'SELL';
  atMs: number;
}

export interface Quotes {
  product: Product;
  book: Book;
  bid: number;
  ask: number;
  last: number;
  openTicks: number;
  lowTicks: number;
  highTicks: number;
  volume: number;
  /** Newest last, bounded. */
  trades: Trade[];
}

/** What one step of one product brought. */
export interface MarketMove {
  quotes: Quotes;
  trades: Trade[];
  levels: LevelChange[];
}

const keptTrades = 100;

export class Market {
  readonly #random: Random;
  readonly #quotes = new Map<string, Quotes>();
  #tradeId = 1_048_820_312;

  constructor(random: Random, bookLevels: number, nowMs: number) {
    this.#random = random;
    for (const product of products) this.#quotes.set(product.id, this.#start(product, bookLevels, nowMs));
  }

  quotes(id: string): Quotes | null {
    return this.#quotes.get(id) ?? null;
  }

  all(): Quotes[] {
    return [...this.#quotes.values()];
  }

  /** Moves every product on by `elapsedMs`. */
  advance(elapsedMs: number, nowMs: number): MarketMove[] {
    const moves: MarketMove[] = [];
    for (const quotes of this.#quotes.values()) {
      const trades = this.#random.chance((quotes.product.pace * elapsedMs) / 1000) ? this.#trade(quotes, nowMs) : [];
      const moved = trades.length > 0 ? quotes.book.moveTo(quotes.bid, quotes.ask) : [];
      const stirred = this.#random.chance((elapsedMs * 8) / 1000)
        ? quotes.book.stir(quotes.bid, quotes.ask, this.#random.int(1, 4))
        : [];
      if (trades.length + moved.length + stirred.length > 0) {
        moves.push({ quotes, trades, levels: [...moved, ...stirred] });
      }
    }
    return moves;
  }

  #start(product: Product, bookLevels: number, nowMs: number): Quotes {
    const mid = Math.round(product.price / product.tick);
    const random = this.#random.fork(product.id);
    const swing = random.between(0.01, 0.02);
    const book = new Book(random, mid - 1, mid, bookLevels);
    const quotes: Quotes = {
      product,
      book,
      bid: mid - 1,
      ask: mid,
      last: mid,
      openTicks: Math.round(mid * (1 + random.between(-0.009, 0.009))),
      lowTicks: Math.round(mid * (1 - swing)),
      highTicks: Math.round(mid * (1 + swing)),
      volume: Math.round((767_666_536 / product.price) * random.between(0.2, 1)),
      trades: [],
    };
    for (let i = keptTrades; i > 0; i--) this.#record(quotes, mid, nowMs - i * 400);
    return quotes;
  }

  #trade(quotes: Quotes, nowMs: number): Trade[] {
    const start = quotes.product.price / quotes.product.tick;
    // The pull back to the start keeps a long run plausible.
    const drift = (start - quotes.last) * 0.002;
    const step = Math.round(this.#random.normal() * start * 0.00008 + drift);
    const ticks = Math.max(2, quotes.last + step);
    const upward = ticks >= quotes.last;
    quotes.last = ticks;
    quotes.bid = upward ? ticks - 1 : ticks;
    quotes.ask = quotes.bid + this.#random.int(1, 3);
    quotes.lowTicks = Math.min(quotes.lowTicks, ticks);
    quotes.highTicks = Math.max(quotes.highTicks, ticks);
    const count = this.#random.chance(0.2) ? 2 : 1;
    return Array.from({ length: count }, () => this.#record(quotes, ticks, nowMs));
  }

  #record(quotes: Quotes, ticks: number, atMs: number): Trade {
    this.#tradeId += 1;
    const size = Math.max(1e-8, Math.round((this.#random.next() ** 4 * 4_000_000_000) / quotes.product.price) / 1e8);
    const trade: Trade = { id: this.#tradeId, ticks, size, side: this.#random.chance(0.5) ? 'BUY' : 'SELL', atMs };
    quotes.volume = Math.round((quotes.volume + size) * 1e8) / 1e8;
    quotes.trades.push(trade);
    if (quotes.trades.length > keptTrades) quotes.trades.shift();
    return trade;
  }
}
