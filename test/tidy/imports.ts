// Who may import whom: the table of folders, the packages with one importer each, and the checks that hold them.

import { posix } from 'node:path';
import type { Check, Source } from './sources.ts';

/** Folder of src → folders (or single files, without extension) it may import besides itself. `*` is everything. */
export const DIRECTIONS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  core: ['base'],
  coinbase: ['base', 'core'],
  playbook: ['base', 'core', 'coinbase'],
  recording: ['base', 'core'],
  feed: ['base', 'core', 'coinbase', 'recording'],
  import: ['base', 'core', 'coinbase', 'recording'],
  engine: ['base', 'core', 'coinbase', 'playbook', 'recording', 'feed/feed'],
  escalation: ['base', 'core', 'playbook', 'recording'],
  export: ['base', 'core', 'playbook', 'recording'],
  report: ['base', 'core', 'playbook'],
  ui: ['base', 'core', 'playbook', 'engine/store', 'engine/controls', 'escalation/packet', 'recording/redact'],
  cli: ['base', 'core'],
  exchange: ['base'],
  build: ['base'],
  app: ['*'],
  'main.ts': ['*'],
  'worker.ts': ['*'],
};

/** Package → the only files or folders of src that may import it. */
export const IMPORTERS: Readonly<Record<string, readonly string[]>> = {
  ws: ['src/feed/socket.ts', 'src/exchange/'],
  undici: ['src/feed/rest.ts', 'src/build/stand-ins.js'],
  bottleneck: ['src/feed/rest.ts'],
  jose: ['src/feed/signer.ts', 'src/exchange/'],
  ink: ['src/ui/'],
  react: ['src/ui/'],
  zustand: ['src/ui/run.tsx'],
  commander: ['src/cli/program.ts', 'src/cli/completion.ts'],
  'string-width': ['src/base/text.ts', 'src/build/quick-width.ts'],
  'ink-output-itself': ['src/build/quick-output.ts'],
  'string-width-itself': ['src/build/quick-width.ts'],
  zod: ['src/escalation/schema.ts', 'src/recording/format.ts'],
  re2js: ['src/core/pattern.ts'],
  'hdr-histogram-js': ['src/core/requests.ts', 'src/build/stand-ins.js'],
  esbuild: ['src/build/build.js'],
};

export const PURE = ['src/core/', 'src/coinbase/', 'src/playbook/'];

const SPECIFIER = /(?:\bfrom|^\s*import|\bimport\()\s*'([^'\s,]+)'/gm;

/** What a file imports, as written; type imports, re-exports and dynamic ones included. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(SPECIFIER)].map((match) => match[1] ?? '');
}

function folderOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** `ws` of `ws/lib/sender.js`, `@scope/name` of `@scope/name/part`. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.');
}

/** Imports go one way. */
export const importDirections: Check = ({ path, text }) => {
  const from = folderOf(path);
  const allowed = DIRECTIONS[from];
  if (allowed === undefined)
    return [`the folder ${from} is not in the table of import directions (test/tidy/imports.ts)`];
  return importsOf(text)
    .filter(isRelative)
    .flatMap((specifier) => {
      const target = posix.join(posix.dirname(path), specifier);
      const to = folderOf(target);
      const file = target.replace(/^src\//, '').replace(/\.tsx?$/, '');
      if (to === from || allowed.includes('*') || allowed.includes(to) || allowed.includes(file)) return [];
      return [`imports ${specifier}; expected ${from} to import only ${allowed.join(', ') || 'nothing of src'}`];
    });
};

/** A dependency has one importer; a new one gets a line in the table. */
export const singleImporters: Check = ({ path, text }) =>
  importsOf(text)
    .filter((specifier) => !isRelative(specifier) && !specifier.startsWith('node:'))
    .flatMap((specifier) => {
      const importers = IMPORTERS[packageOf(specifier)];
      if (importers === undefined) return [`imports ${specifier}, which has no importer in test/tidy/imports.ts`];
      const isAllowed = importers.some(
        (importer) => path === importer || (importer.endsWith('/') && path.startsWith(importer)),
      );
      return isAllowed ? [] : [`imports ${specifier}; expected only ${importers.join(', ')} to do so`];
    });

/** A relative import says the extension of the file it means. */
export const importExtensions: Check = ({ text }) =>
  importsOf(text)
    .filter((specifier) => isRelative(specifier) && !/\.(tsx?|js|json)$/.test(specifier))
    .map((specifier) => `imports ${specifier}; expected the extension of the file`);

export function isPure({ path }: Source): boolean {
  return PURE.some((folder) => path.startsWith(folder));
}

/** A pure folder imports nothing of Node. */
export const pureImports: Check = (source) =>
  isPure(source)
    ? importsOf(source.text)
        .filter((specifier) => specifier.startsWith('node:'))
        .map((specifier) => `imports ${specifier}; this folder is pure`)
    : [];
