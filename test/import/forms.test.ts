// Captures as they are met: each form of each tool, odd and incomplete, becomes facts or is left out and counted.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openTraffic } from '../../src/app/import.ts';
import type { Fact, FactName, FactOf } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { readHar } from '../../src/import/har.ts';
import { temporaryFolder } from '../recording/temporary.ts';
import {
  API,
  acknowledged,
  bytesOf,
  CAPTURE_START_MS,
  call,
  flow,
  har,
  type Json,
  receive,
  socket,
  subscribe,
} from '../support/har.ts';

function read(value: unknown): { facts: Fact[]; notes: string[] } {
  const reading = readHar(value instanceof Uint8Array ? value : bytesOf(value));
  if ('problem' in reading) throw new Error(reading.problem);
  return reading;
}

function named<Name extends FactName>(facts: readonly Fact[], name: Name): FactOf<Name>[] {
  return facts.filter((fact): fact is FactOf<Name> => fact.fact === name);
}

function found(facts: readonly Fact[]): string[] {
  const engine = new Engine();
  for (const fact of facts) engine.replay(fact);
  return [...engine.book.history.values()].map(({ finding }) => finding.code).sort();
}

function without(entry: Json, ...path: string[]): Json {
  const [name = '', ...rest] = path;
  if (rest.length > 0) return { ...entry, [name]: without(entry[name] as Json, ...rest) };
  return Object.fromEntries(Object.entries(entry).filter(([key]) => key !== name));
}

const BODY = '{"accounts":[],"has_next":false}';
const url = `${API}/accounts`;
const fed = [
  subscribe(0.2, 'heartbeats'),
  subscribe(0.3, 'ticker', { product_ids: ['BTC-USD'] }),
  acknowledged(0.4, 41, { heartbeats: ['heartbeats'], ticker: ['BTC-USD'] }),
  ...flow(1, 6, { firstNumber: 42 }),
];

describe('a body', () => {
  const entry = (text: string, encoding: string | undefined, headers: Record<string, string>): Json => {
    const base = call({ atS: 0, url, answer: headers, body: '' });
    const content = {
      size: 3_000_000_000,
      mimeType: 'application/json',
      text,
      ...(encoding === undefined ? {} : { encoding }),
    };
    return { ...base, response: { ...(base['response'] as Json), content } };
  };
  it.each([
    ['as text', BODY, undefined, {}],
    ['in base64', Buffer.from(BODY).toString('base64'), 'base64', {}],
    ['in base64, packed with gzip', gzipSync(BODY).toString('base64'), 'base64', { 'content-encoding': 'gzip' }],
    ['in base64, packed with gzip that nothing names', gzipSync(BODY).toString('base64'), 'base64', {}],
    [
      'in base64, packed with brotli',
      brotliCompressSync(BODY).toString('base64'),
      'base64',
      { 'content-encoding': 'br' },
    ],
    [
      'in base64, packed with deflate',
      deflateSync(BODY).toString('base64'),
      'base64',
      { 'content-encoding': 'deflate' },
    ],
    [
      'in base64, unpacked, the header left',
      Buffer.from(BODY).toString('base64'),
      'base64',
      { 'content-encoding': 'br' },
    ],
  ])('%s', (_name, text, encoding, headers) => {
    const [answer] = named(
      read(har([entry(text, encoding, headers as Record<string, string>)])).facts,
      'response.arrived',
    );
    expect([answer?.body, answer?.sizeBytes]).toEqual([BODY, 3_000_000_000]);
  });

  it('that unpacks to very much stays bounded', () => {
    const bomb = gzipSync(Buffer.alloc(300_000_000)).toString('base64');
    const [answer] = named(read(har([entry(bomb, 'base64', {})])).facts, 'response.arrived');
    expect(answer?.body.length).toBeLessThan(5_000_000);
  });
});

describe('an entry that lacks', () => {
  const whole = socket({ atS: 0, messages: fed });
  it.each([
    [['timings']],
    [['time']],
    [['response', 'headers']],
    [['response', 'content']],
    [['request', 'headers']],
    [['request', 'httpVersion']],
    [['_resourceType']],
    [['request', 'queryString']],
  ])('%s is read all the same', (path) => {
    const { facts } = read(har([without(whole, ...path)]));
    expect(named(facts, 'frame.received')).toHaveLength(11);
    expect(found(facts)).toEqual([]);
  });

  it.each([[['startedDateTime']], [['request', 'url']], [['request']]])('%s is left out, the rest is read', (path) => {
    const { facts, notes } = read(har([without(whole, ...path), call({ atS: 0, url })]));
    expect(named(facts, 'request.sent')).toHaveLength(1);
    expect(notes.join()).toContain('1 entry without time, method or URL');
  });
});

