// The file's lines: facts come back equal, lines come back byte for byte, and no line makes the decoder throw.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { decodeLine, encodeFact, encodeHeader, isProblem, LineEncoder } from '../../src/recording/codec.ts';
import { fact } from './arbitrary-facts.ts';

const plain: Fact = {
  seq: 18_998,
  at: Date.parse('2026-11-22T20:14:06.489Z'),
  t: 1234.567,
  fact: 'frame.received',
  connection: 'public',
  bytes: Buffer.from('{"channel":"l2_data", "sequence_num":  7}'),
  binary: false,
  plain: true,
};

const withoutEnd = (line: Buffer): Buffer => line.subarray(0, line.length - 1);
const decoded = (line: string) => decodeLine(Buffer.from(line));

describe('a line', () => {
  it('holds the bytes of a plain frame as they came', () => {
    expect(encodeFact(plain).toString()).toBe(
      '{"seq":18998,"at":"2026-11-22T20:14:06.489Z","t":1234.567,"fact":"frame.received","connection":"public","json":{"channel":"l2_data", "sequence_num":  7}}\n',
    );
  });

  it.each([
    [{ bytes: Buffer.from('ab\u0000'), binary: false, plain: false }, '"text":"ab\\u0000"}'],
    [{ bytes: Buffer.from([0xff, 1]), binary: false, plain: false }, '"binary":false,"base64":"/wE="}'],
    [{ bytes: Buffer.from([1, 2]), binary: true, plain: false }, '"base64":"AQI="}'],
    [{ bytes: Buffer.alloc(0), binary: true, plain: false }, '"base64":""}'],
  ])('holds what is not plain in a form of its own %#', (payload, end) => {
    const line = encodeFact({ ...plain, ...payload }).toString();
    expect(line.endsWith(`${end}\n`)).toBe(true);
    expect(decoded(line.trimEnd())).toEqual({ ...plain, ...payload });
  });

  it('gives back every fact', () => {
    fc.assert(
      fc.property(fact, (given) => {
        expect(decodeLine(withoutEnd(encodeFact(given)))).toEqual(given);
      }),
    );
  });

  it('is written again byte for byte', () => {
    fc.assert(
      fc.property(fact, (given) => {
        const line = encodeFact(given);
        const read = decodeLine(withoutEnd(line));
        return !isProblem(read) && encodeFact(read).equals(line);
      }),
    );
  });

  it('is the same through the encoder of the hot path, in any company', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 8 }), (facts) => {
        const encoder = new LineEncoder();
        for (const each of facts) encoder.append(each);
        expect(encoder.take().equals(Buffer.concat(facts.map(encodeFact)))).toBe(true);
        return encoder.pendingBytes === 0;
      }),
    );
  });

  it('may be larger than the encoder was', () => {
    const bytes = Buffer.from(JSON.stringify({ channel: 'x'.repeat(3_000_000) }));
    const line = encodeFact({ ...plain, bytes });
    expect(decodeLine(withoutEnd(line))).toEqual({ ...plain, bytes });
  });

  it('never throws, whatever it holds', () => {
    const start = '{"seq":1,"at":"2026-11-22T20:14:06.489Z","t":1,"fact":';
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(`${start}${text}}`)),
      fc.tuple(fact, fc.nat(400)).map(([each, cut]) => encodeFact(each).subarray(0, cut)),
    );
    fc.assert(fc.property(anything, (line) => void decodeLine(line)));
  });
});

describe('a line of another hand', () => {
  const start = '{"seq": 1, "at": "2026-11-22T20:14:06.489123Z", "t": 5, ';

  it('may have spaces and finer time', () => {
    const read = decoded(`${start}"fact": "frame.received", "connection": "user", "json": {"a": 1}}`);
    const at = Date.parse('2026-11-22T20:14:06.489Z');
    expect(read).toEqual({ ...plain, seq: 1, at, t: 5, connection: 'user', bytes: Buffer.from('{"a":1}') });
  });

  it('may have further fields', () => {
    expect(decoded(`${start}"fact": "tick", "colour": "blue"}`)).toMatchObject({ fact: 'tick', colour: 'blue' });
  });

  it.each([
    ['"note":"x"', '{"a":1}'],
    ['"note":{"b":[{}]}', '{"a":1}'],
    ['"note":"x"', '{"a":{"b":2},"c":3}'],
    ['"note":"}"', '[1,{"a":2}]'],
    ['"note":null', '7'],
  ])('may have further fields behind a frame: %s behind %s', (more, json) => {
    const stamp = '{"seq":18998,"at":"2026-11-22T20:14:06.489Z","t":1234.567';
    const line = `${stamp},"fact":"frame.received","connection":"public","json":${json},${more}}`;
    expect(decoded(line)).toEqual({ ...plain, bytes: Buffer.from(json) });
  });

  it.each([
    ['{"seq":1}', 'seq, at or t', false],
    ['[]', 'not one JSON object', false],
    [
      '{"seq":1,"at":"2026-11-22T20:14:06.489Z","t":1,"fact":"frame.received","connection":"public","json":}',
      'not one',
      false,
    ],
    [`${start}"fact": "moon.rose"}`, 'unknown fact "moon.rose"', true],
    [`${start}"fact": "constructor"}`, 'unknown fact', true],
    [`${start}"fact": "session.ended"}`, 'field reason is missing', false],
    [`${start}"fact": "ping.sent", "connection": "rest"}`, 'field connection', false],
    [`${start}"fact": "frame.received", "connection": "user"}`, 'without json, text or base64', false],
    [`${start}"fact": "frame.sent", "connection": "user", "text": "", "token": {"kid": 3}}`, 'field token', false],
  ])('is told apart when it is no fact: %s', (line, problem, unknown) => {
    const read = decoded(line);
    expect(read).toMatchObject({ problem: expect.stringContaining(problem), unknown });
  });
});

it('a header says format and version first', () => {
  const line = encodeHeader({
    tool: '0.1.0',
    partial: false,
    mode: 'demo',
    at: 'x',
    version: 1,
    format: 'cbscope-recording',
  });
  expect(line.toString().startsWith('{"format":"cbscope-recording","version":1,')).toBe(true);
});
