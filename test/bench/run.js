// Runs the benches, each in a process of its own, and prints one table: `npm run bench`, or `npm run bench -- frames` for one of them.
// A figure is only ever compared with a reference measured in the same run. A miss is shown, and fails nothing.

import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { standIns } from '../../src/build/stand-ins.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
// Inside node_modules, so that what is not bundled (a pseudo-terminal's native part) is still found.
const outdir = join(root, 'node_modules', '.cache', 'cbscope-bench');

const BENCHES = [
  'envelope',
  'line-encoder',
  'frames',
  'memory',
  'screen',
  'bytes',
  'start',
  'report',
  'replay',
  'kill',
  'cpu',
  'key',
  'escalate',
];

async function bundleBenches() {
  mkdirSync(outdir, { recursive: true });
  const sources = readdirSync(here).filter((name) => /\.tsx?$/.test(name));
  const { define, ...others } = standIns(root);
  await build({
    ...others,
    absWorkingDir: root,
    entryPoints: sources.map((name) => join(here, name)),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    jsx: 'automatic',
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
    external: ['@lydell/node-pty', '@xterm/headless'],
    define: { ...define, CBSCOPE_VERSION: '"bench"' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
}

/** Runs one bench; resolves with the rows it told (one JSON object a line). Anything else it printed is shown as it comes. */
function runBench(name, flags) {
  return new Promise((resolve) => {
    const rows = [];
    let rest = '';
    const child = spawn(process.execPath, [join(outdir, `${name}.mjs`), ...flags], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_ENV: 'production', CBSCOPE_ROOT: root },
    });
    child.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        if (line.startsWith('{')) rows.push({ bench: name, ...JSON.parse(line) });
        else if (line !== '') process.stdout.write(`  ${line}\n`);
      }
    });
    child.on('close', (code) => {
      if (code !== 0) rows.push({ bench: name, what: 'the bench itself', figure: `ended with ${code}`, ok: false });
      resolve(rows);
    });
  });
}

function printTable(rows) {
  const head = ['bench', 'what', 'figure', 'reference', 'ratio', 'budget', ''];
  const verdict = (ok) => (ok === undefined || ok === null ? '' : ok ? '✓' : '✗');
  const body = rows.map((row) => [
    row.bench,
    row.what,
    row.figure ?? '',
    row.reference ?? '',
    row.ratio === undefined ? '' : row.ratio.toFixed(2),
    row.budget ?? '',
    verdict(row.ok),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...body.map((cells) => cells[column].length)));
  for (const cells of [head, widths.map((width) => '─'.repeat(width)), ...body]) {
    process.stdout.write(
      `${cells
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('--'));
const wanted = args.filter((arg) => !arg.startsWith('--'));
const unknown = wanted.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`bench: there is no ${unknown.join(', ')}; expected some of ${BENCHES.join(' ')}\n`);
  process.exit(2);
}
await bundleBenches();
const rows = [];
for (const name of wanted.length === 0 ? BENCHES : wanted) {
  process.stdout.write(`${name} …\n`);
  rows.push(...(await runBench(name, flags)));
}
process.stdout.write('\n');
printTable(rows);
