// The live feed against the simulated exchange, which shares no code with it: real tokens, TLS, every poll, both sockets.

import { afterEach, describe, expect, test } from 'vitest';
import { inspectCredentials } from '../../src/coinbase/key.ts';
import type { PollName, Settings } from '../../src/core/fact.ts';
import { type Exchange, type ExchangeOptions, startExchange } from '../../src/exchange/exchange.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createLiveFeed } from '../../src/feed/live.ts';
import { createSigner } from '../../src/feed/signer.ts';
import { FactLog } from './fact-log.ts';

const NAMES: PollName[] = ['time', 'key_permissions', 'accounts', 'orders', 'fills', 'products', 'portfolio'];
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function settingsFor(exchange: Exchange): Settings {
  return {
    products: ['BTC-USD'],
    channels: ['ticker', 'user'],
    publicUrl: exchange.publicUrl,
    userUrl: exchange.userUrl,
    restUrl: exchange.restUrl,
    polls: { time: 0, key_permissions: 0, accounts: 0, orders: 0, fills: 0, products: 0, portfolio: 0 },
    needs: ['view'],
    uiShows: null,
    user: true,
    rest: true,
    heartbeats: true,
    signPublic: false,
    reauth: 'resubscribe',
    deflate: false,
  };
}

async function start(options: ExchangeOptions): Promise<{ exchange: Exchange; feed: Feed; log: FactLog }> {
  const exchange = await startExchange(options);
  const { id, secret } = exchange.keys.es256;
  const { key } = inspectCredentials({ source: 'test', keyId: id, secret, alsoFound: [] });
  if (key === null) throw new Error('the exchange made a key that cannot be used');
  const signer = createSigner(key);
  if ('problem' in signer) throw new Error(signer.problem);
  const log = new FactLog();
  const feed = createLiveFeed({ settings: settingsFor(exchange), signer, caPem: exchange.caPem ?? null }, log.emit);
  closing.push(
    () => feed.stop('test over'),
    () => exchange.close(),
  );
  return { exchange, feed, log };
}

function frames(log: FactLog): string[] {
  return log.all('frame.received').map((fact) => Buffer.from(fact.bytes).toString('utf8'));
}

describe.each([{ tls: false }, { tls: true }])('the exchange with %o', (options) => {
  test('every poll is answered with 200', async () => {
    const { feed, log } = await start(options);
    for (const name of NAMES) feed.perform({ command: 'poll', name, everyMs: 60_000 });
    await log.until(() => new Set(log.all('response.arrived').map((fact) => fact.endpoint)).size === NAMES.length);
    expect(log.all('response.arrived').map((fact) => fact.status)).toEqual(log.all('request.sent').map(() => 200));
    expect(log.all('request.failed')).toEqual([]);
    expect(log.all('request.sent').every((fact) => fact.signed === (fact.endpoint !== 'time'))).toBe(true);
  });

  test('a signed subscription brings the user snapshot; the server 40 s behind is signed for', async () => {
    const { exchange, feed, log } = await start(options);
    exchange.apply({ kind: 'skew', ms: -40_000 });
    feed.perform({ command: 'measure-clock', reason: 'start' });
    feed.perform({ command: 'connect', connection: 'user', attempt: 1 });
    await log.wait('socket.opened');
    feed.perform({ command: 'subscribe', connection: 'user', channel: 'heartbeats', productIds: [], signed: false });
    feed.perform({ command: 'subscribe', connection: 'user', channel: 'user', productIds: [], signed: true });
    await log.until(() => frames(log).some((text) => text.includes('"channel":"user"')), 'a user frame');
    expect(frames(log).some((text) => text.includes('"type":"error"'))).toBe(false);
    const made = await log.wait('token.made');
    expect(made.clock).toBe('server');
    expect(Math.abs(made.token.nbf + 5 - exchange.now() / 1000)).toBeLessThan(3);
  });

  test.each([
    [{ kind: 'cut', how: 'fin' }, 'fin-without-close-frame'],
    [{ kind: 'cut', how: 'reset' }, 'reset'],
    [{ kind: 'close', code: 1001 }, 'close-frame'],
  ] as const)('%o is told as %s', async (fault, cause) => {
    const { exchange, feed, log } = await start(options);
    feed.perform({ command: 'connect', connection: 'public', attempt: 1 });
    await log.wait('socket.opened');
    feed.perform({
      command: 'subscribe',
      connection: 'public',
      channel: 'ticker',
      productIds: ['BTC-USD'],
      signed: false,
    });
    await log.wait('frame.received');
    exchange.apply(fault);
    expect((await log.wait('socket.closed')).cause).toBe(cause);
  });
});
