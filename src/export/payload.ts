// What came over the wire as lines for the eyes: JSON indented token by token, nothing else changed, so that numbers and repeated keys
// stay as they were sent; everything escaped.

import { escaped } from './escape.ts';

const LINE_MAX = 2_000;
const DEPTH_MAX = 40;
const TOKENS = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s"{}[\],:]+/g;

/** The text with line breaks and two spaces a level; a beginning of JSON is as good as the whole of it. */
export function indented(text: string): string {
  let depth = 0;
  let out = '';
  const line = (): string => `\n${'  '.repeat(Math.min(depth, DEPTH_MAX))}`;
  let previous = '';
  for (const [token] of text.matchAll(TOKENS)) {
    const isClose = token === '}' || token === ']';
    const isOpen = token === '{' || token === '[';
    if (isClose) depth = Math.max(0, depth - 1);
    const isEmpty = isClose && (previous === '{' || previous === '[');
    if (!isEmpty && (isClose || previous === ',' || previous === '{' || previous === '[')) out += line();
    out += token === ':' ? ': ' : token;
    if (isOpen) depth += 1;
    previous = token;
  }
  return out;
}

/** A payload as escaped lines. Headers and an empty line may come before what looks like JSON. */
export function payloadHtml(payload: string, cut: number): string {
  const blank = payload.indexOf('\n\n');
  const start = /^\s*[{[]/.test(payload) ? 0 : blank < 0 ? payload.length : blank + 2;
  const body = payload.slice(start);
  const text = payload.slice(0, start) + (/^\s*[{[]/.test(body) ? indented(body) : body);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((each) => escaped(each, LINE_MAX));
  return `${lines.join('\n')}${cut === 0 ? '' : `\n<b>… ${cut} more characters</b>`}`;
}
