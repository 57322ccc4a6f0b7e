// Stands in for Ink's `output.js` in the bundle: a line of the screen depends on nothing but what is written on it, and most lines were drawn
// before. A new one is drawn by the real output, one line high; what came of it is remembered, for a bounded number of lines.
import RealOutput from 'ink-output-itself';
import { isOneCellEach } from '../base/one-cell.ts';

export interface Clip {
  x1: number | undefined;
  x2: number | undefined;
  y1: number | undefined;
  y2: number | undefined;
}

export type Transformer = (line: string, index: number) => string;

interface Writing {
  x: number;
  /** The line of the row it is written on, counted from its own first line. */
  y: number;
  text: string;
  transformers: readonly Transformer[];
  clip: Clip | undefined;
}

interface Row {
  /** Says all that is written on the row, as far as it is simple. */
  key: string;
  isSimple: boolean;
  writings: Writing[];
}

/** What reaches from one line of a text into the next, or hides where a line ends. */
const STYLES_OR_RETURN = /[\u001b\u0080-\u009f\r]/;
const REMEMBERED_MAX = 600;
const remembered = new Map<string, string>();

function recall(key: string): string | undefined {
  const line = remembered.get(key);
  if (line === undefined) return undefined;
  // The newest stand last, the oldest go first.
  remembered.delete(key);
  remembered.set(key, line);
  return line;
}

function remember(key: string, line: string): void {
  remembered.set(key, line);
  if (remembered.size <= REMEMBERED_MAX) return;
  for (const oldest of remembered.keys()) {
    remembered.delete(oldest);
    return;
  }
}

const tighter = (
  a: number | undefined,
  b: number | undefined,
  pick: (...all: number[]) => number,
): number | undefined => (a === undefined ? b : b === undefined ? a : pick(a, b));

function within(outer: Clip | undefined, inner: Clip): Clip {
  if (outer === undefined) return inner;
  return {
    x1: tighter(outer.x1, inner.x1, Math.max),
    x2: tighter(outer.x2, inner.x2, Math.min),
    y1: tighter(outer.y1, inner.y1, Math.max),
    y2: tighter(outer.y2, inner.y2, Math.min),
  };
}

/** Nothing of a line this long is cut off at its sides; an edge that is missing cuts nothing. */
function keepsWhole(clip: Clip | undefined, x: number, length: number): boolean {
  if (clip === undefined) return true;
  const { x1 = Number.NEGATIVE_INFINITY, x2 = Number.POSITIVE_INFINITY } = clip;
  return x >= x1 && x + length <= x2 && x1 < x2;
}

/** Lines are cut only by a clip that has both edges, as the real output has it. */
function showsRow({ y1, y2 }: Clip, row: number): boolean {
  return y1 === undefined || y2 === undefined || (row >= y1 && row < y2);
}

/** As the real output is to be told it where the row stands at the top. */
function atTop({ x1, x2, y1, y2 }: Clip, row: number): Clip {
  return { x1, x2, y1: y1 === undefined ? y1 : y1 - row, y2: y2 === undefined ? y2 : y2 - row };
}

/** False when what the transformers make of the line is for the real output to say. */
function writeSimple(row: Row, x: number, line: string, index: number, transformers: readonly Transformer[]): boolean {
  const text = transformers.reduce((all, transform) => transform(all, index), line);
  if (text === '') return true;
  if (line === '' || text.includes('\n')) return false;
  row.key += `\n${x} ${text}`;
  row.writings.push({ x, y: 0, text: line, transformers: [() => text], clip: undefined });
  return true;
}

export class QuickOutput {
  readonly width: number;
  readonly height: number;
  readonly #rows: Row[];
  readonly #clips: Clip[] = [];

  constructor({ width, height }: { width: number; height: number }) {
    this.width = width;
    this.height = height;
    this.#rows = Array.from({ length: height }, () => ({ key: `${width}`, isSimple: true, writings: [] }));
  }

  clip(clip: Clip): void {
    this.#clips.push(within(this.#clips.at(-1), clip));
  }

  unclip(): void {
    this.#clips.pop();
  }

  write(x: number, y: number, text: string, { transformers }: { transformers: readonly Transformer[] }): void {
    if (text === '') return;
    const clip = this.#clips.at(-1);
    const isPlain = !STYLES_OR_RETURN.test(text);
    for (const [index, line] of text.split('\n').entries()) {
      const row = this.#rows[y + index];
      if (row === undefined) continue;
      if (isPlain && isOneCellEach(line) && keepsWhole(clip, x, line.length)) {
        if (clip !== undefined && !showsRow(clip, y + index)) continue;
        if (writeSimple(row, x, line, index, transformers)) continue;
      }
      row.isSimple = false;
      row.writings.push({ x, y: -index, text, transformers, clip: clip && atTop(clip, y + index) });
    }
  }

  get(): { output: string; height: number } {
    return { output: this.#rows.map((row) => this.#line(row)).join('\n'), height: this.height };
  }

  #line(row: Row): string {
    const known = row.isSimple ? recall(row.key) : undefined;
    if (known !== undefined) return known;
    const drawn = this.#draw(row);
    if (row.isSimple) remember(row.key, drawn);
    return drawn;
  }

  #draw({ writings }: Row): string {
    const real = new RealOutput({ width: this.width, height: 1 });
    for (const { x, y, text, transformers, clip } of writings) {
      if (clip !== undefined) real.clip(clip);
      real.write(x, y, text, { transformers: [...transformers] });
      if (clip !== undefined) real.unclip();
    }
    return real.get().output;
  }
}

export { QuickOutput as default };
