// Which seeds a run plays: twenty of its own, the one of `SEED=…`, or as many as `SEEDS=…` asks for; and the command that repeats a failure.

const given = Number(process.env['SEED'] ?? Number.NaN);
const wanted = Number(process.env['SEEDS'] ?? 20);

export const SEEDS: number[] = Number.isSafeInteger(given)
  ? [given]
  : Array.from({ length: wanted }, (_, index) => index + 1);

export function byHand(file: string, seed: number): string {
  return `repeat with: SEED=${seed} vitest run --config test/vitest.config.ts test/sim/${file}.test.ts`;
}
