import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../src/coinbase/decode.ts';
import { type EnvelopeScan, scanEnvelope } from '../../src/coinbase/envelope.ts';
import { compact, sampleNames, sampleText, session } from './samples.ts';

const fresh = (): EnvelopeScan => ({
  plain: false,
  channel: null,
  sequence: -1,
  timestampMs: Number.NaN,
  hasEvents: false,
});
const scan = (text: string | Uint8Array) => {
  const into = fresh();
  const returned = scanEnvelope(typeof text === 'string' ? Buffer.from(text) : text, into);
  expect(returned).toBe(into.plain);
  return into;
};

const dataSamples = sampleNames('ws_in_').filter((name) => !name.includes('error'));
const frames = [
  ...sampleNames('ws_in_').map(compact),
  ...[...session('session_public'), ...session('session_user')].flatMap((line) =>
    line.ev === 'in' ? [JSON.stringify(line.data)] : [],
  ),
];

/** Plain promises: it parses, it is one line without secrets, and the fields are those of a whole reading. */
function plainHolds(bytes: Uint8Array): boolean {
  const read = scan(bytes);
  if (!read.plain) return true;
  const text = Buffer.from(bytes).toString('utf8');
  expect(Buffer.from(text, 'utf8').equals(bytes)).toBe(true);
  const parsed = JSON.parse(text) as Record<string, unknown>;
  expect(parsed.channel ?? null).toEqual(read.channel);
  expect(parsed.sequence_num ?? -1).toEqual(read.sequence);
  const { envelope } = decodeFrame(text);
  expect(envelope.sequence ?? -1).toBe(read.sequence);
  expect(envelope.timestampMs ?? Number.NaN).toBe(read.timestampMs);
  expect(Object.hasOwn(parsed, 'type')).toBe(false);
  expect(text).not.toMatch(/[\u0000-\u001f]|-----BEGIN|eyJ[\w-]*\./);
  return true;
}

