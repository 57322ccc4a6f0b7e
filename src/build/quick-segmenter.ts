// Stands in for `Intl.Segmenter` in the bundle: loading the tables of Unicode takes longer than the first screen, and text whose characters
// all stand alone needs none of them. Any other text gets the real one.
import { isOneCell } from '../base/one-cell.ts';

const { Segmenter } = Intl;
const ESCAPE = 0x1b;

function standAlone(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code !== ESCAPE && !isOneCell(code)) return false;
  }
  return true;
}

/** Each character as a segment of its own. */
class Characters implements Intl.Segments {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  containing(index = 0): Intl.SegmentData | undefined {
    const at = Math.trunc(index) || 0;
    if (at < 0 || at >= this.#text.length) return undefined;
    return { segment: this.#text.charAt(at), index: at, input: this.#text };
  }

  *[Symbol.iterator](): Generator<Intl.SegmentData, undefined> {
    const input = this.#text;
    for (let index = 0; index < input.length; index += 1) yield { segment: input.charAt(index), index, input };
    return undefined;
  }
}

export class QuickSegmenter implements Intl.Segmenter {
  readonly #locales: Intl.LocalesArgument;
  readonly #options: Intl.SegmenterOptions | undefined;
  #real: Intl.Segmenter | null = null;

  constructor(locales?: Intl.LocalesArgument, options?: Intl.SegmenterOptions) {
    this.#locales = locales;
    this.#options = options;
  }

  get #itself(): Intl.Segmenter {
    this.#real ??= new Segmenter(this.#locales, this.#options);
    return this.#real;
  }

  segment(text: string): Intl.Segments {
    const byGrapheme = (this.#options?.granularity ?? 'grapheme') === 'grapheme';
    return byGrapheme && standAlone(text) ? new Characters(text) : this.#itself.segment(text);
  }

  resolvedOptions(): Intl.ResolvedSegmenterOptions {
    return this.#itself.resolvedOptions();
  }
}
