// Owns exact decimal arithmetic: amounts are whole multiples of 1e-8, so that balances, holds and fills add up to the
// digit.

/** An amount in units of 1e-8. */
export type Fixed = bigint;

const DIGITS = 8;
const SCALE = 100_000_000n;

/** Reads a plain decimal ("0.01", 900); digits beyond the eighth are cut. Null when it is not one. */
export function readFixed(value: unknown): Fixed | null {
  const text = typeof value === 'number' ? value.toFixed(DIGITS) : value;
  if (typeof text !== 'string') return null;
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) return null;
  const fraction = (match[3] ?? '').slice(0, DIGITS).padEnd(DIGITS, '0');
  const amount = BigInt(match[2] ?? '0') * SCALE + BigInt(fraction);
  return match[1] === '-' ? -amount : amount;
}

/** The same for values the code itself wrote; anything unreadable is a bug and counts as 0. */
export function fixed(value: string | number): Fixed {
  return readFixed(value) ?? 0n;
}

/** Shortest decimal text: no trailing zeros, no exponent. */
export function fixedText(amount: Fixed): string {
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(DIGITS + 1, '0');
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -DIGITS)}${fraction === '' ? '' : `.${fraction}`}`;
}

export function times(a: Fixed, b: Fixed): Fixed {
  return (a * b) / SCALE;
}

export function over(a: Fixed, b: Fixed): Fixed {
  return b === 0n ? 0n : (a * SCALE) / b;
}

/** Cuts an amount to a multiple of a step (a product's increment). */
export function floorTo(amount: Fixed, step: Fixed): Fixed {
  return step === 0n ? amount : amount - (amount % step);
}
