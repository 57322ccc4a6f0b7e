// The reference samples as fixtures: whole text, and compact as they travel.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../fixtures/coinbase/', import.meta.url);

export function sampleText(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

/** The sample in one line, as a server sends it. */
export function compact(name: string): string {
  return JSON.stringify(JSON.parse(sampleText(`${name}.json`)));
}

export function sampleNames(prefix: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.json'))
    .map((name) => name.replace(/\.json$/, ''));
}

export interface SessionLine {
  t_ms: number;
  ev: string;
  data?: Record<string, unknown>;
}

export function session(name: string): SessionLine[] {
  return sampleText(`${name}.ndjson`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SessionLine);
}
