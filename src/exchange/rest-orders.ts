// Owns the order answers: list, one, fills, create, preview, cancel.
// A refused order is HTTP 200, as at the real service.
import { fixed, fixedText, times } from './fixed.ts';
import { asObject, type Order } from './order.ts';
import { cancellable } from './order-life.ts';
import { commissionDetail, restFill, restOrder } from './order-views.ts';
import { findProduct, tickText } from './products.ts';
import { type Call, failed, numberOf, ok, type Reply } from './rest-call.ts';
import { boundPortfolio, type World } from './world.ts';

const noReason = 'UNKNOWN_FAILURE_REASON';

function visible(world: World): Order[] {
  if (boundPortfolio(world).type !== 'DEFAULT') return [];
  // Newest first; the desk keeps them oldest first.
  return world.desk
    .orders()
    .reverse()
    .map((o) => world.desk.restView(o));
}

function shown(world: World, order: Order): Record<string, unknown> {
  return restOrder(order, world.desk.userId, boundPortfolio(world).uuid);
}

export function listOrders(call: Call): Reply {
  const list = visible(call.world).filter((o) => fits(o, call.query));
  const page = paged(list, call.query, list.length || 1, (o) => o.id);
  return ok({
    orders: page.items.map((o) => shown(call.world, o)),
    sequence: '0',
    has_next: page.cursor !== '',
    cursor: page.cursor,
    proof_token_required: false,
  });
}

function fits(order: Order, query: URLSearchParams): boolean {
  const among = (name: string, value: string) => query.getAll(name).length === 0 || query.getAll(name).includes(value);
  const start = Date.parse(query.get('start_date') ?? '');
  const end = Date.parse(query.get('end_date') ?? '');
  return (
    among('order_ids', order.id) &&
    among('product_ids', order.productId) &&
    among('order_status', order.status) &&
    among('order_types', order.type) &&
    among('time_in_forces', order.timeInForce) &&
    among('order_side', order.side) &&
    among('product_type', 'SPOT') &&
    !(order.createdMs < start) &&
    !(order.createdMs > end)
  );
}

function paged<T>(list: readonly T[], query: URLSearchParams, otherwise: number, idOf: (item: T) => string) {
  const cursor = query.get('cursor') ?? '';
  const from = cursor === '' ? 0 : list.findIndex((item) => idOf(item) === cursor) + 1;
  const items = list.slice(from, from + numberOf(query, 'limit', otherwise));
  const last = items.at(-1);
  return { items, cursor: last !== undefined && from + items.length < list.length ? idOf(last) : '' };
}

export function oneOrder(call: Call): Reply {
  const order = visible(call.world).find((o) => o.id === call.params[0]);
  return order === undefined
    ? failed(404, 'unknown', 'order with this orderID was not found')
    : ok({ order: shown(call.world, order) });
}

export function listFills(call: Call): Reply {
  const { world, query } = call;
  const among = (name: string, value: string) => query.getAll(name).length === 0 || query.getAll(name).includes(value);
  const own = boundPortfolio(world);
  const list =
    own.type !== 'DEFAULT'
      ? []
      : world.desk.fills.filter((f) => {
          return (
            among('order_ids', f.order.id) && among('product_ids', f.order.productId) && among('trade_ids', f.tradeId)
          );
        });
  const page = paged(list, query, 100, (f) => f.tradeId);
  return ok({
    fills: page.items.map((f) => restFill(f, world.desk.userId, own.uuid)),
    cursor: page.cursor,
    proof_token_required: false,
  });
}

export function createOrder(call: Call): Reply {
  const { world, body } = call;
  const known = world.desk.orders().find((o) => o.clientOrderId !== '' && o.clientOrderId === body.client_order_id);
  if (known !== undefined) return created(known, known.configuration);
  const request = world.desk.read(body);
  if (typeof request === 'string') return refused(request, body);
  const order = world.desk.place(request);
  if (order === 'ACCOUNT_NOT_AVAILABLE') return failed(400, 'unknown', 'account is not available');
  if (typeof order === 'string') return refused(order, body);
  world.life.adopt(order);
  return created(order, request.configuration);
}

function created(order: Order, configuration: Record<string, unknown>): Reply {
  return ok({
    success: true,
    failure_reason: noReason,
    order_id: order.id,
    success_response: {
      order_id: order.id,
      product_id: order.productId,
      side: order.side,
      client_order_id: order.clientOrderId,
      attached_order_id: '',
    },
    order_configuration: configuration,
  });
}

function refused(reason: string, body: Record<string, unknown>): Reply {
  const poor = reason === 'INSUFFICIENT_FUND';
  return ok({
    success: false,
    failure_reason: noReason,
    order_id: '',
    error_response: {
      error: reason,
      message: poor ? 'Insufficient balance in source account' : reason.toLowerCase().replaceAll('_', ' '),
      error_details: '',
      preview_failure_reason: poor ? 'PREVIEW_INSUFFICIENT_FUND' : 'UNKNOWN_PREVIEW_FAILURE_REASON',
      new_order_failure_reason: poor ? noReason : reason,
    },
    order_configuration: asObject(body.order_configuration),
  });
}

export function previewOrder(call: Call): Reply {
  const { desk, market, random } = call.world;
  const request = desk.read(call.body);
  if (typeof request === 'string') return failed(400, 'INVALID_ARGUMENT', request);
  const value = times(request.size, request.limit);
  const fee = fixedText(times(value, fixed('0.006')));
  const need = desk.needed(request);
  const short = (desk.wallets.find(need.currency)?.available ?? 0n) < need.amount;
  const product = findProduct(request.productId);
  const quotes = product === null ? null : market.quotes(product.id);
  return ok({
    order_total: fixedText(value + times(value, fixed('0.006'))),
    commission_total: fee,
    errs: short ? ['PREVIEW_INSUFFICIENT_FUND'] : [],
    warning: [],
    quote_size: Number(fixedText(value)),
    base_size: Number(fixedText(request.size)),
    best_bid: quotes === null ? '' : tickText(quotes.product, quotes.bid),
    best_ask: quotes === null ? '' : tickText(quotes.product, quotes.ask),
    is_max: false,
    order_margin_total: '',
    leverage: '',
    long_leverage: '',
    short_leverage: '',
    slippage: '0',
    preview_id: short ? '' : random.uuid(),
    current_liquidation_buffer: '',
    projected_liquidation_buffer: '',
    max_leverage: '',
    pnl_configuration: null,
    commission_detail_total: commissionDetail(fee),
    est_average_filled_price: fixedText(request.limit),
  });
}

export function cancelOrders(call: Call): Reply {
  const ids = Array.isArray(call.body.order_ids) ? call.body.order_ids.filter((id) => typeof id === 'string') : [];
  return ok({ results: ids.map((id) => cancelOne(call.world, id)) });
}

function cancelOne(world: World, id: string): Record<string, unknown> {
  const order = world.desk.find(id);
  const reason = order === null ? 'UNKNOWN_CANCEL_ORDER' : cancellable(order) ? null : stateReason(order);
  if (order !== null && reason === null) world.life.cancel(order);
  return { success: reason === null, failure_reason: reason ?? 'UNKNOWN_CANCEL_FAILURE_REASON', order_id: id };
}

function stateReason(order: Order): string {
  if (order.status === 'FILLED') return 'ORDER_IS_FULLY_FILLED';
  return order.status === 'CANCEL_QUEUED' ? 'DUPLICATE_CANCEL_REQUEST' : 'INVALID_CANCEL_REQUEST';
}
