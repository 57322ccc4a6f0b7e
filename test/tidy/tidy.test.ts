// The house rules, held over every file of the repository. Each check is tried on offenders in offenders.test.ts.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/exchange/scenario.ts';
import { scenarios } from '../../src/exchange/scenarios.ts';
import { CATALOGUE } from '../../src/playbook/catalogue.ts';
import { unknownCodes, unraisedCodes } from './codes.ts';
import { LONG_FILES, LONG_FUNCTIONS, UNRAISED_CODES } from './exemptions.ts';
import { importDirections, importExtensions, pureImports, singleImporters } from './imports.ts';
import { FILE_LINES_MAX, FUNCTION_LINES_MAX, fileLength, functionLength, functionSpans } from './sizes.ts';
import type { Check } from './sources.ts';
import { complaints, ROOT, readSources, readText } from './sources.ts';
import {
  effects,
  language,
  naming,
  noConsole,
  noHistory,
  noLeftovers,
  noMachinePaths,
  noSkips,
  opening,
  pureWords,
} from './words.ts';

const CODE = ['.ts', '.tsx', '.js'];
const src = readSources(['src'], CODE);
/** The offenders are meant to offend. */
const test = readSources(['test'], CODE).filter(({ path }) => path !== 'test/tidy/offenders.test.ts');
const bin = readSources(['bin'], CODE);
const prose = [
  ...readSources(['src', 'test'], ['.md', '.json', '.txt']),
  ...['README.md', '.env.example', '.ci/run', 'package.json'].map((path) => ({ path, text: readText(path) })),
];
/** The table of words holds what it looks for. */
const all = [...src, ...test, ...bin, ...prose].filter(({ path }) => path !== 'test/tidy/words.ts');

describe('every file of src', () => {
  const checks: Record<string, Check> = {
    'imports only what its folder may': importDirections,
    'leaves each package to its importer': singleImporters,
    'stays pure where its folder is pure': (source) => [...pureImports(source), ...pureWords(source)],
    'is at most as long as the house likes': fileLength(LONG_FILES),
    'has functions at most as long as the house likes': functionLength(LONG_FUNCTIONS),
    'keeps effects in one place': effects,
    'prints through one door': noConsole,
    'opens by saying what it is': opening,
  };
  it.each(Object.entries(checks))('%s', (_, check) => expect(complaints(src, check)).toEqual([]));
});

describe('every file of code', () => {
  const checks: Record<string, Check> = {
    'is named for what it owns': naming,
    'says the extension of what it imports': importExtensions,
    'has named exports, types and unions': language,
    'skips no test and mocks no module': noSkips,
  };
  it.each(Object.entries(checks))('%s', (_, check) => expect(complaints([...src, ...test], check)).toEqual([]));
});

describe('every file', () => {
  const checks: Record<string, Check> = {
    'leaves nothing over': noLeftovers,
    'names no machine': noMachinePaths,
    'says nothing of how the work was organised': noHistory,
  };
  it.each(Object.entries(checks))('%s', (_, check) => expect(complaints(all, check)).toEqual([]));
});

describe('exemptions', () => {
  it('are needed', () => {
    const files = Object.fromEntries(src.map(({ path, text }) => [path, text.split('\n').length - 1]));
    const functions = Object.fromEntries(
      src.flatMap(({ path, text }) => functionSpans(text).map(({ name, lines }) => [`${path} ${name}`, lines])),
    );
    const idle = [
      ...Object.keys(LONG_FILES).filter((path) => (files[path] ?? 0) <= FILE_LINES_MAX),
      ...Object.keys(LONG_FUNCTIONS).filter((name) => (functions[name] ?? 0) <= FUNCTION_LINES_MAX),
    ];
    expect(idle).toEqual([]);
  });
});

describe('finding codes', () => {
  const playbook = src.filter(({ path }) => path.startsWith('src/playbook/'));
  const codes = Object.keys(CATALOGUE);

  it('are all in the catalogue', () => expect(unknownCodes(playbook, codes)).toEqual([]));

  it('are all raised by a rule, or said not to be', () =>
    expect(unraisedCodes(playbook, codes)).toEqual(Object.keys(UNRAISED_CODES)));
});

describe('scenarios', () => {
  const files = readdirSync(join(ROOT, 'src/exchange/scenarios')).sort();

  it.each(files)('%s can be played', (file) => {
    const scenario = parseScenario(JSON.parse(readText(`src/exchange/scenarios/${file}`)));
    expect(scenario).not.toHaveProperty('problem');
    expect(scenario).toHaveProperty('name', file.replace(/\.json$/, ''));
  });

  it('are all listed', () => expect(scenarios.map(({ name }) => `${name}.json`).sort()).toEqual(files));

  it('expect only codes of the catalogue', () => {
    const expected = scenarios.flatMap(({ code, expect: list }) => [
      ...(code === null ? [] : [code]),
      ...list.map((one) => one.code),
    ]);
    expect(expected.filter((code) => CATALOGUE[code] === undefined)).toEqual([]);
  });
});
