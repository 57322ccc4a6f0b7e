// A scenario's client as the program's own configuration: its flags, variables and credentials as if a user had set them up.

import { parseWatchFlags } from '../cli/program.ts';
import type { Configuration, WatchFlags } from '../cli/settings.ts';
import { configure } from '../cli/settings.ts';
import { terminalVariables } from '../cli/terminal-variables.ts';
import { credentialsFor } from '../exchange/credentials.ts';
import type { Scenario } from '../exchange/scenario.ts';
import type { Ready } from './demo-exchange.ts';

function urlOf(ready: Ready, given: string | undefined, own: string): string {
  if (given === undefined) return own;
  if (given !== 'closed-port') return given;
  return own.replace(/:\d+(?=\/|$)/, `:${ready.closedPort}`);
}

/** The configuration under which a scenario is watched; flags typed by the user win over the scenario's. */
export function configurationFor(
  scenario: Scenario,
  ready: Ready,
  flags: WatchFlags,
  isTerminal: boolean,
): Configuration | { problems: string[] } {
  const { client } = scenario;
  const found = credentialsFor(ready.keys, client.key);
  const environment: Record<string, string | undefined> = {
    ...terminalVariables(process.env),
    ...client.env,
    ...(found === null ? {} : { COINBASE_API_KEY: found.id, COINBASE_API_SECRET: found.secret }),
    CBSCOPE_PUBLIC_URL: urlOf(ready, client.urls?.public, ready.publicUrl),
    CBSCOPE_USER_URL: urlOf(ready, client.urls?.user, ready.userUrl),
    CBSCOPE_REST_URL: urlOf(ready, client.urls?.rest, ready.restUrl),
  };
  // A scenario never reads the user's own `.env`: an empty device stands in for it.
  const own = { ...parseWatchFlags(client.args), ...flags, envFile: '/dev/null' };
  const configuration = configure(own, environment, isTerminal);
  if ('problems' in configuration) return configuration;
  const trusted = scenario.code === 'NET_TLS' ? null : (ready.caPem ?? null);
  return { ...configuration, caPem: configuration.caPem ?? trusted };
}
