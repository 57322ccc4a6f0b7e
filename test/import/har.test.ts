// A HAR becomes facts: the forms of three tools, what is left out, how sockets end, and the one sentence for what is no HAR.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fact, FactName, FactOf } from '../../src/core/fact.ts';
import { readHar } from '../../src/import/har.ts';
import {
  API,
  acknowledged,
  bytesOf,
  CAPTURE_START_MS,
  call,
  closed,
  flow,
  har,
  type Json,
  jwt,
  PUBLIC,
  receive,
  refused,
  send,
  signed,
  socket,
  subscribe,
  USER,
} from '../support/har.ts';
import { ROOT } from '../tidy/sources.ts';

function read(value: unknown): { facts: Fact[]; notes: string[] } {
  const reading = readHar(bytesOf(value));
  if ('problem' in reading) throw new Error(reading.problem);
  return reading;
}

function fixture(name: string): { facts: Fact[]; notes: string[] } {
  return read(readFileSync(join(ROOT, 'test/fixtures/har', `${name}.har`), 'utf8'));
}

function factsNamed<Name extends FactName>(facts: Fact[], name: Name): FactOf<Name>[] {
  return facts.filter((fact): fact is FactOf<Name> => fact.fact === name);
}

describe('what is no HAR is one sentence', () => {
  it.each([
    ['nothing', '', /is empty; a HAR capture was expected/],
    ['no JSON', 'hello', /is not JSON \(it begins hello\)/],
    ['other JSON', '{"entries":[]}', /JSON without `log.entries`/],
    ['a list', '[]', /JSON without `log.entries`/],
    ['log.entries of another kind', '{"log":{"entries":{}}}', /JSON without `log.entries`/],
    ['no entries', har([]), /holds no entries/],
    ['nothing of Coinbase', har([call({ atS: 0, url: 'https://example.com/x' })]), /of 1 entry none is about/],
    ['only broken entries', har([null, {}, { request: {} }]), /of 3 entries none is about/],
  ])('%s', (_, value, sentence) => {
    const reading = readHar(bytesOf(value));
    expect(reading).toEqual({ problem: expect.stringMatching(sentence) });
    expect((reading as { problem: string }).problem).not.toContain('\n');
  });
});

describe('the three forms', () => {
  it('Chrome: sanitised calls, frames whole, sockets without an end', () => {
    const { facts, notes } = fixture('chrome');
    expect(factsNamed(facts, 'socket.closed')).toEqual([]);
    expect(factsNamed(facts, 'capture.ended').map(({ connection }) => connection)).toEqual(['user', 'public']);
    expect(factsNamed(facts, 'request.sent').map(({ signed, token }) => [signed, token])).toEqual([
      [true, null],
      [true, null],
    ]);
    expect(factsNamed(facts, 'request.failed')).toMatchObject([{ phase: 'dns', errorCode: 'ENOTFOUND' }]);
    expect(notes).toEqual([expect.stringContaining('1 entry not about'), expect.stringContaining('sanitised')]);
  });

  it('HTTP Toolkit: https upgrades, base64 bodies, ends told, refused upgrades', () => {
    const { facts } = fixture('http-toolkit');
    expect(factsNamed(facts, 'socket.connecting').map(({ url }) => url)).toEqual([
      'wss://advanced-trade-ws.coinbase.com',
      'wss://advanced-trade-ws.coinbase.com',
      'wss://advanced-trade-ws-user.coinbase.com',
    ]);
    expect(factsNamed(facts, 'socket.closed').map(({ code, clean, reason }) => [code, clean, reason])).toEqual([
      [1001, true, 'going away'],
      [1006, false, ''],
    ]);
    expect(factsNamed(facts, 'upgrade.refused')).toMatchObject([
      { connection: 'user', status: 429, bodyStart: 'Too Many Requests', headers: { 'retry-after': '2' } },
    ]);
    const [answer] = factsNamed(facts, 'response.arrived');
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ has_next: false });
    expect(answer?.phases).toEqual({ dnsMs: 4, tcpMs: 12, tlsMs: 18, firstByteMs: 61, totalMs: 97 });
    expect(answer?.headers['set-cookie']).toBe('__cf_bm=[removed]; path=/');
  });

  it('mitmproxy: other methods, the address, a failure in its words', () => {
    const { facts } = fixture('mitmproxy');
    expect(factsNamed(facts, 'request.sent').map(({ method, endpoint }) => `${method} ${endpoint}`)).toEqual([
      'GET accounts',
      'POST create_order',
      'GET time',
    ]);
    expect(factsNamed(facts, 'socket.opened')[0]?.address).toBe('104.18.35.15');
    expect(factsNamed(facts, 'request.failed')).toMatchObject([{ errorCode: 'ECONNRESET' }]);
  });
});

