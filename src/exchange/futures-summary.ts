// Owns the futures balance summary, which the feed writes as plain texts and REST with currencies.
// Its figures are invented and still.

const amounts = {
  futures_buying_power: '2410.55',
  total_usd_balance: '5204.18',
  cbi_usd_balance: '2200.00',
  cfm_usd_balance: '3004.18',
  total_open_orders_hold_amount: '120.00',
  unrealized_pnl: '-21.20',
  daily_realized_pnl: '0',
  initial_margin: '473.63',
  available_margin: '2410.55',
  liquidation_threshold: '250.00',
  liquidation_buffer_amount: '2754.18',
} as const;

type Write = (amount: string) => unknown;

function margin(window: 'INTRADAY' | 'OVERNIGHT', initial: string, maintenance: string, power: string, write: Write) {
  return {
    margin_window_type: `FCM_MARGIN_WINDOW_TYPE_${window}`,
    margin_level: 'MARGIN_LEVEL_TYPE_BASE',
    initial_margin: write(initial),
    maintenance_margin: write(maintenance),
    liquidation_buffer_percentage: '1000',
    total_hold: write('120.00'),
    futures_buying_power: write(power),
  };
}

/** The summary with every amount written by `write`. */
export function futuresSummary(write: Write): Record<string, unknown> {
  const plain = Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, write(amount)]));
  return {
    ...plain,
    liquidation_buffer_percentage: '1000',
    intraday_margin_window_measure: margin('INTRADAY', '91.38', '73.10', '2792.80', write),
    overnight_margin_window_measure: margin('OVERNIGHT', '473.63', '378.90', '2410.55', write),
  };
}
