// Owns the accounts of the default portfolio and every movement of money.
// Available plus hold is always the whole balance.
import { type Fixed, fixed } from './fixed.ts';
import { products } from './products.ts';
import type { Random } from './random.ts';

export interface Wallet {
  uuid: string;
  currency: string;
  name: string;
  fiat: boolean;
  available: Fixed;
  hold: Fixed;
  updatedMs: number;
}

const funded: Readonly<Record<string, string>> = {
  BTC: '1.41230987',
  USD: '48000',
  ETH: '12.5',
  USDC: '21500.25',
  SOL: '310.4',
  // One funded account lies beyond the first page of 49.
  ZEC: '42.125',
};

export class Wallets {
  readonly #byCurrency = new Map<string, Wallet>();

  constructor(random: Random, count: number, nowMs: number) {
    for (const currency of currencies(count)) {
      this.#byCurrency.set(currency, {
        uuid: random.uuid(),
        currency,
        name: currency === 'USD' || currency === 'EUR' ? `Cash (${currency})` : `${currency} Wallet`,
        fiat: currency === 'USD' || currency === 'EUR',
        available: fixed(funded[currency] ?? '0'),
        hold: 0n,
        updatedMs: nowMs,
      });
    }
  }

  list(): Wallet[] {
    return [...this.#byCurrency.values()];
  }

  find(currency: string): Wallet | null {
    return this.#byCurrency.get(currency) ?? null;
  }

  byUuid(uuid: string): Wallet | null {
    return this.list().find((w) => w.uuid === uuid) ?? null;
  }

  /** Sets an amount aside; false, and nothing moves, when there is not enough. */
  reserve(currency: string, amount: Fixed, nowMs: number): boolean {
    const wallet = this.find(currency);
    if (wallet === null || wallet.available < amount) return false;
    wallet.available -= amount;
    wallet.hold += amount;
    wallet.updatedMs = nowMs;
    return true;
  }

  /** Gives a reserved amount back. */
  release(currency: string, amount: Fixed, nowMs: number): void {
    const wallet = this.find(currency);
    if (wallet === null) return;
    wallet.hold -= amount;
    wallet.available += amount;
    wallet.updatedMs = nowMs;
  }

  /** Spends a reserved amount. */
  spend(currency: string, amount: Fixed, nowMs: number): void {
    const wallet = this.find(currency);
    if (wallet === null) return;
    wallet.hold -= amount;
    wallet.updatedMs = nowMs;
  }

  receive(currency: string, amount: Fixed, nowMs: number): void {
    const wallet = this.find(currency);
    if (wallet === null) return;
    wallet.available += amount;
    wallet.updatedMs = nowMs;
  }
}

function currencies(count: number): string[] {
  const first = ['BTC', 'USD', 'ETH', 'USDC', 'SOL'];
  const rest = products.map((p) => p.base).filter((base) => !first.includes(base) && base !== 'ZEC');
  const names = [...first, ...rest, 'EUR', 'USDT'];
  for (let i = 1; names.length < count - 1; i++) names.push(`A${String(i).padStart(2, '0')}`);
  return [...names.slice(0, Math.max(5, count - 1)), 'ZEC'];
}
