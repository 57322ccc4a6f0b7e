// Tokens made and what became of them: the evidence for every authentication finding.

import { TOKEN_RENEW_BEFORE_MS, TOKENS_MAX } from './bounds.ts';
import type { Talker, TokenClaims } from './fact.ts';

export interface TokenRecord {
  token: TokenClaims;
  purpose: Talker;
  clock: 'server' | 'local';
  madeT: number;
  madeAt: number;
}

/** A signed call or subscribe that was answered. */
export interface AuthOutcome {
  t: number;
  at: number;
  seq: number;
  talker: Talker;
  /** `GET /accounts`, `subscribe user`. */
  what: string;
  accepted: boolean;
  token: TokenClaims | null;
  /** What the refusal said. */
  message: string;
  status: number | null;
  /** The clock measured right after the refusal showed the token outside its time: settled once, whatever the clocks do later. */
  outsideItsTime?: boolean;
}

export interface Tokens {
  made: TokenRecord[];
  count: number;
  /** Newest last, at most 40. */
  outcomes: AuthOutcome[];
  accepted: number;
  refused: number;
  failure: string;
}

const OUTCOMES_KEPT = 40;

export function newTokens(): Tokens {
  return { made: [], count: 0, outcomes: [], accepted: 0, refused: 0, failure: '' };
}

export function foldToken(tokens: Tokens, record: TokenRecord): void {
  tokens.count += 1;
  tokens.made.push(record);
  // REST makes one for each request: it must not crowd out the sockets' own.
  const alike = tokens.made.filter((other) => other.purpose === record.purpose);
  if (alike.length > TOKENS_MAX) tokens.made = tokens.made.filter((other) => other !== alike[0]);
}

export function foldOutcome(tokens: Tokens, outcome: AuthOutcome): void {
  if (outcome.accepted) tokens.accepted += 1;
  else tokens.refused += 1;
  tokens.outcomes.push(outcome);
  if (tokens.outcomes.length > OUTCOMES_KEPT) tokens.outcomes.shift();
}

/** The refusals since the last accepted call of the same talker(s), newest last; with `what`, of that call alone. */
export function refusalsInARow(tokens: Tokens, talker?: Talker, what?: string): AuthOutcome[] {
  const refusals: AuthOutcome[] = [];
  for (let index = tokens.outcomes.length - 1; index >= 0; index -= 1) {
    const outcome = tokens.outcomes[index];
    if (outcome === undefined) break;
    if (talker !== undefined && outcome.talker !== talker) continue;
    if (what !== undefined && outcome.what !== what) continue;
    if (outcome.accepted) break;
    refusals.unshift(outcome);
  }
  return refusals;
}

const SETTLED_WITHIN_MS = 15_000;

/** Judges recent refusals against a fresh offset (local minus server, ms): was the token not yet valid, or already over, in server time? */
export function judgeRefusals(tokens: Tokens, offset: { offsetMs: number; uncertaintyMs: number; t: number }): void {
  for (const outcome of tokens.outcomes) {
    const { token } = outcome;
    if (
      outcome.accepted ||
      token === null ||
      outcome.outsideItsTime === true ||
      offset.t - outcome.t > SETTLED_WITHIN_MS
    )
      continue;
    const serverMs = outcome.at - offset.offsetMs;
    const early = token.nbf * 1_000 - serverMs > offset.uncertaintyMs;
    outcome.outsideItsTime = early || serverMs - token.exp * 1_000 > offset.uncertaintyMs;
  }
}

/** How a moment of server time stands to the ends (`exp`) of the tokens sent on a socket, oldest first. */
export function tokenEndsAt(
  ends: number[],
  serverMs: number,
): { sinceTokenEndMs: number | null; hadFreshToken: boolean } {
  const distances = ends.map((end) => serverMs - end * 1_000).sort((a, b) => Math.abs(a) - Math.abs(b));
  const newestLeftMs = (ends.at(-1) ?? 0) * 1_000 - serverMs;
  return { sinceTokenEndMs: distances[0] ?? null, hadFreshToken: newestLeftMs > TOKEN_RENEW_BEFORE_MS };
}
