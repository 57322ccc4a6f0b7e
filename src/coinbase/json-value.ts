// Reading of untrusted JSON values: each answers with the value wanted or with nothing, and none throws.

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The JSON value of a text, or `undefined` when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** As `parseJson`, with every number as the digits that came: no rounding by floating point. */
export function parseJsonExact(text: string): unknown {
  const reviver: SourceReviver = (_, value, context) =>
    typeof value === 'number' ? plainDecimal(context?.source ?? String(value)) : value;
  try {
    return JSON.parse(text, reviver as (key: string, value: unknown) => unknown) as unknown;
  } catch {
    return undefined;
  }
}

/** A JSON object, or null for anything else (arrays included). */
export function recordOf(value: unknown): JsonRecord | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : null;
}

/** A JSON array, or null. */
export function listOf(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null;
}

/** A field that is the object's own, so that names such as `constructor` find nothing. */
export function fieldOf(record: JsonRecord, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Text of a string, number or boolean; the empty string for anything else. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? plainDecimal(String(value)) : '';
  return typeof value === 'boolean' ? String(value) : '';
}

/** Text of the first of these fields that has any. */
export function textField(record: JsonRecord, ...names: readonly string[]): string {
  for (const name of names) {
    const text = textOf(fieldOf(record, name));
    if (text !== '') return text;
  }
  return '';
}

/** A whole number, zero or more, that came as a number or as digits in a string; null for anything else. */
export function wholeNumberOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** True or false as a boolean or as a word; null for anything else. */
export function flagOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : null;
}

const EXPONENT_MAX = 400;

/** A numeral without exponent: `1e-8` becomes `0.00000001`; any other text is returned as it is. */
export function plainDecimal(numeral: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,4})$/.exec(numeral);
  if (parts === null) return numeral;
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  const exponent = Number(power);
  if (Math.abs(exponent) > EXPONENT_MAX) return numeral;
  const digits = (whole + fraction).padEnd(whole.length + exponent, '0');
  const point = whole.length + exponent;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits;
  const cut = Math.max(1, point);
  const tail = padded.slice(cut).replace(/0+$/, '');
  return sign + padded.slice(0, cut).replace(/^0+(?=\d)/, '') + (tail === '' ? '' : `.${tail}`);
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A decimal numeral as text, from a string or a number; null for anything else. */
export function decimalOf(value: unknown): string | null {
  const text = plainDecimal(textOf(value).trim());
  return DECIMAL.test(text) ? text : null;
}
