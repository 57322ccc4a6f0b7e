// What the bundle carries in place of what packages ask for: less to load before the first screen, less to do for each. Everything here
// answers as the real one does, or is a part of it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Modules in place of modules, by their names. */
const REPLACED = {
  // Ink asks for React's developer tools only when DEV is set.
  'react-devtools-core': 'export default {}',
  // Of a whole HTTP library, its client of one connection.
  undici: "import Client from 'undici/lib/dispatcher/client.js'; export { Client };",
  // Its log writer makes a number format as it loads.
  'hdr-histogram-js': "import { build } from 'hdr-histogram-js/dist/HistogramBuilder.js'; export { build };",
  // Its regular expressions know every emoji: only read when a text has something to measure.
  'string-width-itself':
    "let real; export default (text, options) => (real ??= require('string-width?itself').default)(text, options);",
  // An import would read every export, and one of them loads Node's own WebSocket; a require reads none.
  'node:http': "module.exports = process.getBuiltinModule('node:http')",
};

/** The texts of `REPLACED`, found from the project's root. */
function replaced(root) {
  return {
    name: 'replaced',
    setup(bundle) {
      const names = new RegExp(`^(${Object.keys(REPLACED).join('|')})$`);
      bundle.onResolve({ filter: names }, ({ path, kind }) =>
        path === 'node:http' && kind !== 'import-statement' ? undefined : { path, namespace: 'replaced' },
      );
      bundle.onLoad({ filter: /.*/, namespace: 'replaced' }, ({ path }) => ({
        contents: REPLACED[path],
        loader: 'js',
        resolveDir: root,
      }));
    },
  };
}

/** Text is measured thousands of times a screen, nearly always plain text: the quick measure answers those, the real one the rest. */
function quickWidth(root) {
  return {
    name: 'quick-width',
    setup(bundle) {
      const itself = { itself: true };
      bundle.onResolve({ filter: /^string-width$/ }, ({ pluginData }) =>
        pluginData === itself ? undefined : { path: join(root, 'src/build/quick-width.ts') },
      );
      bundle.onResolve({ filter: /^string-width\?itself$/ }, () =>
        bundle.resolve('string-width', { kind: 'import-statement', resolveDir: root, pluginData: itself }),
      );
    },
  };
}

/** Most lines of a screen were drawn before: the quick output remembers them, the real one draws the rest. */
function quickOutput(root) {
  return {
    name: 'quick-output',
    setup(bundle) {
      bundle.onResolve({ filter: /^\.\/output\.js$/ }, ({ resolveDir }) =>
        /[\\/]ink[\\/]build$/.test(resolveDir) ? { path: join(root, 'src/build/quick-output.ts') } : undefined,
      );
      bundle.onResolve({ filter: /^ink-output-itself$/ }, () =>
        bundle.resolve('ink', { kind: 'import-statement', resolveDir: root }).then(({ path }) => ({
          path: join(dirname(path), 'output.js'),
        })),
      );
    },
  };
}

/** Yoga would fetch its own bytes from a data URL, for which Node loads an HTTP client; without `fetch` it decodes them. */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup(bundle) {
    bundle.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, ({ path }) => ({
      contents: `const fetch = undefined;\n${readFileSync(path, 'utf8')}`,
      loader: 'js',
    }));
  },
};

/** Options of esbuild for the program and for the benches: both carry the same code. */
export function standIns(root) {
  return {
    plugins: [replaced(root), quickWidth(root), quickOutput(root), yogaWithoutFetch],
    define: { 'process.env.NODE_ENV': '"production"', 'Intl.Segmenter': 'QuickSegmenter' },
    inject: [join(root, 'src/build/quick-segmenter.ts')],
  };
}
