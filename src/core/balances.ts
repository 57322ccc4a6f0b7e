// Balances of the paged accounts beside the portfolio breakdown, asset by asset, compared once both have been read anew.

import { ACCOUNTS_MAX } from './bounds.ts';
import type { AccountBalance, RestMeaning } from './meaning.ts';
import type { Ledger, When } from './orders.ts';

/** Accounts and breakdown are compared when they were read within this of each other. */
const READ_TOGETHER_MS = 5_000;

/** What is no difference: rounding of the breakdown's JSON numbers, and cents. */
export function tolerance(amount: number, isCash: boolean): number {
  return Math.max(isCash ? 0.01 : 1e-8, Math.abs(amount) * 1e-6);
}

/** Less than this of an asset that the breakdown does not list is worth nothing. */
const DUST = 1e-6;

function isComparable(account: AccountBalance): boolean {
  return !/VAULT|STAK/i.test(account.type) && (account.platform === '' || /CONSUMER$/i.test(account.platform));
}

/** An account of the futures wallet (CFM): the breakdown tells its cash apart from the positions, or among them. */
function isFutures(account: AccountBalance): boolean {
  return /CFM/i.test(account.platform);
}

/** Available + hold per currency over the accounts that the breakdown counts, without those of the futures wallet. */
export function accountTotals(accounts: AccountBalance[]): Map<string, number> {
  return totalsOf(accounts.filter((account) => isComparable(account) && !isFutures(account)));
}

function totalsOf(accounts: AccountBalance[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const account of accounts) {
    const amount = Number(account.available) + Number(account.hold);
    if (!Number.isFinite(amount)) continue;
    totals.set(account.currency, (totals.get(account.currency) ?? 0) + amount);
  }
  return totals;
}

/** One page of accounts; the round is complete when no further page is announced. */
export function foldAccounts(
  ledger: Ledger,
  page: Extract<RestMeaning, { kind: 'accounts' }>,
  when: When,
  firstPage: boolean,
): void {
  if (firstPage) {
    ledger.reading = [];
    ledger.accountsAskedT = when.askedT;
  }
  ledger.reading = [...ledger.reading, ...page.accounts].slice(0, ACCOUNTS_MAX);
  if (page.hasNext) return;
  ledger.accounts = { value: ledger.reading, t: when.t, at: when.at, seq: when.seq };
  ledger.accountsRounds += 1;
  ledger.reading = [];
  compare(ledger);
}

export function foldBreakdown(ledger: Ledger, told: Extract<RestMeaning, { kind: 'portfolio' }>, when: When): void {
  ledger.breakdown = { value: { uuid: told.uuid, totals: told.totals }, t: when.t, at: when.at, seq: when.seq };
  ledger.breakdownAskedT = when.askedT;
  ledger.breakdownRounds += 1;
  compare(ledger);
}

/** Currency → what the breakdown says, over positions that are neither vaulted nor staked. */
export function breakdownTotals(ledger: Ledger): Map<string, { total: number; isCash: boolean }> {
  const totals = new Map<string, { total: number; isCash: boolean }>();
  for (const row of ledger.breakdown?.value.totals ?? []) {
    const amount = Number(row.total);
    if (/VAULT|STAK/i.test(row.accountType) || !Number.isFinite(amount)) continue;
    totals.set(row.asset, { total: (totals.get(row.asset)?.total ?? 0) + amount, isCash: row.isCash });
  }
  return totals;
}

/** True when the two are about the same portfolio, as far as they say. */
function samePortfolio(ledger: Ledger): boolean {
  const uuid = ledger.breakdown?.value.uuid ?? null;
  const owner = ledger.accounts?.value.find((account) => account.portfolioId !== '')?.portfolioId;
  return uuid === null || owner === undefined || owner === uuid;
}

// Compared only when both sides have been read since the last comparison: one stale side is no evidence.
function compare(ledger: Ledger): void {
  const { accounts, breakdown } = ledger;
  if (accounts === null || breakdown === null || !samePortfolio(ledger)) return;
  // Read far apart, or while something was filled, they differ honestly.
  if (Math.abs(accounts.t - breakdown.t) > READ_TOGETHER_MS) return;
  if (ledger.movedT !== null && ledger.movedT >= Math.min(ledger.accountsAskedT, ledger.breakdownAskedT)) return;
  if (ledger.accountsRounds === ledger.comparedAccounts || ledger.breakdownRounds === ledger.comparedBreakdown) return;
  ledger.comparedAccounts = ledger.accountsRounds;
  ledger.comparedBreakdown = ledger.breakdownRounds;
  const ours = accountTotals(accounts.value);
  const futures = totalsOf(accounts.value.filter(isFutures));
  const theirs = breakdownTotals(ledger);
  const now = { t: Math.max(accounts.t, breakdown.t), at: Math.max(accounts.at, breakdown.at) };
  for (const currency of new Set([...ours.keys(), ...theirs.keys()])) {
    const right = theirs.get(currency);
    const left = nearest(ours.get(currency) ?? 0, futures.get(currency) ?? 0, right?.total ?? 0);
    const told = right === undefined && left < DUST ? left : (right?.total ?? 0);
    judge(ledger, currency, left, told, right?.isCash ?? false, now, [accounts.seq, breakdown.seq]);
  }
}

/** Spot, or spot and futures together: whichever the breakdown seems to mean. */
function nearest(spot: number, futures: number, told: number): number {
  const both = spot + futures;
  return Math.abs(both - told) < Math.abs(spot - told) ? both : spot;
}

function judge(
  ledger: Ledger,
  currency: string,
  accounts: number,
  breakdown: number,
  isCash: boolean,
  now: { t: number; at: number },
  seqs: number[],
): void {
  const difference = accounts - breakdown;
  if (Math.abs(difference) <= tolerance(accounts, isCash)) {
    delete ledger.disagreements[currency];
    return;
  }
  const before = ledger.disagreements[currency];
  // A difference that changes sides is two sources read at different moments, not one that lags.
  if (before !== undefined && Math.sign(before.accounts - before.breakdown) === Math.sign(difference)) {
    before.accounts = accounts;
    before.breakdown = breakdown;
    before.lastT = now.t;
    before.comparisons += 1;
    before.seqs = seqs;
    return;
  }
  ledger.disagreements[currency] = {
    currency,
    accounts,
    breakdown,
    sinceT: now.t,
    sinceAt: now.at,
    lastT: now.t,
    comparisons: 1,
    seqs,
  };
}
