// Regular expressions that cannot hang: all ways through a pattern are followed at once, one step for each character of the text, so that
// the time is bounded by length of the text times size of the pattern, whatever either is. Pure.

import { isWord, type Read, readPattern, type Tree, type Unit } from './pattern-syntax.ts';

type Step =
  | { do: 'unit'; unit: Unit }
  | { do: 'edge'; edge: Extract<Tree, { is: 'edge' }>['edge'] }
  | { do: 'fork'; to: number }
  | { do: 'go'; to: number }
  | { do: 'end' };

/** A pattern ready to be matched. */
export interface Pattern {
  readonly steps: readonly Step[];
}

/** Steps of a pattern: a repeat counts as often as it may happen. */
export const PATTERN_STEPS_MAX = 400;
/** Characters of a text that are looked at. */
export const PATTERN_TEXT_MAX = 2_000;

class Writer {
  readonly steps: Step[] = [];

  get isFull(): boolean {
    return this.steps.length > PATTERN_STEPS_MAX;
  }

  write(tree: Tree): void {
    if (this.isFull) return;
    switch (tree.is) {
      case 'unit':
        this.steps.push({ do: 'unit', unit: tree.unit });
        return;
      case 'edge':
        this.steps.push({ do: 'edge', edge: tree.edge });
        return;
      case 'all':
        for (const part of tree.parts) this.write(part);
        return;
      case 'any':
        return this.#ways(tree.ways);
      case 'repeat':
        return this.#repeat(tree.part, tree.least, tree.most);
    }
  }

  #ways(ways: readonly Tree[]): void {
    const ends: { do: 'go'; to: number }[] = [];
    for (const [index, way] of ways.entries()) {
      if (index === ways.length - 1) this.write(way);
      else {
        const next = { do: 'fork' as const, to: 0 };
        const end = { do: 'go' as const, to: 0 };
        this.steps.push(next);
        this.write(way);
        this.steps.push(end);
        next.to = this.steps.length;
        ends.push(end);
      }
    }
    for (const end of ends) end.to = this.steps.length;
  }

  #repeat(part: Tree, least: number, most: number | null): void {
    for (let done = 0; done < least && !this.isFull; done += 1) {
      const before = this.steps.length;
      this.write(part);
      // Nothing, however often, is nothing.
      if (this.steps.length === before) return;
    }
    if (most === null) return this.#loop(part);
    const skips: { do: 'fork'; to: number }[] = [];
    for (let done = least; done < most && !this.isFull; done += 1) {
      const skip = { do: 'fork' as const, to: 0 };
      skips.push(skip);
      this.steps.push(skip);
      this.write(part);
    }
    for (const skip of skips) skip.to = this.steps.length;
  }

  #loop(part: Tree): void {
    const start = this.steps.length;
    const out = { do: 'fork' as const, to: 0 };
    this.steps.push(out);
    this.write(part);
    this.steps.push({ do: 'go', to: start });
    out.to = this.steps.length;
  }
}

/** Reads a pattern; a problem is a part of a sentence. */
export function patternOf(text: string): Read<Pattern> {
  const tree = readPattern(text);
  if (!tree.ok) return tree;
  const writer = new Writer();
  writer.write(tree.value);
  writer.steps.push({ do: 'end' });
  if (writer.isFull) return { ok: false, problem: 'it repeats too much' };
  return { ok: true, value: { steps: writer.steps } };
}

function holds(edge: Extract<Tree, { is: 'edge' }>['edge'], text: string, at: number): boolean {
  if (edge === 'start') return at === 0;
  if (edge === 'end') return at === text.length;
  const before = at > 0 && isWord(text.charCodeAt(at - 1));
  const behind = at < text.length && isWord(text.charCodeAt(at));
  return (before !== behind) === (edge === 'word');
}

/** The steps that wait for a character; each stands in it once. */
class Front {
  readonly waiting: number[] = [];
  readonly #seen: Uint8Array;

  constructor(size: number) {
    this.#seen = new Uint8Array(size);
  }

  clear(): void {
    this.waiting.length = 0;
    this.#seen.fill(0);
  }

  /** Goes on from a step as far as that needs no character; true when it comes to the end. */
  enter(steps: readonly Step[], from: number, text: string, at: number): boolean {
    if (this.#seen[from] === 1) return false;
    this.#seen[from] = 1;
    const step = steps[from];
    switch (step?.do) {
      case 'unit':
        this.waiting.push(from);
        return false;
      case 'edge':
        return holds(step.edge, text, at) && this.enter(steps, from + 1, text, at);
      case 'fork':
        return this.enter(steps, from + 1, text, at) || this.enter(steps, step.to, text, at);
      case 'go':
        return this.enter(steps, step.to, text, at);
      default:
        return true;
    }
  }
}

/** Whether the pattern matches anywhere in the text, whatever the case. */
export function matchesPattern({ steps }: Pattern, whole: string): boolean {
  const text = whole.slice(0, PATTERN_TEXT_MAX).toLowerCase();
  let now = new Front(steps.length);
  let next = new Front(steps.length);
  if (now.enter(steps, 0, text, 0)) return true;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    next.clear();
    for (const waiting of now.waiting) {
      const step = steps[waiting];
      if (step?.do === 'unit' && step.unit(code) && next.enter(steps, waiting + 1, text, at + 1)) return true;
    }
    if (next.enter(steps, 0, text, at + 1)) return true;
    [now, next] = [next, now];
  }
  return false;
}
