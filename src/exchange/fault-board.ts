// Owns which faults are in force: when they began, when they end, how often they may still strike. It carries out none.
import type { Fault, FaultKind, FaultOf } from './fault.ts';

interface Entry {
  fault: Fault;
  /** Rises with every fault applied; a connection older than this was there before. */
  order: number;
  beganAt: number;
  left: number;
  timer: NodeJS.Timeout | undefined;
}

/** A fault in force, with the moment it began (performance clock) and its rank among faults and connections. */
export interface InForce<K extends FaultKind> {
  fault: FaultOf<K>;
  order: number;
  beganAt: number;
}

/** Kinds that merely happen: nothing of them is in force afterwards. */
const passing: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'close',
  'cut',
  'drop',
  'duplicate',
  'reorder',
  'malform',
  'text',
  'error-frame',
  'skip-heartbeats',
]);

/** The faults in force. Those that merely happen (a close, a dropped frame) pass through without being kept. */
export class FaultBoard {
  #entries: Entry[] = [];
  #order = 0;
  #ended: (fault: Fault) => void;

  constructor(ended: (fault: Fault) => void) {
    this.#ended = ended;
  }

  /** The next rank; connections draw theirs from the same sequence. */
  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  add(fault: Fault): void {
    if (passing.has(fault.kind)) return;
    const entry: Entry = {
      fault,
      order: this.nextOrder(),
      beganAt: performance.now(),
      left: countOf(fault),
      timer: undefined,
    };
    const seconds = 'seconds' in fault ? fault.seconds : undefined;
    if (seconds !== undefined) entry.timer = setTimeout(() => this.#remove(entry), seconds * 1000).unref();
    this.#entries.push(entry);
  }

  /** The newest fault of a kind that is in force and fits. */
  find<K extends FaultKind>(kind: K, fits: (found: InForce<K>) => boolean = () => true): InForce<K> | null {
    const entry = this.#last(kind, fits);
    return entry === null ? null : view<K>(entry);
  }

  /** As find, and counts one use: a fault for N occasions is gone after the Nth. */
  take<K extends FaultKind>(kind: K, fits: (found: InForce<K>) => boolean = () => true): FaultOf<K> | null {
    const entry = this.#last(kind, fits);
    if (entry === null) return null;
    entry.left -= 1;
    if (entry.left <= 0) this.#remove(entry);
    return entry.fault as FaultOf<K>;
  }

  /** Drops everything without a word to anybody: the exchange is going away. */
  forget(): void {
    for (const entry of this.#entries) clearTimeout(entry.timer);
    this.#entries = [];
  }

  clear(): void {
    for (const entry of [...this.#entries]) this.#remove(entry);
  }

  #last<K extends FaultKind>(kind: K, fits: (found: InForce<K>) => boolean): Entry | null {
    if (this.#entries.length === 0) return null;
    for (let i = this.#entries.length - 1; i >= 0; i--) {
      const entry = this.#entries[i];
      if (entry !== undefined && entry.fault.kind === kind && fits(view<K>(entry))) return entry;
    }
    return null;
  }

  #remove(entry: Entry): void {
    clearTimeout(entry.timer);
    const at = this.#entries.indexOf(entry);
    if (at < 0) return;
    this.#entries.splice(at, 1);
    this.#ended(entry.fault);
  }
}

function view<K extends FaultKind>(entry: Entry): InForce<K> {
  return { fault: entry.fault as FaultOf<K>, order: entry.order, beganAt: entry.beganAt };
}

function countOf(fault: Fault): number {
  return 'count' in fault && fault.count !== undefined ? fault.count : Number.POSITIVE_INFINITY;
}
