// What a pipe is given of a recording, line by line: plain sentences, and JSON. UPDATE_GOLDEN=1 writes them anew.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT } from '../tidy/sources.ts';
import { golden } from '../ui/golden.ts';

const RECORDING = 'test/ui/recordings/key-rejected.ndjson.zst';

/** Standard output of the bundled program, and how it ended. */
async function piped(...args: string[]): Promise<{ code: number; stdout: string }> {
  const run = promisify(execFile)(process.execPath, [join('bin', 'cbscope.js'), 'replay', RECORDING, ...args], {
    cwd: ROOT,
  });
  return run.then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
  );
}

it.each([
  ['--plain', 'plain-lines.txt'],
  ['--json', 'json-lines.ndjson'],
])('a pipe is given %s lines', async (flag, name) => {
  const { code, stdout } = await piped(flag);
  expect(code).toBe(3);
  golden(`sheets/${name}`, stdout.trimEnd().split('\n'));
});
