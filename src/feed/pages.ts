// Follows the cursor of an endpoint that pages to its end, within bounds (reference part 4, 6.3 row 51).

import type { Endpoint, Parameters } from '../coinbase/endpoints.ts';
import { fieldOf, flagOf, listOf, parseJson, recordOf } from '../coinbase/json-value.ts';
import { ACCOUNTS_MAX, FILLS_MAX, ORDERS_MAX } from '../core/bounds.ts';
import type { Rest, RestResult, Why } from './rest.ts';

const PAGES_MAX = 20;
/** More than the model holds is not asked for. */
const ITEMS_MAX: Readonly<Record<string, number>> = { accounts: ACCOUNTS_MAX, orders: ORDERS_MAX, fills: FILLS_MAX };

interface Page {
  items: number;
  cursor: string | null;
}

function readPage(body: string, listName: string): Page {
  const record = recordOf(parseJson(body));
  if (record === null) return { items: 0, cursor: null };
  const cursor = fieldOf(record, 'cursor');
  // Fills have no `has_next`: there an empty cursor ends the list.
  const more = flagOf(fieldOf(record, 'has_next')) !== false && typeof cursor === 'string' && cursor !== '';
  return { items: listOf(fieldOf(record, listName))?.length ?? 0, cursor: more ? cursor : null };
}

/** All pages of one endpoint, each its own request; the result is that of the first page. */
export async function getPages(rest: Rest, endpoint: Endpoint, params: Parameters, why: Why): Promise<RestResult> {
  const first = await rest.get({ endpoint, params, why });
  if (endpoint.paging === null) return first;
  let result = first;
  let items = 0;
  const seen = new Set<string>();
  for (let page = 1; page < PAGES_MAX; page += 1) {
    if (result.outcome !== 'answered' || result.status >= 300 || result.truncated) break;
    const { cursor, items: count } = readPage(result.body, endpoint.name);
    items += count;
    if (cursor === null || seen.has(cursor) || count === 0 || items >= (ITEMS_MAX[endpoint.name] ?? 0)) break;
    seen.add(cursor);
    result = await rest.get({ endpoint, params: { ...params, cursor }, why: 'page' });
  }
  return first;
}
