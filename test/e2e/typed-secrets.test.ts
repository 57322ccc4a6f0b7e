// A key that this process never loaded, typed or pasted where it does not belong, with its label lines or without: it stands in no
// byte that a command says or writes, and in no name of a file.

import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { makeIdentity } from '../../src/exchange/identity.ts';

const program = fileURLToPath(new URL('../../bin/cbscope.js', import.meta.url));
const recording = fileURLToPath(new URL('../recording/golden/v1.ndjson', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cbscope-typed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { es256, ed25519 } = makeIdentity().keys;
const bare = (pem: string): string => pem.replace(/-----[^-]*-----|\s/g, '');
const { d: privateNumber = '' } = createPrivateKey(es256.secret).export({ format: 'jwk' });

/** How people have a key in their clipboard. */
const KEYS: Record<string, string> = {
  'a PEM': es256.secret,
  'a PEM on one line': es256.secret.replaceAll('\n', '\\n'),
  'a PEM of PKCS #8': es256.pkcs8,
  'the body of a PEM': bare(es256.secret),
  'the body of PKCS #8': bare(es256.pkcs8),
  'an Ed25519 secret': ed25519.secret,
  'a sentence about it': `it is ${ed25519.secret}, or ${bare(es256.secret)}.`,
  'a JSON Web Key': JSON.stringify(createPrivateKey(es256.secret).export({ format: 'jwk' })),
};

/** What of the keys may stand nowhere: twenty letters at a time, wherever they begin. */
const PIECE = 20;
const PIECES = new Set(
  [
    bare(es256.secret).slice(9, 52),
    bare(es256.pkcs8).slice(48, 90),
    ed25519.secret.slice(0, 43),
    privateNumber,
  ].flatMap((part) =>
    Array.from({ length: part.length - PIECE }, (_, at) => part.slice(at, at + PIECE)).flatMap((piece) => [
      piece,
      piece.replaceAll('/', '_'),
    ]),
  ),
);

function leaksIn(where: string, text: string): string[] {
  const piece = [...PIECES].find((each) => text.includes(each));
  return piece === undefined
    ? []
    : [`${where}: …${text.slice(Math.max(0, text.indexOf(piece) - 60), text.indexOf(piece))}…`];
}

function filesIn(path: string): string[] {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];
}

const folderOf = (name: string): string => join(folder, name.replace(/\W+/g, '-'));

async function leaksOf(name: string, args: string[], env: Record<string, string> = {}): Promise<string[]> {
  const cwd = folderOf(name);
  mkdirSync(cwd, { recursive: true });
  const said = await new Promise<string>((resolve) => {
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const inherited = process.env as Record<string, string>;
    const child = spawn(process.execPath, ['--', program, ...args], { cwd, stdio, env: { ...inherited, ...env } });
    let out = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        out += String(chunk);
      });
    child.on('close', () => resolve(out));
  });
  expect(said).not.toBe('');
  const written = filesIn(cwd).flatMap((file) => [
    ...leaksIn('a file name', file),
    ...leaksIn(file, readFileSync(file, 'latin1')),
  ]);
  return [...leaksIn(args.slice(0, 2).join(' '), said), ...written];
}

const PATIENCE_MS = 60_000;

describe.each(Object.entries(KEYS))('%s', (kind, key) => {
  const about = (name: string): string => `${kind} ${name}`;
  const asName = key.replaceAll('/', '_').replaceAll('\n', ' ').slice(0, 240);

  test(
    'in every field of a packet is taken out of it',
    async () => {
      const body = join(folder, `${kind.replace(/\W+/g, '-')}.txt`);
      writeFileSync(body, key);
      const typed = ['--note', '--ui-shows', '--order-id', '--product-id', '--key-id'].flatMap((flag) => [flag, key]);
      const asked = ['escalate', recording, '--out', 'packets', '--allow-missing', '--json', ...typed];
      expect(await leaksOf(about('fields'), asked)).toEqual([]);
      expect(await leaksOf(about('body'), [...asked.slice(0, 6), '--body', body])).toEqual([]);
      for (const name of ['fields', 'body']) expect(filesIn(folderOf(about(name)))).toHaveLength(4);
    },
    PATIENCE_MS,
  );

  test(
    'as a name makes no file of that name',
    async () => {
      const commands = [
        ['escalate', recording, '--out', asName],
        ['redact', recording, asName],
        ['export', recording, '--format', 'ndjson', '--out', asName],
        ['export', recording, '--format', 'html', '--out', asName],
        ['import', join(folder, 'nothing.har'), '--out', asName],
      ];
      const leaks = await Promise.all(commands.map((args, index) => leaksOf(about(`name ${index}`), args)));
      expect(leaks.flat()).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'as a wrong word is not said again',
    async () => {
      const commands = [
        ['escalate', recording, '--out', '.', '--finding', key],
        ['escalate', recording, '--out', '.', '--category', key],
        ['escalate', recording, '--out', '.', '--at', key],
        ['report', asName],
        ['report', recording, '--filter', key],
        ['demo', key],
        ['exchange', '--scenario', key],
        [key],
      ];
      const leaks = await Promise.all(commands.map((args, index) => leaksOf(about(`word ${index}`), args)));
      expect(leaks.flat()).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'as a setting is not said again',
    async () => {
      const names = ['CBSCOPE_NEEDS', 'CBSCOPE_POLL', 'CBSCOPE_REAUTH', 'CBSCOPE_REST_URL', 'COINBASE_KEY_FILE'];
      const leaks = await Promise.all(
        names.map((name) => leaksOf(about(name), ['doctor', '--json'], { [name]: key.replaceAll('\n', '\\n') })),
      );
      expect(leaks.flat()).toEqual([]);
    },
    PATIENCE_MS,
  );
});
