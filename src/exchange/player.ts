// Owns the playing of a scenario: its steps at their times, once.
// The steps of second 0 are the exchange's own, from its start.
import type { Exchange } from './exchange.ts';
import type { Scenario } from './scenario.ts';

export class Player {
  readonly #exchange: Pick<Exchange, 'apply'>;
  readonly #scenario: Scenario;
  readonly #timers: NodeJS.Timeout[] = [];
  #playing = false;

  constructor(exchange: Pick<Exchange, 'apply'>, scenario: Scenario) {
    this.#exchange = exchange;
    this.#scenario = scenario;
  }

  /** Starts the script; a second call does nothing. */
  begin(): void {
    if (this.#playing) return;
    this.#playing = true;
    for (const step of this.#scenario.steps) {
      if (step.atSeconds === 0) continue;
      this.#timers.push(setTimeout(() => this.#exchange.apply(step.fault), step.atSeconds * 1000).unref());
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
