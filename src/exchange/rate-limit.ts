// Owns the counting behind rate limits: how many happened in the last while, by name.
// What follows from it is decided elsewhere.

/** Counts events by name over a sliding window. Names are addresses and keys, so their number stays small. */
export class SlidingWindow {
  readonly #windowMs: number;
  readonly #times = new Map<string, number[]>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Events of a name within the window before now (performance clock). */
  count(name: string): number {
    return this.#recent(name).length;
  }

  add(name: string): void {
    const recent = this.#recent(name);
    recent.push(performance.now());
    this.#times.set(name, recent);
  }

  reset(name: string): void {
    this.#times.delete(name);
  }

  #recent(name: string): number[] {
    const since = performance.now() - this.#windowMs;
    const times = this.#times.get(name) ?? [];
    const first = times.findIndex((t) => t > since);
    return first < 0 ? [] : first === 0 ? times : times.slice(first);
  }
}
