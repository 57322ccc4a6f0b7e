// What the body of a good answer says, endpoint by endpoint (reference part 4). Amounts stay the decimal digits that came.
// Total: a row that cannot be read is left out and named; a body without what the endpoint promises is `other`.

import { ACCOUNTS_MAX, CATALOGUE_MAX, PRODUCTS_MAX } from '../core/bounds.ts';
import type { AccountBalance, Oddity, RestMeaning } from '../core/meaning.ts';
import { readInstant } from './instant.ts';
import { decimalOf, fieldOf, flagOf, type JsonRecord, listOf, recordOf, textField } from './json-value.ts';
import { fills, orders } from './rest-orders.ts';
import { cursorOf, missing, OTHER, rowsOf } from './rest-rows.ts';

const PLAUSIBLE_FROM_MS = 1_000_000_000_000;
const PLAUSIBLE_TO_MS = 10_000_000_000_000;

function time(body: JsonRecord, oddities: Oddity[]): RestMeaning {
  const inner = recordOf(fieldOf(body, 'data')) ?? body;
  const millis = Number(decimalOf(fieldOf(inner, 'epochMillis')) ?? Number.NaN);
  const seconds = Number(decimalOf(fieldOf(inner, 'epochSeconds') ?? fieldOf(inner, 'epoch')) ?? Number.NaN) * 1_000;
  const epochMs = [millis, seconds, readInstant(textField(inner, 'iso')) ?? Number.NaN].find(
    (each) => each >= PLAUSIBLE_FROM_MS && each < PLAUSIBLE_TO_MS,
  );
  if (epochMs === undefined) return missing('time', oddities);
  if (epochMs !== millis)
    oddities.push({ name: 'coarse-time', detail: 'no epochMillis; the time may lack its fraction' });
  return { kind: 'time', epochMs };
}

function keyPermissions(body: JsonRecord, oddities: Oddity[]): RestMeaning {
  const canView = flagOf(fieldOf(body, 'can_view'));
  if (canView === null) return missing('can_view', oddities);
  return {
    kind: 'key_permissions',
    canView,
    canTrade: flagOf(fieldOf(body, 'can_trade')) ?? false,
    canTransfer: flagOf(fieldOf(body, 'can_transfer')) ?? false,
    portfolioUuid: textField(body, 'portfolio_uuid') || null,
    portfolioType: textField(body, 'portfolio_type') || null,
  };
}

function amountOf(value: unknown): string | null {
  const record = recordOf(value);
  return decimalOf(record === null ? value : fieldOf(record, 'value'));
}

function account(row: JsonRecord): AccountBalance | null {
  const currency = textField(row, 'currency');
  const available = amountOf(fieldOf(row, 'available_balance'));
  const held = fieldOf(row, 'hold');
  const hold = held === undefined || held === null ? '0' : amountOf(held);
  if (currency === '' || available === null || hold === null) return null;
  return {
    uuid: textField(row, 'uuid'),
    currency,
    available,
    hold,
    type: textField(row, 'type'),
    platform: textField(row, 'platform'),
    portfolioId: textField(row, 'retail_portfolio_id'),
  };
}

function accounts(body: JsonRecord, oddities: Oddity[]): RestMeaning {
  const one = recordOf(fieldOf(body, 'account'));
  const list = one === null ? listOf(fieldOf(body, 'accounts')) : [one];
  if (list === null) return missing('accounts', oddities);
  const hasNext = flagOf(fieldOf(body, 'has_next')) ?? false;
  return { kind: 'accounts', accounts: rowsOf(list, ACCOUNTS_MAX, oddities, account), hasNext, cursor: cursorOf(body) };
}

interface Product {
  id: string;
  twins: string[];
}

function product(row: JsonRecord): Product | null {
  const id = textField(row, 'product_id', 'id');
  const named = (listOf(fieldOf(row, 'alias_to')) ?? []).slice(0, PRODUCTS_MAX);
  const twins = [fieldOf(row, 'alias'), ...named].filter(
    (each) => typeof each === 'string' && each !== '' && each !== id,
  );
  return id === '' ? null : { id, twins: twins as string[] };
}

function products(body: JsonRecord, oddities: Oddity[]): RestMeaning {
  const list = listOf(fieldOf(body, 'products')) ?? (textField(body, 'product_id') === '' ? null : [body]);
  if (list === null) return missing('products', oddities);
  const found = rowsOf(list, CATALOGUE_MAX, oddities, product);
  const aliases = new Map<string, Set<string>>();
  const tie = (id: string, twin: string) => aliases.set(id, (aliases.get(id) ?? new Set()).add(twin));
  for (const { id, twins } of found) {
    for (const twin of twins) {
      tie(id, twin);
      tie(twin, id);
    }
  }
  return {
    kind: 'products',
    productIds: found.map((each) => each.id),
    aliases: Object.fromEntries([...aliases].map(([id, twins]) => [id, [...twins]])),
  };
}

function portfolio(body: JsonRecord, oddities: Oddity[]): RestMeaning {
  const breakdown = recordOf(fieldOf(body, 'breakdown'));
  const positions = breakdown === null ? undefined : fieldOf(breakdown, 'spot_positions');
  // An empty list of a Go server may come as null.
  const list = positions === null ? [] : listOf(positions);
  if (breakdown === null || list === null) return missing('breakdown.spot_positions', oddities);
  const totals = rowsOf(list, ACCOUNTS_MAX, oddities, (row) => {
    const asset = textField(row, 'asset');
    const total = amountOf(fieldOf(row, 'total_balance_crypto'));
    if (asset === '' || total === null) return null;
    return {
      asset,
      total,
      accountType: textField(row, 'account_type'),
      isCash: flagOf(fieldOf(row, 'is_cash')) ?? false,
    };
  });
  const about = recordOf(fieldOf(breakdown, 'portfolio')) ?? {};
  return { kind: 'portfolio', uuid: textField(about, 'uuid') || null, totals };
}

const READERS: Readonly<Record<string, (body: JsonRecord, oddities: Oddity[]) => RestMeaning>> = {
  time,
  key_permissions: keyPermissions,
  accounts,
  account: accounts,
  orders,
  order: orders,
  fills,
  products,
  market_products: products,
  product: products,
  market_product: products,
  portfolio,
};

/** What a good answer of this endpoint means; `other` for endpoints that nobody reads. */
export function restMeaningOf(endpoint: string, body: JsonRecord, oddities: Oddity[]): RestMeaning {
  const read = Object.hasOwn(READERS, endpoint) ? READERS[endpoint] : undefined;
  return read === undefined ? OTHER : read(body, oddities);
}
