// The parts of README that the code knows better: rendered from the tables that define them, between markers that name them.

import { EXIT_ROWS } from '../../src/cli/exit-code.ts';
import { SETTING_ROWS } from '../../src/cli/setting-table.ts';
import { CATALOGUE } from '../../src/playbook/catalogue.ts';
import { keymapRows } from '../../src/ui/key-rows.ts';
import type { KeyGroup } from '../../src/ui/keymap.ts';
import { readText } from '../tidy/sources.ts';
import { PICTURES } from '../ui/sheets.ts';

/** The golden screen that users see first. */
const SCREEN = 'test/ui/screens/broken-120x40.txt';

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('`', '')}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map((row) => line(row.map(cell)))].join('\n');
}

function settings(): string {
  const listed = (names: string): string =>
    names
      .split(', ')
      .filter((name) => name !== '')
      .map(code)
      .join(', ');
  const rows = SETTING_ROWS.map(({ flag, environment, fallback, meaning }) => [
    code(flag),
    listed(environment),
    fallback,
    meaning,
  ]);
  return table(['flag', 'environment', 'default', 'meaning'], rows);
}

/** Where a key means something, for people; a group that is not here is called by its name. */
const GROUPS: Readonly<Partial<Record<KeyGroup, string>>> = {
  look: 'screen',
  move: 'lists',
  act: 'do',
  finding: 'findings',
  frame: 'an opened fact',
  replay: 'replay',
  drill: 'drill',
  typing: 'while typing',
  leave: 'leave',
};

function keys(): string {
  const order = [...new Set([...Object.keys(GROUPS), ...keymapRows().map(({ group }) => group)])];
  const where = (group: KeyGroup): string => GROUPS[group] ?? group;
  const rows = keymapRows()
    .toSorted((a, b) => order.indexOf(a.group) - order.indexOf(b.group))
    .map(({ keys: names, label, group, when }) => [
      names
        .split(' ')
        .map((name) => `<kbd>${name}</kbd>`)
        .join(' '),
      label,
      when === 'live' ? `${where(group)}, live only` : where(group),
    ]);
  return table(['key', 'what it does', 'where'], rows);
}

function findings(): string {
  const rows = Object.values(CATALOGUE).map(({ code: name, severity, party, raisedWhen, escalation }) => [
    `${code(name)}${escalation === null ? '' : ' → T2'}`,
    `${severity} · ${party}`,
    raisedWhen,
  ]);
  return table(['code', 'severity · party', 'raised when'], rows);
}

function exitCodes(): string {
  return table(
    ['code', 'meaning'],
    EXIT_ROWS.map((row) => [String(row.code), row.meaning]),
  );
}

function screen(): string {
  return ['```', readText(SCREEN).trimEnd(), '```'].join('\n');
}

/** Each picture under what it shows. */
function pictures(): string {
  return Object.entries(PICTURES)
    .map(([name, { shows }]) => `${shows}:\n\n![the screen, ${name}](docs/${name}.svg)`)
    .join('\n\n');
}

/** Every block of README by its name. */
export const BLOCKS: Readonly<Record<string, () => string>> = {
  screen,
  pictures,
  settings,
  keys,
  findings,
  'exit-codes': exitCodes,
};

function pattern(name: string): RegExp {
  return new RegExp(`(<!-- begin ${name}[^\\n]*-->\\n)([\\s\\S]*?)(<!-- end ${name} -->)`);
}

/** What stands between the markers, or null when there are none. */
export function blockOf(page: string, name: string): string | null {
  return pattern(name).exec(page)?.[2]?.trimEnd() ?? null;
}

export function withBlock(page: string, name: string, content: string): string {
  return page.replace(pattern(name), (_, begin: string, __: string, end: string) => `${begin}${content}\n${end}`);
}
