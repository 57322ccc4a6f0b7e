// REST over real loopback servers: one sent and one outcome each, tokens made late, limits kept, pauses obeyed.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { ENDPOINTS } from '../../src/coinbase/endpoints.ts';
import { BODY_BYTES_MAX } from '../../src/core/bounds.ts';
import { systemClock } from '../../src/feed/clock.ts';
import { getPages } from '../../src/feed/pages.ts';
import { createRest, type Rest, type RestOptions } from '../../src/feed/rest.ts';
import { createServerClock } from '../../src/feed/server-clock.ts';
import { createTokens } from '../../src/feed/tokens.ts';
import { FactLog } from './fact-log.ts';
import { FakeSigner } from './fake-signer.ts';
import { closeServers, httpServer, refusedPort, tcpServer } from './loopback.ts';

const open: Rest[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((rest) => rest.stop()));
  closeServers();
});

function make(restUrl: string, more: Partial<RestOptions> = {}): { rest: Rest; log: FactLog; signer: FakeSigner } {
  const log = new FactLog();
  const signer = new FakeSigner();
  const serverClock = createServerClock(systemClock);
  const nowMs = systemClock.monotonicMs();
  serverClock.measured({ sentMs: nowMs, firstByteMs: nowMs, serverMs: systemClock.wallMs() });
  const tokens = createTokens(signer, serverClock, systemClock, log.emit);
  const rest = createRest({ restUrl, clock: systemClock, trust: null, emit: log.emit, tokens, ...more });
  open.push(rest);
  return { rest, log, signer };
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  return (await httpServer(answer)).url;
}

describe('one call', () => {
  test('an unsigned call: sent, arrived, phases, no token, no-cache', async () => {
    let seen: IncomingMessage | null = null;
    const url = await serve((request, response) => {
      seen = request;
      response.end('{"epochMillis":"1"}');
    });
    const { rest, log } = make(url);
    const result = await rest.get({ endpoint: ENDPOINTS.time, why: 'clock' });
    expect(result).toMatchObject({ outcome: 'answered', status: 200, body: '{"epochMillis":"1"}' });
    expect(log.names()).toEqual(['request.sent', 'response.arrived']);
    const sent = await log.wait('request.sent');
    expect(sent).toMatchObject({ endpoint: 'time', signed: false, token: null, bucket: 'rest-public', why: 'clock' });
    expect(sent.url).toBe(`${url}/api/v3/brokerage/time`);
    const arrived = await log.wait('response.arrived');
    expect(arrived).toMatchObject({
      requestId: sent.requestId,
      freshConnection: true,
      truncated: false,
      sizeBytes: 19,
    });
    expect(arrived.phases.tcpMs).toBeGreaterThanOrEqual(0);
    expect(arrived.phases.tlsMs).toBeUndefined();
    expect(arrived.phases.firstByteMs).toBeGreaterThan(0);
    expect(Math.abs(arrived.midpointAt - Date.now())).toBeLessThan(2_000);
    const request = seen as IncomingMessage | null;
    expect(request?.method).toBe('GET');
    expect(request?.headers.authorization).toBeUndefined();
    expect(request?.headers['cache-control']).toBe('no-cache');
  });

  test('the connection is kept: the second call has no connect phases', async () => {
    const { rest, log } = make(await serve((_, response) => response.end('{}')));
    await rest.get({ endpoint: ENDPOINTS.time, why: 'poll' });
    await rest.get({ endpoint: ENDPOINTS.time, why: 'poll' });
    const second = await log.wait('response.arrived', 2);
    expect(second.freshConnection).toBe(false);
    expect(second.phases.tcpMs).toBeUndefined();
  });

  test('a kept connection that the server has dropped meanwhile is replaced without a failure', async () => {
    let served = 0;
    const { port } = await tcpServer((socket) => {
      socket.on('data', () => {
        served += 1;
        if (served === 2) return socket.resetAndDestroy();
        return socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
      });
    });
    const { rest, log } = make(`http://127.0.0.1:${port}`);
    await rest.get({ endpoint: ENDPOINTS.time, why: 'poll' });
    await rest.get({ endpoint: ENDPOINTS.time, why: 'poll' });
    expect(log.names()).toEqual(['request.sent', 'response.arrived', 'request.sent', 'response.arrived']);
    expect(log.all('response.arrived')[1]?.freshConnection).toBe(true);
  });

  test('a signed call carries its own fresh token; no fact holds it', async () => {
    const tokens: string[] = [];
    const url = await serve((request, response) => {
      tokens.push(request.headers.authorization ?? '');
      response
        .setHeader('set-cookie', 'a=b')
        .setHeader('cb-access-token', 'x')
        .setHeader('x-echo', tokens.at(-1) ?? '');
      response.end(JSON.stringify({ echo: tokens.at(-1) }));
    });
    const { rest, log, signer } = make(url);
    await rest.get({ endpoint: ENDPOINTS.key_permissions, why: 'poll' });
    await rest.get({ endpoint: ENDPOINTS.key_permissions, why: 'poll' });
    expect(new Set(tokens).size).toBe(2);
    const host = new URL(url).host;
    expect(signer.asked.map((each) => each.uri)).toEqual(Array(2).fill(`GET ${host}/api/v3/brokerage/key_permissions`));
    expect(log.names().slice(0, 3)).toEqual(['token.made', 'request.sent', 'response.arrived']);
    expect((await log.wait('request.sent', 2)).token?.tokenId).toBe(2);
    const arrived = await log.wait('response.arrived');
    expect(arrived.headers['set-cookie']).toBe('[masked]');
    expect(arrived.headers['cb-access-token']).toBe('[masked]');
    expect(JSON.stringify(log.facts)).not.toContain('SIGNATURE');
    expect(arrived.body).toContain('[signature removed]');
  });

  test.each([['http://example.invalid'], ['http://10.0.0.1:8080']])('no token over plain text: %s', async (url) => {
    const { rest, log, signer } = make(url);
    const result = await rest.get({ endpoint: ENDPOINTS.accounts, why: 'poll' });
    expect(result).toEqual({ outcome: 'not-sent', reason: 'plain-text' });
    expect(log.facts).toEqual([]);
    expect(signer.asked).toEqual([]);
  });

  test('signing that fails sends nothing', async () => {
    const { rest, log, signer } = make('https://example.invalid');
    signer.broken = 'the key is of another kind';
    expect(await rest.get({ endpoint: ENDPOINTS.accounts, why: 'poll' })).toMatchObject({ reason: 'no-token' });
    expect(log.facts).toEqual([{ fact: 'token.failed', purpose: 'rest', message: 'the key is of another kind' }]);
  });

  test('a redirect is an answer, not followed', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls += 1;
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    });
    const { rest } = make(url);
    expect(await rest.get({ endpoint: ENDPOINTS.time, why: 'poll' })).toMatchObject({ status: 302 });
    expect(calls).toBe(1);
  });

  test('a body over the bound is cut and says so', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    const url = await serve((_, response) => {
      for (let count = 0; count < 6; count += 1) response.write(chunk);
      response.end();
    });
    const { rest, log } = make(url);
    await rest.get({ endpoint: ENDPOINTS.market_products, why: 'poll' });
    const arrived = await log.wait('response.arrived');
    expect(arrived.truncated).toBe(true);
    expect(arrived.body).toHaveLength(BODY_BYTES_MAX);
    expect(arrived.sizeBytes).toBeGreaterThan(BODY_BYTES_MAX);
  });

  test('bytes that are not UTF-8 arrive as replacement characters', async () => {
    const { rest, log } = make(await serve((_, response) => response.end(Buffer.from([0x7b, 0xff, 0x7d]))));
    await rest.get({ endpoint: ENDPOINTS.time, why: 'poll' });
    expect((await log.wait('response.arrived')).body).toBe('{�}');
  });
});

