// `cbscope redact`: a recording or a HAR without its secrets, the rest byte for byte, nothing overwritten.

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { redact } from '../../src/app/redact.ts';
import { forgetSecrets } from '../../src/base/secret.ts';

const SIGNATURE = 'q7Zk2CANARYx9-_fVtR4mWc1bNs8yLp0aGh3jKd5eUo6iQwXz';
const TOKEN = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJvcmcifQ.${SIGNATURE}`;
const OWN = 'CANARYenvironmentSecret0123456789';
const HEADER =
  '{"format":"cbscope-recording","version":1,"at":"2026-11-22T20:13:00Z","tool":"x","mode":"live","partial":false}';
const STAMP = '"at":"2026-11-22T20:14:06.489Z","t":';
const QUIET = '"connection":"public","json":{"channel":"ticker","sequence_num":1,"events":[{"a":1.50}]}}';
const LOUD = `"connection":"public","json":{"channel":"x","echo":"${TOKEN}","mine":"${OWN}"}}`;

afterEach(() => {
  forgetSecrets();
  vi.unstubAllEnvs();
});

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'cbscope-redact-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test('a recording keeps every byte that is no secret', async () => {
  vi.stubEnv('COINBASE_API_SECRET', OWN);
  const dir = await folder();
  const [from, to] = [join(dir, 'in.ndjson'), join(dir, 'out.ndjson')];
  const quiet = `{"seq":1,${STAMP}1,"fact":"frame.received",${QUIET}`;
  await writeFile(from, `${HEADER}\n${quiet}\n{"seq":2,${STAMP}2,"fact":"frame.received",${LOUD}\n`);
  expect(await redact(from, to, {})).toBe(0);
  const text = await readFile(to, 'utf8');
  const lines = text.split('\n');
  expect(lines.slice(0, 2)).toEqual([HEADER, quiet]);
  expect(lines[2]).toContain('eyJzdWIiOiJvcmcifQ.[signature removed]');
  expect(text).not.toContain('CANARY');
  expect((await stat(to)).mode & 0o777).toBe(0o600);
});

test('a HAR loses tokens, cookies and e-mail addresses and stays a HAR', async () => {
  const dir = await folder();
  const [from, to] = [join(dir, 'in.har'), join(dir, 'out.har')];
  const request = {
    method: 'GET',
    url: `https://api.coinbase.com/api/v3/brokerage/accounts?jwt=${TOKEN}`,
    headers: [
      { name: 'Authorization', value: `Bearer ${TOKEN}` },
      { name: 'Cookie', value: 'sid=CANARYcookie' },
    ],
    cookies: [{ name: 'sid', value: 'CANARYcookie' }],
  };
  const content = { text: '{"message":"mail CANARY@example.com"}', size: 12 };
  const entries = [{ request, response: { status: 401, content } }];
  await writeFile(from, JSON.stringify({ log: { version: '1.2', entries } }));
  expect(await redact(from, to, { json: true })).toBe(0);
  const text = await readFile(to, 'utf8');
  expect(text).not.toContain('CANARY');
  const copy = JSON.parse(text);
  expect(copy.log.entries[0].request.cookies).toEqual([{ name: 'sid', value: '[removed]' }]);
  expect(copy.log.entries[0].response.status).toBe(401);
});

test('what exists is not overwritten, and what is neither is refused', async () => {
  const dir = await folder();
  const [from, to] = [join(dir, 'in.ndjson'), join(dir, 'out.ndjson')];
  await writeFile(from, `${HEADER}\n`);
  await writeFile(to, 'mine');
  expect(await redact(from, to, {})).toBe(2);
  expect(await readFile(to, 'utf8')).toBe('mine');
  await writeFile(from, '{"other":"json"}');
  expect(await redact(from, join(dir, 'new'), {})).toBe(2);
  await expect(stat(join(dir, 'new'))).rejects.toThrow();
});
