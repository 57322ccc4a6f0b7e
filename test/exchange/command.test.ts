// The command: what it prints and writes, what can be typed at it, how it ends.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { type ExchangeCommand, loadScenario, runExchangeCommand } from '../../src/exchange/command.ts';
import { findScenario } from '../../src/exchange/scenarios.ts';
import { Client, isError, onChannel, until } from './support.ts';

interface Running {
  output: () => string;
  type: (line: string) => void;
  stop: () => Promise<number>;
  code: Promise<number>;
}

function run(more: Partial<ExchangeCommand>): Running {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const ending = new AbortController();
  let text = '';
  const keep = (chunk: unknown) => {
    text += String(chunk);
  };
  stdout.on('data', keep);
  const code = runExchangeCommand({ stdin, stdout, stderr: stdout, signal: ending.signal, ...more });
  onTestFinished(() => ending.abort());
  return {
    output: () => text,
    type: (line) => stdin.write(`${line}\n`),
    stop: () => {
      ending.abort();
      return code;
    },
    code,
  };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'exchange-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('it prints how to reach it, obeys typed faults, and stops with 0', async () => {
  const running = run({});
  await until(() => running.output().includes('Ctrl-C'));
  const url = /CBSCOPE_PUBLIC_URL="(ws:[^"]+)"/.exec(running.output())?.[1] ?? '';
  expect(running.output()).toMatch(/COINBASE_API_SECRET="-----BEGIN EC PRIVATE KEY-----\\n/);
  const client = await Client.open(url);
  client.subscribe('heartbeats');
  await client.frame(onChannel('subscriptions'));
  running.type('{"kind":"error-frame","message":"typed"}');
  expect((await client.frame(isError)).message).toBe('typed');
  for (const line of ['nonsense', '{"kind":"drop"}', 'stats', 'clear', '']) running.type(line);
  await until(() => running.output().includes('All faults ended.'));
  expect(running.output()).toContain('This line is not JSON.');
  expect(running.output()).toContain('Fault "drop" needs "frames"');
  expect(running.output()).toContain('"connections":{"public":{"open":1,"total":1}');
  expect(await running.stop()).toBe(0);
});

test('it writes the key file for its owner only, and the CA in TLS mode', async () => {
  const path = await folder();
  const keyFile = join(path, 'key.json');
  const caFile = join(path, 'ca.pem');
  await writeFile(keyFile, 'old', { mode: 0o644 });
  const running = run({ tls: true, keyFile, caFile });
  await until(() => running.output().includes('Ctrl-C'));
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  const key = JSON.parse(await readFile(keyFile, 'utf8'));
  expect(key.name).toMatch(/^organizations\/[0-9a-f-]{36}\/apiKeys\/[0-9a-f-]{36}$/);
  expect(await readFile(caFile, 'utf8')).toContain('BEGIN CERTIFICATE');
  expect(running.output()).toContain(`--ca-file ${caFile}`);
  await running.stop();
});

test('scenarios are found by name or path, and a wrong one ends with 2', async () => {
  const path = join(await folder(), 'mine.json');
  await writeFile(path, JSON.stringify({ ...findScenario('healthy'), name: 'mine' }));
  expect(await loadScenario(path)).toMatchObject({ name: 'mine' });
  await writeFile(path, '{"name":"mine"}');
  expect(await loadScenario(path)).toMatchObject({ problem: expect.stringMatching(/mine\.json: The scenario needs/) });
  const running = run({ scenario: 'no-such-thing' });
  expect(await running.code).toBe(2);
  expect(running.output()).toMatch(/No scenario is called "no-such-thing"; there are healthy, story/);
});

test('a taken port is explained', async () => {
  const first = run({});
  await until(() => first.output().includes('Ctrl-C'));
  const port = Number(/CBSCOPE_REST_URL="http:\/\/[^:]+:(\d+)"/.exec(first.output())?.[1]);
  const second = run({ port });
  expect(await second.code).toBe(2);
  expect(second.output()).toMatch(/cannot listen: .*EADDRINUSE/);
});
