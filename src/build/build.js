// Bundles src/ into dist/: one entry for the program, one for its worker threads. Plain JavaScript, so that the build needs no build.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { standIns } from './stand-ins.js';

const KEPT_MS = 3_600_000;
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const { define, ...others } = standIns(root);
const result = await build({
  ...others,
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts', worker: 'src/worker.ts' },
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
});

// Chunks of earlier builds go; young ones stay, a program that was started from them may still load them.
const made = new Set(Object.keys(result.metafile.outputs));
for (const name of readdirSync(join(root, 'dist'))) {
  const file = join(root, 'dist', name);
  if (!made.has(`dist/${name}`) && Date.now() - statSync(file).mtimeMs > KEPT_MS) rmSync(file);
}
