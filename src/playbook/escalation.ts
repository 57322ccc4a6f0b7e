// The playbook's escalation guide: what goes to T2 — persistent 5xx, orders stuck though done, balances that disagree.

import { accountTotals, tolerance } from '../core/balances.ts';
import { serverTime } from '../core/clock-offset.ts';
import type { Model } from '../core/model.ts';
import type { OrderRecord } from '../core/orders.ts';
import { isTerminal, saidDoneBy } from '../core/orders.ts';
import type { Rule, Sighting } from './rule.ts';
import { clockTime, duration, plural, sighting } from './rule.ts';
import { escalationSteps } from './steps.ts';

const ERRORS_WITHIN_MS = 60_000;
const ERRORS_MIN = 3;
const POLLS_MIN = 2;
const DISAGREE_MS = 10_000;
const QUEUED_MS = 30_000;

export const serverErrors: Rule = (model) => {
  const errors = model.rest.errors.filter(
    // A challenge page is the edge keeping this address out, with whatever status: a finding of its own.
    (kept) => kept.status !== null && kept.status >= 500 && kept.error?.block !== 'edge' && model.t - kept.t <= 120_000,
  );
  const recent = errors.filter((kept) => (errors.at(-1)?.t ?? 0) - kept.t <= ERRORS_WITHIN_MS);
  const last = recent.at(-1);
  if (last === undefined || recent.length < ERRORS_MIN) return [];
  const endpoint = model.rest.endpoints[last.endpoint];
  const answeredSince = endpoint?.lastOkT ?? null;
  if (answeredSince !== null && answeredSince > last.t) return [];
  const endpoints = [...new Set(recent.map((kept) => kept.endpoint))];
  const working = Object.values(model.rest.endpoints).filter(
    (other) => !endpoints.includes(other.endpoint) && other.lastOkT !== null && other.lastOkT > (recent[0]?.t ?? 0),
  );
  const first = recent[0] ?? last;
  return [
    sighting({
      code: 'SERVER_ERRORS',
      connection: 'rest',
      title: `GET ${endpoints.join(', ')} answered ${recent.length} times with ${statuses(recent)} within ${duration(last.t - first.t)}; ${working.length > 0 ? `the rest works (${working.map((other) => other.endpoint).join(', ')})` : 'nothing else has answered since'}.`,
      count: recent.length,
      evidence: [
        ...recent
          .slice(-3)
          .map((kept) =>
            `${clockTime(kept.at)} GET ${kept.endpoint}: ${kept.status} ${kept.error?.message ?? ''}`.trim(),
          ),
        last.error?.requestTag ?? null,
        last.error?.form === 'html' ? 'the edge (Cloudflare) answered, not the API itself' : null,
      ],
      facts: recent.map((kept) => kept.seq),
      steps: escalationSteps(
        model,
        `${recent.length} in ${duration(last.t - first.t)}, first ${clockTime(first.at)}`,
        true,
        endpoints,
      ),
      disprove: `curl -s -o /dev/null -w '%{http_code}' ${last.url}`,
      subject: {
        requestId: last.requestId,
        ...(model.settings?.products[0] === undefined ? {} : { productId: model.settings.products[0] }),
      },
      clearedBecause: `${last.endpoint} answers again`,
    }),
  ];
};

/** A sum of decimals without the dust of binary fractions. */
function amount(value: number): string {
  return String(Number(value.toPrecision(12)));
}

function statuses(kept: { status: number | null }[]): string {
  return [...new Set(kept.map((each) => String(each.status)))].join('/');
}

/**
 * Milliseconds an order has been in a queued state: since we saw it begin, else by its own time stamp in server time when it has one.
 * A stamp may be older than the state: nobody says that a request to cancel counts as an update.
 */
