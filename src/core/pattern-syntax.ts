// The regular expressions of a filter, read into a tree: the part of JavaScript's syntax that can be matched in one pass over a text.
// Case never matters. What cannot be read is a sentence, never an exception.

/** One UTF-16 code unit of a text in lower case. */
export type Unit = (code: number) => boolean;

export type Tree =
  | { is: 'unit'; unit: Unit }
  | { is: 'edge'; edge: 'start' | 'end' | 'word' | 'inside' }
  | { is: 'all'; parts: Tree[] }
  | { is: 'any'; ways: Tree[] }
  /** `most` is null without a limit. */
  | { is: 'repeat'; part: Tree; least: number; most: number | null };

export type Read<T> = { ok: true; value: T } | { ok: false; problem: string };

const fail = (problem: string): { ok: false; problem: string } => ({ ok: false, problem });
const upperOf = (code: number): number => String.fromCharCode(code).toUpperCase().charCodeAt(0);
const lowerOf = (code: number): number => String.fromCharCode(code).toLowerCase().charCodeAt(0);
const isBetween = (code: number, from: number, to: number): boolean => code >= from && code <= to;

const isDigit: Unit = (code) => isBetween(code, 0x30, 0x39);
const isSpace: Unit = (code) => isBetween(code, 0x09, 0x0d) || code === 0x20 || code === 0xa0;
export const isWord: Unit = (code) => isDigit(code) || isBetween(lowerOf(code), 0x61, 0x7a) || code === 0x5f;
const not = (unit: Unit): Unit => {
  return (code) => !unit(code);
};

const CLASSES: Readonly<Record<string, Unit>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };
const EDGES = { '^': 'start', $: 'end' } as const;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The whole text. */
  whole(): Read<Tree> {
    const tree = this.#any();
    return tree.ok && this.#at < this.#text.length ? fail('a ) closes nothing') : tree;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #skip(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #any(): Read<Tree> {
    const ways: Tree[] = [];
    do {
      const parts = this.#all();
      if (!parts.ok) return parts;
      ways.push(parts.value);
    } while (this.#skip('|'));
    const [only] = ways;
    return { ok: true, value: ways.length === 1 && only !== undefined ? only : { is: 'any', ways } };
  }

  #all(): Read<Tree> {
    const parts: Tree[] = [];
    while (this.#at < this.#text.length && this.#peek() !== '|' && this.#peek() !== ')') {
      const part = this.#part();
      if (!part.ok) return part;
      const repeated = this.#repeated(part.value);
      if (!repeated.ok) return repeated;
      parts.push(repeated.value);
    }
    return { ok: true, value: { is: 'all', parts } };
  }

  #repeated(part: Tree): Read<Tree> {
    const start = this.#at;
    const times = this.#times();
    if (times === null) return { ok: true, value: part };
    const written = this.#text.slice(start, this.#at);
    // Lazy or not: the question is only whether it matches.
    this.#skip('?');
    if (part.is === 'edge') return fail(`nothing before ${written} to repeat`);
    if (times.most !== null && times.most < times.least) return fail(`${written} is upside down`);
    return { ok: true, value: { is: 'repeat', part, ...times } };
  }

  #times(): { least: number; most: number | null } | null {
    if (this.#skip('*')) return { least: 0, most: null };
    if (this.#skip('+')) return { least: 1, most: null };
    if (this.#skip('?')) return { least: 0, most: 1 };
    const match = /^\{(\d{1,4})(?:(,)(\d{0,4}))?\}/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (match === null) return null;
    this.#at += match[0].length;
    const least = Number(match[1]);
    if (match[2] === undefined) return { least, most: least };
    return { least, most: match[3] === '' ? null : Number(match[3]) };
  }

  #part(): Read<Tree> {
    const character = this.#peek();
    if (character === '(') return this.#group();
    if (character === '[') return this.#list();
    if (character === '*' || character === '+' || character === '?')
      return fail(`nothing before ${character} to repeat`);
    this.#at += 1;
    if (character === '^' || character === '$') return { ok: true, value: { is: 'edge', edge: EDGES[character] } };
    if (character === '.') return { ok: true, value: { is: 'unit', unit: () => true } };
    if (character !== '\\') return { ok: true, value: { is: 'unit', unit: this.#same(character.charCodeAt(0)) } };
    if (this.#skip('b')) return { ok: true, value: { is: 'edge', edge: 'word' } };
    if (this.#skip('B')) return { ok: true, value: { is: 'edge', edge: 'inside' } };
    const escaped = this.#escaped();
    if (!escaped.ok) return escaped;
    const { value } = escaped;
    return { ok: true, value: { is: 'unit', unit: typeof value === 'number' ? this.#same(value) : value } };
  }

  #same(code: number): Unit {
    const lower = lowerOf(code);
    return (other) => other === lower;
  }

  #group(): Read<Tree> {
    this.#at += 1;
    if (this.#skip('?') && !this.#skip(':')) return fail('(?…) is not known here');
    const inner = this.#any();
    if (!inner.ok) return inner;
    return this.#skip(')') ? inner : fail('a ( is not closed');
  }

  /** Behind a backslash: one code unit, or a class of them. */
  #escaped(): Read<number | Unit> {
    const character = this.#peek();
    if (character === '') return fail('nothing behind the last \\');
    this.#at += 1;
    const known = CLASSES[character] ?? CONTROLS[character];
    if (known !== undefined) return { ok: true, value: known };
    const hex = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(this.#text.slice(this.#at - 1, this.#at + 4));
    if (hex !== null) {
      this.#at += hex[0].length - 1;
      return { ok: true, value: Number.parseInt(hex[1] ?? hex[2] ?? '', 16) };
    }
    if (/[a-z0-9]/i.test(character)) return fail(`\\${character} is not known here`);
    return { ok: true, value: character.charCodeAt(0) };
  }

  /** `[a-z_]`: each unit is asked in both cases. */
  #list(): Read<Tree> {
    this.#at += 1;
    const isNegated = this.#skip('^');
    const units: Unit[] = [];
    while (this.#peek() !== ']') {
      if (this.#at >= this.#text.length) return fail('a [ is not closed');
      const unit = this.#listed();
      if (!unit.ok) return unit;
      units.push(unit.value);
    }
    this.#at += 1;
    const isIn: Unit = (code) => units.some((unit) => unit(code) || unit(upperOf(code)));
    return { ok: true, value: { is: 'unit', unit: isNegated ? not(isIn) : isIn } };
  }

  #listed(): Read<Unit> {
    const from = this.#listedUnit();
    if (!from.ok) return from;
    const first = from.value;
    if (typeof first !== 'number') return { ok: true, value: first };
    const isRange = this.#peek() === '-' && this.#text.charAt(this.#at + 1) !== ']' && this.#at + 1 < this.#text.length;
    if (!isRange) return { ok: true, value: (code) => code === first };
    this.#at += 1;
    const to = this.#listedUnit();
    if (!to.ok) return to;
    const last = to.value;
    if (typeof last !== 'number' || last < first) return fail('a range in [ ] is upside down');
    return { ok: true, value: (code) => isBetween(code, first, last) };
  }

  #listedUnit(): Read<number | Unit> {
    if (this.#skip('\\')) return this.#skip('b') ? { ok: true, value: 8 } : this.#escaped();
    const code = this.#peek().charCodeAt(0);
    this.#at += 1;
    return { ok: true, value: code };
  }
}

/** The tree of a pattern, or what is wrong with it, as a part of a sentence. */
export function readPattern(text: string): Read<Tree> {
  return new Reader(text).whole();
}
