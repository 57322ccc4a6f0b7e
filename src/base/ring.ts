// A list with a bound: the newest `capacity` items, oldest first. It never grows past its capacity.

export class Ring<T> {
  readonly capacity: number;
  #items: T[] = [];
  #next = 0;
  #total = 0;

  constructor(capacity: number) {
    this.capacity = Math.max(1, Math.floor(capacity));
  }

  /** How many are held now. */
  get size(): number {
    return this.#items.length;
  }

  /** How many were ever pushed. */
  get total(): number {
    return this.#total;
  }

  push(item: T): void {
    this.#total += 1;
    if (this.#items.length < this.capacity) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#next] = item;
    this.#next = (this.#next + 1) % this.capacity;
  }

  /** The item at `index` (0 = oldest held), or undefined. */
  at(index: number): T | undefined {
    const wanted = index < 0 ? this.#items.length + index : index;
    if (wanted < 0 || wanted >= this.#items.length) return undefined;
    return this.#items[(this.#next + wanted) % this.#items.length];
  }

  last(): T | undefined {
    return this.at(-1);
  }

  /** The newest `count` items, oldest first. */
  newest(count: number): T[] {
    const size = this.#items.length;
    const out: T[] = [];
    for (let index = Math.max(0, size - count); index < size; index += 1) {
      const item = this.at(index);
      if (item !== undefined) out.push(item);
    }
    return out;
  }

  toArray(): T[] {
    return this.newest(this.#items.length);
  }

  /** Holds these instead, of `total` ever pushed; the oldest go when they are too many. */
  refill(items: readonly T[], total: number): void {
    this.#items = items.slice(-this.capacity);
    this.#next = 0;
    this.#total = total;
  }

  clear(): void {
    this.#items = [];
    this.#next = 0;
  }
}
