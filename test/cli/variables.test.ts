// Which variables hold secrets: by name, or by name and looks; ids, paths and names are none.

import { describe, expect, it } from 'vitest';
import { secretValues } from '../../src/cli/variables.ts';

const CHANCE = 'sk9QmZ7xV2bN4tR8wL1pK3';

describe('the value of a variable', () => {
  it.each([
    ['COINBASE_API_SECRET', 'x'],
    ['DB_PASSWORD', 'short'],
    ['API_PASSPHRASE', 'x'],
    ['GITHUB_TOKEN', 'x'],
    ['OPENAI_API_KEY', CHANCE],
    ['SESSION', CHANCE],
  ])('of %s is a secret', (name, value) => {
    expect(secretValues({ environment: { [name]: value }, file: {}, filePath: null })).toEqual([value]);
    expect(secretValues({ environment: {}, file: { [name]: value }, filePath: '.env' })).toEqual([value]);
  });

  it.each([
    [
      'COINBASE_API_KEY',
      'organizations/7f3c2a9e-0000-4000-8000-000000000001/apiKeys/2b1f9f6c-0000-4000-8000-00000000d0aa',
    ],
    ['CDP_API_KEY', '2b1f9f6c-0000-4000-8000-00000000d0aa'],
    ['SSH_KEY', '/home/me/.ssh/id_ed25519'],
    ['COINBASE_API_KEY', CHANCE],
    ['CB_ACCESS_KEY', CHANCE],
    ['SOME_KEY', 'development'],
    ['PATH', '/usr/local/bin:/usr/bin'],
    ['PWD', '/home/me/work/project-0123456789'],
  ])('of %s is none', (name, value) => {
    expect(secretValues({ environment: { [name]: value }, file: {}, filePath: null })).toEqual([]);
  });

  it('gives the token of a URL', () => {
    const environment = { CBSCOPE_REST_URL: 'https://proxy.example/?api_key=k3yk3yk3yk3y&product=BTC-USD' };
    expect(secretValues({ environment, file: {}, filePath: null })).toEqual(['k3yk3yk3yk3y']);
  });

  it('gives the password of a URL', () => {
    const environment = { DATABASE_URL: 'postgres://me:pa55word-long@db.example/x' };
    expect(secretValues({ environment, file: {}, filePath: null })).toEqual(['pa55word-long']);
  });
});
