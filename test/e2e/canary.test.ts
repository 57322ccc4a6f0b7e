// Every kind of secret in every place where one can come in; none of them in any byte that goes out, on disk or on screen.

import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeIdentity } from '../../src/exchange/identity.ts';
import { type EchoServer, startEchoServer } from '../support/echo-server.ts';
import { openPty } from '../support/pty.ts';

const program = fileURLToPath(new URL('../../bin/cbscope.js', import.meta.url));
const { keys } = makeIdentity();
const stranger = makeIdentity().keys;

/** Loaded by the program: from the environment, an env file, a key file. */
const LOADED = {
  pem: keys.es256.secret,
  base64: keys.ed25519.secret,
  passphrase: 'CANARY-passphrase/with+odd=characters',
  password: 'CANARY"quoted\\password',
  dotenv: 'CANARYfromTheEnvFile0123456789',
  maybe: 'CANARYkeyByItsLooks0123456789',
};
/** Never loaded: only the server knows them. */
const STRANGE = {
  pem: stranger.es256.secret,
  token: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzdHJhbmdlciJ9.CANARYstrangersSignature0123456789abcdefghijklmnop',
  bearer: 'Bearer CANARYbearer0123456789abcdef',
};
/** Typed by mistake, and known from nowhere. */
const unloaded = makeIdentity().keys;
const UNLOADED = { pem: unloaded.es256.secret, base64: unloaded.ed25519.secret };

/** What only a name or a shape gives away: in error bodies and error frames. */
const NAMED = ['{"api_secret":"CANARYfield0123456789"}', 'write to CANARY@example.com', 'Cookie: sid=CANARYsid01234'];

const folder = mkdtempSync(join(tmpdir(), 'cbscope-canary-'));
let server: EchoServer;

