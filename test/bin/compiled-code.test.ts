// Where Node keeps what it compiled of the program: beside it, for its owner alone, and never a reason not to start.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';
let kept = '';

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cbscope-bin-')));
  kept = join(folder, 'dist', '.code');
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  copyFileSync('bin/cbscope.js', join(folder, 'bin', 'cbscope.js'));
  writeFileSync(
    join(folder, 'dist', 'main.js'),
    "import { getCompileCacheDir } from 'node:module';\nimport { Worker } from 'node:worker_threads';\nexport const main = () => {\n  console.log(getCompileCacheDir() ?? 'none');\n  new Worker(\"console.log(require('node:module').getCompileCacheDir() ?? 'none')\", { eval: true });\n};\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Where the program and a thread of it keep their code. */
function keptBy(env: Record<string, string> = {}): string[] {
  const { NODE_COMPILE_CACHE: _, ...own } = process.env;
  const said = execFileSync(process.execPath, [join(folder, 'bin', 'cbscope.js')], { env: { ...own, ...env } });
  return String(said).trim().split('\n');
}

test('is made for the owner alone, and used by the program and its threads', () => {
  const [program, thread] = keptBy();
  expect(program?.startsWith(kept)).toBe(true);
  expect(thread).toBe(program);
  expect(statSync(kept).mode & 0o777).toBe(0o700);
});

test('is not used where others may write', () => {
  mkdirSync(kept);
  chmodSync(kept, 0o777);
  expect(keptBy()).toEqual(['none', 'none']);
});

test('is not used where something else has its name', () => {
  symlinkSync(tmpdir(), kept);
  expect(keptBy()).toEqual(['none', 'none']);
  rmSync(kept);
  writeFileSync(kept, '');
  expect(keptBy()).toEqual(['none', 'none']);
});

test("is where the user says, when Node's own variable names a place", () => {
  const other = join(folder, 'other');
  const [program, thread] = keptBy({ NODE_COMPILE_CACHE: other });
  expect(program?.startsWith(other)).toBe(true);
  expect(thread).toBe(program);
});

test('is not there when Node is told to do without', () => {
  expect(keptBy({ NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual(['none', 'none']);
});
