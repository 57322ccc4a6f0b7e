// Settings: which source wins and where each value came from, and every sentence about a bad one: it names the value and what was expected.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Configuration, WatchFlags } from '../../src/cli/settings.ts';
import { configure, plainTextHosts } from '../../src/cli/settings.ts';
import { SETTINGS } from '../support/facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'cbscope-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An env file of its own for a test: the one of the working directory must not play a part. */
function envFile(text = ''): string {
  const path = join(
    folder,
    `env-${Math.abs(text.split('').reduce((sum, each) => sum * 31 + each.charCodeAt(0), 7) | 0)}`,
  );
  writeFileSync(path, text);
  return path;
}

function good(flags: WatchFlags = {}, environment: Record<string, string> = {}, isTerminal = true): Configuration {
  const read = configure({ envFile: envFile(), ...flags }, environment, isTerminal);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read;
}

function problems(flags: WatchFlags, environment: Record<string, string> = {}): string[] {
  const read = configure({ envFile: envFile(), ...flags }, environment, true);
  return 'problems' in read ? read.problems : [];
}

function originOf(configuration: Configuration, name: string): string | undefined {
  return configuration.origins.find((origin) => origin.name === name)?.origin;
}

describe('defaults', () => {
  test('are those of the product', () => {
    expect(good().settings).toEqual(SETTINGS);
    expect(good().view).toEqual({
      lines: null,
      fps: 4,
      ascii: false,
      color: true,
      screenReader: false,
      durationMs: null,
    });
    expect(good()).toMatchObject({ credentials: null, record: null, compress: false, caPem: null });
  });

  test('every value says where it came from', () => {
    const { origins } = good();
    for (const name of [
      'products',
      'channels',
      'public-url',
      'user-url',
      'rest-url',
      'poll',
      'needs',
      'reauth',
      'record',
      'fps',
    ])
      expect(origins.find((origin) => origin.name === name)?.origin, name).toBe('default');
  });
});

