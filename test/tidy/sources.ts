// The files that the house rules are about, read once: paths from the top of the repository, `/` between folders.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Source {
  /** Such as `src/core/step.ts`. */
  path: string;
  text: string;
}

/** A check looks at one file and says what breaks a rule, a sentence each. Pure. */
export type Check = (source: Source) => string[];

/** Every file under these folders whose name ends in one of the extensions; hidden ones are nobody's. */
export function readSources(folders: readonly string[], extensions: readonly string[]): Source[] {
  return folders
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .filter((entry) => extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: relative(ROOT, file), text: readFileSync(file, 'utf8') }));
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Every complaint of a check over these files, with the file it is about. */
export function complaints(sources: readonly Source[], check: Check): string[] {
  return sources.flatMap((source) => check(source).map((sentence) => `${source.path}: ${sentence}`));
}

export function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
