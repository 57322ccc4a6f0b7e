// Coinbase's figures: what its documents state and what is only assumed (reference 5.1). Our own caps are in core/bounds.

/** `documented`: on an official page of today; `assumed`: from older pages, SDKs or reports. Answer headers beat both. */
export type LimitSource = 'documented' | 'assumed';

export type BucketName = 'rest-public' | 'rest-private' | 'rest-hour' | 'ws-connects' | 'ws-messages';

export interface DocumentedLimit {
  bucket: BucketName;
  /** How many in one window. */
  limit: number;
  windowMs: number;
  source: LimitSource;
  /** What it is counted by. */
  per: 'IP address' | 'user' | 'API key';
  /** Where the figure comes from, for people. */
  from: string;
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** The five buckets that the program counts against. */
export const LIMITS: Readonly<Record<BucketName, DocumentedLimit>> = {
  'rest-public': {
    bucket: 'rest-public',
    limit: 10,
    windowMs: SECOND_MS,
    source: 'assumed',
    per: 'IP address',
    from: 'an older rate-limit page and several SDKs; no official figure today',
  },
  'rest-private': {
    bucket: 'rest-private',
    limit: 30,
    windowMs: SECOND_MS,
    source: 'assumed',
    per: 'user',
    from: 'an older rate-limit page and several SDKs; no official figure today',
  },
  'rest-hour': {
    bucket: 'rest-hour',
    limit: 10_000,
    windowMs: HOUR_MS,
    source: 'assumed',
    per: 'API key',
    from: 'the Coinbase App rate-limit page; not stated for Advanced Trade',
  },
  'ws-connects': {
    bucket: 'ws-connects',
    limit: 8,
    windowMs: SECOND_MS,
    source: 'documented',
    per: 'IP address',
    from: 'the WebSocket rate-limit page',
  },
  'ws-messages': {
    bucket: 'ws-messages',
    limit: 8,
    windowMs: SECOND_MS,
    source: 'documented',
    per: 'IP address',
    from: 'the WebSocket rate-limit page, for unauthenticated messages',
  },
};

/** Products on `level2` of one connection: 30 are accepted, 31 refused (reference 3.6, measured). */
export const LEVEL2_PRODUCTS_MAX = 30;
/** A first subscribe is due within this time of opening, or the server disconnects (reference 3.2). */
export const SUBSCRIBE_WITHIN_MS = 5_000;
/** Without heartbeats a quiet connection is closed in this span (reference 3.9). */
export const IDLE_CLOSE_FROM_MS = 60_000;
export const IDLE_CLOSE_TO_MS = 90_000;
/** One heartbeat a second (reference 3.8). */
export const HEARTBEAT_EVERY_MS = 1_000;
/** What every SDK and the documents give a token (reference 2.3). */
export const DOCUMENTED_TOKEN_LIFETIME_S = 120;
/** A client ahead by this much is refused: `nbf` then lies in the server's future (reference 2.3, 6.1 row 1). */
export const CLOCK_AHEAD_REFUSED_MS = 1_000;
/** Open orders of a `user` snapshot come in batches of this size; a smaller one ends the list (reference 3.12). */
export const USER_SNAPSHOT_BATCH = 50;
/** Accounts of one page: what comes unasked, and the most that can be asked for (reference part 4). */
export const ACCOUNTS_PAGE_DEFAULT = 49;
export const ACCOUNTS_PAGE_MAX = 250;
/** Candles of one answer; more is refused with 400 (reference 5.3). */
export const CANDLES_MAX = 350;
/** Levels of one product book; one more was answered with 500 (reference 5.3). */
export const BOOK_LEVELS_MAX = 1_000;
/** A level2 snapshot of BTC-USD is about this large; clients with a smaller limit close with 1009 (reference 3.10). */
export const LEVEL2_SNAPSHOT_BYTES = 4_600_000;
/** The penalty after a run of 429 and 4xx was seen to last this long and more (reference 5.3). */
export const PENALTY_SEEN_FROM_MS = 30_000;
export const PENALTY_SEEN_TO_MS = 90_000;
/** A queued or pending state older than this is stuck (reference 6.3 row 54). */
export const ORDER_STUCK_AFTER_MS = 30_000;