describe('flag, then environment, then env file, then default', () => {
  const rows: [
    name: string,
    flag: WatchFlags,
    variable: string,
    flagValue: string,
    variableValue: string,
    fileValue: string,
    key: keyof typeof SETTINGS,
  ][] = [
    ['products', { products: 'A-USD' }, 'CBSCOPE_PRODUCTS', 'A-USD', 'B-USD', 'C-USD', 'products'],
    ['channels', { channels: 'level2' }, 'CBSCOPE_CHANNELS', 'level2', 'candles', 'status', 'channels'],
    [
      'public-url',
      { publicUrl: 'wss://a.example' },
      'CBSCOPE_PUBLIC_URL',
      'wss://a.example',
      'wss://b.example',
      'wss://c.example',
      'publicUrl',
    ],
    [
      'user-url',
      { userUrl: 'wss://a.example' },
      'CBSCOPE_USER_URL',
      'wss://a.example',
      'wss://b.example',
      'wss://c.example',
      'userUrl',
    ],
    [
      'rest-url',
      { restUrl: 'https://a.example' },
      'CBSCOPE_REST_URL',
      'https://a.example',
      'https://b.example',
      'https://c.example',
      'restUrl',
    ],
    ['needs', { needs: 'trade' }, 'CBSCOPE_NEEDS', 'trade', 'transfer', 'view', 'needs'],
    ['reauth', { reauth: 'never' }, 'CBSCOPE_REAUTH', 'never', 'reconnect', 'resubscribe', 'reauth'],
  ];

  test.each(rows)('%s', (name, flag, variable, flagValue, variableValue, fileValue, key) => {
    const path = envFile(`${variable}=${fileValue}\n`);
    const value = (configuration: Configuration): string => String(configuration.settings[key]);
    const all = good({ ...flag, envFile: path }, { [variable]: variableValue });
    expect([value(all), originOf(all, name)]).toEqual([flagValue, 'flag']);
    const two = good({ envFile: path }, { [variable]: variableValue });
    expect([value(two), originOf(two, name)]).toEqual([variableValue, 'environment']);
    const one = good({ envFile: path });
    expect([value(one), originOf(one, name)]).toEqual([fileValue, `.env (${path})`]);
    expect([value(good()), originOf(good(), name)]).toEqual([String(SETTINGS[key]), 'default']);
  });

  test('an empty variable is none', () => {
    expect(good({}, { CBSCOPE_PRODUCTS: '' }).settings.products).toEqual(['BTC-USD', 'ETH-USD']);
  });

  test('polls: the flags name what they change, the variable and the defaults keep the rest', () => {
    const { settings } = good({ poll: ['orders=5', 'fills=0,accounts=60'] });
    expect(settings.polls).toEqual({ ...SETTINGS.polls, orders: 5, fills: 0, accounts: 60 });
    expect(good({}, { CBSCOPE_POLL: 'time=30' }).settings.polls.time).toBe(30);
  });

  test('switches', () => {
    const { settings } = good({ user: false, rest: false, heartbeats: false, signPublic: true, deflate: true });
    expect(settings).toMatchObject({ user: false, rest: false, heartbeats: false, signPublic: true, deflate: true });
  });

  test('--record without a name, with one, by variable', () => {
    expect(good({ record: true }).record).toBe('');
    expect(good({ record: 'a.ndjson' }).record).toBe('a.ndjson');
    expect(good({}, { CBSCOPE_RECORD: 'b.ndjson' }).record).toBe('b.ndjson');
    expect(good({ record: 'a.ndjson' }, { CBSCOPE_RECORD: 'b.ndjson' }).record).toBe('a.ndjson');
  });

  test.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['500ms', 500],
    ['90', 90_000],
    ['1.5s', 1_500],
  ])('--duration %s', (duration, ms) => {
    expect(good({ duration }).view.durationMs).toBe(ms);
  });

  test('lines instead of a screen: asked for, no terminal, a dumb one', () => {
    expect(good({ json: true }).view.lines).toBe('json');
    expect(good({ plain: true }).view.lines).toBe('plain');
    expect(good({}, {}, false).view.lines).toBe('plain');
    expect(good({ json: true }, {}, false).view.lines).toBe('json');
    expect(good({}, { TERM: 'dumb' }).view.lines).toBe('plain');
  });

  test.each([
    [{}, false],
    [{ LANG: 'en_US.UTF-8' }, false],
    [{ LANG: 'C.utf8', LC_CTYPE: '' }, false],
    [{ LANG: 'C' }, true],
    [{ LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, true],
    [{ LC_CTYPE: 'C.UTF-8', LANG: 'C' }, false],
    [{ LANG: 'de_DE.ISO-8859-1' }, true],
  ])('under the locale %j ASCII only is %s', (locale, ascii) => expect(good({}, locale).view.ascii).toBe(ascii));

  test('NO_COLOR counts when it is not empty', () => {
    expect(good({}, { NO_COLOR: '1' }).view.color).toBe(false);
    expect(good({}, { NO_COLOR: '' }).view.color).toBe(true);
    expect(good({}, { NO_COLOR: '1', FORCE_COLOR: '3' }).view.color).toBe(false);
    expect(good({}, { FORCE_COLOR: '0' }).view.color).toBe(false);
    expect(good({}, { FORCE_COLOR: '3' }).view.color).toBe(true);
    expect(good({ color: false }).view.color).toBe(false);
  });
});

