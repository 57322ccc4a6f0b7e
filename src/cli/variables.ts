// Where settings come from: flag, then environment, then `.env`, then default. Keeps the origin of each value; knows no setting by name.

import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

export type Origin = 'flag' | 'environment' | '.env' | 'default';

export interface Found {
  value: string;
  origin: Origin;
  /** The flag or variable it came from, for sentences. */
  name: string;
}

export interface Variables {
  environment: Record<string, string | undefined>;
  file: Record<string, string | undefined>;
  /** Path of the env file that was read, or null. */
  filePath: string | null;
}

/** The first of these variables that is set, environment before env file for each name. */
export function variable(variables: Variables, ...names: string[]): Found | null {
  for (const name of names) {
    const set = variables.environment[name];
    if (set !== undefined && set !== '') return { value: set, origin: 'environment', name };
    const written = variables.file[name];
    if (written !== undefined && written !== '') return { value: written, origin: '.env', name };
  }
  return null;
}

/** Reads an env file. A missing `.env` is nothing; a file that was asked for by name must be readable. */
export function readVariables(
  envFile: string | undefined,
  environment: Record<string, string | undefined>,
): Variables | { problem: string } {
  const path = envFile ?? '.env';
  try {
    return { environment, file: parseEnv(readFileSync(path, 'utf8')), filePath: path };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    if (envFile === undefined && code === 'ENOENT') return { environment, file: {}, filePath: null };
    const what =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a directory'
          : code === 'EACCES'
            ? 'it may not be read'
            : code;
    return {
      problem: `${envFile === undefined ? 'the env file' : '--env-file'} ${JSON.stringify(path)} cannot be read: ${what}; expected a file of NAME=value lines`,
    };
  }
}

/** Names of HMAC-era variables: anything with PASSPHRASE in it, or beginning with CB_ACCESS_. */
export function hmacVariables(variables: Variables): string[] {
  const names = [...Object.keys(variables.environment), ...Object.keys(variables.file)];
  return [...new Set(names)].filter((name) => /PASSPHRASE/i.test(name) || /^CB_ACCESS_/i.test(name)).sort();
}

const SECRET_NAME = /SECRET|PASSPHRASE|PASSWORD|PASSWD|PRIVATE_?KEY|(?:^|_)(?:TOKEN|PASS|JWT)$|CB_ACCESS_SIGN/i;
/** A key or a session is a secret when it looks like chance: ids, paths and names are none. */
const MAYBE_NAME = /(?:KEY|AUTH|CREDENTIALS?|COOKIE|SESSION|PAT|BEARER)$/i;
/** The id of an API key, of whatever era, is what a ticket asks for. */
const KEY_ID_NAME = /^(?:COINBASE|CDP|CB|GDAX)_(?:\w+_)?KEY$/i;
const CHANCE = /^(?!.*(?:organizations\/|:\/\/))(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/=_.-]{20,}$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** `scheme://user:password@host`, `?token=…` */
const URL_PASSWORD = /:\/\/[^\s/:@]*:([^\s/@]{8,})@/g;
const URL_PARAMETER = /[?&](?:[\w-]*(?:token|secret|password|signature|api_?key)|jwt|key|auth)=([^\s&#]{8,})/gi;

function looksLikeChance(value: string): boolean {
  return CHANCE.test(value) && !UUID.test(value) && !/^[./]|\/.*\/.*\.\w{1,5}$/.test(value);
}

/** What is secret in a URL: a password before its host, a parameter whose name says so. */
export function urlSecrets(value: string): string[] {
  const found = [...value.matchAll(URL_PASSWORD), ...value.matchAll(URL_PARAMETER)];
  return found.map(([, secret = '']) => secret);
}

function secretsIn(name: string, value: string): string[] {
  const passwords = urlSecrets(value);
  const isSecret =
    SECRET_NAME.test(name) || (MAYBE_NAME.test(name) && !KEY_ID_NAME.test(name) && looksLikeChance(value));
  return isSecret ? [value, ...passwords] : passwords;
}

/** Every value that is a secret by its name, and what is secret in URLs: what no output may hold. */
export function secretValues(variables: Variables): string[] {
  const all = [...Object.entries(variables.environment), ...Object.entries(variables.file)];
  return all.flatMap(([name, value]) => (value === undefined ? [] : secretsIn(name, value)));
}
