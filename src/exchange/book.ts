// Owns one product's order book: levels by price tick, never crossed. It changes only when told where bid and ask are.
import type { Random } from './random.ts';

/** A changed level; a size of 0 removes it. */
export interface LevelChange {
  side: 'bid' | 'offer';
  ticks: number;
  size: number;
}

type Side = Map<number, number>;

export class Book {
  readonly bids: Side = new Map();
  readonly offers: Side = new Map();
  #random: Random;
  #depth: number;
  #stride: number;

  constructor(random: Random, bid: number, ask: number, depth: number) {
    this.#random = random;
    this.#depth = depth;
    // Levels spread over about 2 % of the price, whatever the tick is worth.
    this.#stride = Math.max(1, Math.round((bid * 0.02) / depth));
    this.moveTo(bid, ask);
    this.#fill(this.bids, bid, -1);
    this.#fill(this.offers, ask, 1);
  }

  /** Follows the market: crossed levels go, the new best levels appear. */
  moveTo(bid: number, ask: number): LevelChange[] {
    const changes: LevelChange[] = [];
    for (const ticks of this.bids.keys()) if (ticks > bid) changes.push(this.#set('bid', ticks, 0));
    for (const ticks of this.offers.keys()) if (ticks < ask) changes.push(this.#set('offer', ticks, 0));
    if (!this.bids.has(bid)) changes.push(this.#set('bid', bid, this.#size()));
    if (!this.offers.has(ask)) changes.push(this.#set('offer', ask, this.#size()));
    return changes;
  }

  /** Orders come and go near the best prices; the number of levels stays near the wanted depth. */
  stir(bid: number, ask: number, count: number): LevelChange[] {
    const changes: LevelChange[] = [];
    for (let i = 0; i < count; i++) {
      const away = Math.floor(this.#random.next() ** 2 * this.#depth * 0.2) * this.#stride + this.#random.int(0, 3);
      const buy = this.#random.chance(0.5);
      const ticks = buy ? bid - away : ask + away;
      if (ticks <= 0) continue;
      const keep = away === 0 || this.#random.chance(0.6);
      if (!keep && !(buy ? this.bids : this.offers).has(ticks)) continue;
      changes.push(this.#set(buy ? 'bid' : 'offer', ticks, keep ? this.#size() : 0));
    }
    return [...changes, ...this.#trim('bid', this.bids, bid), ...this.#trim('offer', this.offers, ask)];
  }

  /** The best levels of one side, best first. */
  best(side: 'bid' | 'offer', count: number): { ticks: number; size: number }[] {
    const levels = [...(side === 'bid' ? this.bids : this.offers)].map(([ticks, size]) => ({ ticks, size }));
    levels.sort((a, b) => (side === 'bid' ? b.ticks - a.ticks : a.ticks - b.ticks));
    return levels.slice(0, count);
  }

  sizeAt(side: 'bid' | 'offer', ticks: number): number {
    return (side === 'bid' ? this.bids : this.offers).get(ticks) ?? 0;
  }

  #fill(side: Side, from: number, direction: 1 | -1): void {
    for (let i = 1; side.size < this.#depth; i++) {
      const ticks = from + direction * i * this.#stride;
      if (ticks <= 0) return;
      side.set(ticks, this.#size());
    }
  }

  #trim(name: 'bid' | 'offer', side: Side, best: number): LevelChange[] {
    if (side.size <= this.#depth * 1.2) return [];
    const far = [...side.keys()].sort((a, b) => Math.abs(b - best) - Math.abs(a - best));
    return far.slice(0, side.size - this.#depth).map((ticks) => this.#set(name, ticks, 0));
  }

  #set(side: 'bid' | 'offer', ticks: number, size: number): LevelChange {
    const levels = side === 'bid' ? this.bids : this.offers;
    if (size === 0) levels.delete(ticks);
    else levels.set(ticks, size);
    return { side, ticks, size };
  }

  #size(): number {
    return Math.round((0.001 + this.#random.next() ** 3 * 2.5) * 1e8) / 1e8;
  }
}