describe('a bad value gets one sentence', () => {
  const rows: [flags: WatchFlags, value: string, expected: string][] = [
    [{ products: 'BTC USD' }, '"BTC USD"', 'a comma-separated list'],
    [{ products: ' , ' }, '" , "', 'a comma-separated list'],
    [{ channels: 'a"b' }, '"a\\"b"', 'a comma-separated list'],
    [{ publicUrl: 'https://x.example' }, '"https://x.example"', 'begins with wss:// or ws://'],
    [{ userUrl: 'nonsense' }, '"nonsense"', 'begins with wss:// or ws://'],
    [{ restUrl: 'wss://x.example' }, '"wss://x.example"', 'begins with https:// or http://'],
    [{ poll: ['orders'] }, '"orders"', 'one of time, key_permissions, accounts, orders, fills, products, portfolio'],
    [{ poll: ['candles=5'] }, '"candles=5"', 'one of time'],
    [{ poll: ['orders=soon'] }, '"soon"', 'seconds from 0 (off)'],
    [{ poll: ['orders=-1'] }, '"-1"', 'seconds from 0 (off)'],
    [{ poll: ['orders=0.001'] }, '"orders=0.001"', 'at least 0.05 seconds'],
    [{ needs: 'view,withdraw' }, '"withdraw"', 'view, trade or transfer'],
    [{ reauth: 'sometimes' }, '"sometimes"', 'resubscribe, reconnect, never'],
    [{ append: true }, '--append', 'add --record FILE'],
    [{ force: true }, '--force', 'add --record FILE'],
    [{ duration: 'long' }, '"long"', 'for example 30s, 5m or 1h'],
    [{ duration: '0s' }, '"0s"', 'for example 30s'],
    [{ fps: '0' }, '"0"', 'from 1 to 30'],
    [{ fps: 'fast' }, '"fast"', 'from 1 to 30'],
    [{ caFile: '/nowhere/ca.pem' }, '"/nowhere/ca.pem"', 'a PEM file'],
    [{ caFile: envFile('no certificate here') }, JSON.stringify(envFile('no certificate here')), 'BEGIN CERTIFICATE'],
    [{ envFile: '/nowhere/.env' }, '"/nowhere/.env"', 'NAME=value lines'],
    [{ envFile: tmpdir() }, JSON.stringify(tmpdir()), 'it is a directory'],
  ];

  test.each(rows)('%j', (flags, value, expected) => {
    const found = problems(flags);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(value);
    expect(found[0]).toContain(expected);
    expect(found[0]).not.toMatch(/[!\n]/);
  });

  test('that names the variable it came from', () => {
    expect(problems({}, { CBSCOPE_FPS: '0', CBSCOPE_REAUTH: 'x' })).toEqual([
      expect.stringMatching(/^CBSCOPE_REAUTH "x" /),
    ]);
    expect(problems({}, { CBSCOPE_POLL: 'x' })[0]).toMatch(/^CBSCOPE_POLL "x" /);
  });

  test('and all complaints are collected', () => {
    expect(problems({ products: '', channels: '', fps: '99', reauth: 'x', needs: 'y', duration: 'z' }).length).toBe(6);
  });

  test('a URL with a password in it is refused without being repeated', () => {
    const [sentence = ''] = problems({ restUrl: 'https://me:hunter2@x.example' });
    expect(sentence).toContain('without credentials');
    expect(sentence).not.toContain('hunter2');
  });

  test('a very long value is cut', () => {
    expect(problems({ reauth: 'x'.repeat(5_000) })[0]?.length).toBeLessThan(200);
  });
});

describe('hosts in plain text', () => {
  test.each([
    ['ws://10.0.0.7:9443', ['10.0.0.7:9443']],
    ['ws://127.0.0.1:9443', []],
    ['ws://localhost:9443', []],
    ['ws://exchange.localhost:9443', []],
    ['ws://[::1]:9443', []],
    ['wss://10.0.0.7:9443', []],
    ['ws://127.0.0.1.example', ['127.0.0.1.example']],
  ])('%s', (publicUrl, expected) => {
    expect(plainTextHosts({ ...SETTINGS, publicUrl })).toEqual(expected);
  });
});

describe('HMAC-era variables and secrets', () => {
  test('are found by name in both places, and only the names are told', () => {
    const found = good({ envFile: envFile('CB_ACCESS_KEY=a\nOTHER=b\n') }, { MY_PASSPHRASE: 'hunter2', HOME: '/' });
    expect(found.hmacVariables).toEqual(['CB_ACCESS_KEY', 'MY_PASSPHRASE']);
    expect(found.secrets).toContain('hunter2');
    expect(JSON.stringify(found.origins)).not.toContain('hunter2');
  });
});
