// Keeps what a feed emits and waits for a fact without sleeping.

import type { FactBody, FactName } from '../../src/core/fact.ts';

export type BodyOf<Name extends FactName> = Extract<FactBody, { fact: Name }>;

const WAIT_MS = 8_000;

export class FactLog {
  readonly facts: FactBody[] = [];
  #listeners = new Set<() => void>();

  readonly emit = (body: FactBody): void => {
    this.facts.push(body);
    for (const listener of this.#listeners) listener();
  };

  all<Name extends FactName>(name: Name): BodyOf<Name>[] {
    return this.facts.filter((body): body is BodyOf<Name> => body.fact === name);
  }

  names(): FactName[] {
    return this.facts.map((body) => body.fact);
  }

  /** The `count`-th fact of that name, as soon as it is there. */
  async wait<Name extends FactName>(name: Name, count = 1): Promise<BodyOf<Name>> {
    await this.until(() => this.all(name).length >= count, name);
    const found = this.all(name)[count - 1];
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  }

  until(met: () => boolean, what = 'the condition'): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!met()) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        reject(new Error(`waited ${WAIT_MS} ms for ${what}; came: ${this.names().join(' ')}`));
      }, WAIT_MS);
      this.#listeners.add(look);
      look();
    });
  }
}
