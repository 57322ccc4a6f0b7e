// Reading of the lists and pages that answers are made of: bounded, row by row, what cannot be read left out and named.

import type { Oddity, RestMeaning } from '../core/meaning.ts';
import { fieldOf, type JsonRecord, recordOf, textField } from './json-value.ts';

/** The meaning of an answer that does not say what its endpoint promises. */
export const OTHER: RestMeaning = { kind: 'other' };

/** `other`, with what is missing named. */
export function missing(what: string, oddities: Oddity[]): RestMeaning {
  oddities.push({ name: 'field-missing', detail: `the answer has no readable ${what}` });
  return OTHER;
}

/** The readable rows of a list, at most `max`. */
export function rowsOf<Row>(
  list: readonly unknown[],
  max: number,
  oddities: Oddity[],
  read: (row: JsonRecord) => Row | null,
): Row[] {
  if (list.length > max) oddities.push({ name: 'list-cut', detail: `${list.length} rows, ${max} read` });
  const rows: Row[] = [];
  let unreadable = 0;
  for (const each of list.slice(0, max)) {
    const record = recordOf(each);
    const row = record === null ? null : read(record);
    if (row === null) unreadable += 1;
    else rows.push(row);
  }
  if (unreadable > 0) oddities.push({ name: 'row-unreadable', detail: `${unreadable} of ${list.length} rows` });
  return rows;
}

/** The cursor of the next page, or null when there is none. */
export function cursorOf(body: JsonRecord): string | null {
  const paging = recordOf(fieldOf(body, 'pagination')) ?? {};
  return textField(body, 'cursor') || textField(paging, 'next_cursor', 'cursor') || null;
}
