// A capture that breaks off, or is broken in the middle: what stands before the break as a whole capture again. It cuts between entries,
// or between the frames of one, and nowhere else: half an entry would look like a call without an answer.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const CLOSERS: Readonly<Record<number, string>> = { 123: '}', 91: ']' };
const CLOSING = new Set([0x7d, 0x5d]);
const FRAMES = '"_webSocketMessages"';

/** Where the parser stopped, from its words; the end when it does not say. */
function breakOf(error: unknown, text: string): number {
  const told = /position (\d+)/.exec(error instanceof Error ? error.message : '');
  return told === null ? text.length : Number(told[1]);
}

/** The end of a string that begins at `from`, behind its quote. */
function endOfString(text: string, from: number, limit: number): number {
  for (let at = from + 1; at < limit; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at + 1;
  }
  return limit;
}

interface Cut {
  at: number;
  closers: string;
}

/** The last place before `limit` at which the list of entries, or the list of an entry's frames, can end. */
function lastCut(text: string, limit: number): Cut | null {
  const open: string[] = [];
  let key = '';
  let cut: Cut | null = null;
  for (let at = 0; at < limit; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at, limit);
      if (open.length === 4) key = text.slice(at, Math.min(end, at + 40));
      at = end;
      continue;
    }
    const closer = CLOSERS[code];
    if (closer !== undefined) open.push(closer);
    else if (CLOSING.has(code)) open.pop();
    // `{ log { entries [` is three deep; an entry's `{ frames [` two more.
    else if (code === COMMA && open.at(-1) === ']' && (open.length === 3 || (open.length === 5 && key === FRAMES)))
      cut = { at, closers: open.toReversed().join('') };
    at += 1;
  }
  return cut;
}

/** The JSON value of what stands before the break; undefined when that is no capture. */
export function mended(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const cut = lastCut(text, breakOf(error, text));
    if (cut === null) return undefined;
    try {
      return JSON.parse(text.slice(0, cut.at) + cut.closers) as unknown;
    } catch {
      return undefined;
    }
  }
}
