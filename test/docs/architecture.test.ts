// The map shows the territory: every folder has its row, every file its line, and every file that is named exists. UPDATE_GOLDEN=1 writes the list.

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readSources, readText } from '../tidy/sources.ts';
import { blockOf, withBlock } from './blocks.ts';
import { fileIndex, firstSentence } from './file-index.ts';

const MAP = 'src/ARCHITECTURE.md';
const index = fileIndex(readSources(['src'], ['.ts', '.tsx', '.js']));

if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(join(ROOT, MAP), withBlock(readText(MAP), 'files', index));

const page = readText(MAP);
const byHand = page.slice(0, page.indexOf('## Every file'));

/** Paths in backquotes, such as `core/step.ts` or `exchange/scenarios/`. */
function pathsNamed(text: string): string[] {
  return [...text.matchAll(/`((?:[a-z-]+\/)+(?:[\w.-]+\.(?:tsx?|js|md))?)`/g)].map((match) => match[1] ?? '');
}

function isThere(path: string): boolean {
  return existsSync(join(ROOT, 'src', path)) || existsSync(join(ROOT, path));
}

describe('ARCHITECTURE', () => {
  it('lists every file (npm run golden)', () => expect(blockOf(page, 'files')).toBe(index));

  it('has a row for every folder', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !byHand.includes(`| \`${name}/\` |`))).toEqual([]);
  });

  it('names no path that is not there', () => expect(pathsNamed(byHand).filter((path) => !isThere(path))).toEqual([]));

  it('says five files to read first', () => {
    const section = byHand.slice(byHand.indexOf('## Read these five'), byHand.indexOf('## Where things are'));
    expect(section.match(/^\d\. `/gm)).toHaveLength(5);
  });

  it('begins each file of the table with one that is there', () => {
    const rows = [...byHand.matchAll(/^\| `([a-z]+)\/` \|[^|]*\| (.*) \|$/gm)];
    const missing = rows.flatMap(([, folder, files]) =>
      [...(files ?? '').matchAll(/`([\w.-]+)`/g)]
        .map((match) => `${folder}/${match[1]}`)
        .filter((path) => !isThere(path)),
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });
});

describe('the other maps', () => {
  it.each(['test/README.md', 'src/exchange/README.md'])('%s names no path that is not there', (map) => {
    const here = map.slice(0, map.lastIndexOf('/'));
    const paths = pathsNamed(readText(map)).filter((path) => !path.startsWith('node_modules/'));
    expect(paths.filter((path) => !isThere(path) && !existsSync(join(ROOT, here, path)))).toEqual([]);
  });
});

describe('an opening comment', () => {
  it('gives its first sentence', () =>
    expect(firstSentence('// What it owns, in short: a thing. What it must not do.\n// More.\n\ncode')).toBe(
      'What it owns, in short: a thing',
    ));

  it('may run over lines', () => expect(firstSentence('// What it\n// owns. More.\n\ncode')).toBe('What it owns'));
});

describe('a path that is named', () => {
  it('is caught when it does not exist', () =>
    expect(pathsNamed('see `core/nowhere.ts` and `exchange/scenarios/`').filter((path) => !isThere(path))).toEqual([
      'core/nowhere.ts',
    ]));
});
