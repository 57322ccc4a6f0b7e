// Bundles src/ into dist/: one entry for the program, one for its worker threads. Plain JavaScript, so that the build needs no build.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { standIns } from './stand-ins.js';

const KEPT_MS = 3_600_000;
/** Where `bin/cbscope.js` lets Node keep what it compiled. */
const KEPT_CODE = '.code';
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const dist = join(root, 'dist');
const had = new Set(existsSync(dist) ? readdirSync(dist) : []);

/** The program, and its threads by themselves: a thread then loads a few files made for it in place of many that all share. */
const ENTRIES = [{ main: 'src/main.ts' }, { worker: 'src/worker.ts' }];

const { define, ...others } = standIns(root);
const results = await Promise.all(
  ENTRIES.map((entryPoints) =>
    build({
      ...others,
      absWorkingDir: root,
      entryPoints,
      outdir: 'dist',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      jsx: 'automatic',
      sourcemap: false,
      legalComments: 'none',
      logLevel: 'warning',
      define: { ...define, CBSCOPE_VERSION: JSON.stringify(version) },
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
      },
      metafile: true,
    }),
  ),
);

const made = new Set(results.flatMap(({ metafile }) => Object.keys(metafile.outputs).map((file) => basename(file))));
// What Node has compiled of an earlier build is of no more use.
if ([...made].some((name) => !had.has(name))) rmSync(join(dist, KEPT_CODE), { recursive: true, force: true });
// Chunks of earlier builds go; young ones stay, a program that was started from them may still load them.
for (const name of had) {
  const file = join(dist, name);
  if (name === KEPT_CODE || made.has(name) || !existsSync(file)) continue;
  if (Date.now() - statSync(file).mtimeMs > KEPT_MS) rmSync(file, { recursive: true });
}