describe('failures', () => {
  const failure = async (url: string, more: Partial<RestOptions> = {}) => {
    const { rest, log } = make(url, more);
    const result = await rest.get({ endpoint: ENDPOINTS.time, why: 'poll' });
    expect(result.outcome).toBe('failed');
    expect(log.names()).toEqual(['request.sent', 'request.failed']);
    return log.wait('request.failed');
  };

  test('refused', async () => {
    const failed = await failure(`http://127.0.0.1:${await refusedPort()}`);
    expect(failed).toMatchObject({
      phase: 'tcp',
      errorCode: 'ECONNREFUSED',
      host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    });
  });

  test('no such name', async () => {
    const failed = await failure('https://does-not-exist.invalid');
    expect(failed.phase).toBe('dns');
    expect(failed.errorCode).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });

  test('TLS that hangs', async () => {
    const { port } = await tcpServer(() => undefined);
    const failed = await failure(`https://127.0.0.1:${port}`, { connectTimeoutMs: 80 });
    expect(failed).toMatchObject({ phase: 'tls', errorCode: 'ETIMEDOUT' });
  });

  test('an answer that does not come', async () => {
    const failed = await failure(await serve(() => undefined), { answerTimeoutMs: 80 });
    expect(failed).toMatchObject({ phase: 'request', errorCode: 'ETIMEDOUT' });
    expect(failed.tookMs).toBeGreaterThanOrEqual(79);
    expect(failed.tookMs).toBeLessThan(2_000);
  });

  test('an answer that stops half way', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
    });
    expect(await failure(url, { answerTimeoutMs: 80 })).toMatchObject({ phase: 'response', errorCode: 'ETIMEDOUT' });
  });

  test('a reset on a fresh connection', async () => {
    const { port } = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await failure(`http://127.0.0.1:${port}`)).toMatchObject({ phase: 'request', errorCode: 'ECONNRESET' });
  });

  test('an answer that is not HTTP', async () => {
    const { port } = await tcpServer((socket) => socket.once('data', () => socket.end('hello\r\n\r\n')));
    expect((await failure(`http://127.0.0.1:${port}`)).errorCode).toMatch(/^(HPE_|UND_|HTTPParserError$)/);
  });
});

