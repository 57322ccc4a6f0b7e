// Owns orders, fills and the money they hold: place, fill, cancel, each in one step, so that no view sees half of one.
import type { ServerClock } from './clock.ts';
import { type Fixed, fixed, fixedText, over, times } from './fixed.ts';
import type { Market } from './market.ts';
import { type Fill, type Order, type OrderRequest, readOrderRequest, terminal } from './order.ts';
import { findProduct } from './products.ts';
import type { Random } from './random.ts';
import { Wallets } from './wallets.ts';

const makerFee = fixed('0.006');
const keptFills = 1000;
const keptOrders = 2000;

export class Desk {
  readonly wallets: Wallets;
  readonly userId: string;
  readonly portfolios: { default: string; bots: string };
  readonly fills: Fill[] = [];
  readonly #orders = new Map<string, Order>();
  /** Orders whose REST view stands still: what REST goes on saying. */
  readonly #stuck = new Map<string, Order>();
  readonly #random: Random;
  readonly #clock: ServerClock;
  readonly #market: Market;
  #changed: (order: Order) => void = () => {};

  constructor(random: Random, clock: ServerClock, market: Market, accounts: number) {
    this.#random = random;
    this.#clock = clock;
    this.#market = market;
    this.userId = random.uuid();
    this.portfolios = { default: random.uuid(), bots: random.uuid() };
    this.wallets = new Wallets(random, accounts, clock.now());
  }

  /** Who hears of every change of an order; one listener. */
  listen(changed: (order: Order) => void): void {
    this.#changed = changed;
  }

  orders(): Order[] {
    return [...this.#orders.values()];
  }

  open(): Order[] {
    return this.orders().filter((o) => !terminal.has(o.status));
  }

  find(id: string): Order | null {
    return this.#orders.get(id) ?? null;
  }

  /** The order as REST shows it: the truth, unless it is stuck. */
  restView(order: Order): Order {
    return this.#stuck.get(order.id) ?? order;
  }

  /** The last price of a product, as an amount. */
  priceOf(productId: string): Fixed {
    const product = findProduct(productId);
    const quotes = product === null ? null : this.#market.quotes(product.id);
    return quotes === null ? 0n : fixed(quotes.last * quotes.product.tick);
  }

  /** Reads a request; a text is the reason of the refusal. */
  read(body: Record<string, unknown>): OrderRequest | string {
    return readOrderRequest(body, (id) => this.priceOf(id));
  }

  /** What an order sets aside: a buy its value and the fee, a sell its size. */
  needed(request: OrderRequest): { currency: string; amount: Fixed } {
    const [base = '', quote = ''] = request.productId.split('-');
    if (request.side === 'SELL') return { currency: base, amount: request.size };
    const value = times(request.size, request.limit);
    return { currency: quote, amount: value + times(value, makerFee) };
  }

  /** Opens an order; a text is the reason of the refusal. */
  place(request: OrderRequest): Order | string {
    const { currency, amount } = this.needed(request);
    if (this.wallets.find(currency) === null) return 'ACCOUNT_NOT_AVAILABLE';
    const now = this.#clock.now();
    if (!this.wallets.reserve(currency, amount, now)) return 'INSUFFICIENT_FUND';
    const [base = '', quote = ''] = request.productId.split('-');
    const order: Order = {
      id: this.#random.uuid(),
      ...request,
      base,
      quote,
      status: 'OPEN',
      filled: 0n,
      value: 0n,
      fees: 0n,
      fillCount: 0,
      hold: amount,
      createdMs: now,
      updatedMs: now,
      lastFillMs: null,
      cancelReason: '',
    };
    this.#orders.set(order.id, order);
    this.#forgetOldest();
    this.#changed(order);
    return order;
  }

  /** Fills a part (or what is left) of an order at its limit. */
  fill(order: Order, wanted: Fixed): void {
    const size = wanted < order.size - order.filled ? wanted : order.size - order.filled;
    if (size <= 0n || terminal.has(order.status)) return;
    const now = this.#clock.now();
    const value = times(size, order.limit);
    const commission = times(value, makerFee);
    const last = order.filled + size >= order.size;
    const released = last
      ? order.hold
      : order.side === 'SELL'
        ? size
        : over(times(order.hold, size), order.size - order.filled);
    this.#settle(order, { size, value, commission, released, now });
    order.filled += size;
    order.value += value;
    order.fees += commission;
    order.hold -= released;
    order.fillCount += 1;
    order.lastFillMs = now;
    order.updatedMs = now;
    if (last) order.status = 'FILLED';
    this.#record({ order, price: order.limit, size, commission, atMs: now });
    this.#changed(order);
  }

  /** First half of a cancel. */
  queueCancel(order: Order): void {
    order.status = 'CANCEL_QUEUED';
    order.updatedMs = this.#clock.now();
    this.#changed(order);
  }

  /** Second half of a cancel: what was set aside comes back. */
  cancel(order: Order): void {
    if (terminal.has(order.status)) return;
    const now = this.#clock.now();
    this.wallets.release(order.side === 'BUY' ? order.quote : order.base, order.hold, now);
    order.hold = 0n;
    order.status = 'CANCELLED';
    order.cancelReason = 'User requested cancel';
    order.updatedMs = now;
    this.#changed(order);
  }

  /** REST stands still for this order from now on. */
  stick(order: Order, status: 'OPEN' | 'CANCEL_QUEUED'): void {
    this.#stuck.set(order.id, { ...order, status });
  }

  unstick(): void {
    this.#stuck.clear();
  }

  #forgetOldest(): void {
    if (this.#orders.size <= keptOrders) return;
    const done = this.orders().find((o) => terminal.has(o.status));
    if (done !== undefined) this.#orders.delete(done.id);
  }

  #settle(order: Order, part: { size: Fixed; value: Fixed; commission: Fixed; released: Fixed; now: number }): void {
    const { size, value, commission, released, now } = part;
    if (order.side === 'SELL') {
      this.wallets.spend(order.base, released, now);
      this.wallets.receive(order.quote, value - commission, now);
      return;
    }
    this.wallets.spend(order.quote, released, now);
    this.wallets.receive(order.quote, released - value - commission, now);
    this.wallets.receive(order.base, size, now);
  }

  #record(fill: Omit<Fill, 'entryId' | 'tradeId'>): void {
    this.fills.unshift({ ...fill, entryId: this.#random.hex(64), tradeId: this.#random.uuid() });
    if (this.fills.length > keptFills) this.fills.pop();
  }
}

/** The average price of what is filled, as text; "0" when nothing is. */
export function averagePrice(order: Order): string {
  return order.filled === 0n ? '0' : fixedText(over(order.value, order.filled));
}
