// Every kind of secret in every place where one can come in; none of them in any byte that goes out, on disk or on screen.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
};
/** Never loaded: only the server knows them. */
const STRANGE = {
  pem: stranger.es256.secret,
  token: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzdHJhbmdlciJ9.CANARYstrangersSignature0123456789abcdefghijklmnop',
  bearer: 'Bearer CANARYbearer0123456789abcdef',
};
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
  return new Promise((resolve) => {
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn(process.execPath, ['--', program, ...args], { cwd: folder, stdio, env: environment() });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
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
    all.set(`${name}, URL-encoded`, encodeURIComponent(text));
    all.set(`${name}, JSON`, JSON.stringify(text).slice(1, -1));
  };
  for (const [name, text] of Object.entries(LOADED)) add(`loaded ${name}`, text);
  for (const [index, line] of pemLines(LOADED.pem).entries()) add(`line ${index} of the PEM`, line);
  for (const [index, line] of pemLines(STRANGE.pem).entries()) all.set(`line ${index} of a stranger’s PEM`, line);
  for (const [index, signature] of [...server.signatures].entries()) all.set(`signature ${index}`, signature);
  all.set('anything of the server’s', 'CANARY');
  return all;
}

function unescaped(text: string): string {
  return text.replace(/\\u00([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Names of what was found in a text, with what stands around it. */
function leaksIn(where: string, text: string): string[] {
  const leaks: string[] = [];
  for (const [name, needle] of needles()) {
    for (const form of [text, unescaped(text)]) {
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

/** Leaks in every file and file name of a folder. */
function leaksUnder(path: string): string[] {
  return filesIn(path).flatMap((file) => [
    ...leaksIn(`name of ${file}`, file),
    ...leaksIn(file, readFileSync(file).toString('latin1')),
  ]);
}

function none(leaks: string[]): void {
  if (leaks.length > 0) throw new Error(leaks.slice(0, 12).join('\n'));
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
    ['the environment', [] as string[]],
    ['a key file', ['--key-file', 'key.json']],
  ])(
    'from a run with the key of %s, or from what is made of its recording',
    async (name, flags) => {
      const dir = out(name.replaceAll(' ', '-'));
      const file = join(dir, 'recording.ndjson');
      const watched = await run('watch', '--json', '--duration', '5s', '--record', file, ...flags);
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
      none(leaksUnder(dir));
    },
    PATIENCE_MS,
  );

  test.concurrent('from plain lines and from the doctor', async () => {
    const [plain, ...examined] = await Promise.all([
      run('watch', '--plain', '--duration', '4s', '--sign-public'),
      run('doctor'),
      run('doctor', '--json'),
    ]);
    none(leaksIn('watch --plain', plain.said));
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
});
