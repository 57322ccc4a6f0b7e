// A fence nobody pushes on falls down unseen: every check is given what it must catch, and what it must let pass.

import { describe, expect, it } from 'vitest';
import { codeOnly } from './code-only.ts';
import { unknownCodes, unraisedCodes } from './codes.ts';
import { importDirections, importExtensions, importsOf, packageOf, pureImports, singleImporters } from './imports.ts';
import { fileLength, functionLength, functionSpans } from './sizes.ts';
import type { Check } from './sources.ts';
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

const LATER = ['TO', 'DO'].join('');
const body = (lines: number): string => Array.from({ length: lines }, (_, line) => `  work(${line});`).join('\n');

const CAUGHT: [name: string, check: Check, path: string, text: string][] = [
  ['core imports coinbase', importDirections, 'src/core/step.ts', "import { x } from '../coinbase/key.ts';"],
  ['base imports core', importDirections, 'src/base/ring.ts', "import type { x } from '../core/fact.ts';"],
  ['exchange imports coinbase', importDirections, 'src/exchange/book.ts', "import { x } from '../coinbase/key.ts';"],
  ['ui imports the engine itself', importDirections, 'src/ui/run.tsx', "import { x } from '../engine/engine.ts';"],
  ['engine imports the live feed', importDirections, 'src/engine/engine.ts', "import { x } from '../feed/live.ts';"],
  [
    'ui imports an engine file from deeper down',
    importDirections,
    'src/ui/rows/cells.ts',
    "import { x } from '../../engine/session.ts';",
  ],
  [
    'a dynamic import goes the wrong way',
    importDirections,
    'src/cli/program.ts',
    "const x = await import('../app/demo.ts');",
  ],
  [
    'an import over several lines goes the wrong way',
    importDirections,
    'src/core/step.ts',
    "import {\n  a,\n  b,\n} from '../feed/live.ts';",
  ],
  ['a folder is not in the table', importDirections, 'src/extras/thing.ts', ''],
  ['ws has a second importer', singleImporters, 'src/feed/live.ts', "import WebSocket from 'ws';"],
  ['jose has a second importer', singleImporters, 'src/coinbase/key.ts', "import { SignJWT } from 'jose';"],
  [
    'react is used outside the screen',
    singleImporters,
    'src/app/watch.ts',
    "import type { ReactElement } from 'react';",
  ],
  ['a package has no importer yet', singleImporters, 'src/feed/rest.ts', "import got from 'got';"],
  ['a pure folder imports Node', pureImports, 'src/core/step.ts', "import { readFileSync } from 'node:fs';"],
  ['a pure folder reads the clock', pureWords, 'src/playbook/rule.ts', 'const now = Date.now();'],
  ['a pure folder reads the clock otherwise', pureWords, 'src/core/step.ts', 'const now = new Date();'],
  ['a pure folder draws', pureWords, 'src/coinbase/key.ts', 'const x = Math.random();'],
  ['a pure folder waits', pureWords, 'src/core/step.ts', 'setTimeout(f, 1);'],
  ['a pure folder asks the process', pureWords, 'src/core/step.ts', "if (process.env['A']) f();"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template is what is looked into
  ['the clock hides in a template', pureWords, 'src/core/step.ts', 'const a = `at ${Date.now()}`;'],
  ['an import leaves out its extension', importExtensions, 'src/core/step.ts', "import { x } from './fact';"],
  ['a default export', language, 'src/core/step.ts', 'export default function step() {}'],
  ['a type that is none', language, 'src/core/step.ts', 'function f(x: any): void {}'],
  ['a cast to no type', language, 'src/core/step.ts', 'const x = y as any;'],
  ['a list of no type', language, 'src/core/step.ts', 'const x: any[] = [];'],
  ['an enumeration', language, 'src/core/step.ts', 'export const enum Color { Red }'],
  ['a barrel', language, 'src/core/all.ts', "export * from './fact.ts';"],
  ['something left for later', noLeftovers, 'src/core/step.ts', `// ${LATER}: later`],
  ['a path of a machine', noMachinePaths, 'README.md', 'see /root/notes.md'],
  ['a home of a machine', noMachinePaths, 'test/a.test.ts', "const file = '/home/anna/bot/.env';"],
  ['a number of a ticket', noHistory, 'src/core/step.ts', '// as in issue #12'],
  ['a number alone', noHistory, 'README.md', 'Reconnects faster (#41)'.replace('(#41)', '#41')],
  ['how the work was shared out', noHistory, 'src/ARCHITECTURE.md', 'written by a sub-agent'],
  ['an effect outside the screen’s runner', effects, 'src/ui/screen.tsx', 'useEffect(() => {}, []);'],
  ['a print past the door', noConsole, 'src/feed/live.ts', "console.log('here');"],
  ['no opening comment', opening, 'src/core/step.ts', "import { x } from './fact.ts';\n"],
  ['a name that says nothing', naming, 'src/core/string-utils.ts', ''],
  ['a manager', naming, 'src/feed/socket-manager.ts', ''],
  ['camel case', naming, 'src/core/foldSocket.ts', ''],
  ['a skipped test', noSkips, 'test/a.test.ts', "it.skip('later', () => {});"],
  ['a module mock', noSkips, 'test/a.test.ts', "vi.mock('node:fs');"],
  ['a long file', fileLength({}), 'src/core/step.ts', 'x\n'.repeat(301)],
  ['a file past its own bound', fileLength({ 'src/a.ts': { lines: 310, reason: '' } }), 'src/a.ts', 'x\n'.repeat(311)],
  ['a long function', functionLength({}), 'src/a.ts', `function f(): void {\n${body(39)}\n}\n`],
  ['a long method', functionLength({}), 'src/a.ts', `class A {\n  f(): void {\n${body(39)}\n  }\n}\n`],
  ['a long arrow', functionLength({}), 'src/a.ts', `const f = (x: number): void => {\n${body(39)}\n};\n`],
  ['a long typed arrow', functionLength({}), 'src/a.ts', `export const f: Rule = (x) => {\n${body(39)}\n};\n`],
  [
    'a long function with a head of several lines',
    functionLength({}),
    'src/a.ts',
    `function f(\n  x: number,\n): void {\n${body(39)}\n}\n`,
  ],
  ['a long component', functionLength({}), 'src/a.tsx', `export function F({\n  a,\n}: Props): E {\n${body(39)}\n}\n`],
];

const PASSED: typeof CAUGHT = [
  [
    'a type that the linter was told of',
    language,
    'test/a.ts',
    '// biome-ignore lint/suspicious/noExplicitAny: answers differ\n  json: any;',
  ],
  ['a sentence that speaks of a source', singleImporters, 'src/ui/keymap.ts', "on('where it comes from', 'b')"],
  ['feed imports recording', importDirections, 'src/feed/replay.ts', "import { x } from '../recording/reader.ts';"],
  [
    'engine imports the interface of feeds',
    importDirections,
    'src/engine/session.ts',
    "import type { Feed } from '../feed/feed.ts';",
  ],
  ['app imports anything', importDirections, 'src/app/watch.ts', "import { x } from '../ui/run.tsx';"],
  ['the exchange has its own ws', singleImporters, 'src/exchange/ws-host.ts', "import { WebSocketServer } from 'ws';"],
  ['the clock in a comment', pureWords, 'src/core/step.ts', '// never Date.now()\n/* nor setTimeout */'],
  ['the clock in a sentence', pureWords, 'src/core/step.ts', "const a = 'Date.now() is late';"],
  ['the clock in a pattern', pureWords, 'src/core/step.ts', 'const a = x.match(/Date.now/);'],
  ['a date of a number', pureWords, 'src/core/step.ts', 'new Date(at).toISOString();'],
  ['the word any in a sentence', language, 'src/core/step.ts', "const a = 'any, or as any other';"],
  ['a word that contains another', language, 'src/core/step.ts', 'const x: anything = 1;'],
  ['an invented home', noMachinePaths, 'test/ui/a.txt', '/home/me/bot/.env'],
  ['a sequence number', noHistory, 'README.md', '7 frames lost at #18 204; then more'],
  ['a service’s issue of a certificate', noHistory, 'src/exchange/der.ts', '// Node cannot issue them.'],
  [
    'many short methods',
    functionLength({}),
    'src/a.ts',
    `class A {\n${`  f(): void {\n${body(9)}\n  }\n`.repeat(9)}}\n`,
  ],
  [
    'functions inside a function',
    functionLength({}),
    'src/a.ts',
    `function f(): void {\n${`  function g(): void {\n${body(20)}\n  }\n`.repeat(4)}}\n`,
  ],
  ['a long call', functionLength({}), 'src/a.ts', `  cell(\n${body(60)}\n  );\n`],
  ['a test beside its twin', naming, 'test/core/fold-socket.test.ts', ''],
];

const run = (check: Check, path: string, text: string): string[] => check({ path, text });

describe('an offender is caught', () => {
  it.each(CAUGHT)('%s', (_, check, path, text) => expect(run(check, path, text)).not.toEqual([]));
});

describe('what is fine passes', () => {
  it.each(PASSED)('%s', (_, check, path, text) => expect(run(check, path, text)).toEqual([]));
});

describe('reading of sources', () => {
  it('finds every way to import', () => {
    const text =
      "import 'a';\nimport b from 'b';\nexport { c } from 'c';\nconst d = import('d');\nlet e: import('e').E;\nimport {\n  f,\n} from 'f';";
    expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('tells packages from the files in them', () =>
    expect(['ws/lib/sender.js', '@scope/name/part', 'zod'].map(packageOf)).toEqual(['ws', '@scope/name', 'zod']));

  it('keeps code and positions, and blanks the rest', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template is what is looked into
    const text = "a('x'); // b\nc(`d ${e({ f: 'g' })} h`); /i'/.test(j); k / l / m;";
    const code = codeOnly(text);
    expect(code).toHaveLength(text.length);
    expect(code.replace(/\s+/g, ' ')).toBe('a( ); c( e({ f: }) ); .test(j); k / l / m;');
  });

  it('measures a function without those inside it', () => {
    const text = `function outer() {\n  const inner = () => {\n    one();\n  };\n  two();\n}\n`;
    expect(functionSpans(text)).toEqual([
      { name: 'outer', line: 1, lines: 3 },
      { name: 'inner', line: 2, lines: 3 },
    ]);
  });
});

describe('finding codes', () => {
  const rule = { path: 'src/playbook/silent.ts', text: "code: 'FEED_SILENT', other: 'UTF_8', code: 'FEED_ODD'" };

  it('must be in the catalogue', () =>
    expect(unknownCodes([rule], ['FEED_SILENT'])).toEqual([
      'src/playbook/silent.ts: names FEED_ODD, which is not in the catalogue',
    ]));

  it('must be raised, not only listed', () => {
    const catalogue = { path: 'src/playbook/catalogue.ts', text: "'NET_DNS'" };
    expect(unraisedCodes([rule, catalogue], ['FEED_SILENT', 'NET_DNS'])).toEqual(['NET_DNS']);
  });
});
