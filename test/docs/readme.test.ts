// README says what the code does: its tables are those of the code, its commands, flags and packages exist. UPDATE_GOLDEN=1 writes the tables.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTING_ROWS } from '../../src/cli/setting-table.ts';
import { ROOT, readText } from '../tidy/sources.ts';
import { BLOCKS, blockOf, withBlock } from './blocks.ts';

if (process.env['UPDATE_GOLDEN'] === '1') {
  const written = Object.entries(BLOCKS).reduce(
    (page, [name, render]) => withBlock(page, name, render()),
    readText('README.md'),
  );
  writeFileSync(join(ROOT, 'README.md'), written);
}

const page = readText('README.md');
const program = readText('src/cli/program.ts');
const commands = [...program.matchAll(/\.command\('(\w+)/g)].map((match) => match[1] ?? '');

/** Commands that a text tells people to type. */
function commandsTold(text: string): string[] {
  return [...text.matchAll(/(?:^|`|npx )cbscope ([a-z]+)\b/gm)].map((match) => match[1] ?? '');
}

describe('README', () => {
  it.each(Object.entries(BLOCKS))('has the %s of the code (npm run golden)', (name, render) =>
    expect(blockOf(page, name)).toBe(render()),
  );

  it('begins with what it is, the two commands and a screen', () => {
    const firstScreen = page.split('\n').slice(0, 60).join('\n');
    expect(firstScreen).toContain('npm ci && npm run demo');
    expect(firstScreen).toContain('npm ci && npm test');
    expect(firstScreen).toContain(blockOf(page, 'screen') ?? 'no screen');
  });

  it('names every command', () => {
    const told = commandsTold(page);
    expect(commands.length).toBeGreaterThan(4);
    expect(commands.filter((command) => !told.includes(command))).toEqual([]);
  });

  it('names no command that is not there', () =>
    expect(commandsTold(page).filter((command) => !commands.includes(command))).toEqual([]));

  it('names every flag', () => {
    const flags = [...program.matchAll(/'(--[a-z-]+)[ ']/g)].map((match) => match[1] ?? '');
    expect(flags.length).toBeGreaterThan(10);
    expect(flags.filter((flag) => !page.includes(flag))).toEqual([]);
  });

  it('names no flag that is not there', () => {
    const known = program + SETTING_ROWS.map(({ flag }) => flag).join(' ');
    const told = page.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [];
    expect(told.filter((flag) => !known.includes(flag) && flag !== '--help')).toEqual([]);
  });

  it('names every package with a reason, and no other', () => {
    const { dependencies, devDependencies } = JSON.parse(readText('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const section = page.slice(page.indexOf('## Dependencies'), page.indexOf('## Limits'));
    const told = [...section.matchAll(/^\| (`[^|]+`) \| \S/gm)].flatMap(([, names]) => names?.match(/[^`, ]+/g) ?? []);
    expect(told.sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
  });

  it('names no npm script that is not there', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    const told = [...page.matchAll(/npm run (?:-s )?([a-z]+(?::[a-z]+)?)/g)].map((match) => match[1] ?? '');
    expect(told.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  it('links only to what is there', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => readText(link) === '')).toEqual([]);
  });
});

describe('.env.example', () => {
  const example = readText('.env.example');
  const told = [...example.matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] ?? '');
  const known = SETTING_ROWS.flatMap(({ environment }) => environment.split(', ')).filter((name) => name !== '');
  /** Not settings of a project: what a terminal or a user wants of every program. */
  const elsewhere = ['NO_COLOR'];
  /** Named in the meaning of another row. */
  const alsoRead = ['CDP_API_KEY_ID', 'CDP_API_KEY_SECRET'];

  it('names every variable', () =>
    expect(known.filter((name) => !told.includes(name) && !elsewhere.includes(name))).toEqual([]));

  it('names no variable that is not read', () =>
    expect(told.filter((name) => !known.includes(name) && !alsoRead.includes(name))).toEqual([]));

  it('sets nothing: copied as it is, it changes nothing', () => expect(example).not.toMatch(/^[A-Z]/m));
});

describe('what people are told to type', () => {
  it('is caught when it does not exist', () =>
    expect(commandsTold('type `cbscope vanish`\ncbscope watch --json\nnpx cbscope report x')).toEqual([
      'vanish',
      'watch',
      'report',
    ]));
});
