// What Coinbase says a frame or an answer is. Derived from bytes, never recorded: a better reading improves an old recording.

/** Something about a frame that does not fit the reference, though it could be read. */
export interface Oddity {
  /** Stable and short, such as `sequence-missing`, `timestamp-unreadable`, `not-json`, `control-characters`. */
  name: string;
  detail: string;
}

/** Names of the oddities that make a frame malformed; all others are peculiarities that harm nobody. */
export const MALFORMED: ReadonlySet<string> = new Set([
  'binary',
  'not-json',
  'not-an-object',
  'control-characters',
  'channel-missing',
  'events-missing',
  'sequence-unreadable',
  'timestamp-unreadable',
  'subscriptions-missing',
  'counter-unreadable',
]);

/** The outside of every data frame (reference 3.3); null where the field is absent or of another type. */
export interface Envelope {
  channel: string | null;
  sequence: number | null;
  /** Server time stamp, epoch ms with fraction. */
  timestampMs: number | null;
}

/** One order as the `user` channel tells it: cumulative state, numbers as the strings that came (reference 3.12). */
export interface UserOrder {
  orderId: string;
  clientOrderId: string;
  productId: string;
  side: string;
  status: string;
  orderType: string;
  cumulativeQuantity: string;
  leavesQuantity: string;
  averagePrice: string;
  limitPrice: string;
  numberOfFills: string;
  createdAt: string;
  /** What an order awaiting its trigger says; `PENDING` is normal for it. */
  triggerStatus: string;
}

export type Meaning =
  | {
      kind: 'heartbeat';
      counter: number | null;
      counterWasString: boolean;
      currentTimeMs: number | null;
      /** Seconds with their fraction, of which the counter is the whole part; null where the time has no `m=+…`. */
      uptimeS: number | null;
    }
  /** The whole current set of the connection, after each subscribe and unsubscribe. */
  | { kind: 'subscriptions'; channels: Record<string, string[]> }
  /** Market data that the fold only counts. `channel` is the name to subscribe with (`level2` for `l2_data`). */
  | { kind: 'data'; channel: string; snapshot: boolean; productIds: string[] }
  | { kind: 'user'; snapshot: boolean; orders: UserOrder[] }
  | { kind: 'error'; message: string; reason: string | null }
  | { kind: 'unknown'; why: string };

export interface Decoded {
  envelope: Envelope;
  meaning: Meaning;
  oddities: Oddity[];
}

/** One order as REST tells it (reference part 4); numbers as the strings that came. */
export interface RestOrder {
  orderId: string;
  clientOrderId: string;
  productId: string;
  side: string;
  status: string;
  orderType: string;
  filledSize: string;
  completionPercentage: string;
  numberOfFills: string;
  createdTime: string;
  lastUpdateTime: string;
  triggerStatus: string;
  /** Size asked for, base currency, when the configuration says; else null. */
  baseSize: string | null;
}

export interface Fill {
  tradeId: string;
  orderId: string;
  productId: string;
  size: string;
  sizeInQuote: boolean;
  price: string;
  side: string;
  tradeTime: string;
}

export interface AccountBalance {
  uuid: string;
  currency: string;
  available: string;
  hold: string;
  type: string;
  platform: string;
  portfolioId: string;
}

export type RestMeaning =
  | { kind: 'time'; epochMs: number }
  | {
      kind: 'key_permissions';
      canView: boolean;
      canTrade: boolean;
      canTransfer: boolean;
      portfolioUuid: string | null;
      portfolioType: string | null;
    }
  | { kind: 'accounts'; accounts: AccountBalance[]; hasNext: boolean; cursor: string | null }
  | { kind: 'orders'; orders: RestOrder[]; hasNext: boolean; cursor: string | null }
  | { kind: 'fills'; fills: Fill[]; cursor: string | null }
  | { kind: 'products'; productIds: string[]; aliases: Record<string, string[]> }
  /** Per asset, total as the decimal string that came (`total_balance_crypto`), and the portfolio it is about. */
  | {
      kind: 'portfolio';
      uuid: string | null;
      totals: { asset: string; total: string; accountType: string; isCash: boolean }[];
    }
  | { kind: 'other' };

/** A failed answer, read by the order of reference 5.3. */
export interface RestError {
  status: number;
  /** Short machine word if any (`error`, `errors[0].id`). */
  id: string | null;
  /** The message for people: JSON message, plain text, or HTML title; at most 200 characters, sanitised by whoever shows it. */
  message: string;
  form: 'json' | 'text' | 'html' | 'empty';
  cloudflare: boolean;
  /** Who keeps the caller out, whatever is asked: the edge by a page (403, or a challenge of any status), or the penalty box. */
  block: 'edge' | 'penalty' | null;
  /** `cf-ray` and the like, for support. */
  requestTag: string | null;
}

export interface RestDecoded {
  /** `other` when the body could not be read as what the endpoint promises. */
  meaning: RestMeaning;
  error: RestError | null;
  oddities: Oddity[];
}

/** Limits read from answer headers; null where absent or unreadable (reference 5.2). */
export interface RateHeaders {
  limit: number | null;
  remaining: number | null;
  /** Seconds until reset, when the unit could be told. */
  resetSeconds: number | null;
  retryAfterSeconds: number | null;
}

/** What we said on a socket. */
export interface SentMessage {
  type: string;
  channel: string;
  productIds: string[];
}

/** A fact's payload, read: what the fold is given beside the fact. `scan` is the hot path's, where nothing was parsed. */
export type Reading =
  | { of: 'scan'; channel: string | null; sequence: number; timestampMs: number }
  | { of: 'frame'; decoded: Decoded }
  | { of: 'sent'; message: SentMessage }
  /** The `date` header of an answered upgrade, epoch ms. */
  | { of: 'upgrade'; serverDateMs: number }
  | { of: 'response'; decoded: RestDecoded; rate: RateHeaders; serverDateMs: number | null; cacheHit: boolean }
  | { of: 'nothing' };
