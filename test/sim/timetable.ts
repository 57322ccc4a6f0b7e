// What happens when: a queue of moments on a virtual clock. Moments at the same instant happen in the order in which they were set.

interface Moment {
  t: number;
  order: number;
  run(): void;
}

export class Timetable {
  t = 0;
  readonly #heap: Moment[] = [];
  #order = 0;

  after(ms: number, run: () => void): void {
    this.#order += 1;
    this.#push({ t: this.t + Math.max(0, ms), order: this.#order, run });
  }

  /** Runs everything due up to `t`. */
  runTo(t: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.t <= t; first = this.#heap[0]) {
      this.#pop();
      this.t = Math.max(this.t, first.t);
      first.run();
    }
    this.t = t;
  }

  #push(moment: Moment): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(moment);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(moment, heap[parent])) break;
      heap[index] = heap[parent] as Moment;
      index = parent;
    }
    heap[index] = moment;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
      if (!isBefore(heap[child], last)) break;
      heap[index] = heap[child] as Moment;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(one: Moment | undefined, other: Moment | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  return one.t < other.t || (one.t === other.t && one.order < other.order);
}
