// Where credentials are looked for, in the documented order, and the forms of the portal's key file.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type FoundCredentials, findCredentials, readKeyFile } from '../../src/cli/credentials.ts';
import type { Variables } from '../../src/cli/variables.ts';
import { KEY_ID } from '../support/facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'cbscope-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text: string): string {
  files += 1;
  const path = join(folder, `key-${files}.json`);
  writeFileSync(path, text);
  return path;
}

function variables(environment: Record<string, string>, written: Record<string, string> = {}): Variables {
  return { environment, file: written, filePath: '.env' };
}

const keyFile = (keyId: string): string => file(JSON.stringify({ name: keyId, privateKey: 'PEM' }));

function found(keyFileFlag: string | undefined, from: Variables): FoundCredentials {
  const result = findCredentials(keyFileFlag, from);
  if (result === null || 'problem' in result) throw new Error('credentials were to be found');
  return result;
}

describe('the order', () => {
  const environment = {
    COINBASE_API_KEY: 'named',
    COINBASE_API_SECRET: 's',
    CDP_API_KEY_ID: 'cdp',
    CDP_API_KEY_SECRET: 's',
  };

  test('is --key-file, COINBASE_API_*, COINBASE_KEY_FILE, CDP_API_*; the others are named', () => {
    const withFile = { ...environment, COINBASE_KEY_FILE: keyFile('by-variable') };
    const first = found(keyFile('by-flag'), variables(withFile));
    expect(first.keyId).toBe('by-flag');
    expect(first.alsoFound).toHaveLength(3);
    expect(found(undefined, variables(withFile)).keyId).toBe('named');
    const { COINBASE_KEY_FILE, CDP_API_KEY_ID, CDP_API_KEY_SECRET } = withFile;
    expect(found(undefined, variables({ COINBASE_KEY_FILE, CDP_API_KEY_ID, CDP_API_KEY_SECRET })).keyId).toBe(
      'by-variable',
    );
    expect(found(undefined, variables({ CDP_API_KEY_ID, CDP_API_KEY_SECRET })).keyId).toBe('cdp');
    expect(findCredentials(undefined, variables({}))).toBeNull();
  });

  test('says where they came from', () => {
    expect(found(undefined, variables(environment)).source).toBe('COINBASE_API_KEY in the environment');
    expect(found(undefined, variables({}, environment)).source).toBe('COINBASE_API_KEY in .env');
    const path = keyFile('x');
    expect(found(path, variables({})).source).toBe(`--key-file ${path}`);
  });

  test('half a pair is found too: what is missing is for the inspection to say', () => {
    expect(found(undefined, variables({ COINBASE_API_KEY: 'x' }))).toMatchObject({ keyId: 'x', secret: '' });
    expect(found(undefined, variables({ COINBASE_API_SECRET: 'x' }))).toMatchObject({ keyId: '', secret: 'x' });
  });

  test('an unreadable COINBASE_KEY_FILE is no matter where something else was found', () => {
    expect(found(undefined, variables({ ...environment, COINBASE_KEY_FILE: '/nowhere' })).keyId).toBe('named');
    expect(findCredentials(undefined, variables({ COINBASE_KEY_FILE: '/nowhere' }))).toHaveProperty('problem');
  });
});

describe('a key file', () => {
  test.each([
    ['name', { name: KEY_ID, privateKey: 'PEM' }],
    ['id', { id: KEY_ID, privateKey: 'PEM' }],
    ['that of 2023, with more in it', { principal: 'x', scopes: [], name: KEY_ID, privateKey: 'PEM', enabled: true }],
  ])('with %s', (_, content) => {
    expect(readKeyFile(file(JSON.stringify(content)), '--key-file')).toMatchObject({ keyId: KEY_ID, secret: 'PEM' });
  });

  test('with a byte order mark', () => {
    expect(readKeyFile(file(`\ufeff${JSON.stringify({ name: 'a', privateKey: 'b' })}`), '--key-file')).toMatchObject({
      keyId: 'a',
    });
  });

  const rows: [string, () => string, string][] = [
    ['not there', () => '/nowhere/key.json', 'there is no such file'],
    ['a directory', () => folder, 'it is a directory'],
    ['no JSON', () => file('-----BEGIN EC PRIVATE KEY-----'), 'is not JSON'],
    ['a list', () => file('[]'), 'holds no object'],
    ['without either field', () => file('{"key":"x"}'), 'has neither "name" nor "privateKey"'],
    ['with other types', () => file('{"name":7,"privateKey":{}}'), 'has neither "name" nor "privateKey"'],
  ];
  test.each(rows)('%s: one sentence with the path and what was expected', (_, make, expected) => {
    const path = make();
    const result = readKeyFile(path, '--key-file');
    const sentence = 'problem' in result ? result.problem : '';
    expect(sentence).toContain(JSON.stringify(path));
    expect(sentence).toContain(expected);
    expect(sentence).toContain('the JSON file that the portal downloads');
  });

  test('never shows what is in it', () => {
    const result = readKeyFile(file('hunter2 is not JSON'), '--key-file');
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});
