// Owns the settings of a running exchange and their defaults.
// A default is what the reference notes call the commonest sighting.

/** How the server ends a connection that it is tired of: end of the TCP stream, or a close frame with a code. */
export type Ending = 'fin' | 'reset' | 1000 | 1001 | 1008 | 1011;

/** Which of the three bodies seen in the field a 429 carries. */
export type RateBody = 'empty' | 'html' | 'json';

export interface Knobs {
  /** How far in the server's future a token's `nbf` may lie. */
  tokenToleranceMs: number;
  /** Body of a 401: plain text `Unauthorized`, or the older JSON with `errors`. */
  unauthorizedStyle: 'plain' | 'v2';
  publicPerSecond: number;
  privatePerSecond: number;
  /** Whether private answers carry `x-ratelimit-*`. */
  rateHeaders: boolean;
  rateBody: RateBody;
  retryAfterSeconds: number | null;
  /** This many 429 within 10 s bring the penalty; 0 never does. */
  penaltyAfter: number;
  penaltySeconds: number;
  subscribeWithinMs: number;
  subscribeEnding: Ending;
  idleCloseMinMs: number;
  idleCloseMaxMs: number;
  idleEnding: Ending;
  level2Cap: number;
  messagesPerSecond: number;
  connectsPerSecond: number;
  heartbeatMs: number;
  /** `client_id` as captures of 2026 show it, or on every frame, or on none. */
  clientId: '2026' | 'always' | 'never';
  perMessageDeflate: boolean;
  accounts: number;
  openOrders: number;
  bookLevels: number;
  /** Pace of the order life cycle: mean seconds between two events; 0 keeps the orders still. */
  orderEverySeconds: number;
  /** How long a marketable order of a client takes to fill. */
  fillAfterMs: number;
  /** How long a cancel stays queued. */
  cancelAfterMs: number;
  /** False: no market traffic at all, only what is asked for. */
  traffic: boolean;
  /** How many times busier than usual the market is; a whole number. */
  pace: number;
}

export const defaultKnobs: Knobs = {
  tokenToleranceMs: 0,
  unauthorizedStyle: 'plain',
  publicPerSecond: 10,
  privatePerSecond: 30,
  rateHeaders: true,
  rateBody: 'json',
  retryAfterSeconds: null,
  penaltyAfter: 10,
  penaltySeconds: 60,
  subscribeWithinMs: 5000,
  subscribeEnding: 'fin',
  idleCloseMinMs: 60_000,
  idleCloseMaxMs: 90_000,
  idleEnding: 'fin',
  level2Cap: 30,
  messagesPerSecond: 8,
  connectsPerSecond: 8,
  heartbeatMs: 1000,
  clientId: '2026',
  perMessageDeflate: false,
  accounts: 60,
  openOrders: 4,
  bookLevels: 300,
  orderEverySeconds: 9,
  fillAfterMs: 1500,
  cancelAfterMs: 120,
  traffic: true,
  pace: 1,
};
