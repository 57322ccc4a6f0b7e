// Every way a connection can begin and end, over real loopback sockets: the facts must say what happened underneath.

import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import { FRAME_BYTES_MAX } from '../../src/core/bounds.ts';
import { type Leaf, makeCertificates } from '../../src/exchange/certificate.ts';
import { systemClock } from '../../src/feed/clock.ts';
import { trustOf } from '../../src/feed/dial.ts';
import { createSocket, type Socket, type SocketOptions } from '../../src/feed/socket.ts';
import { FactLog } from './fact-log.ts';
import { closeServers, refusedPort, tcpServer, webSocketServer } from './loopback.ts';

const ENDS = ['socket.closed', 'connect.failed', 'upgrade.refused'];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close('test over');
  closeServers();
});

function start(url: string, more: Partial<SocketOptions> = {}): { log: FactLog; socket: Socket } {
  const log = new FactLog();
  const socket = createSocket({
    connection: 'public',
    url,
    emit: log.emit,
    trust: null,
    deflate: false,
    clock: systemClock,
    ...more,
  });
  sockets.push(socket);
  socket.connect(1);
  return { log, socket };
}

/** Waits until the loop has run everything that could still emit. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function oneEnd(log: FactLog): Promise<void> {
  await quiet();
  expect(log.names().filter((name) => ENDS.includes(name))).toHaveLength(1);
}

describe('after open', () => {
  test('frames arrive as the bytes that were sent, text and binary apart', async () => {
    const { url } = await webSocketServer((ws) => {
      ws.send('{"channel":"héartbeats"}');
      ws.send(Buffer.from([0, 1, 255]));
    });
    const { log } = start(url);
    await log.wait('frame.received', 2);
    const [text, binary] = log.all('frame.received');
    expect(Buffer.from(text?.bytes ?? []).toString()).toBe('{"channel":"héartbeats"}');
    expect([text?.binary, binary?.binary]).toEqual([false, true]);
    expect([...(binary?.bytes ?? [])]).toEqual([0, 1, 255]);
    const opened = await log.wait('socket.opened');
    expect(opened).toMatchObject({
      host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      address: '127.0.0.1',
      tls: null,
      extensions: '',
    });
    expect(opened.phases.dnsMs).toBeUndefined();
    expect(opened.phases.tcpMs).toBeGreaterThanOrEqual(0);
    expect(opened.phases.upgradeMs).toBeGreaterThan(0);
  });

  test('a host name has a DNS phase', async () => {
    const { port } = await webSocketServer(() => undefined);
    const { log } = start(`ws://localhost:${port}`);
    expect((await log.wait('socket.opened')).phases.dnsMs).toBeGreaterThanOrEqual(0);
  });

  test('a close frame: code and reason as given, by the server', async () => {
    const { url } = await webSocketServer((ws) => ws.close(1001, 'going away'));
    const { log } = start(url);
    const closed = await log.wait('socket.closed');
    const expected = { code: 1001, reason: 'going away', clean: true, by: 'server', cause: 'close-frame' };
    expect(closed).toMatchObject(expected);
    await oneEnd(log);
  });

  test('a close frame without a code is 1005', async () => {
    const { url } = await webSocketServer((ws) => ws.close());
    const { log } = start(url);
    expect(await log.wait('socket.closed')).toMatchObject({ code: 1005, clean: true, by: 'server' });
  });

  test('FIN without a close frame', async () => {
    const { url } = await webSocketServer((_, stream) => stream.end());
    const { log } = start(url);
    const expected = { code: 1006, clean: false, by: 'network', cause: 'fin-without-close-frame' };
    expect(await log.wait('socket.closed')).toMatchObject(expected);
    await oneEnd(log);
  });

  test('a reset', async () => {
    const { url } = await webSocketServer((_, stream) => stream.resetAndDestroy());
    const { log } = start(url);
    const expected = { code: 1006, clean: false, by: 'network', cause: 'reset', errorCode: 'ECONNRESET' };
    expect(await log.wait('socket.closed')).toMatchObject(expected);
    await oneEnd(log);
  });

  test('a frame over our limit', async () => {
    expect(FRAME_BYTES_MAX).toBeGreaterThan(4_600_000);
    const { url } = await webSocketServer((ws) => ws.send('x'.repeat(2_000)));
    const { log } = start(url, { frameBytesMax: 1_000 });
    const expected = { code: 1006, cause: 'too-large', errorCode: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' };
    expect(await log.wait('socket.closed')).toMatchObject(expected);
    await oneEnd(log);
  });

  test('a text frame that is not UTF-8', async () => {
    const { url } = await webSocketServer((_, stream) => stream.write(Buffer.from([0x81, 0x02, 0xc3, 0x28])));
    const { log } = start(url);
    const expected = { code: 1006, cause: 'invalid-utf8', errorCode: 'WS_ERR_INVALID_UTF8' };
    expect(await log.wait('socket.closed')).toMatchObject(expected);
  });

  test('bytes that are no frame', async () => {
    const { url } = await webSocketServer((_, stream) => stream.write('<html>'));
    const { log } = start(url);
    const closed = await log.wait('socket.closed');
    expect(closed.cause).toBe('protocol-error');
    expect(closed.errorCode).toMatch(/^WS_ERR_/);
    await oneEnd(log);
  });

  test('we ask for the end', async () => {
    const { url } = await webSocketServer(() => undefined);
    const { log, socket } = start(url);
    await log.wait('socket.opened');
    socket.close('asked by the user');
    expect(await log.wait('socket.closed')).toMatchObject({
      code: 1000,
      by: 'client',
      cause: 'asked',
      detail: 'asked by the user',
    });
    expect(socket.state).toBe('idle');
    await oneEnd(log);
  });

  test('we ask for the end and nobody answers: cut within a second', async () => {
    const { url } = await webSocketServer((_, stream) => stream.pause());
    const { log, socket } = start(url);
    await log.wait('socket.opened');
    socket.close('bye');
    expect(await log.wait('socket.closed')).toMatchObject({ by: 'client', cause: 'asked', clean: false });
  });

  test('neither frames nor pongs: half-open', async () => {
    const { url } = await webSocketServer((_, stream) => stream.pause());
    const { log } = start(url, { pingEveryMs: 50, halfOpenAfterMs: 200 });
    const closed = await log.wait('socket.closed');
    expect(closed).toMatchObject({ code: 1006, by: 'network', cause: 'ping-timeout' });
    expect(closed.detail).toMatch(/neither frame nor pong for \d+ ms/);
    expect(log.all('ping.sent').length).toBeGreaterThan(0);
    await oneEnd(log);
  });

  test('pings are answered and timed', async () => {
    const { url } = await webSocketServer(() => undefined);
    const { log } = start(url, { pingEveryMs: 50 });
    const pong = await log.wait('pong.received', 2);
    expect(pong.roundTripMs).toBeGreaterThan(0);
    expect(pong.roundTripMs).toBeLessThan(1_000);
  });

  test('the same socket connects again after its end, from within the fact that tells it', async () => {
    let connections = 0;
    const { url } = await webSocketServer((ws) => {
      connections += 1;
      if (connections === 1) ws.close(1001);
    });
    const log = new FactLog();
    const socket: Socket = createSocket({
      connection: 'user',
      url,
      emit(body) {
        log.emit(body);
        if (body.fact === 'socket.closed' && connections === 1) socket.connect(2);
      },
      trust: null,
      deflate: false,
      clock: systemClock,
    });
    sockets.push(socket);
    socket.connect(1);
    await log.wait('socket.opened', 2);
    expect(socket.state).toBe('open');
    expect(log.all('socket.connecting').map((fact) => fact.attempt)).toEqual([1, 2]);
  });

  test('permessage-deflate is offered only when asked for', async () => {
    const offers: (string | undefined)[] = [];
    const http = createHttpServer();
    http.on('upgrade', (request) => offers.push(request.headers['sec-websocket-extensions']));
    const { url } = await webSocketServer(() => undefined, http);
    const without = start(url);
    await without.log.wait('socket.opened');
    const withIt = start(url, { deflate: true });
    await withIt.log.wait('socket.opened');
    expect(offers[0]).toBeUndefined();
    expect(offers[1]).toContain('permessage-deflate');
  });
});

describe('before open', () => {
  test('a refused upgrade: status, masked headers, start of the body, one fact', async () => {
    const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJrIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ';
    const { port } = await tcpServer((stream) => {
      const body = `${token} ${'x'.repeat(5_000)}`;
      const head = 'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nSet-Cookie: __cf_bm=secret\r\nCF-Ray: abc';
      stream.once('data', () => stream.end(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
    });
    const { log } = start(`ws://127.0.0.1:${port}`);
    const refused = await log.wait('upgrade.refused');
    expect(refused).toMatchObject({ status: 429, host: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
    expect(refused.headers).toMatchObject({ 'retry-after': '7', 'cf-ray': 'abc', 'set-cookie': '[masked]' });
    expect(refused.bodyStart).toContain('[signature removed]');
    expect(refused.bodyStart).not.toContain('c2lnbmF0dXJl');
    expect(refused.bodyStart.length).toBeLessThanOrEqual(2_100);
    expect(refused.phases.upgradeMs).toBeGreaterThan(0);
    await oneEnd(log);
  });

  test('connection refused', async () => {
    const { log } = start(`ws://127.0.0.1:${await refusedPort()}`);
    const failed = await log.wait('connect.failed');
    expect(failed).toMatchObject({ phase: 'tcp', errorCode: 'ECONNREFUSED', errorCodes: ['ECONNREFUSED'] });
    await oneEnd(log);
  });

  test('connection refused at every address of a name: one code each', async () => {
    const { log } = start(`ws://localhost:${await refusedPort()}`);
    const failed = await log.wait('connect.failed');
    expect(failed.phase).toBe('tcp');
    expect(failed.errorCodes.every((code) => code === 'ECONNREFUSED' || code === 'EADDRNOTAVAIL')).toBe(true);
    expect(failed.message).not.toBe('');
  });

  test('a name that does not exist', async () => {
    const { log } = start('ws://does-not-exist.invalid');
    const failed = await log.wait('connect.failed');
    expect(failed.phase).toBe('dns');
    expect(failed.errorCode).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    await oneEnd(log);
  });

  test('an upgrade that nobody answers', async () => {
    const { port } = await tcpServer(() => undefined);
    const { log } = start(`ws://127.0.0.1:${port}`, { upgradeTimeoutMs: 80 });
    const failed = await log.wait('connect.failed');
    expect(failed).toMatchObject({ phase: 'upgrade', errorCode: 'ETIMEDOUT' });
    expect(failed.message).toContain('80 ms');
    await oneEnd(log);
  });

  test('a reset in the middle of the upgrade', async () => {
    const { port } = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { log } = start(`ws://127.0.0.1:${port}`);
    expect(await log.wait('connect.failed')).toMatchObject({ phase: 'upgrade', errorCode: 'ECONNRESET' });
  });

  test('an answer that is not HTTP', async () => {
    const { port } = await tcpServer((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n')));
    const { log } = start(`ws://127.0.0.1:${port}`);
    const failed = await log.wait('connect.failed');
    expect(failed.phase).toBe('upgrade');
    expect(failed.errorCode).toMatch(/^HPE_/);
    await oneEnd(log);
  });

  test('we ask for the end while connecting', async () => {
    const { port } = await tcpServer(() => undefined);
    const { log, socket } = start(`ws://127.0.0.1:${port}`);
    socket.close('changed our mind');
    expect(await log.wait('socket.closed')).toMatchObject({ code: 1006, by: 'client', cause: 'asked' });
    await oneEnd(log);
  });

  test('a URL that is none', async () => {
    const { log } = start('https//nowhere');
    expect(await log.wait('connect.failed')).toMatchObject({ errorCode: 'ERR_INVALID_URL' });
  });
});

describe('TLS', () => {
  const made = makeCertificates();
  const trust = trustOf(made.caPem);
  const serve = async (certificate: Leaf): Promise<number> =>
    (await webSocketServer(() => undefined, createHttpsServer({ cert: certificate.cert, key: certificate.key }))).port;

  test('trusted through the CA file: protocol and phases are told', async () => {
    const port = await serve(made.good);
    const { log } = start(`wss://127.0.0.1:${port}`, { trust });
    const opened = await log.wait('socket.opened');
    expect(opened.tls).toMatch(/^TLSv1\.3 TLS_/);
    expect(opened.phases.tlsMs).toBeGreaterThan(0);
    expect(opened.phases.upgradeMs).toBeGreaterThan(0);
  });

  test.each([
    ['self-signed', 'self-signed', trust, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['of an authority that is not trusted', 'good', null, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['expired', 'expired', trust, 'CERT_HAS_EXPIRED'],
    ['for another name', 'wrong-host', trust, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('a certificate that is %s', async (_, leaf, trusted, code) => {
    const port = await serve(made[leaf]);
    const { log } = start(`wss://localhost:${port}`, { trust: trusted });
    const failed = await log.wait('connect.failed');
    expect(failed.phase).toBe('tls');
    expect(failed.errorCode).toBe(code);
    await oneEnd(log);
  });

  test('a plain-text server where TLS was expected', async () => {
    const { port } = await tcpServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    const { log } = start(`wss://127.0.0.1:${port}`);
    const failed = await log.wait('connect.failed');
    expect(failed.phase).toBe('tls');
    expect(failed.errorCode).toMatch(/^(EPROTO|ERR_SSL_)/);
  });

  test('a reset during the handshake', async () => {
    const { port } = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { log } = start(`wss://127.0.0.1:${port}`);
    expect(await log.wait('connect.failed')).toMatchObject({ phase: 'tls', errorCode: 'ECONNRESET' });
  });

  test('a handshake that hangs', async () => {
    const { port } = await tcpServer(() => undefined);
    const { log } = start(`wss://127.0.0.1:${port}`, { connectTimeoutMs: 80 });
    expect(await log.wait('connect.failed')).toMatchObject({ phase: 'tls', errorCode: 'ETIMEDOUT' });
  });

  test('FIN without a close frame through TLS', async () => {
    const http = createHttpsServer(made.good);
    const { port } = await webSocketServer((_, stream) => stream.end(), http);
    const { log } = start(`wss://127.0.0.1:${port}`, { trust });
    expect(await log.wait('socket.closed')).toMatchObject({ code: 1006, cause: 'fin-without-close-frame' });
  });
});
