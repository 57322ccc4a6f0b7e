// Stands in for `string-width` in the bundle: most of what a screen measures is characters of one cell each, and looks.
// All other texts are measured by the real one and remembered, a bounded number of them.
import type { Options } from 'string-width';
import measure from 'string-width-itself';
import { isOneCellEach } from '../base/one-cell.ts';

const REMEMBERED_MAX = 2_000;
const LOOKS = /\u001b\[[\d;]*m/g;
const remembered = new Map<string, number>();

/** Cells that a text takes, as the real `string-width` says. */
export function quickWidth(text: string, options?: Options): number {
  if (text === '' || options !== undefined) return measure(text, options);
  const bare = text.includes('\u001b') ? text.replace(LOOKS, '') : text;
  if (isOneCellEach(bare)) return bare.length;
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const width = measure(text);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(text, width);
  return width;
}

export { quickWidth as default };
