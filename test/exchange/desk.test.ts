// Money in the exchange: whatever happens to orders, nothing is made or lost but fees, and every hold belongs to an
// open order.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ServerClock } from '../../src/exchange/clock.ts';
import { Desk } from '../../src/exchange/desk.ts';
import { fixed, fixedText, floorTo, over, readFixed, times } from '../../src/exchange/fixed.ts';
import { Market } from '../../src/exchange/market.ts';
import { terminal } from '../../src/exchange/order.ts';
import { Random } from '../../src/exchange/random.ts';

function newDesk(seed: number): Desk {
  const random = new Random(seed);
  const clock = new ServerClock();
  return new Desk(random, clock, new Market(random, 20, clock.now()), 60);
}

const action = fc.record({
  what: fc.constantFrom('place', 'fill', 'queue', 'cancel'),
  product: fc.constantFrom('BTC-USD', 'ETH-USD', 'ETH-USDC', 'SOL-USD'),
  side: fc.constantFrom('BUY', 'SELL'),
  price: fc.integer({ min: 1, max: 99_999_999 }),
  size: fc.integer({ min: 1, max: 9_999_999 }),
  which: fc.nat(20),
});

test('holds equal what open orders hold, balances never fall below zero, and trades add up', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), fc.nat(), (actions, seed) => {
      const desk = newDesk(seed);
      const before = new Map(desk.wallets.list().map((w) => [w.currency, w.available + w.hold]));
      for (const a of actions) {
        const order = desk.orders()[a.which];
        const terms = { base_size: fixedText(BigInt(a.size)), limit_price: fixedText(BigInt(a.price) * 1000n) };
        const request = desk.read({
          product_id: a.product,
          side: a.side,
          order_configuration: { limit_limit_gtc: terms },
        });
        if (a.what === 'place' && typeof request !== 'string') desk.place(request);
        if (order === undefined) continue;
        if (a.what === 'fill') desk.fill(order, BigInt(a.size));
        if (a.what === 'queue' && !terminal.has(order.status)) desk.queueCancel(order);
        if (a.what === 'cancel') desk.cancel(order);
      }
      for (const wallet of desk.wallets.list()) {
        const { currency } = wallet;
        const own = desk.orders().filter((o) => (o.side === 'BUY' ? o.quote : o.base) === currency);
        expect(wallet.hold, `${currency} held`).toBe(own.reduce((sum, o) => sum + o.hold, 0n));
        expect(wallet.available >= 0n).toBe(true);
        let change = 0n;
        for (const o of desk.orders()) {
          const sign = o.side === 'BUY' ? 1n : -1n;
          if (o.base === currency) change += sign * o.filled;
          if (o.quote === currency) change -= sign * o.value + o.fees;
        }
        expect(wallet.available + wallet.hold, `${currency} in all`).toBe((before.get(currency) ?? 0n) + change);
      }
      for (const o of desk.orders()) {
        if (terminal.has(o.status)) expect(o.hold).toBe(0n);
        expect(desk.fills.filter((f) => f.order === o).reduce((sum, f) => sum + f.size, 0n)).toBe(o.filled);
      }
    }),
    { numRuns: 60 },
  );
});

test('amounts are read and written without a rounding error', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (amount) => {
      expect(readFixed(fixedText(amount))).toBe(amount);
    }),
  );
  expect(['1e5', '', 'x', '1,0', null, undefined, {}].map(readFixed)).toEqual(Array(7).fill(null));
  expect(fixedText(times(fixed('0.01'), fixed('90000')))).toBe('900');
  expect(fixedText(over(fixed('900'), fixed('0.01')))).toBe('90000');
  expect(fixedText(floorTo(fixed('1.23456'), fixed('0.01')))).toBe('1.23');
});
