// What a contradiction's own records are found by, and what is shown of them.

import { describe, expect, it } from 'vitest';
import { proofIn, proofLines } from '../../src/escalation/proof.ts';

const ORDER = { orderId: 'order-1', currency: null };
const BTC = { orderId: null, currency: 'BTC' };

describe('the records of a contradiction', () => {
  it.each([
    ['REST order', ORDER, { orders: [{ order_id: 'other' }, { order_id: 'order-1', status: 'OPEN' }] }, 1],
    ['REST order', ORDER, { order: { order_id: 'order-1' } }, 1],
    ['fills', ORDER, { fills: [{ order_id: 'order-1' }, { order_id: 'order-1' }, { order_id: 'x' }] }, 2],
    ['user channel', ORDER, { channel: 'user', events: [{ orders: [{ order_id: 'order-1' }] }] }, 1],
    ['accounts', BTC, { accounts: [{ currency: 'ETH' }, { currency: 'BTC' }] }, 1],
    ['portfolio breakdown', BTC, { breakdown: { spot_positions: [{ asset: 'BTC' }] } }, 1],
  ] as const)('are found in %s', (source, sought, body, count) => {
    const found = proofIn(JSON.stringify(body), sought);
    expect([found?.source, found?.records.length]).toEqual([source, count]);
  });

  it.each([
    ['another order', { orders: [{ order_id: 'order-10' }] }],
    ['a wrong shape', { orders: 'order-1', fills: null, events: [null, { orders: { order_id: 2 } }] }],
    ['a mention', { note: 'order-1' }],
    ['nothing', null],
  ])('are not found in %s', (_, body) => {
    expect(proofIn(JSON.stringify(body), ORDER)).toBeNull();
  });

  it('are not found in what is cut off', () => {
    expect(proofIn('{"orders":[{"order_id":"order-1","st', ORDER)).toBeNull();
  });

  it('are shown by what decides, a few of many', () => {
    const fill = { order_id: 'order-1', size: '1', user_id: 'u', price: '' };
    const lines = proofLines([{ source: 'fills', from: 'GET /fills', at: 0, seq: 1, records: Array(5).fill(fill) }]);
    expect(lines[0]).toBe('00:00:00.000  fills, GET /fills (3 more in escalation.json)');
    expect(lines.slice(1)).toEqual(Array(2).fill('  {"size":"1"}'));
  });
});
