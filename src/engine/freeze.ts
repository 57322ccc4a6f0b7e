// Copies of what an engine knows, as plain data, and back: what keyframes of a recording are made of. Texts are shared, everything that
// can change is copied, and what was one object in two places still is. It knows no fact and folds nothing.

import { newTable } from '../base/table.ts';
import { type FrozenLatency, freezeLatency, isFrozenLatency, isLatency, thawLatency } from '../core/requests.ts';

/** Longer texts are counted by themselves: neighbouring copies share most of them. */
const SHARED_TEXT_MIN = 256;
// What the engine of JavaScript needs for an object or a list, and for each of its fields: rough means.
const OBJECT_BYTES = 40;
const FIELD_BYTES = 14;

/** A copy, with a rough measure of what it holds in memory. */
export interface Frozen<T> {
  /** Plain data in the shape of `T`; histograms are replaced by what was recorded in them. */
  readonly data: T;
  /** Bytes without long texts. */
  readonly bytes: number;
  /** Long texts, which other copies may share. */
  readonly texts: ReadonlySet<string>;
}

/** A table without a prototype, which a thread border or a file would give one. */
interface FrozenTable {
  table: Map<string, unknown>;
}

function isFrozenTable(value: object): value is FrozenTable {
  return 'table' in value && value.table instanceof Map;
}

function setField(out: Record<string, unknown>, name: string, field: unknown): void {
  // Names in recorded facts come from outside.
  if (name === '__proto__') Object.defineProperty(out, name, { value: field, enumerable: true, writable: true });
  else out[name] = field;
}

class Copier {
  bytes = 0;
  readonly texts = new Set<string>();
  readonly #copies = new Map<object, object>();
  readonly #exchange: (value: object) => object | null;

  constructor(exchange: (value: object) => object | null) {
    this.#exchange = exchange;
  }

  copy(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'object' || value === null) return value;
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    const exchanged = this.#exchange(value);
    if (exchanged === null) return this.#object(value);
    this.#copies.set(value, exchanged);
    this.bytes += OBJECT_BYTES + FIELD_BYTES * ((exchanged as Partial<FrozenLatency>).latency?.length ?? 0);
    return exchanged;
  }

  #text(text: string): string {
    if (text.length >= SHARED_TEXT_MIN) this.texts.add(text);
    return text;
  }

  #object(value: object): object {
    if (Array.isArray(value)) return this.#list(value);
    if (value instanceof Map) return this.#map(value);
    if (Object.getPrototypeOf(value) === null) return this.#table(value);
    if (isFrozenTable(value)) return this.#thawedTable(value);
    const out: Record<string, unknown> = {};
    this.#copies.set(value, out);
    let fields = 0;
    for (const [name, field] of Object.entries(value)) {
      setField(out, name, this.copy(field));
      fields += 1;
    }
    this.bytes += OBJECT_BYTES + FIELD_BYTES * fields;
    return out;
  }

  #table(table: object): FrozenTable {
    const out: FrozenTable = { table: new Map() };
    this.#copies.set(table, out);
    for (const [name, field] of Object.entries(table)) out.table.set(name, this.copy(field));
    this.bytes += 2 * OBJECT_BYTES + 3 * FIELD_BYTES * out.table.size;
    return out;
  }

  #thawedTable(frozen: FrozenTable): object {
    const out = newTable<unknown>();
    this.#copies.set(frozen, out);
    for (const [name, field] of frozen.table) out[name] = this.copy(field);
    return out;
  }

  #list(list: unknown[]): unknown[] {
    const out: unknown[] = [];
    this.#copies.set(list, out);
    for (const item of list) out.push(this.copy(item));
    this.bytes += OBJECT_BYTES + FIELD_BYTES * list.length;
    return out;
  }

  #map(map: Map<unknown, unknown>): Map<unknown, unknown> {
    const out = new Map<unknown, unknown>();
    this.#copies.set(map, out);
    for (const [key, item] of map) out.set(key, this.copy(item));
    this.bytes += OBJECT_BYTES + 3 * FIELD_BYTES * map.size;
    return out;
  }
}

/** A copy that nothing writes into: objects, lists, maps, texts, numbers and histograms. It may be thawed any number of times. */
export function freeze<T>(value: T): Frozen<T> {
  const copier = new Copier((each) => (isLatency(each) ? freezeLatency(each) : null));
  const data = copier.copy(value) as T;
  return { data, bytes: copier.bytes, texts: copier.texts };
}

/** What was frozen, to be written into. */
export function thaw<T>(frozen: Pick<Frozen<T>, 'data'>): T {
  const copier = new Copier((each) => (isFrozenLatency(each) ? thawLatency(each) : null));
  return copier.copy(frozen.data) as T;
}