function queuedForMs(model: Model, order: OrderRecord): number {
  const watched = order.queuedSinceT === null ? 0 : model.t - order.queuedSinceT;
  const said = order.rest?.value;
  if (order.wasUnqueued || said === undefined || said.status !== order.queuedAs) return watched;
  // The time of creation dates the first states only: an order may rest for days before its cancel is queued.
  const isFirst = order.queuedAs === 'PENDING' || order.queuedAs === 'QUEUED';
  const stamp = Date.parse(said.lastUpdateTime || (isFirst ? said.createdTime : ''));
  if (!Number.isFinite(stamp) || stamp <= 0) return watched;
  const age = serverTime(model.clock, model.at) - stamp;
  return age > 0 && age < 30 * 86_400_000 ? Math.max(watched, age) : watched;
}

/** A trigger order, a TWAP or a bracket may wait as PENDING for as long as it likes. */
function mayWait(order: OrderRecord): boolean {
  const type = `${order.rest?.value.orderType ?? ''} ${order.user?.value.orderType ?? ''}`;
  const trigger = order.rest?.value.triggerStatus ?? order.user?.value.triggerStatus ?? '';
  return /STOP|TWAP|BRACKET|SCALED/i.test(type) || /PENDING|STOP_PENDING/i.test(trigger);
}

function stuckHow(model: Model, order: OrderRecord): { how: string; since: string } | null {
  const rest = order.rest;
  const done = saidDoneBy(order);
  if (rest !== null && done !== null && !isTerminal(rest.value.status) && order.doneButOpenSinceT !== null) {
    const forMs = model.t - order.doneButOpenSinceT;
    if (order.doneButOpenPolls >= POLLS_MIN && forMs >= DISAGREE_MS) {
      const said =
        done === 'fills'
          ? `the fills add up to ${amount(order.fillsSize)}`
          : `the user channel says ${order.user?.value.status}`;
      return {
        how: `${said}, REST still says ${rest.value.status}`,
        since: `${plural(order.doneButOpenPolls, 'poll')} and ${duration(forMs)}`,
      };
    }
  }
  const status = order.queuedAs;
  if (order.queuedSinceT !== null && !(status === 'PENDING' && mayWait(order))) {
    const forMs = queuedForMs(model, order);
    // Its own time stamp may be of another day: it counts once we have watched it ourselves for a while.
    const watchedMs = model.t - order.queuedSinceT;
    if (forMs > QUEUED_MS && watchedMs >= DISAGREE_MS)
      return { how: `it has been ${status} for ${duration(forMs)}`, since: duration(forMs) };
  }
  return uiSaysDone(model, order);
}

/** What the user says the web page shows: `ORDER-ID FILLED`. */
function uiSaysDone(model: Model, order: OrderRecord): { how: string; since: string } | null {
  const shown = model.uiShows;
  if (shown === null || order.rest === null || !shown.toLowerCase().includes(order.orderId.toLowerCase())) return null;
  const done = /\b(FILLED|CANCELL?ED|EXPIRED|DONE|EXECUTED|COMPLETED?)\b/i.exec(shown)?.[1];
  if (done === undefined || isTerminal(order.rest.value.status)) return null;
  return {
    how: `the web page shows “${shown}”, REST still says ${order.rest.value.status}`,
    since: 'since it was typed in',
  };
}

