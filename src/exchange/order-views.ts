// Owns the two shapes of an order and the shape of a fill, as the user channel and REST write them.
// Field sets follow live samples.
import { isoTime } from './clock.ts';
import { averagePrice } from './desk.ts';
import { fixedText, times } from './fixed.ts';
import { type Fill, type Order, terminal } from './order.ts';

const never = '0001-01-01T00:00:00Z';

/** An order as a `user` frame carries it: all texts, cumulative. */
export function userOrder(order: Order, portfolio: string): Record<string, string> {
  const done = terminal.has(order.status);
  return {
    avg_price: averagePrice(order),
    cancel_reason: order.cancelReason,
    client_order_id: order.clientOrderId,
    completion_percentage: completion(order, 2),
    contract_expiry_type: 'UNKNOWN_CONTRACT_EXPIRY_TYPE',
    cumulative_quantity: fixedText(order.filled),
    filled_value: fixedText(order.value),
    leaves_quantity: done ? '0' : fixedText(order.size - order.filled),
    limit_price: order.type === 'MARKET' ? '' : fixedText(order.limit),
    number_of_fills: String(order.fillCount),
    order_id: order.id,
    order_side: order.side,
    order_type: order.type === 'MARKET' ? 'Market' : 'Limit',
    outstanding_hold_amount: fixedText(order.hold),
    post_only: String(order.postOnly),
    product_id: order.productId,
    product_type: 'SPOT',
    reject_reason: '',
    retail_portfolio_id: portfolio,
    risk_managed_by: 'UNKNOWN_RISK_MANAGEMENT_TYPE',
    status: order.status,
    stop_price: '',
    time_in_force: order.timeInForce,
    total_fees: fixedText(order.fees),
    total_value_after_fees: afterFees(order),
    trigger_status: 'INVALID_ORDER_TYPE',
    creation_time: isoTime(order.createdMs),
    end_time: never,
    start_time: never,
  };
}

/** An order as REST shows it. */
export function restOrder(order: Order, userId: string, portfolio: string): Record<string, unknown> {
  return {
    order_id: order.id,
    product_id: order.productId,
    user_id: userId,
    order_configuration: order.configuration,
    side: order.side,
    client_order_id: order.clientOrderId,
    status: order.status,
    time_in_force: order.timeInForce,
    created_time: isoTime(order.createdMs),
    completion_percentage: completion(order, 0),
    filled_size: fixedText(order.filled),
    average_filled_price: averagePrice(order),
    fee: '',
    number_of_fills: String(order.fillCount),
    filled_value: fixedText(order.value),
    pending_cancel: order.status === 'CANCEL_QUEUED',
    size_in_quote: order.sizeInQuote,
    total_fees: fixedText(order.fees),
    size_inclusive_of_fees: order.sizeInQuote,
    total_value_after_fees: afterFees(order),
    trigger_status: 'INVALID_ORDER_TYPE',
    order_type: order.type,
    reject_reason: 'REJECT_REASON_UNSPECIFIED',
    settled: order.status === 'FILLED',
    product_type: 'SPOT',
    reject_message: '',
    cancel_message: order.cancelReason,
    order_placement_source: 'RETAIL_ADVANCED',
    outstanding_hold_amount: fixedText(order.hold),
    is_liquidation: false,
    last_fill_time: order.lastFillMs === null ? null : isoTime(order.lastFillMs),
    edit_history: [],
    leverage: '',
    margin_type: 'UNKNOWN_MARGIN_TYPE',
    retail_portfolio_id: portfolio,
    originating_order_id: '',
    attached_order_id: '',
    attached_order_configuration: null,
    last_update_time: isoTime(order.updatedMs),
  };
}

/** A fill as REST shows it. */
export function restFill(fill: Fill, userId: string, portfolio: string): Record<string, unknown> {
  const commission = fixedText(fill.commission);
  return {
    entry_id: fill.entryId,
    trade_id: fill.tradeId,
    order_id: fill.order.id,
    trade_time: isoTime(fill.atMs),
    trade_type: 'FILL',
    price: fixedText(fill.price),
    size: fixedText(fill.size),
    commission,
    product_id: fill.order.productId,
    sequence_timestamp: isoTime(fill.atMs + 4),
    liquidity_indicator: fill.order.type === 'MARKET' ? 'TAKER' : 'MAKER',
    size_in_quote: false,
    user_id: userId,
    side: fill.order.side,
    retail_portfolio_id: portfolio,
    fillSource: 'FILL_SOURCE_CLOB',
    commission_detail_total: commissionDetail(commission),
  };
}

export function commissionDetail(total: string): Record<string, string> {
  return {
    total_commission: total,
    gst_commission: '',
    withholding_commission: '',
    client_commission: total,
    venue_commission: '',
    regulatory_commission: '',
    clearing_commission: '',
  };
}

function completion(order: Order, digits: number): string {
  if (order.filled === 0n) return '0';
  return ((Number(order.filled) / Number(order.size)) * 100).toFixed(digits);
}

function afterFees(order: Order): string {
  const whole = order.status === 'FILLED' ? order.value + order.fees : times(order.size, order.limit) + order.fees;
  return fixedText(order.side === 'BUY' ? whole : order.value - order.fees);
}