beforeAll(async () => {
  server = await startEchoServer([...Object.values(LOADED), ...Object.values(STRANGE)], NAMED);
  writeFileSync(join(folder, '.env'), `MY_SECRET=${LOADED.dotenv}\n`);
  const keyFile = { name: keys.ed25519.id, privateKey: LOADED.base64 };
  writeFileSync(join(folder, 'key.json'), JSON.stringify(keyFile));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function environment(): Record<string, string> {
  return {
    ...(process.env as Record<string, string>),
    COINBASE_API_KEY: keys.es256.id,
    COINBASE_API_SECRET: LOADED.pem,
    CB_ACCESS_PASSPHRASE: LOADED.passphrase,
    MY_PASSWORD: LOADED.password,
    OTHER_API_KEY: LOADED.maybe,
    COINBASE_KEY_FILE: join(folder, 'key.json'),
    CBSCOPE_PUBLIC_URL: server.socketUrl,
    CBSCOPE_USER_URL: server.socketUrl,
    CBSCOPE_REST_URL: server.restUrl,
    CBSCOPE_POLL: 'time=2,accounts=1,orders=1,fills=1,products=1,key_permissions=2',
  };
}

interface Finished {
  code: number | null;
  /** Standard output and error. */
  said: string;
}

function run(...args: string[]): Promise<Finished> {
  return runWith({}, ...args);
}

function runWith(more: Record<string, string>, ...args: string[]): Promise<Finished> {
  return runUntil(() => false, more, ...args);
}

/** `enough` is asked whenever something was said; the program is then asked to end. */
function runUntil(
  enough: (said: string) => boolean,
  more: Record<string, string>,
  ...args: string[]
): Promise<Finished> {
  return new Promise((resolve) => {
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const env = { ...environment(), ...more };
    const child = spawn(process.execPath, ['--', program, ...args], { cwd: folder, stdio, env });
    let said = '';
    let isOver = false;
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
      if (isOver || !enough(said)) return;
      isOver = true;
      child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    child.on('close', (code) => resolve({ code, said }));
  });
}

function pemLines(pem: string): string[] {
  return pem.split('\n').filter((line) => line.length >= 20 && !line.startsWith('-----'));
}

/** Every text that may stand nowhere, under a name that may. */
function needles(): Map<string, string> {
  const all = new Map<string, string>();
  const add = (name: string, text: string): void => {
    const bytes = Buffer.from(text);
    all.set(`${name}, raw`, text);
    all.set(`${name}, base64`, bytes.toString('base64').replace(/=+$/, ''));
    all.set(`${name}, base64url`, bytes.toString('base64url'));
    all.set(`${name}, hex`, bytes.toString('hex'));
    all.set(`${name}, upper-case hex`, bytes.toString('hex').toUpperCase());
    all.set(`${name}, URL-encoded`, encodeURIComponent(text));
    all.set(`${name}, JSON`, JSON.stringify(text).slice(1, -1));
    if (/^[\w.-]+$/.test(text)) all.set(`${name}, as the name of a header`, text.toLowerCase());
  };
  for (const [name, text] of Object.entries(LOADED)) add(`loaded ${name}`, text);
  for (const [name, text] of Object.entries(UNLOADED)) add(`typed ${name}`, text);
  for (const [index, line] of pemLines(UNLOADED.pem).entries()) all.set(`line ${index} of a typed PEM`, line);
  for (const [index, line] of pemLines(LOADED.pem).entries()) add(`line ${index} of the PEM`, line);
  for (const [index, line] of pemLines(STRANGE.pem).entries()) all.set(`line ${index} of a stranger’s PEM`, line);
  for (const [index, signature] of [...server.signatures].entries()) {
    all.set(`signature ${index}`, signature);
    all.set(`signature ${index}, hex`, Buffer.from(signature).toString('hex'));
    all.set(`the end of signature ${index}`, signature.slice(-43));
  }
  all.set('anything of the server’s', 'CANARY');
  return all;
}

function unescaped(text: string): string {
  return text.replace(/\\u00([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Names of what was found in a text, with what stands around it. */
function leaksIn(where: string, text: string): string[] {
  const leaks: string[] = [];
  const plain = unescaped(text);
  const forms = plain === text ? [text] : [text, plain];
  for (const [name, needle] of needles()) {
    for (const form of forms) {
      const at = form.indexOf(needle);
      if (at < 0) continue;
      leaks.push(`${where}: ${name}: ${JSON.stringify(form.slice(Math.max(0, at - 90), at + needle.length + 20))}`);
      break;
    }
  }
  return leaks;
}

function filesIn(path: string): string[] {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];
}

/** What is in a file, unpacked. */
function contentOf(file: string): string {
  const bytes = readFileSync(file);
  if (file.endsWith('.gz')) return gunzipSync(bytes).toString('latin1');
  return (file.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString('latin1');
}

/** Leaks in every file and file name of a folder. */
function leaksUnder(path: string): string[] {
  return filesIn(path).flatMap((file) => [...leaksIn(`name of ${file}`, file), ...leaksIn(file, contentOf(file))]);
}

function none(leaks: string[]): void {
  if (leaks.length > 0) throw new Error(leaks.slice(0, 12).join('\n'));
}

const SEEDS = (): string[] =>
  [...Object.values(LOADED), ...Object.values(STRANGE)].flatMap((text) => [
    text,
    Buffer.from(text).toString('hex').toUpperCase(),
    Buffer.from(`x${text}`).toString('base64'),
    encodeURIComponent(text),
  ]);

/** A recording in which whoever wrote it left every secret, in facts of every kind and in the header. */
function foreignRecording(frames = 0): string {
  const at = '2026-11-22T20:00:00.000Z';
  const facts: object[] = [];
  const add = (fact: object): void => void facts.push({ seq: facts.length + 1, at, t: facts.length * 10, ...fact });
  const frame = (json: object): void => add({ fact: 'frame.received', connection: 'public', json });
  const all = SEEDS();
  for (const [index, text] of all.entries()) {
    const url = `https://api.coinbase.com/api/v3/brokerage/products?jwt=${encodeURIComponent(text)}`;
    const request = {
      requestId: index,
      endpoint: 'products',
      url,
      method: 'GET',
      signed: false,
      bucket: 'rest-public',
    };
    add({ fact: 'request.sent', ...request, token: null, why: 'poll' });
    const headers = { 'content-type': 'application/json', 'x-echo': text, 'set-cookie': 'sid=CANARYsid0123456789' };
    const answer = { truncated: false, sizeBytes: 9, phases: {}, freshConnection: false, midpointAt: Date.parse(at) };
    const body = JSON.stringify({ error: text, message: NAMED[index % NAMED.length] });
    add({ fact: 'response.arrived', requestId: index, endpoint: 'products', status: 500, headers, body, ...answer });
    const envelope = { client_id: text, timestamp: at, sequence_num: index };
    frame({
      channel: 'ticker',
      ...envelope,
      events: [{ type: 'update', tickers: [{ product_id: text, price: '1' }] }],
    });
    frame({ type: 'error', message: `${text} Cookie: sid=CANARYsid0123456789`, reason: text });
    add({
      fact: 'frame.sent',
      connection: 'user',
      text: JSON.stringify({ type: 'subscribe', jwt: text }),
      token: null,
    });
    const how = { code: 1006, clean: false, by: 'server', cause: 'unknown', errorCode: null };
    add({ fact: 'socket.closed', connection: 'public', reason: text, detail: text, ...how });
    add({ fact: 'tick' });
  }
  for (let index = 0; index < frames; index += 1)
    frame({
      channel: 'ticker',
      client_id: '',
      timestamp: at,
      sequence_num: index,
      events: [{ type: 'update', tickers: [] }],
    });
  const header = { format: 'cbscope-recording', version: 1, at, tool: LOADED.maybe, mode: 'live', partial: false };
  return [header, ...facts].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** A capture of a browser with the same in it. */
function foreignHar(): string {
  const entries = SEEDS().map((text) => ({
    startedDateTime: '2026-11-22T20:00:00.000Z',
    time: 12,
    request: {
      method: 'GET',
      url: `https://api.coinbase.com/api/v3/brokerage/products?jwt=${encodeURIComponent(text)}`,
      httpVersion: 'HTTP/2',
      headers: [
        { name: 'Authorization', value: `Bearer ${text}` },
        { name: 'X-Other', value: text },
      ],
      cookies: [{ name: 'sid', value: 'CANARYsid0123456789' }],
      queryString: [{ name: 'jwt', value: text }],
      headersSize: -1,
      bodySize: 0,
    },
    response: {
      status: 500,
      statusText: text,
      httpVersion: 'HTTP/2',
      headers: [
        { name: 'Set-Cookie', value: 'sid=CANARYsid0123456789' },
        { name: 'X-Echo', value: text },
      ],
      cookies: [],
      content: { size: 9, mimeType: 'application/json', text: JSON.stringify({ error: text, more: NAMED }) },
      redirectURL: `https://example.com/?jwt=${encodeURIComponent(text)}`,
      headersSize: -1,
      bodySize: 9,
    },
    cache: {},
    timings: { send: 1, wait: 10, receive: 1 },
  }));
  const har = { log: { version: '1.2', creator: { name: LOADED.maybe, version: '1' }, entries } };
  return JSON.stringify(har);
}

/** Several programs, one after the other, on a busy machine. */
const PATIENCE_MS = 120_000;

const out = (name: string): string => {
  const path = join(folder, 'out', name);
  mkdirSync(path, { recursive: true });
  return path;
};

describe('nothing leaks', () => {
  test.concurrent.each([
    ['the environment', [] as string[], 'recording.ndjson'],
    ['a key file', ['--key-file', 'key.json'], 'recording.ndjson.zst'],
  ])(
    'from a run with the key of %s, or from what is made of its recording',
    async (name, flags, recording) => {
      const dir = out(name.replaceAll(' ', '-'));
      const file = join(dir, recording);
      const heardBefore = server.signatures.size;
      const isEnough = (said: string): boolean =>
        server.signatures.size > heardBefore + 3 && said.split('"type":"stats"').length > 5;
      const watched = await runUntil(isEnough, {}, 'watch', '--json', '--duration', '60s', '--record', file, ...flags);
      expect(watched.said).toContain('"type":"summary"');
      none(leaksIn('watch --json', watched.said));
      expect(server.signatures.size).toBeGreaterThan(3);
      none(leaksUnder(dir));
      for (const args of [['report'], ['report', '--json'], ['replay', '--json'], ['replay', '--plain']]) {
        const [command = '', ...more] = args;
        const { said } = await run(command, file, ...more);
        expect(said.length).toBeGreaterThan(100);
        none(leaksIn(args.join(' '), said));
      }
      const packets = join(dir, 'packets');
      const asked = ['--out', packets, '--allow-missing', '--json', '--category', '5xx'];
      for (const more of [[], ['--pseudonymise'], ['--note', 'see above']]) {
        const packet = await run('escalate', file, ...asked, ...more);
        expect(packet).toMatchObject({ code: 0 });
        none(leaksIn('escalate', packet.said));
      }
      const copy = await run('redact', file, join(dir, 'copy.ndjson'));
      expect(copy).toMatchObject({ code: 0 });
      none(leaksIn('redact', copy.said));
      const har = join(dir, 'recording.har');
      for (const format of ['har', 'html', 'ndjson'])
        none(
          leaksIn(
            'export',
            (
              await run(
                'export',
                file,
                '--format',
                format,
                '--out',
                join(dir, `recording.${format === 'ndjson' ? 'lines' : format}`),
              )
            ).said,
          ),
        );
      none(leaksIn('import', (await run('import', har, '--out', join(dir, 'imported.ndjson'))).said));
      none(leaksUnder(dir));
    },
    PATIENCE_MS,
  );

  test.concurrent(
    'from a recording or a capture that somebody else wrote, whatever reads it',
    async () => {
      const dir = out('foreign');
      writeFileSync(join(dir, 'foreign.ndjson'), foreignRecording());
      writeFileSync(join(dir, 'foreign.har'), foreignHar());
      const made = out('foreign-made');
      const from = (name: string): string => join(dir, name);
      const to = (name: string): string => join(made, name);
      const commands = ['foreign.ndjson', 'foreign.har'].flatMap((name) => [
        ['report', from(name)],
        ['report', from(name), '--json'],
        ['replay', from(name), '--plain'],
        ['replay', from(name), '--json'],
        ['escalate', from(name), '--out', to('packets'), '--allow-missing', '--category', '5xx', '--json'],
        ['redact', from(name), to(`redacted-${name}`)],
        ...['har', 'html', 'ndjson'].map((format) => [
          'export',
          from(name),
          '--format',
          format,
          '--out',
          to(`${name}.${format}`),
        ]),
      ]);
      commands.push(['import', from('foreign.har'), '--out', to('imported.ndjson')]);
      for (const args of commands) {
        const { said, code } = await run(...args);
        expect({ args, said, code }).toMatchObject({
          said: expect.stringMatching(/./),
          code: expect.not.stringMatching(/x/),
        });
        none(leaksIn(args.join(' '), said));
      }
      none(leaksUnder(made));
      const pty = openPty(`replay ${from('foreign.ndjson')}`, 120, 40, { cwd: made, env: environment() });
      const shows = (text: string) => (): boolean => pty.rows().some((line) => line.includes(text));
      await pty.until(shows('facts'), 'the replay');
      pty.type('\u001b[F7\r');
      await pty.until(shows('Esc'), 'an opened fact');
      pty.type('y');
      await pty.until(() => pty.written().includes(']52;c;'), 'the copy');
      pty.type('\u0003');
      await pty.ended();
      const copied = [...pty.written().matchAll(/\]52;c;([A-Za-z0-9+/=]+)/g)].map(([, base64 = '']) =>
        Buffer.from(base64, 'base64').toString(),
      );
      none(leaksIn('the clipboard of a replay', copied.join('\n')));
      none(leaksIn('the screen of a replay', pty.written()));
    },
    PATIENCE_MS,
  );

  test.concurrent(
    'from a crash, whichever command it is',
    async () => {
      const file = join(out('crash'), 'foreign.ndjson');
      writeFileSync(file, foreignRecording(20_000));
      const thrown = `[${Object.values({ ...LOADED, ...STRANGE })
        .map((text) => JSON.stringify(text))
        .join()}].join(' ')`;
      const source = `setTimeout(() => { throw new Error(${thrown}); }, 350);`;
      const options = `--import data:text/javascript;base64,${Buffer.from(source).toString('base64')}`;
      const commands = [
        ['watch', '--json', '--record', join(folder, 'out', 'crash', 'r.ndjson')],
        ['watch', '--plain'],
        ['doctor'],
        ['exchange'],
        ['replay', file, '--plain'],
        ['report', file],
      ];
      await Promise.all(
        commands.map(async (args) => {
          const { said, code } = await runWith({ NODE_OPTIONS: options }, ...args);
          // A quick command may be done before.
          expect([args, code === 1 ? said : 'internal error']).toEqual([
            args,
            expect.stringContaining('internal error'),
          ]);
          none(leaksIn(`crash of ${args[0]}`, said.replaceAll(options, '')));
        }),
      );
      rmSync(file);
      none(leaksUnder(join(folder, 'out', 'crash')));
    },
    PATIENCE_MS,
  );

  test.concurrent('from the making of an env file', async () => {
    const dir = out('init');
    const { said, code } = await run('init', 'key.json', '--out', join(dir, 'made.env'));
    expect(code).toBe(0);
    none(leaksIn('init', said));
    none(leaksIn('init again', (await run('init', 'key.json', '--out', join(dir, 'made.env'))).said));
  });

  test.concurrent('from plain lines and from the doctor', async () => {
    const [plain, ...examined] = await Promise.all([
      run(
        'watch',
        '--plain',
        '--duration',
        '4s',
        '--sign-public',
        '--record',
        join(out('plain'), 'recording.ndjson.gz'),
      ),
      run('doctor'),
      run('doctor', '--json'),
    ]);
    none(leaksIn('watch --plain', plain.said));
    none(leaksUnder(out('plain')));
    for (const { said } of examined) none(leaksIn('doctor', said));
  });

  test.concurrent.each([
    ['a product', ['watch', '--json', '--duration', '2s', '--products', LOADED.dotenv]],
    ['a channel', ['watch', '--plain', '--duration', '2s', '--channels', LOADED.dotenv]],
    ['a command', [LOADED.base64]],
    ['an option', [`--api-secret=${LOADED.base64}`]],
    ['an unknown option’s value', ['watch', '--secret', LOADED.pem]],
    ['a URL', ['watch', '--rest-url', `http://x:${LOADED.dotenv}@127.0.0.1`]],
    ['a URL of a wrong kind', ['watch', '--rest-url', LOADED.base64]],
    ['a file name', ['report', join(tmpdir(), LOADED.dotenv)]],
    ['an env file', ['watch', '--env-file', LOADED.pem]],
    ['a key file', ['watch', '--key-file', LOADED.base64]],
    ['a folder for a packet', ['escalate', 'nothing.ndjson', '--out', LOADED.base64]],
    ['a scenario', ['demo', LOADED.maybe]],
    ['a second argument', ['report', 'x', LOADED.pem]],
    ['a product, and it is loaded nowhere', ['watch', '--json', '--duration', '2s', '--products', UNLOADED.base64]],
    ['a command, and it is loaded nowhere', [UNLOADED.base64]],
    ['a key file, and it is loaded nowhere', ['doctor', '--key-file', UNLOADED.pem]],
    ['a note', ['escalate', 'nothing.ndjson', '--out', 'x', '--at', LOADED.dotenv]],
  ])('from a secret given as %s by mistake', async (name, args) => {
    const { said } = await run(...args);
    expect(said).not.toBe('');
    none(leaksIn(name, said));
  });

  test.concurrent(
    'from the screen, its packet and its saved window',
    async () => {
      const cwd = out('screen');
      const pty = openPty('watch --env-file ../../.env', 120, 40, { cwd, env: environment() });
      const shows = (text: string) => (): boolean => pty.rows().some((line) => line.includes(text));
      await pty.until(shows('SERVER_ERRORS'), 'the finding');
      pty.type('e');
      await pty.until(shows('what would be written'), 'the preview');
      // Into the note, by mistake.
      pty.type('\u001b[A\u001b[A');
      pty.type(`\u001b[200~I use ${LOADED.base64} and ${UNLOADED.pem} and ${UNLOADED.base64}\u001b[201~`);
      await pty.until(shows('removed]'), 'the note');
      pty.type('\r');
      pty.type('\r');
      await pty.until(shows('packet written'), 'the packet');
      pty.type('y');
      await pty.until(() => pty.written().includes(']52;c;'), 'the copy');
      pty.type('\u001b');
      await pty.until(() => !shows('packet written')(), 'the panes');
      pty.type('w');
      await pty.until(shows('cbscope-window-'), 'the window');
      pty.type('\u001b');
      await pty.until(() => !shows('cbscope-window-')(), 'the panes again');
      pty.type('7\r');
      await pty.until(shows('after'), 'an opened fact');
      pty.type('q');
      await pty.ended();
      const copied = [...pty.written().matchAll(/\]52;c;([A-Za-z0-9+/=]+)/g)].map(([, base64 = '']) =>
        Buffer.from(base64, 'base64').toString(),
      );
      expect(copied.length).toBeGreaterThan(0);
      none(leaksIn('the clipboard', copied.join('\n')));
      none(leaksIn('the screen', pty.written()));
      none(leaksUnder(cwd));
      expect(readdirSync(cwd).some((name) => name.startsWith('cbscope-escalation-'))).toBe(true);
    },
    PATIENCE_MS,
  );

  // Not beside the others: to make the recording holds up the server they talk to.
  test(
    'from the index beside a large recording',
    async () => {
      const dir = out('index');
      const file = join(dir, 'foreign.ndjson');
      writeFileSync(file, foreignRecording(450_000));
      expect(statSync(file).size).toBeGreaterThan(64 * 1024 * 1024);
      const env = { ...environment(), XDG_CACHE_HOME: join(dir, 'cache') };
      const pty = openPty(`replay ${file}`, 120, 40, { cwd: folder, env });
      await pty.until(() => existsSync(`${file}.cbscope-index`), 'the index');
      pty.type('\u0003');
      await pty.ended();
      const index = readFileSync(`${file}.cbscope-index`).subarray(32);
      let texts = 0;
      for (let at = 0; at + 4 <= index.length; ) {
        const end = at + 4 + index.readUInt32LE(at);
        const bytes = zstdDecompressSync(index.subarray(at + 4, end));
        for (const text of [bytes.toString('latin1'), bytes.toString('utf16le'), bytes.subarray(1).toString('utf16le')])
          none(leaksIn('the index', text));
        texts += bytes.length;
        at = end;
      }
      expect(texts).toBeGreaterThan(1_000);
      rmSync(file);
    },
    PATIENCE_MS,
  );
});
