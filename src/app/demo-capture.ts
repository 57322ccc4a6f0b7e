// The demo of a trouble that only somebody else's program can earn: a bundled capture, replayed like any other.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WatchFlags } from '../cli/settings.ts';
import { Engine } from '../engine/engine.ts';
import { bytesOfExample, HAR_EXAMPLES } from '../import/examples.ts';
import { readHar } from '../import/har.ts';
import { complain } from './output.ts';
import { replay } from './replay.ts';

type Example = (typeof HAR_EXAMPLES)[number];

export function findCapture(name: string): Example | null {
  return HAR_EXAMPLES.find((example) => example.name === name) ?? null;
}

/** What it raises, folded once more without a screen or lines. */
function codesOf(example: Example): Set<string> {
  const read = readHar(bytesOfExample(example));
  const engine = new Engine();
  for (const fact of 'problem' in read ? [] : read.facts) engine.replay(fact);
  return new Set([...engine.book.history.values()].map((entry) => entry.finding.code));
}

/** Replays it; in lines the result is 0 when what it is about was diagnosed, else 1. */
export async function demoCapture(example: Example, flags: WatchFlags, isTerminal: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cbscope-demo-'));
  const file = join(folder, `${example.name}.har`);
  try {
    writeFileSync(file, bytesOfExample(example));
    const code = await replay(file, flags, isTerminal);
    const isLines = !isTerminal || flags.plain === true || flags.json === true;
    if (!isLines || code === 1 || code === 2) return code;
    if (example.code === null || codesOf(example).has(example.code)) return 0;
    complain(`the demo was not diagnosed as scripted: ${example.code} was not raised`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
