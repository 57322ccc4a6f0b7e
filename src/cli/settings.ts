// Turns flags, environment and `.env` into one plain record, with the origin of every value. All complaints are collected.

import { readFileSync } from 'node:fs';
import type { PollName, SettingOrigin, Settings } from '../core/fact.ts';
import { Collector } from './collector.ts';
import type { FoundCredentials } from './credentials.ts';
import { findCredentials } from './credentials.ts';
import { type RecordingSettings, readRecordingSettings } from './recording-settings.ts';
import { PRODUCTION } from './setting-table.ts';
import { readChoice, readList, readNeeds, readPolls, readUrl } from './values.ts';
import type { Variables } from './variables.ts';
import { hmacVariables, readVariables, secretValues, variable } from './variables.ts';
import { readView } from './view-settings.ts';

/** The flags of `watch`, as commander hands them over: texts, still unread. */
export interface WatchFlags {
  envFile?: string;
  keyFile?: string;
  products?: string;
  channels?: string;
  publicUrl?: string;
  userUrl?: string;
  restUrl?: string;
  poll?: string[];
  needs?: string;
  uiShows?: string;
  caFile?: string;
  user?: boolean;
  rest?: boolean;
  heartbeats?: boolean;
  signPublic?: boolean;
  deflate?: boolean;
  reauth?: string;
  record?: string | boolean;
  append?: boolean;
  force?: boolean;
  compress?: boolean;
  rotateSize?: string;
  rotateTime?: string;
  duration?: string;
  fps?: string;
  plain?: boolean;
  json?: boolean;
  ascii?: boolean;
  color?: boolean;
  screenReader?: boolean;
}

/** How the run shows itself. */
export interface ViewSettings {
  lines: 'plain' | 'json' | null;
  fps: number;
  ascii: boolean;
  color: boolean;
  screenReader: boolean;
  durationMs: number | null;
}

export interface Configuration extends RecordingSettings {
  settings: Settings;
  origins: SettingOrigin[];
  credentials: FoundCredentials | null;
  hmacVariables: string[];
  plainTextHosts: string[];
  /** Values that no output may hold. */
  secrets: string[];
  caPem: string | null;
  view: ViewSettings;
}

const DEFAULT_POLLS: Record<PollName, number> = {
  time: 10,
  key_permissions: 60,
  accounts: 30,
  orders: 10,
  fills: 30,
  products: 60,
  portfolio: 60,
};

function readPollSettings(collect: Collector, flags: WatchFlags, variables: Variables): Record<PollName, number> {
  const polls = { ...DEFAULT_POLLS };
  const written = variable(variables, 'CBSCOPE_POLL');
  const layers: [string, string[]][] = [];
  if (written !== null) layers.push([written.name, [written.value]]);
  if (flags.poll !== undefined) layers.push(['--poll', flags.poll]);
  for (const [name, texts] of layers) {
    const read = readPolls(name, texts);
    if ('problem' in read) collect.problems.push(read.problem);
    else Object.assign(polls, read.value);
  }
  const origin = flags.poll !== undefined ? 'flag' : written !== null ? written.origin : 'default';
  collect.note(
    'poll',
    Object.entries(polls)
      .map(([name, seconds]) => `${name}=${seconds}`)
      .join(' '),
    origin,
  );
  return polls;
}

const url = (schemes: string[]) => (name: string, text: string) => readUrl(name, text, schemes);
const REAUTH = ['resubscribe', 'reconnect', 'never'] as const;

