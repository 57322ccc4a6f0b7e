// The nine channel names of Advanced Trade (reference 3.1): all that the fold needs to know of them.

export const CHANNEL_NAMES: ReadonlySet<string> = new Set([
  'heartbeats',
  'ticker',
  'ticker_batch',
  'level2',
  'market_trades',
  'candles',
  'status',
  'user',
  'futures_balance_summary',
]);
