// Registers what a user of this machine would call secret, for commands that load no credentials of their own: they must not print
// or copy it either.

import { registerSecret } from '../base/secret.ts';
import { findCredentials } from '../cli/credentials.ts';
import { readVariables, secretValues, urlSecrets } from '../cli/variables.ts';

/** Where to look; `.env` in the working directory unless told. */
export interface SecretPlaces {
  envFile?: string;
  keyFile?: string;
}

/** A key as the portal gives it, base64 of 32 or 64 bytes, wherever it stands in what was typed. */
const KEY_WORD = /(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{43}=|[A-Za-z0-9+/_-]{86}==)(?![A-Za-z0-9+/=_-])/g;

function keysIn(text: string): string[] {
  const words = text.match(KEY_WORD) ?? [];
  return text.includes('PRIVATE KEY') ? [text, text.replace(/^--[\w-]+=/, ''), ...words] : words;
}

/** Registers keys that were typed where none belongs, and what is secret in a URL, before any sentence says the text again. */
export function registerTypedKeys(texts: readonly string[]): void {
  for (const key of texts.flatMap(keysIn)) registerSecret('API key secret', key);
  for (const secret of texts.flatMap(urlSecrets)) registerSecret('environment value', secret);
}

/** Registers the secrets of environment, env file and key file. A problem is one sentence; files nobody named may be missing. */
export function registerKnownSecrets(places: SecretPlaces = {}): { problem: string } | null {
  const variables = readVariables(places.envFile, process.env);
  if ('problem' in variables) return places.envFile === undefined ? null : variables;
  for (const value of secretValues(variables)) registerSecret('environment value', value);
  registerTypedKeys([...Object.values(variables.environment), ...Object.values(variables.file)].map(String));
  const found = findCredentials(places.keyFile, variables);
  if (found === null) return null;
  if ('problem' in found) return places.keyFile === undefined ? null : found;
  for (const secret of [found.secret, ...(found.otherSecrets ?? [])]) registerSecret('API key secret', secret);
  return null;
}
