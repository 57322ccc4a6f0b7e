// Long texts taken out of plain data and put back: what many copies share is kept once. What was one object in two places stays one.

const LONG = 256;

interface TextPlace {
  $text: number;
}

function isTextPlace(value: object): value is TextPlace {
  return '$text' in value && typeof value.$text === 'number';
}

/** A copy of plain data (objects, lists, maps) with `exchange` applied to what it accepts: it gives undefined for everything else. */
function copied(value: unknown, exchange: (value: unknown) => unknown, copies: Map<object, object>): unknown {
  const exchanged = exchange(value);
  if (exchanged !== undefined) return exchanged;
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (value instanceof Map) {
    const map = new Map<unknown, unknown>();
    copies.set(value, map);
    for (const [key, item] of value) map.set(key, copied(item, exchange, copies));
    return map;
  }
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const item of value) list.push(copied(item, exchange, copies));
    return list;
  }
  const out: Record<string, unknown> = {};
  copies.set(value, out);
  for (const [name, field] of Object.entries(value)) {
    const own = copied(field, exchange, copies);
    // Names in recorded facts come from outside.
    if (name === '__proto__') Object.defineProperty(out, name, { value: own, enumerable: true, writable: true });
    else out[name] = own;
  }
  return out;
}

/** The same data with a number in place of each long text; new texts are added to `texts`. */
export function withoutTexts<T>(data: T, texts: Map<string, number>): T {
  const exchange = (value: unknown): unknown => {
    if (typeof value !== 'string' || value.length < LONG) return undefined;
    const number = texts.get(value) ?? texts.size;
    texts.set(value, number);
    return { $text: number };
  };
  return copied(data, exchange, new Map()) as T;
}

/** The data with its texts again. */
export function withTexts<T>(data: T, texts: readonly string[]): T {
  const exchange = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && isTextPlace(value) ? (texts[value.$text] ?? '') : undefined;
  return copied(data, exchange, new Map()) as T;
}