describe('stamps', () => {
  const { facts } = fixture('http-toolkit');

  it('count from 1, never fall, and agree with the wall clock', () => {
    expect(facts.map(({ seq }) => seq)).toEqual(facts.map((_, index) => index + 1));
    for (const [index, fact] of facts.entries()) {
      expect(fact.t).toBeGreaterThanOrEqual(facts[index - 1]?.t ?? 0);
      expect(Math.abs(fact.at - (CAPTURE_START_MS + fact.t))).toBeLessThanOrEqual(1);
    }
  });

  it('have a tick for each second in between', () => {
    const ticks = factsNamed(facts, 'tick').map(({ t }) => t);
    expect(ticks).toEqual([1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000]);
  });

  it('tell no ticks for hours of nothing', () => {
    const hours = read(har([0, 36_000].map((atS) => call({ atS, url: `${API}/time` }))));
    expect(factsNamed(hours.facts, 'tick').length).toBeLessThan(1_000);
  });

  it('put entries that came out of order into order', () => {
    const { facts: sorted } = read(har([5, 1, 3].map((atS) => call({ atS, url: `${API}/time` }))));
    expect(factsNamed(sorted, 'request.sent').map(({ t }) => t)).toEqual([0, 2_000, 4_000]);
  });
});

describe('the opening facts', () => {
  const { facts } = fixture('mitmproxy');
  const [started, key] = facts;

  it('say where the traffic is from and what it watches', () =>
    expect(started).toMatchObject({
      fact: 'session.started',
      mode: 'live',
      capture: 'HAR of mitmproxy 11.0.2',
      settings: {
        products: ['BTC-USD'],
        channels: ['heartbeats', 'ticker'],
        needs: ['view', 'trade'],
        reauth: 'never',
      },
      origins: expect.arrayContaining([{ name: 'channels', value: 'heartbeats,ticker', origin: 'HAR' }]),
    }));

  it('name the key of the tokens', () =>
    expect(key).toMatchObject({
      fact: 'key.inspected',
      inspection: { source: 'HAR', kind: 'ecdsa', algorithm: 'ES256' },
    }));

  it('name no key where none is seen', () => {
    const { facts: unsigned } = read(har([call({ atS: 0, url: `${API}/time` })]));
    expect(factsNamed(unsigned, 'key.inspected')).toEqual([]);
  });
});

describe('tokens', () => {
  it('are numbered once each, with the length of their signature', () => {
    const kept = jwt(0, { signatureBytes: 71 });
    const url = `${API}/accounts`;
    const { facts } = read(
      har([signed({ atS: 0, url, jwt: kept }), signed({ atS: 1, url, jwt: kept }), signed({ atS: 2, url })]),
    );
    const tokens = factsNamed(facts, 'request.sent').map(({ token }) => [token?.tokenId, token?.signatureBytes]);
    expect(tokens).toEqual([
      [1, 71],
      [1, 71],
      [2, 64],
    ]);
    expect(factsNamed(facts, 'token.made')).toHaveLength(2);
  });

  it('that were masked before are none', () => {
    const { facts } = read(har([signed({ atS: 0, url: `${API}/accounts`, jwt: '[redacted]' })]));
    expect(factsNamed(facts, 'request.sent')).toMatchObject([{ signed: true, token: null }]);
  });
});

