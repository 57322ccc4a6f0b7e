// Settings while they are read: the value of each, where it came from, and the complaints about all of them.

import type { SettingOrigin } from '../core/fact.ts';
import type { Read } from './values.ts';
import type { Found, Variables } from './variables.ts';
import { variable } from './variables.ts';

/** Collects values, their origins and the complaints about them. */
export class Collector {
  readonly problems: string[] = [];
  readonly origins: SettingOrigin[] = [];
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  find(flagName: string, flag: string | undefined, variableName: string | null, fallback: string): Found {
    if (flag !== undefined) return { value: flag, origin: 'flag', name: flagName };
    const found = variableName === null ? null : variable(this.#variables, variableName);
    return found ?? { value: fallback, origin: 'default', name: flagName };
  }

  note(name: string, value: string, origin: Found['origin']): void {
    const where = origin === '.env' ? `.env (${this.#variables.filePath ?? ''})` : origin;
    this.origins.push({ name, value, origin: where });
  }

  read<T>(name: string, found: Found, read: (name: string, text: string) => Read<T>, fallback: T): T {
    const result = read(found.name, found.value);
    this.note(name, found.value, found.origin);
    if (!('problem' in result)) return result.value;
    this.problems.push(result.problem);
    return fallback;
  }

  flag(name: string, value: boolean, isDefault: boolean): boolean {
    this.note(name, String(value), isDefault ? 'default' : 'flag');
    return value;
  }
}