describe('pace', () => {
  test('never more than half the documented limit in any second, clock first', async () => {
    const arrivals: number[] = [];
    const order: string[] = [];
    const url = await serve((request, response) => {
      arrivals.push(performance.now());
      order.push(request.url?.split('/').at(-1) ?? '');
      response.end('{}');
    });
    const { rest } = make(url);
    const calls = Array.from({ length: 9 }, () => rest.get({ endpoint: ENDPOINTS.market_products, why: 'poll' }));
    calls.push(rest.get({ endpoint: ENDPOINTS.time, why: 'clock' }));
    await Promise.all(calls);
    expect(order.indexOf('time')).toBeLessThan(6);
    for (const at of arrivals)
      expect(arrivals.filter((each) => each >= at && each < at + 950).length).toBeLessThanOrEqual(5);
  });

  test('headers are believed: nothing left means wait', async () => {
    const arrivals: number[] = [];
    const url = await serve((_, response) => {
      arrivals.push(performance.now());
      response.setHeader('x-ratelimit-limit', '30').setHeader('x-ratelimit-remaining', '0').end('{}');
    });
    const { rest } = make(url);
    await rest.get({ endpoint: ENDPOINTS.key_permissions, why: 'poll' });
    await new Promise((resolve) => setImmediate(resolve));
    await rest.get({ endpoint: ENDPOINTS.key_permissions, why: 'poll' });
    expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(900);
  });

  test('a pause sends nothing, the clock included; afterwards one at a time until one succeeds', async () => {
    let inFlight = 0;
    let most = 0;
    let status = 500;
    const url = await serve((_, response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        response.writeHead(status).end('{}');
      }, 90);
    });
    const { rest, log } = make(url);
    rest.pauseUntil(systemClock.monotonicMs() + 150);
    expect(await rest.get({ endpoint: ENDPOINTS.time, why: 'clock' })).toEqual({
      outcome: 'not-sent',
      reason: 'paused',
    });
    expect(log.facts).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, rest.pausedUntilMs - systemClock.monotonicMs() + 5));
    const call = () => rest.get({ endpoint: ENDPOINTS.key_permissions, why: 'poll' });
    await Promise.all([call(), call(), call()]);
    expect(most).toBe(1);
    status = 200;
    await call();
    await Promise.all([call(), call(), call()]);
    expect(most).toBeGreaterThan(1);
  });

  test('retry-after of a 429 asks for a pause', async () => {
    const { rest } = make(await serve((_, response) => response.writeHead(429, { 'retry-after': '7' }).end()));
    let untilMs = 0;
    rest.onRetryAfter((ms) => {
      untilMs = ms;
    });
    await rest.get({ endpoint: ENDPOINTS.time, why: 'poll' });
    expect(untilMs - systemClock.monotonicMs()).toBeGreaterThan(6_500);
    expect(untilMs - systemClock.monotonicMs()).toBeLessThanOrEqual(7_000);
  });
});

describe('pages', () => {
  const paged = (name: string, pages: number, hasNext: boolean) => {
    const asked: (string | null)[] = [];
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      const cursor = new URL(request.url ?? '', 'http://x').searchParams.get('cursor');
      asked.push(cursor);
      const page = Number(cursor ?? 0);
      const more = page + 1 < pages;
      const body = { [name]: [{ page }], cursor: more ? String(page + 1) : '', ...(hasNext ? { has_next: more } : {}) };
      response.end(JSON.stringify(body));
    };
    return { asked, answer };
  };

  test.each([
    ['accounts', true],
    ['fills', false],
  ] as const)('%s: to the end, each page its own request', async (name, hasNext) => {
    const { asked, answer } = paged(name, 3, hasNext);
    const { rest, log } = make(await serve(answer));
    await getPages(rest, ENDPOINTS[name], {}, 'poll');
    expect(asked).toEqual([null, '1', '2']);
    expect(log.all('request.sent').map((fact) => fact.why)).toEqual(['poll', 'page', 'page']);
    expect(log.all('response.arrived')).toHaveLength(3);
    expect(new Set(log.all('request.sent').map((fact) => fact.token?.tokenId)).size).toBe(3);
  });

  test('a list without end stops at twenty pages; a cursor that comes again stops at once', async () => {
    const endless = paged('accounts', 1_000, true);
    const first = make(await serve(endless.answer), { fraction: 1 });
    await getPages(first.rest, ENDPOINTS.accounts, {}, 'poll');
    expect(endless.asked).toHaveLength(20);
    const same = make(await serve((_, response) => response.end('{"accounts":[{}],"cursor":"c","has_next":true}')));
    await getPages(same.rest, ENDPOINTS.accounts, {}, 'poll');
    expect(same.log.all('request.sent')).toHaveLength(2);
  });

  test('a refused page ends it', async () => {
    const { rest, log } = make(await serve((_, response) => response.writeHead(401).end('Unauthorized')));
    expect(await getPages(rest, ENDPOINTS.accounts, {}, 'poll')).toMatchObject({ status: 401 });
    expect(log.all('request.sent')).toHaveLength(1);
  });
});
