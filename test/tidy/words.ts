// What may stand in a file, word by word: no clock in a pure folder, no default export, no leftovers, no paths of somebody's machine.

import { codeOnly } from './code-only.ts';
import { isPure } from './imports.ts';
import type { Check } from './sources.ts';
import { lineOf } from './sources.ts';

function found(text: string, pattern: RegExp, why: string): string[] {
  return [...text.matchAll(pattern)].map(
    ({ index, 0: match }) => `line ${lineOf(text, index)} has \`${match.trim()}\`; ${why}`,
  );
}

const IMPURE =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b|\bprocess\.|\bconsole\.|\bperformance\.|\bfetch\(|\bcrypto\./g;

/** No clock, chance, timer, process or console in a pure folder. */
export const pureWords: Check = (source) =>
  isPure(source) ? found(codeOnly(source.text), IMPURE, 'this folder is pure') : [];

/** Standard output has one owner in the program. */
export const noConsole: Check = ({ path, text }) =>
  path.startsWith('src/') && !path.startsWith('src/build/')
    ? found(codeOnly(text), /\bconsole\./g, 'expected src/app/output.ts to print')
    : [];

const LANGUAGE: [RegExp, string][] = [
  [/^export default\b/gm, 'expected a named export'],
  [/(?::|<|\bas|,)\s*any\b(?=\s*[;,)>=\]|&[]|\s*$)/gm, 'expected a type'],
  [/^\s*(?:export )?(?:const )?enum \w/gm, 'expected a union of literals'],
  [/^export \* from/gm, 'expected no barrel'],
];

/** A line that the linter was told to pass, with the reason, may hold what it says. */
function withoutPardoned(text: string): string {
  return text.replace(
    /^(\s*\/\/ biome-ignore [^:\n]+: \S[^\n]*\n)([^\n]*)/gm,
    (_, pardon: string, line: string) => pardon + ' '.repeat(line.length),
  );
}

/** Named exports, types, unions. Configuration of a tool that demands a default export is not looked at. */
export const language: Check = ({ path, text }) =>
  path.endsWith('vitest.config.ts')
    ? []
    : LANGUAGE.flatMap(([pattern, why]) => found(codeOnly(withoutPardoned(text)), pattern, why));

// Written in two halves, so that this file does not hold what it looks for.
const LEFTOVER = new RegExp(
  `\\b(?:${['TO', 'FIX', 'XX', 'HA'].map((half, index) => half + ['DO', 'ME', 'X', 'CK'][index]).join('|')})\\b`,
  'g',
);

export const noLeftovers: Check = ({ text }) => found(text, LEFTOVER, 'expected it done or listed under Known ugly');

const MACHINE_PATH = /(?<![\w.~-])\/(?:work|root|Users|mnt|private|var\/folders)\/[\w.-]+|[A-Z]:\\\\?Users\b/g;
const HOME_PATH = /(?<![\w.~-])\/home\/(?!me\/)[\w.-]+/g;

/** No path of somebody's machine; the invented home of the golden screens is `/home/me/`. */
export const noMachinePaths: Check = ({ text }) => [
  ...found(text, MACHINE_PATH, 'expected no path of a machine'),
  ...found(text, HOME_PATH, 'expected no path of a machine (an invented one begins with /home/me/)'),
];

const HISTORY: RegExp[] = [
  /\bissue #?\d+/gi,
  /\b(?:GH|PR|ticket)[ -]?#\d+/gi,
  /(?<![\w&])#\d{1,4}\b(?! \d)(?=\s*[):.,]?\s*$)/gm,
  /\b(?:sub-?agents?|language models?|chat ?bots?|co-?pilot)\b/gi,
  /\b(?:this|previous|next|earlier|my|our) (?:work )?(?:task|ticket|sprint|milestone)s?\b/gi,
  /\bas (?:asked|requested|instructed) (?:by|in)\b/gi,
];

/** How the work came about is no reader's business. */
export const noHistory: Check = ({ path, text }) =>
  path.endsWith('.txt')
    ? []
    : HISTORY.flatMap((pattern) => found(text, pattern, 'expected no word of how the work was organised'));

/** React's effects stay where the screen meets the world. */
export const effects: Check = ({ path, text }) =>
  path === 'src/ui/run.tsx' || !path.startsWith('src/')
    ? []
    : found(codeOnly(text), /\buse(?:Layout|Insertion)?Effect\b/g, 'expected only src/ui/run.tsx to have effects');

/** A file opens by saying what it is. */
export const opening: Check = ({ text }) =>
  /^(?:#![^\n]*\n)?\/\/ \S/.test(text) ? [] : ['opens with no comment; expected one to four lines on what it owns'];

const VAGUE = /^(?:.*-)?(?:utils?|helpers?|managers?|services?|data|info|misc|common)(?:-.*)?$/;

/** A file is named in kebab-case for the noun it owns. */
export const naming: Check = ({ path }) => {
  const name = (path.split('/').at(-1) ?? '').replace(/(\.test|\.config)?\.(tsx?|js)$/, '');
  if (VAGUE.test(name)) return [`is named ${name}; expected the noun it owns`];
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ? [] : [`is named ${name}; expected kebab-case`];
};

/** A skipped test is a wish. */
export const noSkips: Check = ({ text }) =>
  found(
    codeOnly(text),
    /\b(?:it|test|describe)\.(?:skip|only|todo|fails)\b|\bvi\.mock\(/g,
    'expected no skipped test and no module mock',
  );
