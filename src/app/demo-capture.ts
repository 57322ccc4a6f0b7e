// The demo of troubles that the exchange cannot make: a bundled capture of another program, or a bundled recording, replayed like any other.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WatchFlags } from '../cli/settings.ts';
import { Engine } from '../engine/engine.ts';
import { bytesOfExample, HAR_EXAMPLES } from '../import/examples.ts';
import { openTraffic } from './import.ts';
import { complain } from './output.ts';
import { bytesOfRecorded, RECORDED_EXAMPLES } from './recorded-examples.ts';
import { replay } from './replay.ts';

export interface Bundled {
  name: string;
  code: string | null;
  fileName: string;
  bytes: Uint8Array;
}

export function findBundled(name: string): Bundled | null {
  const har = HAR_EXAMPLES.find((example) => example.name === name);
  if (har !== undefined) return { name, code: har.code, fileName: `${name}.har`, bytes: bytesOfExample(har) };
  const recorded = RECORDED_EXAMPLES.find((example) => example.name === name);
  if (recorded === undefined) return null;
  return { name, code: recorded.code, fileName: `${name}.ndjson`, bytes: bytesOfRecorded(recorded) };
}

/** What a file raises, folded once more without a screen or lines. */
async function codesOf(file: string): Promise<Set<string>> {
  const traffic = await openTraffic(file);
  const engine = new Engine();
  if (!('problem' in traffic)) for await (const batch of traffic.facts()) for (const fact of batch) engine.replay(fact);
  return new Set([...engine.book.history.values()].map((entry) => entry.finding.code));
}

/** Replays it; in lines the result is 0 when what it is about was diagnosed, else 1. */
export async function demoBundled(bundled: Bundled, flags: WatchFlags, isTerminal: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cbscope-demo-'));
  const file = join(folder, bundled.fileName);
  try {
    writeFileSync(file, bundled.bytes);
    const code = await replay(file, flags, isTerminal);
    const isLines = !isTerminal || flags.plain === true || flags.json === true;
    if (!isLines || code === 1 || code === 2) return code;
    if (bundled.code === null || (await codesOf(file)).has(bundled.code)) return 0;
    complain(`the demo was not diagnosed as scripted: ${bundled.code} was not raised`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
