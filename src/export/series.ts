// A figure over time in a bounded number of points: when they grow too many, neighbours are joined and each stands for twice as long.

export interface Point {
  /** Beginning of its stretch, recorded ms. */
  t: number;
  mean: number;
  least: number;
  most: number;
}

interface Bucket {
  slot: number;
  sum: number;
  count: number;
  least: number;
  most: number;
}

const POINTS_MAX = 720;
const FIRST_WIDTH_MS = 1_000;

function joined(a: Bucket, b: Bucket): Bucket {
  return {
    slot: a.slot,
    sum: a.sum + b.sum,
    count: a.count + b.count,
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
  };
}

export class Series {
  #widthMs = FIRST_WIDTH_MS;
  #buckets: Bucket[] = [];

  add(t: number, value: number): void {
    const slot = Math.floor(t / this.#widthMs);
    const last = this.#buckets.at(-1);
    const own = { slot, sum: value, count: 1, least: value, most: value };
    // Where a second session was appended, time begins anew; it is told in the order of the file.
    if (last !== undefined && last.slot >= slot) this.#buckets[this.#buckets.length - 1] = joined(last, own);
    else this.#buckets.push(own);
    if (this.#buckets.length > POINTS_MAX) this.#widen();
  }

  get points(): Point[] {
    return this.#buckets.map(({ slot, sum, count, least, most }) => ({
      t: slot * this.#widthMs,
      mean: sum / count,
      least,
      most,
    }));
  }

  #widen(): void {
    this.#widthMs *= 2;
    const wider: Bucket[] = [];
    for (const bucket of this.#buckets) {
      const slot = Math.floor(bucket.slot / 2);
      const last = wider.at(-1);
      if (last?.slot === slot) wider[wider.length - 1] = joined(last, bucket);
      else wider.push({ ...bucket, slot });
    }
    this.#buckets = wider;
  }
}
