// The account of the simulated user: orders that live and die, wallets that always fit them, and every change as the user channel tells it.

import { fill, restOrder, userOrder, type Wallet } from '../support/facts.ts';
import type { Random } from './random.ts';
import type { Timetable } from './timetable.ts';

interface Order {
  id: string;
  status: string;
  side: 'BUY' | 'SELL';
  filled: number;
  fills: number;
  createdMs: number;
  updatedMs: number;
  price: number;
}

const SIZE = 0.01;
const KEPT = 90;

export class Market {
  readonly orders: Order[] = [];
  readonly fills: Record<string, unknown>[] = [];
  /** Told with each change, as the user channel would. */
  onChange: (order: Record<string, string>) => void = () => undefined;
  readonly #random: Random;
  readonly #time: Timetable;
  readonly #serverMs: () => number;
  #btc = 5;
  #usd = 400_000;
  #number = 0;

  constructor(random: Random, time: Timetable, serverMs: () => number) {
    this.#random = random;
    this.#time = time;
    this.#serverMs = serverMs;
  }

  place(): void {
    this.#number += 1;
    const id = `00000000-0000-4000-8000-${String(this.#number).padStart(12, '0')}`;
    const now = this.#serverMs();
    const side = this.#random.chance(0.5) ? 'BUY' : 'SELL';
    const order: Order = {
      id,
      status: 'PENDING',
      side,
      filled: 0,
      fills: 0,
      createdMs: now,
      updatedMs: now,
      price: 90_000,
    };
    this.orders.push(order);
    if (this.orders.length > KEPT) this.orders.shift();
    this.#tell(order);
    this.#time.after(this.#random.between(5, 300), () => {
      this.#become(order, 'OPEN');
      if (this.#random.chance(0.35)) this.#cancelLater(order);
      else this.#fillLater(order);
    });
  }

  #cancelLater(order: Order): void {
    this.#time.after(this.#random.between(200, 60_000), () => {
      this.#become(order, 'CANCEL_QUEUED');
      this.#time.after(this.#random.between(20, 900), () => this.#become(order, 'CANCELLED'));
    });
  }

  #fillLater(order: Order): void {
    const parts = this.#random.whole(1, 4);
    const next = (left: number): void => {
      this.#time.after(this.#random.between(5, 9_000), () => {
        this.#fill(order, SIZE / parts, left === 1);
        if (left > 1) next(left - 1);
      });
    };
    next(parts);
  }

  #fill(order: Order, size: number, isLast: boolean): void {
    order.filled = isLast ? SIZE : order.filled + size;
    order.fills += 1;
    const sign = order.side === 'BUY' ? 1 : -1;
    this.#btc += sign * size;
    this.#usd -= sign * size * order.price;
    const more = { trade_id: `${order.id}-${order.fills}`, order_id: order.id, side: order.side };
    this.fills.push(fill(size.toFixed(8), more));
    if (this.fills.length > KEPT) this.fills.shift();
    this.#become(order, isLast ? 'FILLED' : 'OPEN');
  }

  #become(order: Order, status: string): void {
    order.status = status;
    order.updatedMs = this.#serverMs();
    this.#tell(order);
  }

  #tell(order: Order): void {
    this.onChange(this.#asUserChannel(order));
  }

  #asUserChannel(order: Order): Record<string, string> {
    const isOver = order.status === 'FILLED' || order.status === 'CANCELLED';
    return userOrder(order.status, {
      order_id: order.id,
      order_side: order.side,
      cumulative_quantity: order.filled.toFixed(8),
      leaves_quantity: isOver ? '0' : (SIZE - order.filled).toFixed(8),
      number_of_fills: String(order.fills),
      creation_time: new Date(order.createdMs).toISOString(),
    });
  }

  openOrders(): Record<string, string>[] {
    const open = this.orders.filter((order) => order.status !== 'FILLED' && order.status !== 'CANCELLED');
    return open.map((order) => this.#asUserChannel(order));
  }

  restOrders(): Record<string, unknown>[] {
    return [...this.orders].reverse().map((order) =>
      restOrder(order.status, {
        order_id: order.id,
        side: order.side,
        filled_size: order.filled.toFixed(8),
        number_of_fills: String(order.fills),
        created_time: new Date(order.createdMs).toISOString(),
        last_update_time: new Date(order.updatedMs).toISOString(),
      }),
    );
  }

  wallets(): Wallet[] {
    return [
      { currency: 'BTC', available: (this.#btc - 0.5).toFixed(8), hold: '0.50000000' },
      { currency: 'USD', available: (this.#usd - 1_000).toFixed(6), hold: '1000' },
    ];
  }
}