describe('scanEnvelope', () => {
  it.each(dataSamples)('reads %s as a whole reading does', (name) => {
    const text = compact(name);
    const parsed = JSON.parse(text) as { channel: string; sequence_num: number; timestamp: string };
    const read = scan(text);
    expect(read).toMatchObject({ plain: true, channel: parsed.channel, sequence: parsed.sequence_num });
    expect(Math.floor(read.timestampMs)).toBe(Date.parse(parsed.timestamp));
  });

  it('leaves error frames to the whole reading', () => {
    for (const name of sampleNames('ws_in_error')) expect(scan(compact(name)).plain).toBe(false);
  });

  it('takes a frame with line breaks between its tokens for not plain, with spaces for plain', () => {
    expect(scan(sampleText('ws_in_ticker_update.json')).plain).toBe(false);
    expect(scan('{ "channel" : "ticker" , "sequence_num" : 3 , "events" : [ ] }')).toMatchObject({
      plain: true,
      sequence: 3,
    });
  });

  it.each([
    [
      'keys in any order',
      '{"events":[{"a":{"channel":"user","sequence_num":9}}],"sequence_num":7,"channel":"l2_data"}',
      'l2_data',
      7,
    ],
    ['no fields', '{}', null, -1],
    ['an unknown channel', '{"channel":"surprise","sequence_num":0}', 'surprise', 0],
    ['names of Object', '{"channel":"constructor"}', 'constructor', -1],
    ['letters beyond ASCII', '{"channel":"ticker","x":"Zürich €𝄞"}', 'ticker', -1],
    ['harmless escapes', '{"channel":"ticker","x":"a\\"b\\\\c\\/d\\n\\u0026\\u20ac"}', 'ticker', -1],
    ['numbers of every shape', '{"channel":"ticker","x":[0,-0,1.5,-2e10,3E-7,1e+2,true,false,null]}', 'ticker', -1],
    ['J and G in strings', '{"channel":"ticker","x":"JPY eyJ GBP --BEG DOGE"}', 'ticker', -1],
  ])('reads %s', (_, text, channel, sequence) => {
    expect(scan(text)).toMatchObject({ plain: true, channel, sequence });
  });

  it.each([
    ['a list', '[]'],
    ['nothing', ''],
    ['trailing text', '{"channel":"ticker"}x'],
    ['two texts', '{}{}'],
    ['a trailing comma', '{"channel":"ticker",}'],
    ['a comma in a list', '{"a":[1,]}'],
    ['a missing colon', '{"a" 1}'],
    ['an unended string', '{"a":"b'],
    ['an unended object', '{"a":{"b":1}'],
    ['mixed brackets', '{"a":[1}'],
    ['a bare word', '{"a":nul}'],
    ['a leading zero', '{"a":01}'],
    ['a number without digits', '{"a":-}'],
    ['a fraction without digits', '{"a":1.}'],
    ['a bad escape', '{"a":"\\x"}'],
    ['a raw tab', '{"a":"\t"}'],
    ['a raw escape', '{"a":"\u001b[2J"}'],
    ['an escaped escape', '{"a":"\\u001b[2J"}'],
    ['a C1 control', '{"a":"\u009b2J"}'],
    ['a final line break', '{"channel":"ticker"}\n'],
    ['a repeated channel', '{"channel":"ticker","channel":"user"}'],
    ['a repeated sequence number', '{"sequence_num":1,"sequence_num":1}'],
    ['a repeated timestamp', '{"timestamp":"2026-11-20T14:30:00Z","timestamp":"2026-11-20T14:30:00Z"}'],
    ['a disguised key', '{"chann\\u0065l":"user","channel":"ticker"}'],
    ['a disguised channel', '{"channel":"\\u20acx"}'],
    ['a top-level type', '{"type":"update","channel":"ticker"}'],
    ['a channel that is a number', '{"channel":5}'],
    ['a sequence number in quotes', '{"sequence_num":"5"}'],
    ['a sequence number with a fraction', '{"sequence_num":5.0}'],
    ['a sequence number below zero', '{"sequence_num":-1}'],
    ['a sequence number with a leading zero', '{"sequence_num":05}'],
    ['a sequence number too large', '{"sequence_num":9007199254740993}'],
    ['an unreadable timestamp', '{"timestamp":"yesterday"}'],
    ['an impossible date', '{"timestamp":"2026-02-30T00:00:00Z"}'],
    ['a token', `{"x":"Bearer ${Buffer.from('{"alg":"ES256"}').toString('base64url')}.e30.c2ln"}`],
    ['a PEM', '{"x":"-----BEGIN EC PRIVATE KEY-----"}'],
    ['a PEM in a key', '{"-----BEGIN X":1}'],
    ['depth without end', `{"a":${'['.repeat(100_000)}`],
    ['a closed depth', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`],
  ])('takes %s for not plain', (_, text) => {
    expect(scan(text).plain).toBe(false);
  });

  it.each([
    ['an overlong form', [0xc0, 0xaf]],
    ['an overlong form of three', [0xe0, 0x80, 0xaf]],
    ['an overlong form of four', [0xf0, 0x80, 0x80, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['a lone continuation', [0x80]],
    ['a cut sequence', [0xe2, 0x82]],
  ])('takes bytes that are not UTF-8 (%s) for not plain', (_, bytes) => {
    expect(scan(Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')])).plain).toBe(false);
  });

  it('reads time stamps of any precision and zone', () => {
    const at = (text: string) => scan(`{"timestamp":"${text}"}`).timestampMs;
    expect(at('2026-11-20T14:30:00Z')).toBe(1_795_185_000_000);
    expect(at('2026-11-20T14:30:00.118402771Z')).toBeCloseTo(1_795_185_000_118.4028, 3);
    expect(at('2026-11-20T14:30:00.601203Z')).toBeCloseTo(1_795_185_000_601.203, 3);
    expect(at('2026-11-20T15:30:00.5+01:00')).toBe(1_795_185_000_500);
    expect(at('2024-02-29T23:59:59Z')).toBe(Date.UTC(2024, 1, 29, 23, 59, 59));
    expect(at('1970-01-01T00:00:00Z')).toBe(0);
    expect(at('0001-01-01T00:00:00Z')).toBe(Date.parse('0001-01-01T00:00:00Z'));
  });

  it('keeps its promise for any mutation of the samples, and never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...frames),
        fc.array(
          fc.record({
            at: fc.nat(),
            byte: fc.integer({ min: 0, max: 255 }),
            how: fc.constantFrom('set', 'insert', 'delete', 'cut'),
          }),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
        (frame, edits) => {
          let bytes = [...Buffer.from(frame)];
          for (const { at, byte, how } of edits) {
            const place = at % (bytes.length + 1);
            if (how === 'set') bytes[Math.min(place, bytes.length - 1)] = byte;
            else if (how === 'insert') bytes.splice(place, 0, byte);
            else if (how === 'delete') bytes.splice(place, 1);
            else bytes = bytes.slice(0, place);
            if (bytes.length === 0) return true;
          }
          return plainHolds(Buffer.from(bytes));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('keeps its promise for any bytes and for any JSON', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), plainHolds), { numRuns: 2_000 });
    const json = fc.dictionary(
      fc.constantFrom('channel', 'sequence_num', 'timestamp', 'type', 'x', 'é'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(json, (value) => plainHolds(Buffer.from(JSON.stringify(value)))),
      { numRuns: 2_000 },
    );
  });

  it('agrees with Date.parse on every instant that both can read', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
        expect(scan(`{"timestamp":"${date.toISOString()}"}`).timestampMs).toBe(date.getTime());
      }),
    );
  });
});
