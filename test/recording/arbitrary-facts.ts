// Arbitrary facts for property tests: every name of the union, with texts, numbers and bytes of every kind.

import fc from 'fast-check';
import type { Fact, FactBody } from '../../src/core/fact.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value + 0);
const connection = fc.constantFrom('public' as const, 'user' as const);
const phases = fc.record({ dnsMs: number, tcpMs: number, totalMs: number }, { requiredKeys: [] });
const headers = fc.dictionary(text, text, { maxKeys: 4 }).map((record) => ({ ...record }));
const texts = fc.array(text, { maxLength: 3 });
const token = fc.record({
  tokenId: number,
  alg: text,
  kid: text,
  sub: text,
  iss: text,
  nbf: number,
  exp: number,
  uri: fc.option(text),
});

const json = fc.json({ maxDepth: 3 }).map((value) => ({
  bytes: Buffer.from(JSON.stringify({ channel: 'ticker', value: JSON.parse(value) })),
  binary: false,
  plain: true,
}));
const odd = fc.record({
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    text.map((each) => Buffer.from(each)),
  ),
  binary: fc.boolean(),
  plain: fc.constant(false),
});

const frame = fc
  .tuple(connection, fc.oneof(json, odd))
  .map(([name, payload]): FactBody => ({ fact: 'frame.received', connection: name, ...payload }));

const closed = fc.record({
  fact: fc.constant('socket.closed' as const),
  connection,
  code: number,
  reason: text,
  clean: fc.boolean(),
  by: fc.constantFrom('server' as const, 'network' as const),
  cause: fc.constantFrom('reset' as const, 'close-frame' as const),
  errorCode: fc.option(text),
  detail: text,
});

const opened = fc.record({
  fact: fc.constant('socket.opened' as const),
  connection,
  host: text,
  address: text,
  phases,
  extensions: text,
  tls: fc.option(text),
  headers,
});

const response = fc.record({
  fact: fc.constant('response.arrived' as const),
  requestId: number,
  endpoint: text,
  status: number,
  headers,
  body: text,
  truncated: fc.boolean(),
  sizeBytes: number,
  phases,
  midpointAt: number,
  freshConnection: fc.boolean(),
});

const sent = fc.record({ fact: fc.constant('frame.sent' as const), connection, text, token: fc.option(token) });

const failed = fc.record({
  fact: fc.constant('connect.failed' as const),
  connection,
  host: text,
  phase: fc.constantFrom('dns' as const, 'tls' as const),
  errorCode: text,
  errorCodes: texts,
  message: text,
  tookMs: number,
});

const small = fc.oneof(
  fc.constant<FactBody>({ fact: 'tick' }),
  connection.map((name): FactBody => ({ fact: 'ping.sent', connection: name })),
  number.map((byMs): FactBody => ({ fact: 'clock.jumped', byMs })),
  text.map((reason): FactBody => ({ fact: 'session.ended', reason })),
  fc.tuple(text, text).map(([action, detail]): FactBody => ({ fact: 'user.asked', action, detail })),
  token.map((made): FactBody => ({ fact: 'token.made', purpose: 'rest', token: made, clock: 'server' })),
);

export const factBody: fc.Arbitrary<FactBody> = fc.oneof(frame, closed, opened, response, sent, failed, small);

const t = fc.oneof(
  fc.integer({ min: 0, max: 1e12 }).map((thousandths) => thousandths / 1000),
  fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value + 0),
);

export const fact: fc.Arbitrary<Fact> = fc
  .record({ seq: fc.integer({ min: 1, max: 2 ** 40 }), at: fc.integer({ min: 0, max: 4e12 }), t, body: factBody })
  .map(({ seq, at, t: stamp, body }) => ({ seq, at, t: stamp, ...body }));
