// `cbscope init`: writes a commented `.env` from the portal's key file. It never overwrites one, and only its owner may read it.

import { existsSync, writeFileSync } from 'node:fs';
import { registerSecret } from '../base/secret.ts';
import { readKeyFile } from '../cli/credentials.ts';
import { SETTING_ROWS } from '../cli/setting-table.ts';
import { inspectCredentials } from '../coinbase/key.ts';
import { secretNameProblem } from '../recording/file-access.ts';
import { complain, say } from './output.ts';

export interface InitFlags {
  out?: string;
}

/** A value as env files take it: double quotes, line breaks as `\n`. */
function quotedValue(value: string): string {
  return `"${value.trim().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replace(/\r?\n/g, '\\n')}"`;
}

function settingLines(): string[] {
  return SETTING_ROWS.filter((row) => row.environment.startsWith('CBSCOPE_') && row.fallback !== 'off').flatMap(
    (row) => ['', `# ${row.meaning.replaceAll('`', '')}`, `#${row.environment}=${row.fallback.replaceAll('`', '')}`],
  );
}

function envText(keyId: string, secret: string): string {
  const head = [
    '# Settings of cbscope. Flags win over the environment, the environment over this file.',
    '# The secret below gives access to your account: keep this file out of version control.',
    '',
  ];
  return [
    ...head,
    `COINBASE_API_KEY=${quotedValue(keyId)}`,
    `COINBASE_API_SECRET=${quotedValue(secret)}`,
    ...settingLines(),
    '',
  ].join('\n');
}

function nameProblem(secret: string, out: string): string | null {
  registerSecret('API key secret', secret);
  return secretNameProblem(out);
}

export async function init(keyFile: string, flags: InitFlags): Promise<number> {
  const out = flags.out ?? '.env';
  const read = readKeyFile(keyFile, 'the key file');
  const problem =
    'problem' in read
      ? read.problem
      : existsSync(out)
        ? `${JSON.stringify(out)} is there already and is left as it is; name another file with --out`
        : nameProblem(read.secret, out);
  if (problem !== null || 'problem' in read) {
    complain(problem ?? '');
    return 2;
  }
  const { inspection } = inspectCredentials({ ...read, alsoFound: [] });
  try {
    writeFileSync(out, envText(read.keyId, read.secret), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    complain(
      `${JSON.stringify(out)} cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}; choose another place with --out`,
    );
    return 2;
  }
  say(`${out} written (readable by you only) with the key ${inspection.keyId ?? read.keyId}.`);
  if (!inspection.usable) say(`The key will not work as it is: ${inspection.explanation}`);
  say('Next: cbscope doctor');
  return 0;
}