describe('sockets', () => {
  const user = subscribe(0.5, 'user', { jwt: jwt(0) });
  const ticker = subscribe(0.5, 'ticker');
  it.each<[string, string, Json[], string]>([
    ['the user host', USER, [ticker], 'user'],
    ['the public host', PUBLIC, [ticker], 'public'],
    ['user channels alone on the public host', PUBLIC, [subscribe(0.4, 'heartbeats'), user], 'user'],
    ['both on the public host', PUBLIC, [ticker, user], 'public'],
    ['a test exchange', 'ws://127.0.0.1:9000/ws', [user], 'user'],
    ['another feed of Coinbase', 'wss://ws-feed.exchange.coinbase.com', [], 'public'],
  ])('on %s', (_, url, messages, connection) => {
    const { facts } = read(har([socket({ atS: 0, url, messages })]));
    expect(factsNamed(facts, 'socket.opened')).toMatchObject([{ connection, host: new URL(url).host }]);
  });

  it('of other sites are left out', () => {
    const other = socket({ atS: 0, url: 'wss://stream.example.com/ws', messages: [send(1, { method: 'SUBSCRIBE' })] });
    const { facts, notes } = read(har([other, call({ atS: 0, url: `${API}/time` })]));
    expect(factsNamed(facts, 'socket.connecting')).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('1 entry not about')]);
  });

  it('that overlap one of their kind are left out, the most telling one kept', () => {
    const quiet = socket({ atS: 0, messages: [ticker, ...flow(1, 6)] });
    const troubled = socket({ atS: 2, messages: [subscribe(2.5, 'matches'), refused(3)] });
    const { facts, notes } = read(har([quiet, troubled]));
    expect(factsNamed(facts, 'socket.opened').map(({ t }) => t)).toEqual([80]);
    expect(factsNamed(facts, 'frame.sent')[0]?.text).toContain('matches');
    expect(notes).toEqual([expect.stringContaining('1 socket left out')]);
  });

  it('keep a binary frame binary and the envelope of a frame that was cut', () => {
    const long = JSON.stringify({
      channel: 'l2_data',
      timestamp: '2026-11-20T14:30:01Z',
      sequence_num: 7,
      events: ['x'.repeat(40_000)],
    });
    const binary = { ...receive(1, 'AAEC'), opcode: 2 };
    const { facts, notes } = read(
      har([socket({ atS: 0, messages: [ticker, binary, receive(2, long.slice(0, 30_000))] })]),
    );
    const [first, second] = factsNamed(facts, 'frame.received');
    expect([first?.binary, [...(first?.bytes ?? [])]]).toEqual([true, [0, 1, 2]]);
    expect(JSON.parse(Buffer.from(second?.bytes ?? []).toString())).toMatchObject({
      channel: 'l2_data',
      sequence_num: 7,
    });
    expect(notes).toEqual([expect.stringContaining('1 large frame')]);
  });

  it('count messages that cannot be read, and go on', () => {
    const broken = [null, { type: 'send' }, { ...receive(1, 'x'), time: 'then' }, { ...receive(1, 'x'), data: 5 }];
    const { facts, notes } = read(har([socket({ atS: 0, messages: [ticker, ...(broken as Json[]), ...flow(1, 3)] })]));
    expect(factsNamed(facts, 'frame.received')).toHaveLength(4);
    expect(notes).toEqual([expect.stringContaining('4 WebSocket messages')]);
  });
});

describe('the end of a socket', () => {
  const fed = [
    subscribe(0.2, 'heartbeats'),
    acknowledged(0.4, 0, { heartbeats: ['heartbeats'] }),
    ...flow(1, 20, { firstNumber: 1 }),
  ];
  const frame = (atS: number, sent: boolean): Json => ({
    ...(sent ? send(atS, '') : receive(atS, '')),
    opcode: 8,
    data: Buffer.from([0x03, 0xe9]).toString('base64'),
  });
  const later = socket({ atS: 40, messages: [subscribe(40.2, 'heartbeats')] });
  it.each<[string, Json[], unknown, Json[], unknown]>([
    ['nothing said', fed, undefined, [], null],
    ['1000 at the end of it all', fed, closed(20, 1000), [], { code: 1000, by: 'client', cause: 'asked' }],
    ['1000 and a new socket', fed, closed(20, 1000), [later], { code: 1000, by: 'server', cause: 'unknown' }],
    ['1000 after a long silence', fed, closed(85, 1000), [], { code: 1000, by: 'server' }],
    ['1000 at once', fed.slice(0, 1), closed(2, 1000), [], { code: 1000, by: 'server' }],
    ['1000 after an error', [...fed, refused(19.5)], closed(20, 1000), [], { code: 1000, by: 'server' }],
    ['1011', fed, closed(20, 1011, 'oops'), [], { code: 1011, reason: 'oops', by: 'server', clean: true }],
    ['aborted', fed, 'aborted', [], { code: 1006, by: 'network', clean: false }],
    ['no code', fed, {}, [later], { code: 1005, by: 'server' }],
    [
      'a close frame from the server',
      [...fed, frame(20, false)],
      undefined,
      [],
      { code: 1001, by: 'server', cause: 'close-frame' },
    ],
    [
      'a close frame of its own',
      [...fed, frame(20, true)],
      undefined,
      [],
      { code: 1001, by: 'client', cause: 'asked' },
    ],
    [
      'an error in the list of frames',
      [...fed, { ...receive(20, 'net::ERR_CONNECTION_RESET'), type: 'error' }],
      undefined,
      [],
      { code: 1006 },
    ],
  ])('%s', (_, messages, close, others, wanted) => {
    const { facts } = read(har([socket({ atS: 0, messages, close }), ...others]));
    const [ended] = factsNamed(facts, 'socket.closed');
    if (wanted === null) expect(ended).toBeUndefined();
    else expect(ended).toMatchObject(wanted as object);
  });
});
