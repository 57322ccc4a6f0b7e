// Stands between the framework and the terminal while the alternate screen is up: the framework draws whole screens on paper, and only the cells
// that changed go to the terminal, in one synchronised write. Before and after, everything passes as it is.

import { Pen, writeChanges } from './changed-cells.ts';
import { type LineCells, lineCells } from './line-cells.ts';

const ENTER = '\u001b[?1049h';
const LEAVE = '\u001b[?1049l';
const SYNC_BEGIN = '\u001b[?2026h';
const SYNC_END = '\u001b[?2026l';
const CLEAR = '\u001b[m\u001b[H\u001b[J';
/** What the framework moves its cursor with; text and looks are what stands between. */
const CONTROL = /(\r?\n|\u001b\[\??[\d;]*[A-HJKhl])/;

export interface FrugalOutput {
  /** For the framework: it writes here as if it were the terminal. */
  stdout: NodeJS.WriteStream;
  /** What the terminal shows is in doubt: the next writing is a whole screen, and comes soon. */
  doubt(): void;
}

const EMPTY = lineCells('');

class Paper {
  readonly #terminal: NodeJS.WriteStream;
  /** The screen as the framework believes it, line by line from the top. */
  #lines: string[] = [];
  #row = 0;
  /** The screen as the terminal has it: as text, which is quick to compare, and as cells. */
  #shown: string[] = [];
  #cells: LineCells[] = [];
  #columns = 0;
  #doubtful = false;
  #due = false;
  up = false;

  constructor(terminal: NodeJS.WriteStream) {
    this.#terminal = terminal;
  }

  /** What one write of the framework does to the paper; what is no drawing goes to the terminal at once. */
  draw(text: string): void {
    for (const [index, piece] of text.split(CONTROL).entries()) {
      if (piece === '') continue;
      if (!this.up && piece !== ENTER) this.#terminal.write(piece);
      else if (index % 2 === 0) this.#lines[this.#row] = (this.#lines[this.#row] ?? '') + piece;
      else this.#obey(piece);
    }
  }

  #obey(control: string): void {
    const count = Number(/\d+/.exec(control)?.[0] ?? 1);
    if (control.endsWith('\n')) this.#feedLine();
    else if (control.includes('?')) this.#switchMode(control);
    else if (control.endsWith('A')) this.#row = Math.max(0, this.#row - count);
    else if (control.endsWith('H')) this.#row = 0;
    else if (control.endsWith('K')) this.#lines[this.#row] = '';
    else if (control.endsWith('J')) this.#lines.length = this.#row;
  }

  #feedLine(): void {
    if (this.#row < this.#rows - 1) this.#row += 1;
    else {
      this.#lines.shift();
      this.#lines[this.#row] = '';
    }
  }

  #switchMode(mode: string): void {
    if (mode === SYNC_BEGIN) return;
    if (mode === SYNC_END) return this.flush();
    this.#terminal.write(mode);
    if (mode === ENTER) this.#begin();
    if (mode === LEAVE) this.up = false;
  }

  #begin(): void {
    this.up = true;
    this.#lines = [];
    this.#row = 0;
    this.#doubtful = true;
  }

  get #rows(): number {
    return this.#terminal.rows || 24;
  }

  doubt(): void {
    this.#doubtful = true;
    this.flushSoon();
  }

  flushSoon(): void {
    if (this.#due || !this.up) return;
    this.#due = true;
    queueMicrotask(() => this.flush());
  }

  /** Writes the cells in which terminal and paper differ. */
  flush(): void {
    this.#due = false;
    if (!this.up) return;
    const columns = this.#terminal.columns || 80;
    if (columns !== this.#columns || this.#rows !== this.#shown.length) this.#doubtful = true;
    const clear = this.#doubtful ? CLEAR : '';
    if (this.#doubtful) this.#forget(columns);
    const pen = new Pen();
    for (let y = 0; y < this.#shown.length; y += 1) this.#bringUp(pen, y);
    const changes = clear + pen.finish();
    if (changes !== '') this.#terminal.write(SYNC_BEGIN + changes + SYNC_END);
  }

  #forget(columns: number): void {
    this.#doubtful = false;
    this.#columns = columns;
    this.#shown = Array.from({ length: this.#rows }, () => '');
    this.#cells = this.#shown.map(() => EMPTY);
    this.#lines.length = Math.min(this.#lines.length, this.#rows);
    this.#row = Math.min(this.#row, this.#rows - 1);
  }

  #bringUp(pen: Pen, y: number): void {
    const wanted = this.#lines[y] ?? '';
    if (wanted === this.#shown[y]) return;
    const cells = lineCells(wanted);
    writeChanges(pen, this.#cells[y] ?? EMPTY, cells, y, this.#columns);
    this.#shown[y] = wanted;
    this.#cells[y] = cells;
  }
}

/** A stream for the framework over the real one. */
export function frugalOutput(terminal: NodeJS.WriteStream): FrugalOutput {
  const paper = new Paper(terminal);
  const write = (chunk: string | Uint8Array, encoding?: unknown, written?: unknown): boolean => {
    const done = (typeof encoding === 'function' ? encoding : written) as (() => void) | undefined;
    const text = String(chunk);
    if (!paper.up && !text.includes(ENTER)) return terminal.write(text, done);
    paper.draw(text);
    if (done === undefined) {
      paper.flushSoon();
      return true;
    }
    paper.flush();
    return terminal.write('', done);
  };
  const stdout = new Proxy(terminal, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { stdout, doubt: () => paper.doubt() };
}
