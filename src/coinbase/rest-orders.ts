// What REST says of orders and fills (reference part 4): names as they come, words in one spelling, amounts as digits.

import { FILLS_MAX, ORDERS_MAX } from '../core/bounds.ts';
import type { Fill, Oddity, RestMeaning, RestOrder } from '../core/meaning.ts';
import { decimalOf, fieldOf, flagOf, type JsonRecord, listOf, recordOf, textField } from './json-value.ts';
import { cursorOf, missing, rowsOf } from './rest-rows.ts';
import { orderWord } from './words.ts';

function baseSizeOf(row: JsonRecord): string | null {
  const configurations = Object.values(recordOf(fieldOf(row, 'order_configuration')) ?? {});
  for (const each of configurations) {
    const size = decimalOf(fieldOf(recordOf(each) ?? {}, 'base_size'));
    if (size !== null) return size;
  }
  return null;
}

function order(row: JsonRecord): RestOrder | null {
  const orderId = textField(row, 'order_id');
  if (orderId === '') return null;
  return {
    orderId,
    clientOrderId: textField(row, 'client_order_id'),
    productId: textField(row, 'product_id'),
    side: orderWord(textField(row, 'side', 'order_side')),
    status: orderWord(textField(row, 'status')),
    orderType: orderWord(textField(row, 'order_type')),
    filledSize: textField(row, 'filled_size'),
    completionPercentage: textField(row, 'completion_percentage'),
    numberOfFills: textField(row, 'number_of_fills'),
    createdTime: textField(row, 'created_time'),
    lastUpdateTime: textField(row, 'last_update_time'),
    triggerStatus: orderWord(textField(row, 'trigger_status')),
    baseSize: baseSizeOf(row),
  };
}

/** Orders of a list, or the one order of a single answer. */
export function orders(body: JsonRecord, oddities: Oddity[]): RestMeaning {
  const one = recordOf(fieldOf(body, 'order'));
  const list = one === null ? listOf(fieldOf(body, 'orders')) : [one];
  if (list === null) return missing('orders', oddities);
  const hasNext = flagOf(fieldOf(body, 'has_next')) ?? false;
  return { kind: 'orders', orders: rowsOf(list, ORDERS_MAX, oddities, order), hasNext, cursor: cursorOf(body) };
}

function fill(row: JsonRecord): Fill | null {
  const orderId = textField(row, 'order_id');
  const size = decimalOf(fieldOf(row, 'size'));
  if (orderId === '' || size === null) return null;
  return {
    tradeId: textField(row, 'trade_id', 'entry_id'),
    orderId,
    productId: textField(row, 'product_id'),
    size,
    sizeInQuote: flagOf(fieldOf(row, 'size_in_quote')) ?? false,
    price: textField(row, 'price'),
    side: orderWord(textField(row, 'side')),
    tradeTime: textField(row, 'trade_time'),
  };
}

/** Fills of a page. */
export function fills(body: JsonRecord, oddities: Oddity[]): RestMeaning {
  const list = listOf(fieldOf(body, 'fills'));
  if (list === null) return missing('fills', oddities);
  return { kind: 'fills', fills: rowsOf(list, FILLS_MAX, oddities, fill), cursor: cursorOf(body) };
}
