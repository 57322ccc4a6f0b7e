// Memory for encoded lines, in pages that are filled once from front to end and read by several. A page is filled again when all who were
// given lines in it have given it back; who forgets to only leaves it to the collector.

/** Room for about a thousand ordinary lines. */
export const PAGE_BYTES = 1024 * 1024;
const SPARE_MAX = 2;

export class Page {
  readonly memory: Buffer;
  readonly #free: (page: Page) => void;
  #holders = 0;

  constructor(memory: Buffer, free: (page: Page) => void) {
    this.memory = memory;
    this.#free = free;
  }

  /** One more reads lines in it. */
  hold(): void {
    this.#holders += 1;
  }

  /** One of them is done. Called by each holder at most once. */
  giveBack(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.#free(this);
  }
}

/** Whole lines, and the page to give back when they are read no more; null when they stand in memory of their own. */
export interface Chunk {
  lines: Buffer;
  page: Page | null;
}

export const linesOf = (chunks: Chunk[]): Buffer[] => chunks.map(({ lines }) => lines);

export function giveBack(chunks: Chunk[]): void {
  for (const { page } of chunks) page?.giveBack();
}

/** Pages of one size, and larger ones where a line needs it. */
export class Pages {
  readonly #bytes: number;
  /** Memory that no page was made of yet. */
  #fresh: Buffer;
  readonly #spare: Page[] = [];

  /** With `block`, the first pages are cut from one piece of so many bytes, which the operating system gives as it is filled. */
  constructor(bytes = PAGE_BYTES, block = 0) {
    this.#bytes = bytes;
    this.#fresh = Buffer.alloc(block);
  }

  /** A page with room for so much, held by the caller. */
  next(bytesMin: number): Page {
    const page = bytesMin <= this.#bytes ? this.#spare.pop() : undefined;
    const taken = page ?? new Page(this.#memory(bytesMin), (free) => this.#keep(free));
    taken.hold();
    return taken;
  }

  #memory(bytesMin: number): Buffer {
    if (bytesMin > this.#bytes || this.#fresh.length < this.#bytes)
      return Buffer.allocUnsafeSlow(Math.max(bytesMin, this.#bytes));
    const memory = this.#fresh.subarray(0, this.#bytes);
    this.#fresh = this.#fresh.subarray(this.#bytes);
    return memory;
  }

  #keep(page: Page): void {
    if (page.memory.length === this.#bytes && this.#spare.length < SPARE_MAX) this.#spare.push(page);
  }
}
