// Owns what happens to orders as time passes: a pretended bot's orders fill, come and go; clients' orders fill.
// Holds all its timers.
import type { Desk } from './desk.ts';
import { fixed, fixedText, floorTo, over, times } from './fixed.ts';
import type { Knobs } from './knobs.ts';
import { type Order, terminal } from './order.ts';
import { findProduct } from './products.ts';
import type { Random } from './random.ts';

const traded = ['BTC-USD', 'ETH-USD', 'SOL-USD', 'ETH-USDC'];

export class OrderLife {
  readonly #desk: Desk;
  readonly #random: Random;
  readonly #knobs: Knobs;
  readonly #timers = new Set<NodeJS.Timeout>();
  #serial = 0;

  constructor(desk: Desk, random: Random, knobs: Knobs) {
    this.#desk = desk;
    this.#random = random;
    this.#knobs = knobs;
  }

  start(): void {
    for (let i = 0; i < this.#knobs.openOrders; i++) this.#placeOwn();
    if (this.#knobs.orderEverySeconds > 0) this.#scheduleNext();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** A client's order: fills in two parts when it is marketable, rests otherwise. */
  adopt(order: Order): void {
    const price = this.#desk.priceOf(order.productId);
    const marketable = order.side === 'BUY' ? order.limit >= price : order.limit <= price;
    if (order.type === 'MARKET') this.#later(this.#knobs.fillAfterMs / 10, () => this.#desk.fill(order, order.size));
    else if (marketable && !order.postOnly) this.#fillInTwo(order, this.#knobs.fillAfterMs);
  }

  /** A cancel passes through its queue before it is done. */
  cancel(order: Order): void {
    this.#desk.queueCancel(order);
    this.#later(this.#knobs.cancelAfterMs, () => this.#desk.cancel(order));
  }

  /** Makes REST stand still for one open order while the truth goes on to FILLED, unless told not to fill. */
  stick(status: 'OPEN' | 'CANCEL_QUEUED', fill: boolean, product: string | undefined): Order | null {
    const candidates = this.#desk.open().filter((o) => o.status === 'OPEN');
    const order = candidates.find((o) => product === undefined || o.productId === product) ?? this.#placeOwn(product);
    if (order === null) return null;
    if (status === 'CANCEL_QUEUED' && !fill) this.#desk.queueCancel(order);
    this.#desk.stick(order, status);
    if (fill) this.#fillInTwo(order, 300);
    return order;
  }

  /** REST tells the truth again; an order left in its queue is cancelled at last. */
  unstick(): void {
    this.#desk.unstick();
    for (const order of this.#desk.open()) if (order.status === 'CANCEL_QUEUED') this.#desk.cancel(order);
  }

  #fillInTwo(order: Order, withinMs: number): void {
    const part = floorTo(times(order.size - order.filled, fixed('0.4')), 1n);
    this.#later(withinMs / 3, () => this.#desk.fill(order, part));
    this.#later(withinMs, () => this.#desk.fill(order, order.size));
  }

  #scheduleNext(): void {
    const mean = this.#knobs.orderEverySeconds * 1000;
    this.#later(mean * this.#random.between(0.6, 1.4), () => {
      this.#event();
      this.#scheduleNext();
    });
  }

  #event(): void {
    const resting = this.#desk.open().filter((o) => o.status === 'OPEN');
    const roll = this.#random.next();
    const order = this.#random.pick(resting);
    if (order === undefined || resting.length < this.#knobs.openOrders) this.#placeOwn();
    else if (roll < 0.6) this.#fillInTwo(order, this.#knobs.orderEverySeconds * 350);
    else this.cancel(order);
  }

  #placeOwn(product?: string): Order | null {
    const productId = product ?? traded[this.#serial % traded.length] ?? 'BTC-USD';
    this.#serial += 1;
    const known = findProduct(productId);
    const price = this.#desk.priceOf(productId);
    if (known === null || price === 0n) return null;
    const side = this.#serial % 3 === 0 ? 'SELL' : 'BUY';
    const away = this.#random.between(0.004, 0.03);
    const limit = floorTo(times(price, fixed(side === 'BUY' ? 1 - away : 1 + away)), fixed(known.tick));
    const size = floorTo(over(fixed(Math.round(this.#random.between(200, 900))), price), fixed('0.0001'));
    const placed = this.#desk.read({
      client_order_id: `bot-${String(this.#serial).padStart(4, '0')}`,
      product_id: productId,
      side,
      order_configuration: {
        limit_limit_gtc: {
          base_size: fixedText(size),
          limit_price: fixedText(limit),
          post_only: this.#serial % 2 === 0,
        },
      },
    });
    const order = typeof placed === 'string' ? placed : this.#desk.place(placed);
    return typeof order === 'string' ? null : order;
  }

  #later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms).unref();
    this.#timers.add(timer);
  }
}

/** Whether an order can still be cancelled. */
export function cancellable(order: Order): boolean {
  return !terminal.has(order.status) && order.status !== 'CANCEL_QUEUED';
}
