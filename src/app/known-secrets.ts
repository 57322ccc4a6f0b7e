// Registers what a user of this machine would call secret, for commands that load no credentials of their own: they must not print
// or copy it either.

import { registerSecret } from '../base/secret.ts';
import { findCredentials } from '../cli/credentials.ts';
import { readVariables, secretValues } from '../cli/variables.ts';

/** Where to look; `.env` in the working directory unless told. */
export interface SecretPlaces {
  envFile?: string;
  keyFile?: string;
}

/** Registers the secrets of environment, env file and key file. A problem is one sentence; files nobody named may be missing. */
export function registerKnownSecrets(places: SecretPlaces = {}): { problem: string } | null {
  const variables = readVariables(places.envFile, process.env);
  if ('problem' in variables) return places.envFile === undefined ? null : variables;
  for (const value of secretValues(variables)) registerSecret('environment value', value);
  const found = findCredentials(places.keyFile, variables);
  if (found === null) return null;
  if ('problem' in found) return places.keyFile === undefined ? null : found;
  for (const secret of [found.secret, ...(found.otherSecrets ?? [])]) registerSecret('API key secret', secret);
  return null;
}
