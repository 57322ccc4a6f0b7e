// `cbscope import` and the commands that read a HAR directly, as somebody types them: what is said where, and the exit codes.

import { execFile } from 'node:child_process';
import { stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../recording/temporary.ts';
import { API, bytesOf, call, har } from '../support/har.ts';
import { ROOT } from '../tidy/sources.ts';

interface Said {
  code: number;
  out: string;
  err: string;
}

function type(folder: string, ...args: string[]): Promise<Said> {
  return new Promise((resolve) => {
    const program = `import { main } from ${JSON.stringify(join(ROOT, 'src/main.ts'))}; await main(process.argv.slice(1));`;
    const typed = ['--input-type=module', '-e', program, '--', ...args];
    const child = execFile(process.execPath, typed, { cwd: folder }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

const polling = har(Array.from({ length: 8 }, (_, atS) => call({ atS, url: `${API}/market/products/BTC-USD` })));

async function folderWith(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

describe('cbscope import', () => {
  it('writes a recording that report reads, and says how much', async () => {
    const folder = await folderWith({ 'a.har': bytesOf(polling) });
    const imported = await type(folder, 'import', 'a.har', '--out', 'a.ndjson');
    expect(imported).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^\d+ facts of a\.har written to a\.ndjson\n$/),
    });
    expect((await stat(join(folder, 'a.ndjson'))).mode & 0o777).toBe(0o600);
    const [written, direct] = [
      await type(folder, 'report', 'a.ndjson', '--json'),
      await type(folder, 'report', 'a.har', '--json'),
    ];
    expect(written.code).toBe(4);
    expect(written.out).toContain('RATE_POLLING');
    expect(direct).toEqual(written);
  });

  it.each([
    ['a missing file', ['no.har'], /^cbscope: no\.har does not exist; a HAR capture was expected\n$/],
    ['a directory', ['.'], /is a directory/],
    ['a device', ['/dev/zero'], /is no file but a pipe or a device/],
    ['far too much', ['large.har'], /has 600 MB, and a capture of at most 500 MB can be read/],
    ['text', ['text.har'], /^cbscope: text\.har: the file is not JSON/],
    ['JSON without entries', ['other.har'], /without `log\.entries`/],
    ['an empty file', ['empty.har'], /is empty/],
    ['a recording', ['recording.ndjson'], /is a recording already/],
    ['an output that exists', ['a.har', 'text.har'], /it exists and holds/],
  ])('%s is one sentence and exit code 2', async (_, [file = '', out = 'out.ndjson'], sentence) => {
    const files = { 'a.har': bytesOf(polling), 'text.har': 'hello', 'other.har': '{}', 'empty.har': '' };
    const folder = await folderWith({ ...files, 'recording.ndjson': '{"format":"cbscope-recording","version":1}\n' });
    // A hole in a file takes no room on the disk.
    await writeFile(join(folder, 'large.har'), '');
    await truncate(join(folder, 'large.har'), 600_000_000);
    const said = await type(folder, 'import', file, '--out', out);
    expect(said).toEqual({ code: 2, out: '', err: expect.stringMatching(sentence) });
    expect(said.err.trim()).not.toContain('\n');
  });

  it('replay in a pipe reads a HAR too', async () => {
    const folder = await folderWith({ 'a.har': bytesOf(polling) });
    const said = await type(folder, 'replay', 'a.har', '--plain');
    expect(said).toMatchObject({ code: 4, out: expect.stringContaining('RATE_POLLING') });
  });
});
