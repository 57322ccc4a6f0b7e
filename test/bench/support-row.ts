// What a bench says: one row of the table, printed as one JSON line.

export interface Row {
  what: string;
  figure: string;
  reference?: string;
  ratio?: number;
  budget?: string;
  /** Absent where there is no budget. */
  ok?: boolean;
}

export function tell(row: Row): void {
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** The value of `--name=value`, or the fallback. */
export function numberFlag(name: string, fallback: number): number {
  const found = process.argv.find((arg) => arg.startsWith(`--${name}=`));
  const value = found === undefined ? Number.NaN : Number(found.slice(name.length + 3));
  return Number.isFinite(value) ? value : fallback;
}

export function hasFlag(name: string): boolean {
  return process.argv.includes(`--${name}`);
}
