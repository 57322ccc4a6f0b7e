// `cbscope escalate`: every flag, every bad value of one, and what a script is told. The recording is of a key that is refused.

import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { escalate } from '../../src/app/escalate.ts';
import type { EscalateFlags } from '../../src/cli/program.ts';
import { packetFaults } from '../support/packet-schema.ts';

const recording = fileURLToPath(new URL('../recording/golden/v1.ndjson', import.meta.url));
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cbscope-escalate-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
});

test.each<[string, EscalateFlags]>([
  ['an empty folder', { out: '' }],
  ['an empty order', { orderId: '' }],
  ['a blank key', { keyId: '  ' }],
  ['an empty product', { productId: '' }],
  ['an unknown category', { category: 'urgent' }],
  ['an unknown finding', { finding: 'NO_SUCH' }],
  ['a time that is none', { at: 'yesterday 5' }],
  ['a time of another day', { at: '2020-01-01T00:00:00Z' }],
  ['a window of nothing', { window: '0' }],
  ['a body that is not there', { body: '/no/such/file' }],
  ['a folder that cannot be made', { out: '/dev/null/x' }],
  ['a case of which nothing was seen', { category: 'balance' }],
  ['an order that was not seen', { category: 'matching', orderId: '0a1b2c3d-0000-4000-8000-000000000001' }],
])('%s is refused with 2, and nothing is written', async (_what, flags) => {
  expect(await escalate(recording, { out: join(dir, 'packets'), ...flags })).toBe(2);
  expect(await readdir(dir)).toEqual([]);
});

async function written(flags: EscalateFlags): Promise<{ json: Record<string, unknown>; markdown: string }> {
  expect(await escalate(recording, { out: join(dir, 'a', 'b'), ...flags })).toBe(0);
  const [name = ''] = await readdir(join(dir, 'a', 'b'));
  const path = join(dir, 'a', 'b', name);
  const read = (file: string): Promise<string> => readFile(join(path, file), 'utf8');
  return { json: JSON.parse(await read('escalation.json')), markdown: await read('escalation.md') };
}

test('what is missing is named, and written about all the same when that was asked for', async () => {
  const { json, markdown } = await written({ category: 'matching', orderId: 'typed-wrong', allowMissing: true });
  expect(json).toMatchObject({ category: 'matching', missing: expect.arrayContaining(['Full error response']) });
  expect(markdown).toContain('order typed-wrong was not seen');
});

test('what is said on the command line is what the packet says', async () => {
  const body = join(dir, 'body.json');
  await writeFile(body, '{"error":"INTERNAL"}\n');
  const order = '0a1b2c3d-0000-4000-8000-000000000001';
  const said = { keyId: 'organizations/a/apiKeys/b', orderId: order, productId: 'ETH-USD', note: 'since the morning' };
  const { json, markdown } = await written({ ...said, body, category: '5xx', window: '2s' });
  expect(json).toMatchObject({ category: '5xx', missing: [], note: 'since the morning' });
  expect(packetFaults(json)).toEqual([]);
  const { verdict: _, ...torn } = json;
  expect(packetFaults({ ...torn, category: 'urgent' })).toHaveLength(2);
  const values = (json['fields'] as { value: string }[]).map(({ value }) => value);
  expect(values).toEqual([said.keyId, order, 'ETH-USD', expect.stringMatching(/Z/), '{"error":"INTERNAL"}']);
  expect(markdown).toContain('since the morning');
});

test.each([0o000, 0o022, 0o077])('under a umask of %i only its owner may read it', async (umask) => {
  const before = process.umask(umask);
  onTestFinished(() => void process.umask(before));
  await written({ allowMissing: true });
  const [name = ''] = await readdir(join(dir, 'a', 'b'));
  const path = join(dir, 'a', 'b', name);
  const modes = await Promise.all(
    ['', ...(await readdir(path))].map(async (file) => (await stat(join(path, file))).mode),
  );
  expect(modes.map((mode) => mode & 0o777)).toEqual([0o700, 0o600, 0o600, 0o600, 0o600]);
});
