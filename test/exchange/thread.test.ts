// The exchange behind a message port, and the playing of a scenario.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { credentialKinds, credentialsFor } from '../../src/exchange/credentials.ts';
import { endpointsFor } from '../../src/exchange/endpoints.ts';
import type { Scenario } from '../../src/exchange/scenario.ts';
import { findScenario } from '../../src/exchange/scenarios.ts';
import { type FromExchange, runExchangeInThread, type ThreadOptions } from '../../src/exchange/thread.ts';
import { Client, exchangeFor, isError, onChannel, refusedUpgrade } from './support.ts';

type Ready = Extract<FromExchange, { type: 'ready' }>;

function next<T extends FromExchange['type']>(port: MessagePort, type: T): Promise<Extract<FromExchange, { type: T }>> {
  return new Promise((resolve) => {
    const listen = (message: FromExchange) => {
      if (message.type !== type) return;
      port.off('message', listen);
      resolve(message as Extract<FromExchange, { type: T }>);
    };
    port.on('message', listen);
  });
}

async function started(options: ThreadOptions): Promise<{ port: MessagePort; ready: Ready; done: Promise<void> }> {
  const { port1, port2 } = new MessageChannel();
  const isReady = next(port1, 'ready');
  const done = runExchangeInThread(port2, options);
  const ready = await isReady;
  onTestFinished(async () => {
    port1.postMessage({ type: 'close' });
    await done;
  });
  return { port: port1, ready, done };
}

const base = findScenario('error-frame') as Scenario;
const scenario: Scenario = {
  ...base,
  steps: [
    { atSeconds: 0, fault: { kind: 'refuse-upgrades', on: 'user', status: 503 } },
    { atSeconds: 0.05, fault: { kind: 'error-frame', on: 'public', message: 'from the script' } },
  ],
};

async function subscribed(url: string): Promise<Client> {
  const client = await Client.open(url);
  client.subscribe('heartbeats');
  await client.frame(onChannel('subscriptions'));
  return client;
}

test('it tells where it is, takes faults, explains bad ones, and closes', async () => {
  const { port, ready, done } = await started({});
  const client = await subscribed(ready.publicUrl);
  expect(ready.keys.es256.secret).toContain('BEGIN EC PRIVATE KEY');
  port.postMessage({ type: 'fault', fault: { kind: 'error-frame', message: 'typed' } });
  expect((await client.frame(isError)).message).toBe('typed');
  const problem = next(port, 'problem');
  port.postMessage({ type: 'fault', fault: { kind: 'nothing' } });
  expect((await problem).problem).toMatch(/Unknown fault kind/);
  const closed = next(port, 'closed');
  port.postMessage({ type: 'close' });
  await closed;
  await done;
  await expect(Client.open(ready.publicUrl)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('the script waits for begin; its second 0 does not', async () => {
  const { port, ready } = await started({ scenario });
  expect((await refusedUpgrade(ready.userUrl)).status).toBe(503);
  const client = await subscribed(ready.publicUrl);
  await client.frame(onChannel('heartbeats'));
  expect(client.frames.some(isError)).toBe(false);
  port.postMessage({ type: 'begin' });
  expect((await client.frame(isError)).message).toBe('from the script');
});

test('or it begins by itself', async () => {
  const slow = { ...scenario, steps: [{ atSeconds: 0.3, fault: { kind: 'error-frame', message: 'now' } as const }] };
  const { ready } = await started({ scenario: slow, autoBegin: true });
  expect((await (await subscribed(ready.publicUrl)).frame(isError)).message).toBe('now');
});

test('a scenario may point its client elsewhere', async () => {
  const exchange = await exchangeFor();
  expect(endpointsFor(exchange, null).publicUrl).toBe(exchange.publicUrl);
  expect(endpointsFor(exchange, findScenario('dns')).publicUrl).toBe('wss://does-not-exist.invalid');
  const refused = endpointsFor(exchange, findScenario('refused'));
  await expect(Client.open(refused.publicUrl)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(refused.userUrl).toBe(exchange.userUrl);
});

test('every kind of credentials is what its name says', async () => {
  const { keys } = await exchangeFor();
  const secrets = Object.fromEntries(credentialKinds.map((kind) => [kind, credentialsFor(keys, kind)?.secret ?? null]));
  expect(secrets.none).toBeNull();
  expect(secrets.legacy).toHaveLength(32);
  expect(secrets.newlines?.includes('\n')).toBe(false);
  expect(secrets.newlines?.replaceAll('\\n', '\n')).toBe(keys.es256.secret.trim());
  expect(secrets.quoted).toMatch(/^"-----BEGIN[\s\S]*-----"$/);
  expect(secrets['one-line']).not.toContain('\n');
  expect(secrets.truncated).toBe('-----BEGIN EC PRIVATE KEY-----');
  expect(secrets['wrong-pair']).not.toBe(secrets.es256);
  expect(credentialsFor(keys, 'ed25519')?.id).toMatch(/^[0-9a-f-]{36}$/);
});
