// What the events of a frame say, channel by channel (reference 3.5, 3.8, 3.12). Total: what cannot be read is left out and named.

import { CHANNELS_MAX, ORDERS_MAX, PRODUCTS_MAX, TEXT_SHOWN_MAX } from '../core/bounds.ts';
import type { Meaning, Oddity, UserOrder } from '../core/meaning.ts';
import { ACKNOWLEDGEMENTS, channelOfData, nearestChannel } from './channels.ts';
import { readGoTime } from './instant.ts';
import { fieldOf, type JsonRecord, listOf, recordOf, textField, textOf, wholeNumberOf } from './json-value.ts';
import { orderWord } from './words.ts';

export function unknown(why: string): Meaning {
  return { kind: 'unknown', why };
}

function cut<Item>(items: readonly Item[], max: number, what: string, oddities: Oddity[]): readonly Item[] {
  if (items.length <= max) return items;
  oddities.push({ name: 'list-cut', detail: `${items.length} ${what}, ${max} read` });
  return items.slice(0, max);
}

function isSnapshot(events: readonly JsonRecord[]): boolean {
  return events.some((event) => textField(event, 'type').toLowerCase() === 'snapshot');
}

function heartbeat(events: readonly JsonRecord[], oddities: Oddity[]): Meaning {
  const beat = events.findLast((event) => fieldOf(event, 'heartbeat_counter') !== undefined) ?? events.at(-1) ?? {};
  const raw = fieldOf(beat, 'heartbeat_counter');
  const counter = wholeNumberOf(raw);
  if (counter === null) {
    oddities.push({ name: 'counter-unreadable', detail: `heartbeat_counter is ${shown(raw)}` });
  }
  const time = textField(beat, 'current_time');
  const currentTimeMs = readGoTime(time);
  if (currentTimeMs === null)
    oddities.push({ name: 'current-time-unreadable', detail: `current_time is ${shown(time)}` });
  const uptime = /\bm=\+(\d{1,12}(?:\.\d{1,12})?)/.exec(time)?.[1];
  const uptimeS = uptime === undefined ? null : Number(uptime);
  return { kind: 'heartbeat', counter, counterWasString: typeof raw === 'string', currentTimeMs, uptimeS };
}

/** A value as evidence: what it is, at most 200 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  const text =
    typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : String(value);
  return text === '' ? 'empty' : `"${text.slice(0, TEXT_SHOWN_MAX)}"`;
}

function namesOf(value: unknown, oddities: Oddity[]): string[] {
  const list = listOf(value) ?? (typeof value === 'string' ? [value] : []);
  return cut(list, PRODUCTS_MAX, 'acknowledged names', oddities)
    .map(textOf)
    .filter((name) => name !== '');
}

function subscriptions(events: readonly JsonRecord[], oddities: Oddity[]): Meaning {
  // The list is cumulative, so the last event that holds one is the whole truth.
  const told = events.map((event) => recordOf(fieldOf(event, 'subscriptions'))).findLast((each) => each !== null);
  if (told === undefined || told === null) {
    oddities.push({ name: 'subscriptions-missing', detail: 'the acknowledgement lists no subscriptions' });
    return unknown('an acknowledgement without its list');
  }
  const channels = cut(Object.entries(told), CHANNELS_MAX, 'channels', oddities);
  return {
    kind: 'subscriptions',
    channels: Object.fromEntries(channels.map(([name, products]) => [name, namesOf(products, oddities)])),
  };
}

function userOrder(order: JsonRecord): UserOrder {
  return {
    orderId: textField(order, 'order_id'),
    clientOrderId: textField(order, 'client_order_id'),
    productId: textField(order, 'product_id'),
    side: orderWord(textField(order, 'order_side', 'side')),
    status: orderWord(textField(order, 'status')),
    orderType: orderWord(textField(order, 'order_type')),
    cumulativeQuantity: textField(order, 'cumulative_quantity', 'filled_size'),
    leavesQuantity: textField(order, 'leaves_quantity'),
    averagePrice: textField(order, 'avg_price', 'average_filled_price'),
    limitPrice: textField(order, 'limit_price'),
    numberOfFills: textField(order, 'number_of_fills'),
    createdAt: textField(order, 'creation_time', 'created_time'),
    triggerStatus: orderWord(textField(order, 'trigger_status')),
  };
}

function user(events: readonly JsonRecord[], oddities: Oddity[]): Meaning {
  const told = events.flatMap((event) => listOf(fieldOf(event, 'orders')) ?? []);
  const orders: UserOrder[] = [];
  for (const each of cut(told, ORDERS_MAX, 'orders', oddities)) {
    const order = recordOf(each);
    if (order !== null && textField(order, 'order_id') !== '') orders.push(userOrder(order));
    else oddities.push({ name: 'order-without-id', detail: 'an order of the user channel has no order_id' });
  }
  return { kind: 'user', snapshot: isSnapshot(events), orders };
}

const ROWS: Readonly<Record<string, { list: string; id: string }>> = {
  ticker: { list: 'tickers', id: 'product_id' },
  ticker_batch: { list: 'tickers', id: 'product_id' },
  market_trades: { list: 'trades', id: 'product_id' },
  candles: { list: 'candles', id: 'product_id' },
  status: { list: 'products', id: 'id' },
};

function productIdsOf(channel: string, events: readonly JsonRecord[], oddities: Oddity[]): string[] {
  const found = new Set<string>();
  const rows = Object.hasOwn(ROWS, channel) ? ROWS[channel] : undefined;
  for (const event of events) {
    found.add(textField(event, 'product_id'));
    if (rows === undefined) continue;
    for (const row of listOf(fieldOf(event, rows.list)) ?? []) {
      found.add(textField(recordOf(row) ?? {}, rows.id, 'product_id'));
    }
  }
  found.delete('');
  return [...cut([...found], PRODUCTS_MAX, 'products', oddities)];
}

/** What the events of a data frame of this channel (as the frame names it) mean. */
export function meaningOf(channel: string, events: readonly JsonRecord[], oddities: Oddity[]): Meaning {
  if (channel === ACKNOWLEDGEMENTS) return subscriptions(events, oddities);
  const known = channelOfData(channel);
  if (known === null) {
    const nearest = nearestChannel(channel);
    const hint = nearest === null ? '' : `; the nearest is ${nearest}`;
    oddities.push({ name: 'unknown-channel', detail: `channel ${shown(channel)} is not one of the nine${hint}` });
    return unknown('a channel that is not one of the nine');
  }
  if (known.name === 'heartbeats') return heartbeat(events, oddities);
  if (known.name === 'user') return user(events, oddities);
  const productIds = known.takesProducts ? productIdsOf(known.name, events, oddities) : [];
  return { kind: 'data', channel: known.name, snapshot: isSnapshot(events), productIds };
}
