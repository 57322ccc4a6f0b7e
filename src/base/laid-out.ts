// A payload laid out in lines, however large: one walk counts them, and any window of lines costs only the window. Nothing is parsed and
// nothing is changed: the digits of a number stay as they were sent.

/** Lines that are made when they are looked at. */
export interface Lines {
  readonly total: number;
  /** At most `count` lines from this index on. */
  window(from: number, count: number): string[];
}

/** A walker's place is noted every so many lines. */
const NOTED_EVERY = 256;
const HEX_BYTES = 16;
const [TAB, NEWLINE, SPACE, QUOTE, BACKSLASH, COMMA, COLON] = [0x09, 0x0a, 0x20, 0x22, 0x5c, 0x2c, 0x3a];

/** Where a line begins. */
interface Place {
  at: number;
  depth: number;
  isInString: boolean;
}

/** Stands somewhere in a text and moves line by line. */
interface Walker {
  place: Place;
  readonly isAtEnd: boolean;
  /** Moves behind the next line, and gives it when it is wanted. */
  step(isWanted: boolean): string;
}

/** Cells at most: what is not ASCII may be wide. */
const cellsOf = (code: number): number => (code < 0x80 ? 1 : 2);
const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b;
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d;
const isSpace = (code: number): boolean => code === SPACE || (code >= TAB && code <= 0x0d);

/** A line of a JSON text holds one value or one bracket; a long string goes on in the next line, broken at a space. */
class JsonWalker implements Walker {
  readonly #text: string;
  readonly #width: number;
  #at = 0;
  #depth = 0;
  #isInString = false;
  #used = 0;
  #line = '';

  constructor(text: string, width: number) {
    this.#text = text;
    this.#width = width;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  get place(): Place {
    return { at: this.#at, depth: this.#depth, isInString: this.#isInString };
  }

  set place({ at, depth, isInString }: Place) {
    this.#at = at;
    this.#depth = depth;
    this.#isInString = isInString;
  }

  step(isWanted: boolean): string {
    if (!this.#isInString && isClosing(this.#next())) this.#depth = Math.max(0, this.#depth - 1);
    const indent = 2 * this.#depth + (this.#isInString ? 2 : 0);
    this.#used = Math.min(indent, this.#width >> 1);
    this.#line = isWanted ? ' '.repeat(this.#used) : '';
    let goesOn = true;
    for (let isFirst = true; goesOn && this.#at < this.#text.length; isFirst = false)
      goesOn = this.#isInString ? this.#stringOn(isWanted) : this.#tokenOn(isWanted, isFirst);
    return this.#line;
  }

  /** The next character that is no white space; the place is at it then. */
  #next(): number {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return this.#text.charCodeAt(this.#at);
  }

  #take(end: number, isWanted: boolean): void {
    if (isWanted) this.#line += this.#text.slice(this.#at, end);
    this.#used += end - this.#at;
    this.#at = end;
  }

  /** Takes what belongs to the line of a token; false when the line is full. */
  #tokenOn(isWanted: boolean, isFirst: boolean): boolean {
    const code = this.#next();
    if (isClosing(code) && !isFirst) return false;
    if (this.#at >= this.#text.length) return false;
    this.#take(this.#at + 1, isWanted);
    if (code === QUOTE) this.#isInString = true;
    else if (code === COLON) this.#line += isWanted ? ' ' : '';
    else if (code === COMMA) return this.#endLine();
    else if (isOpening(code)) return this.#openOn(isWanted);
    return true;
  }

  /** Spaces at the end of a line, and of the text, are no line of their own. */
  #endLine(): false {
    this.#next();
    return false;
  }

  /** What is empty closes in the same line. */
  #openOn(isWanted: boolean): boolean {
    if (isClosing(this.#next())) {
      this.#take(this.#at + 1, isWanted);
      return true;
    }
    this.#depth += 1;
    return false;
  }

