// Which seeds a run plays: twenty of its own, or the one of `SEED=…`, and the command that repeats a failure.

const given = Number(process.env['SEED'] ?? Number.NaN);

export const SEEDS: number[] = Number.isSafeInteger(given)
  ? [given]
  : Array.from({ length: 20 }, (_, index) => index + 1);

export function byHand(file: string, seed: number): string {
  return `repeat with: SEED=${seed} vitest run --config test/vitest.config.ts test/sim/${file}.test.ts`;
}
