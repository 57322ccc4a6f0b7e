// Settings of a run that only listens to a local server: market data, no key, no REST.

import type { Settings } from '../../src/core/fact.ts';

export function listenOnly(publicUrl: string): Settings {
  return {
    products: ['BTC-USD', 'ETH-USD', 'SOL-USD', 'XRP-USD'],
    channels: ['ticker', 'level2', 'market_trades'],
    publicUrl,
    userUrl: publicUrl,
    restUrl: publicUrl.replace('ws:', 'http:'),
    polls: { time: 0, key_permissions: 0, accounts: 0, orders: 0, fills: 0, products: 0, portfolio: 0 },
    needs: ['view'],
    uiShows: null,
    user: false,
    rest: false,
    heartbeats: true,
    signPublic: false,
    reauth: 'never',
    deflate: false,
  };
}
