// The REST side of a simulated world: polls at their paces, answers with the headers of the real thing, latencies of every kind.

import { signingUri } from '../../src/coinbase/endpoints.ts';
import type { FactBody, Headers, PollName } from '../../src/core/fact.ts';
import { BODIES } from '../support/facts.ts';
import type { Ground } from './ground.ts';
import type { Market } from './market.ts';

const PATHS: Record<PollName, string> = {
  time: '/time',
  key_permissions: '/key_permissions',
  accounts: '/accounts?limit=250',
  orders: '/orders/historical/batch?limit=100',
  fills: '/orders/historical/fills?limit=100',
  products: '/products',
  portfolio: '/portfolios/9a2f1c3e-5b7d-4f60-8a11-2c3d4e5f6071',
};
const STAGGER_MS = 125;

export class RestSide {
  readonly #ground: Ground;
  readonly #market: Market;
  readonly #polls = new Map<PollName, number>();
  #sentT: number[] = [];
  #requestId = 0;
  #pausedUntilT = 0;
  #knowsPortfolio = false;

  constructor(ground: Ground, market: Market) {
    this.#ground = ground;
    this.#market = market;
  }

  pause(untilT: number, reason: string): void {
    this.#pausedUntilT = Math.max(this.#pausedUntilT, untilT);
    this.#ground.tell({ fact: 'rest.paused', untilT: this.#pausedUntilT, reason });
  }

  poll(name: PollName, everyMs: number): void {
    const life = (this.#polls.get(name) ?? 0) + 1;
    this.#polls.set(name, life);
    if (everyMs <= 0) return;
    const beat = (): void => {
      if (this.#polls.get(name) !== life) return;
      this.request(name, 'poll');
      this.#ground.time.after(everyMs, beat);
    };
    this.#ground.time.after(this.#polls.size * STAGGER_MS, beat);
  }

  request(endpoint: PollName, why: Extract<FactBody, { fact: 'request.sent' }>['why']): void {
    const { time, random, told } = this.#ground;
    if (endpoint === 'portfolio' && !this.#knowsPortfolio) return;
    if (time.t < this.#pausedUntilT) return;
    const url = `${this.#ground.settings()?.restUrl ?? ''}/api/v3/brokerage${PATHS[endpoint]}`;
    const signed = endpoint !== 'time';
    const token = signed ? this.#ground.makeToken('rest', signingUri('GET', url)) : null;
    this.#requestId += 1;
    const about = { requestId: this.#requestId, endpoint, url, signed, token, why, method: 'GET' } as const;
    told.requests += 1;
    this.#sentT = [...this.#sentT.filter((t) => time.t - t < 1_000), time.t];
    this.#ground.tell({ fact: 'request.sent', ...about, bucket: signed ? 'rest-private' : 'rest-public' });
    const tookMs = random.chance(0.02) ? random.between(800, 3_000) : random.between(35, 260);
    const readMs = random.between(0.2, 0.8) * tookMs;
    time.after(readMs, () => {
      const body = this.#body(endpoint);
      time.after(tookMs - readMs, () => this.#answer(about.requestId, endpoint, tookMs, body));
    });
  }

  #body(endpoint: PollName): string {
    if (endpoint === 'time') return BODIES.time(this.#ground.serverMs);
    if (endpoint === 'key_permissions') return BODIES.permissions({ can_trade: true });
    if (endpoint === 'accounts') return BODIES.accounts(this.#market.wallets());
    if (endpoint === 'portfolio') return BODIES.portfolio(this.#market.wallets());
    if (endpoint === 'orders') return BODIES.orders(this.#market.restOrders());
    return endpoint === 'fills' ? BODIES.fills(this.#market.fills) : BODIES.products();
  }

  #headers(endpoint: PollName): Headers {
    const { serverMs, random } = this.#ground;
    const date = new Date(serverMs).toUTCString();
    const common = { 'content-type': 'application/json', date, server: 'cloudflare', 'cf-ray': '8e5f0a1b2c3d4e5f-FRA' };
    if (endpoint === 'time') return { ...common, 'cf-cache-status': 'DYNAMIC' };
    // Another program of the same user spends from the same bucket.
    const remaining = String(Math.max(0, 30 - this.#sentT.length - random.whole(0, 4)));
    return { ...common, 'x-ratelimit-limit': '30', 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': '1' };
  }

  #answer(requestId: number, endpoint: PollName, tookMs: number, body: string): void {
    const { trouble, told, wallMs } = this.#ground;
    const instead = trouble?.onRequest(endpoint) ?? null;
    told.answers += 1;
    if (instead !== null && 'errorCode' in instead) {
      const { errorCode } = instead;
      const failed = { phase: 'response' as const, errorCode, errorCodes: [], message: errorCode, tookMs };
      return this.#ground.tell({ fact: 'request.failed', requestId, endpoint, host: 'api.coinbase.com', ...failed });
    }
    const answer = instead ?? { status: 200, headers: this.#headers(endpoint), body };
    if (endpoint === 'key_permissions' && instead === null) this.#knowsPortfolio = true;
    this.#ground.tell({
      fact: 'response.arrived',
      requestId,
      endpoint,
      ...answer,
      truncated: false,
      sizeBytes: answer.body.length,
      phases: { firstByteMs: tookMs * 0.97, totalMs: tookMs },
      midpointAt: wallMs - tookMs / 2,
      freshConnection: false,
    });
  }
}