describe('a frame', () => {
  const text = JSON.stringify({ channel: 'ticker', client_id: '', timestamp: '', sequence_num: 0, events: [] });
  it.each<[string, Json, [boolean, string][]]>([
    ['of text', { ...receive(1, text), opcode: 1 }, [[false, text]]],
    ['without an opcode', without(receive(1, text), 'opcode'), [[false, text]]],
    ['binary', { ...receive(1, 'AAH/'), opcode: 2 }, [[true, '\u0000\u0001\ufffd']]],
    ['of the browser’s own failure', { ...receive(1, 'net::ERR_CONNECTION_RESET'), opcode: -1 }, []],
    ['of a ping', { ...receive(1, ''), opcode: 9 }, []],
    ['with time in milliseconds', { ...receive(1, text), time: CAPTURE_START_MS + 1_000 }, [[false, text]]],
    ['with time as a text', { ...receive(1, text), time: String(CAPTURE_START_MS / 1_000 + 1) }, [[false, text]]],
  ])('%s', (_name, message, wanted) => {
    const { facts } = read(har([socket({ atS: 0, messages: [subscribe(0.1, 'ticker'), message] })]));
    const got = named(facts, 'frame.received').map(({ binary, bytes }) => [binary, Buffer.from(bytes).toString()]);
    expect(got).toEqual(wanted);
    if (wanted.length > 0) expect(named(facts, 'frame.received')[0]?.t).toBeCloseTo(1_000, 0);
  });

  it('out of order is put in order: no gap is seen', () => {
    expect(found(read(har([socket({ atS: 0, messages: [...fed].reverse() })])).facts)).toEqual([]);
  });
});

describe('a file', () => {
  const capture = har([socket({ atS: 0, messages: fed })]);
  const { log } = capture as { log: Json };
  it.each<[string, string, Buffer]>([
    ['with a byte order mark', 'a.json', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytesOf(capture)])],
    ['after blank lines, indented', 'a.json', Buffer.from(`\n\n  ${JSON.stringify(capture, null, 4)}\n`)],
    ['in which something comes before the log', 'a.har', bytesOf({ comment: 'x', log })],
  ])('%s is opened like a recording', async (_name, name, bytes) => {
    const file = join(await temporaryFolder(), name);
    await writeFile(file, bytes);
    expect(await openTraffic(file)).toMatchObject({ header: { format: 'cbscope-recording' } });
  });
});

describe('a file that breaks off', () => {
  const calls = [0, 1, 2].map((atS) => call({ atS, url }));
  const text = JSON.stringify(har([...calls, socket({ atS: 0, messages: fed })]));

  it('is read up to there, wherever it breaks: no half of an entry is seen', () => {
    for (let length = 0; length < text.length; length += 7) {
      const reading = readHar(Buffer.from(text.slice(0, length)));
      if ('problem' in reading) {
        expect(reading.problem).not.toContain('\n');
        continue;
      }
      expect(reading.notes[0]).toContain('breaks off');
      expect(named(reading.facts, 'request.failed')).toEqual([]);
      expect(found(reading.facts)).toEqual([]);
    }
  });

  it('keeps the calls before the break, and the frames', () => {
    const inThird = text.indexOf('"url"', text.indexOf('"url"', text.indexOf('"url"') + 1) + 1);
    expect(named(read(text.slice(0, inThird)).facts, 'request.sent')).toHaveLength(2);
    const { facts } = read(text.slice(0, text.lastIndexOf('sequence_num')));
    expect([named(facts, 'request.sent').length, named(facts, 'frame.received').length]).toEqual([3, 10]);
  });

  it('is read up to a damage in the middle', () => {
    const damaged = `${text.slice(0, 3_000)}\u0000\u0000${text.slice(3_002)}`;
    expect(read(damaged).notes[0]).toContain('damaged');
  });
});
