// Finds the configured credentials, in the documented order, and names all places where some were found. It judges none of them.

import { readFileSync } from 'node:fs';
import type { Variables } from './variables.ts';
import { variable } from './variables.ts';

/** Credentials as they were written down; the secret goes straight to the key inspection. */
export interface FoundCredentials {
  source: string;
  keyId: string;
  secret: string;
  alsoFound: string[];
  /** Secrets of the places in `alsoFound`: they are not used, and must not be shown either. */
  otherSecrets?: string[];
  fileName?: string;
}

type Candidate = Omit<FoundCredentials, 'alsoFound' | 'otherSecrets'>;

function field(record: Record<string, unknown>, ...names: string[]): string {
  for (const name of names) {
    const value = record[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

/** The portal's key file: JSON with `name` or `id`, and `privateKey`. */
export function readKeyFile(path: string, source: string): Candidate | { problem: string } {
  const expected = 'expected the JSON file that the portal downloads, with "name" (or "id") and "privateKey"';
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const what =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a directory'
          : code === 'EACCES'
            ? 'it may not be read'
            : String(code);
    return { problem: `${source} ${JSON.stringify(path)} cannot be read: ${what}; ${expected}` };
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return { problem: `${source} ${JSON.stringify(path)} is not JSON; ${expected}` };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return { problem: `${source} ${JSON.stringify(path)} holds no object; ${expected}` };
  const record = parsed as Record<string, unknown>;
  const keyId = field(record, 'name', 'id');
  const secret = field(record, 'privateKey', 'secret', 'apiKeySecret');
  if (keyId === '' && secret === '')
    return { problem: `${source} ${JSON.stringify(path)} has neither "name" nor "privateKey"; ${expected}` };
  return { source: `${source} ${path}`, keyId, secret, fileName: path };
}

function pair(variables: Variables, idNames: string[], secretNames: string[]): Candidate | null {
  const id = variable(variables, ...idNames);
  const secret = variable(variables, ...secretNames);
  const first = id ?? secret;
  if (first === null) return null;
  const where = first.origin === '.env' ? ` in ${variables.filePath ?? '.env'}` : ' in the environment';
  return { source: `${first.name}${where}`, keyId: id?.value ?? '', secret: secret?.value ?? '' };
}

/** `--key-file`, then COINBASE_API_*, then COINBASE_KEY_FILE, then CDP_API_*. */
export function findCredentials(
  keyFile: string | undefined,
  variables: Variables,
): FoundCredentials | null | { problem: string } {
  const candidates: Candidate[] = [];
  if (keyFile !== undefined) {
    const read = readKeyFile(keyFile, '--key-file');
    if ('problem' in read) return read;
    candidates.push(read);
  }
  const named = pair(variables, ['COINBASE_API_KEY'], ['COINBASE_API_SECRET']);
  if (named !== null) candidates.push(named);
  const variableFile = variable(variables, 'COINBASE_KEY_FILE');
  if (variableFile !== null) {
    const read = readKeyFile(variableFile.value, 'COINBASE_KEY_FILE');
    if ('problem' in read) {
      if (candidates.length === 0) return read;
    } else candidates.push(read);
  }
  const cdp = pair(variables, ['CDP_API_KEY_ID'], ['CDP_API_KEY_SECRET']);
  if (cdp !== null) candidates.push(cdp);
  const [chosen, ...others] = candidates;
  if (chosen === undefined) return null;
  const otherSecrets = others.map((other) => other.secret);
  return { ...chosen, alsoFound: others.map((other) => other.source), otherSecrets };
}