function readSettings(collect: Collector, flags: WatchFlags, variables: Variables): Settings {
  const socket = url(['wss:', 'ws:']);
  const rest = url(['https:', 'http:']);
  return {
    products: collect.read(
      'products',
      collect.find('--products', flags.products, 'CBSCOPE_PRODUCTS', 'BTC-USD,ETH-USD'),
      readList,
      [],
    ),
    channels: collect.read(
      'channels',
      collect.find('--channels', flags.channels, 'CBSCOPE_CHANNELS', 'ticker,user'),
      readList,
      [],
    ),
    publicUrl: collect.read(
      'public-url',
      collect.find('--public-url', flags.publicUrl, 'CBSCOPE_PUBLIC_URL', PRODUCTION.publicUrl),
      socket,
      '',
    ),
    userUrl: collect.read(
      'user-url',
      collect.find('--user-url', flags.userUrl, 'CBSCOPE_USER_URL', PRODUCTION.userUrl),
      socket,
      '',
    ),
    restUrl: collect.read(
      'rest-url',
      collect.find('--rest-url', flags.restUrl, 'CBSCOPE_REST_URL', PRODUCTION.restUrl),
      rest,
      '',
    ),
    polls: readPollSettings(collect, flags, variables),
    needs: collect.read('needs', collect.find('--needs', flags.needs, 'CBSCOPE_NEEDS', 'view'), readNeeds, []),
    uiShows: flags.uiShows ?? null,
    user: collect.flag('user socket', flags.user !== false, flags.user !== false),
    rest: collect.flag('REST', flags.rest !== false, flags.rest !== false),
    heartbeats: collect.flag('heartbeats', flags.heartbeats !== false, flags.heartbeats !== false),
    signPublic: collect.flag('sign-public', flags.signPublic === true, flags.signPublic !== true),
    deflate: collect.flag('deflate', flags.deflate === true, flags.deflate !== true),
    reauth: collect.read(
      'reauth',
      collect.find('--reauth', flags.reauth, 'CBSCOPE_REAUTH', 'resubscribe'),
      (name, text) => readChoice(name, text, REAUTH),
      'resubscribe',
    ),
  };
}

function readCa(collect: Collector, flags: WatchFlags, variables: Variables): string | null {
  const found = collect.find('--ca-file', flags.caFile, 'NODE_EXTRA_CA_CERTS', '');
  collect.note('ca-file', found.value === '' ? 'system' : found.value, found.origin);
  if (found.value === '' || variables === null) return null;
  try {
    const pem = readFileSync(found.value, 'utf8');
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
    collect.problems.push(
      `${found.name} ${JSON.stringify(found.value)} holds no certificate; expected a PEM file with BEGIN CERTIFICATE`,
    );
  } catch (error) {
    collect.problems.push(
      `${found.name} ${JSON.stringify(found.value)} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}; expected a PEM file`,
    );
  }
  return null;
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

/** Hosts that would be spoken to in plain text beyond this machine: no token goes there. */
export function plainTextHosts(settings: Settings): string[] {
  return [settings.publicUrl, settings.userUrl, settings.restUrl].flatMap((text) => {
    const parsed = URL.canParse(text) ? new URL(text) : null;
    const isPlain = parsed !== null && (parsed.protocol === 'ws:' || parsed.protocol === 'http:');
    return isPlain && !isLoopbackHost(parsed.hostname) ? [parsed.host] : [];
  });
}

/** The whole configuration, or every complaint about it. */
export function configure(
  flags: WatchFlags,
  environment: Record<string, string | undefined>,
  isTerminal: boolean,
): Configuration | { problems: string[] } {
  const variables = readVariables(flags.envFile, environment);
  if ('problem' in variables) return { problems: [variables.problem] };
  const collect = new Collector(variables);
  collect.note('env-file', variables.filePath ?? 'none', flags.envFile === undefined ? 'default' : 'flag');
  const credentials = findCredentials(flags.keyFile, variables);
  if (credentials !== null && 'problem' in credentials) collect.problems.push(credentials.problem);
  const settings = readSettings(collect, flags, variables);
  const caPem = readCa(collect, flags, variables);
  const recording = readRecordingSettings(collect, flags, variables);
  const view = readView(collect, flags, isTerminal, variables);
  if (credentials !== null && 'problem' in credentials) return { problems: collect.problems };
  if (collect.problems.length > 0) return { problems: collect.problems };
  collect.note(
    'key',
    credentials === null ? 'none: public channels only' : credentials.keyId,
    credentials === null
      ? 'default'
      : credentials.source.startsWith('--')
        ? 'flag'
        : credentials.source.endsWith('environment')
          ? 'environment'
          : '.env',
  );
  return {
    settings,
    origins: collect.origins,
    credentials,
    hmacVariables: hmacVariables(variables),
    plainTextHosts: plainTextHosts(settings),
    secrets: [...secretValues(variables), ...(credentials?.otherSecrets ?? [])],
    caPem,
    ...recording,
    view,
  };
}
