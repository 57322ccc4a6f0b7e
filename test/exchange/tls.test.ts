// TLS mode: certificates of the exchange's own CA, and the three ways in which they can be wrong.
import { X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { expect, test } from 'vitest';
import type { Exchange } from '../../src/exchange/exchange.ts';
import { Client, exchangeFor, onChannel } from './support.ts';

function time(exchange: Exchange, host: string): Promise<number> {
  const url = new URL('/api/v3/brokerage/time', exchange.restUrl);
  return new Promise((resolve, reject) => {
    const sent = request({ host, port: url.port, path: url.pathname, ca: exchange.caPem, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });
}

test('a client that trusts the CA is served by address and by name', async () => {
  const exchange = await exchangeFor({ tls: true });
  expect(exchange.restUrl).toMatch(/^https:/);
  expect(await time(exchange, '127.0.0.1')).toBe(200);
  expect(await time(exchange, 'localhost')).toBe(200);
  const client = await Client.open(exchange.publicUrl, { ca: exchange.caPem });
  client.subscribe('ticker', { product_ids: ['BTC-USD'] });
  await client.frame(onChannel('ticker'));
  exchange.apply({ kind: 'cut', how: 'reset' });
  expect((await client.closed).code).toBe(1006);
});

test('the CA is a CA, the leaf is not', async () => {
  const exchange = await exchangeFor({ tls: true });
  const ca = new X509Certificate(exchange.caPem ?? '');
  expect([ca.ca, ca.checkIssued(ca), ca.verify(ca.publicKey)]).toEqual([true, true, true]);
});

test.each([
  ['expired', 'CERT_HAS_EXPIRED'],
  ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
] as const)('a certificate that is %s is refused, until the fault ends', async (certificate, code) => {
  const exchange = await exchangeFor({ tls: true });
  exchange.apply({ kind: 'tls', certificate });
  await expect(time(exchange, '127.0.0.1')).rejects.toMatchObject({ code });
  await expect(Client.open(exchange.userUrl, { ca: exchange.caPem })).rejects.toMatchObject({ code });
  exchange.clear();
  expect(await time(exchange, '127.0.0.1')).toBe(200);
});
