// The records that contradict each other, as they came: the order as REST, the user channel and the fills tell it, the balance as accounts
// and breakdown do. They stand in for the error body where no request failed. Pure.

import type { Case } from './case.ts';
import { clockTime } from './fields.ts';

/** One source's own words about the order or the balance. */
export interface Proof {
  source: 'REST order' | 'user channel' | 'fills' | 'accounts' | 'portfolio breakdown';
  /** `GET /accounts`, or the socket. */
  from: string;
  /** Epoch ms at which it came. */
  at: number;
  /** Sequence number of the fact. */
  seq: number;
  /** Whole, as they were received. */
  records: Record<string, unknown>[];
}

/** What is looked for: the id of the order, or the currency. */
export interface Sought {
  orderId: string | null;
  currency: string | null;
}

/** What the case's records are found by; null when it is about neither. */
export function soughtBy({ order, balance }: Pick<Case, 'order' | 'balance'>): Sought | null {
  if (order === null && balance === null) return null;
  return { orderId: order?.orderId ?? null, currency: balance?.currency ?? null };
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listIn(value: unknown, ...path: string[]): Fields[] {
  const at = path.reduce<unknown>((inner, name) => (isFields(inner) ? inner[name] : undefined), value);
  return Array.isArray(at) ? at.filter(isFields) : isFields(at) ? [at] : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What a frame or an answer says of what is sought; null when nothing. */
export function proofIn(text: string, sought: Sought): Pick<Proof, 'source' | 'records'> | null {
  const { orderId, currency } = sought;
  if (!text.includes(`"${orderId ?? currency}"`)) return null;
  const json = parsed(text);
  const about = (name: string, wanted: string | null) => (record: Fields) => wanted !== null && record[name] === wanted;
  const ofOrder = about('order_id', orderId);
  const found: [Proof['source'], Fields[]][] = [
    ['REST order', [...listIn(json, 'orders'), ...listIn(json, 'order')].filter(ofOrder)],
    ['user channel', listIn(json, 'events').flatMap((event) => listIn(event, 'orders').filter(ofOrder))],
    ['fills', listIn(json, 'fills').filter(ofOrder)],
    ['accounts', listIn(json, 'accounts').filter(about('currency', currency))],
    ['portfolio breakdown', listIn(json, 'breakdown', 'spot_positions').filter(about('asset', currency))],
  ];
  const [source, records] = found.find(([, list]) => list.length > 0) ?? [];
  return source === undefined || records === undefined ? null : { source, records };
}

/** What decides; everything else of these records is in `escalation.json`. */
const TOLD: Readonly<Record<Proof['source'], readonly string[]>> = {
  'REST order': [
    'client_order_id',
    'status',
    'order_configuration',
    'created_time',
    'last_update_time',
    'last_fill_time',
    'filled_size',
    'number_of_fills',
    'settled',
    'pending_cancel',
    'outstanding_hold_amount',
  ],
  'user channel': ['status', 'cumulative_quantity', 'leaves_quantity', 'number_of_fills', 'end_time'],
  fills: ['trade_id', 'trade_time', 'price', 'size'],
  accounts: ['uuid', 'available_balance', 'hold', 'active', 'ready', 'updated_at'],
  'portfolio breakdown': [
    'account_uuid',
    'total_balance_crypto',
    'available_to_trade_crypto',
    'available_to_transfer_crypto',
  ],
};

const RECORDS_SHOWN_MAX = 2;
/** What Coinbase writes for a time that has not come. */
const NEVER = '0001-01-01T00:00:00Z';

function told(record: Fields, names: readonly string[]): Fields {
  const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '' || value === NEVER;
  return Object.fromEntries(names.flatMap((name) => (isEmpty(record[name]) ? [] : [[name, record[name]]])));
}

const LINE_CELLS = 116;

/** A record as JSON, broken between its fields so that no line is longer than a ticket is wide. */
function recordLines(record: Fields): string[] {
  const parts = Object.entries(record).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const lines: string[] = [];
  for (const [index, part] of parts.entries()) {
    const piece = `${part}${index === parts.length - 1 ? '}' : ','}`;
    const last = lines.at(-1);
    if (last === undefined) lines.push(`  {${piece}`);
    else if (last.length + piece.length <= LINE_CELLS) lines[lines.length - 1] = `${last}${piece}`;
    else lines.push(`   ${piece}`);
  }
  return lines.length === 0 ? ['  {}'] : lines;
}

/** The records for the eyes: where each is from, then its telling fields. */
export function proofLines(proofs: readonly Proof[]): string[] {
  return proofs.flatMap(({ source, from, at, records }) => {
    const more = records.length - RECORDS_SHOWN_MAX;
    return [
      `${clockTime(at)}  ${source}, ${from}${more > 0 ? ` (${more} more in escalation.json)` : ''}`,
      ...records.slice(0, RECORDS_SHOWN_MAX).flatMap((record) => recordLines(told(record, TOLD[source]))),
    ];
  });
}
