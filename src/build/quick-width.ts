// Stands in for `string-width` in the bundle: most of what a screen measures is ASCII, box drawing and blocks, one cell each.
// All other texts are measured by the real one and remembered, a bounded number of them.
import type { Options } from 'string-width';
import measure from 'string-width-itself';

const REMEMBERED_MAX = 2_000;
const remembered = new Map<string, number>();

/** True when every character is printable ASCII, box drawing or a block: each takes one cell. */
export function isOneCellEach(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (!((code >= 0x20 && code < 0x7f) || (code >= 0x2500 && code <= 0x259f))) return false;
  }
  return true;
}

/** Cells that a text takes, as the real `string-width` says. */
export function quickWidth(text: string, options?: Options): number {
  if (text === '' || options !== undefined) return measure(text, options);
  if (isOneCellEach(text)) return text.length;
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const width = measure(text);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(text, width);
  return width;
}

export { quickWidth as default };
