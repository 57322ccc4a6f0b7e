// Bundles src/ into dist/: one entry for the program, one for its worker threads. Plain JavaScript, so that the build needs no build.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const KEPT_MS = 3_600_000;
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Ink asks for React's developer tools only when DEV is set; the bundle carries an empty module in their place. */
const withoutDevtools = {
  name: 'without-devtools',
  setup(bundle) {
    bundle.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'react-devtools-core', namespace: 'empty' }));
    bundle.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export default {}', loader: 'js' }));
  },
};

/** Text is measured thousands of times a screen, nearly always plain text: the quick measure answers those, the real one the rest. */
const quickWidth = {
  name: 'quick-width',
  setup(bundle) {
    const stand = join(root, 'src/build/quick-width.ts');
    bundle.onResolve({ filter: /^string-width$/ }, (asked) =>
      asked.pluginData === 'itself' ? undefined : { path: stand },
    );
    bundle.onResolve({ filter: /^string-width-itself$/ }, () =>
      bundle.resolve('string-width', { kind: 'import-statement', resolveDir: root, pluginData: 'itself' }),
    );
  },
};

const result = await build({
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
  define: { 'process.env.NODE_ENV': '"production"', CBSCOPE_VERSION: JSON.stringify(version) },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  metafile: true,
  plugins: [withoutDevtools, quickWidth],
});

// Chunks of earlier builds go; young ones stay, a program that was started from them may still load them.
const made = new Set(Object.keys(result.metafile.outputs));
for (const name of readdirSync(join(root, 'dist'))) {
  const file = join(root, 'dist', name);
  if (!made.has(`dist/${name}`) && Date.now() - statSync(file).mtimeMs > KEPT_MS) rmSync(file);
}