export const stuckOrders: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const order of Object.values(model.ledger.orders)) {
    const stuck = stuckHow(model, order);
    if (stuck === null) continue;
    seen.push(
      sighting({
        code: 'ORDER_STUCK',
        about: order.orderId,
        connection: 'rest',
        title: `Order ${order.orderId} (${order.side} ${order.productId}) is stuck: ${stuck.how}.`,
        count: Math.max(1, order.doneButOpenPolls),
        evidence: [
          order.user === null
            ? 'the user channel has not mentioned it'
            : `${clockTime(order.user.at)} user channel: ${order.user.value.status}, filled ${order.user.value.cumulativeQuantity}`,
          order.rest === null
            ? 'REST has not listed it'
            : `${clockTime(order.rest.at)} REST: ${order.rest.value.status}, filled ${order.rest.value.filledSize}`,
          order.fillsCount === 0
            ? 'no fills listed'
            : `${plural(order.fillsCount, 'fill')} of ${amount(order.fillsSize)} together`,
        ],
        facts: [order.user?.seq ?? null, order.rest?.seq ?? null, order.fillsSeq],
        steps: escalationSteps(model, stuck.since, true),
        disprove: `GET /orders/historical/${order.orderId}`,
        subject: { orderId: order.orderId, productId: order.productId },
        clearedBecause: 'the sources agree on the order again',
      }),
    );
    if (seen.length >= 5) break;
  }
  return seen;
};

function uiBalance(shown: string | null): { currency: string; amount: number } | null {
  const match = /^\s*([A-Z0-9]{2,12})\s*[:=]?\s*([\d,]+(?:\.\d+)?)\s*$/i.exec(shown ?? '');
  const reversed = /^\s*([\d,]+(?:\.\d+)?)\s+([A-Z0-9]{2,12})\s*$/i.exec(shown ?? '');
  const currency = match?.[1] ?? reversed?.[2];
  const amount = Number((match?.[2] ?? reversed?.[1] ?? '').replaceAll(',', ''));
  return currency === undefined || !Number.isFinite(amount) ? null : { currency: currency.toUpperCase(), amount };
}

function uiMismatch(model: Model): Sighting | null {
  const shown = uiBalance(model.uiShows);
  const accounts = model.ledger.accounts;
  if (shown === null || accounts === null || model.ledger.accountsRounds < POLLS_MIN) return null;
  const ours = accountTotals(accounts.value).get(shown.currency) ?? 0;
  // The page rounds: half of its last digit is no difference.
  const digits = /\.(\d+)/.exec(model.uiShows ?? '')?.[1]?.length ?? 0;
  if (Math.abs(ours - shown.amount) <= Math.max(tolerance(ours, false), 0.5 * 10 ** -digits)) return null;
  return mismatch(
    model,
    shown.currency,
    `the accounts say ${ours}, the web page shows ${shown.amount}`,
    `${model.ledger.accountsRounds} polls`,
    [accounts.seq],
    model.ledger.accountsRounds,
  );
}

function mismatch(
  model: Model,
  currency: string,
  how: string,
  lasting: string,
  facts: number[],
  count: number,
): Sighting {
  return sighting({
    code: 'BALANCE_MISMATCH',
    about: currency,
    connection: 'rest',
    title: `The ${currency} balance disagrees: ${how}.`,
    count,
    evidence: [
      how,
      `over ${lasting}`,
      'all pages of the accounts were read; vaulted and staked positions are left out',
    ],
    facts,
    steps: escalationSteps(model, lasting, true),
    disprove: `compare ${currency} on the web page: cbscope watch --ui-shows "${currency} AMOUNT"`,
    subject: { currency },
    clearedBecause: 'the figures agree again',
  });
}

export const balances: Rule = (model) => {
  const seen: Sighting[] = [];
  for (const difference of Object.values(model.ledger.disagreements)) {
    const forMs = model.t - difference.sinceT;
    if (difference.comparisons < POLLS_MIN || forMs < DISAGREE_MS) continue;
    const how = `accounts (available + hold) say ${amount(difference.accounts)}, the portfolio breakdown says ${amount(difference.breakdown)}`;
    seen.push(
      mismatch(
        model,
        difference.currency,
        how,
        `${plural(difference.comparisons, 'poll')} of both, ${duration(forMs)}`,
        difference.seqs,
        difference.comparisons,
      ),
    );
    if (seen.length >= 5) break;
  }
  const ui = uiMismatch(model);
  if (ui !== null && !seen.some((other) => other.finding.key === ui.finding.key)) seen.push(ui);
  return seen;
};
