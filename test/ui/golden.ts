// Compares with a golden file, or writes it when UPDATE_GOLDEN=1.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** `name` is a path under `screens/`. */
export function golden(name: string, lines: readonly string[]): void {
  const file = fileURLToPath(new URL(`screens/${name}`, import.meta.url));
  const text = `${lines.join('\n')}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
}