  /** Takes of a string what the line has room for; false when there is more of it. */
  #stringOn(isWanted: boolean): boolean {
    const text = this.#text;
    const room = Math.max(8, this.#width - this.#used);
    let [cells, atSpace, here] = [0, -1, this.#at];
    while (here < text.length) {
      const code = text.charCodeAt(here);
      const size = code === BACKSLASH ? 2 : 1;
      cells += size === 2 ? 2 : cellsOf(code);
      if (cells > room) {
        this.#take(atSpace > here - room / 2 ? atSpace : here, isWanted);
        return false;
      }
      here += size;
      if (code === SPACE) atSpace = here;
      if (code !== QUOTE) continue;
      this.#isInString = false;
      break;
    }
    this.#take(here, isWanted);
    return true;
  }
}

/** A line of any other text, a long one broken at a space. */
class PlainWalker implements Walker {
  readonly #text: string;
  readonly #width: number;
  place: Place = { at: 0, depth: 0, isInString: false };

  constructor(text: string, width: number) {
    this.#text = text;
    this.#width = width;
  }

  get isAtEnd(): boolean {
    return this.place.at >= this.#text.length;
  }

  step(isWanted: boolean): string {
    const from = this.place.at;
    const end = this.#end(from);
    const isWhole = this.#text.charCodeAt(end) === NEWLINE;
    this.place.at = isWhole ? end + 1 : end;
    return isWanted ? this.#text.slice(from, end).replace(/\r$/, '') : '';
  }

  #end(from: number): number {
    let [cells, atSpace, here] = [0, -1, from];
    for (; here < this.#text.length; here += 1) {
      const code = this.#text.charCodeAt(here);
      if (code === NEWLINE) return here;
      cells += cellsOf(code);
      if (cells > this.#width) return atSpace > here - this.#width / 2 ? atSpace : here;
      if (code === SPACE) atSpace = here + 1;
    }
    return here;
  }
}

function walked(walker: Walker): Lines {
  const noted: Place[] = [];
  let total = 0;
  for (; !walker.isAtEnd; total += 1) {
    if (total % NOTED_EVERY === 0) noted.push({ ...walker.place });
    walker.step(false);
  }
  return {
    total,
    window(from, count) {
      const start = noted[Math.floor(from / NOTED_EVERY)];
      if (start === undefined) return [];
      walker.place = { ...start };
      for (let index = from - (from % NOTED_EVERY); index < from; index += 1) walker.step(false);
      return Array.from({ length: Math.max(0, Math.min(total - from, count)) }, () => walker.step(true));
    },
  };
}

/** A text that is known to be JSON, indented by two. */
export function jsonLines(text: string, width: number): Lines {
  const trimmed = text.trim();
  return walked(new JsonWalker(trimmed, Math.max(16, width)));
}

/** A text as it came. */
export function plainLines(text: string, width: number): Lines {
  return walked(new PlainWalker(text, Math.max(16, width)));
}

function hexLine(bytes: Uint8Array, offset: number): string {
  const row = [...bytes.subarray(offset, offset + HEX_BYTES)];
  const digits = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const letters = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return `${offset.toString(16).padStart(8, '0')}  ${digits.padEnd(3 * HEX_BYTES - 1)}  ${letters}`;
}

/** Bytes that are no text: offset, sixteen bytes, and their letters. */
export function hexLines(bytes: Uint8Array): Lines {
  const total = Math.ceil(bytes.length / HEX_BYTES);
  const window = (from: number, count: number): string[] =>
    Array.from({ length: Math.max(0, Math.min(count, total - from)) }, (_, index) =>
      hexLine(bytes, (from + index) * HEX_BYTES),
    );
  return { total, window };
}

/** Lines, then others. */
export function linesAfter(head: Lines, rest: Lines): Lines {
  const window = (from: number, count: number): string[] => {
    const first = head.window(from, count);
    return [...first, ...rest.window(Math.max(0, from - head.total), count - first.length)];
  };
  return { total: head.total + rest.total, window };
}

export const NO_LINES: Lines = { total: 0, window: () => [] };
