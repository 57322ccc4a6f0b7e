// What fields each fact has, so that a line from a file can be trusted as far as its shape. It judges parsed values, never text.

import type { FactBody, FactName } from '../core/fact.ts';

type Kind =
  | 'string'
  | 'text?'
  | 'absent-or-text'
  | 'absent-or-self'
  | 'number'
  | 'boolean'
  | 'strings'
  | 'texts'
  | 'phases'
  | 'token?'
  | 'token'
  | 'settings'
  | 'origins'
  | 'inspection'
  | 'probes'
  | 'connection'
  | 'sockets'
  | 'clock?'
  | readonly string[];

type FieldsOf<Name extends FactName> = Omit<Extract<FactBody, { fact: Name }>, 'fact'>;

const CONNECTIONS = ['public', 'user'] as const;
const PHASES = ['dns', 'tcp', 'tls', 'upgrade', 'request', 'response'] as const;
const TALKERS = ['public', 'user', 'rest'] as const;

type Shapes = { [Name in FactName]: Record<keyof FieldsOf<Name>, Kind> };

const FAILURE = {
  errorCode: 'string',
  errorCodes: 'strings',
  message: 'string',
  tookMs: 'number',
  phase: PHASES,
} as const;

/** Every fact and the kind of each of its fields: a fact added to the union must be added here. */
const SHAPES: Shapes = {
  'session.started': {
    version: 'string',
    mode: ['live', 'demo'],
    settings: 'settings',
    origins: 'origins',
    hmacVariables: 'strings',
    plainTextHosts: 'strings',
    platform: 'string',
    capture: 'absent-or-text',
  },
  'session.ended': { reason: 'string' },
  'key.inspected': { inspection: 'inspection' },
  'socket.connecting': { connection: 'connection', url: 'string', host: 'string', attempt: 'number' },
  'socket.opened': {
    connection: 'connection',
    host: 'string',
    address: 'string',
    phases: 'phases',
    extensions: 'string',
    tls: 'text?',
    headers: 'texts',
  },
  // Its payload has forms of its own: see codec.ts.
  'frame.received': { connection: 'connection', bytes: 'string', binary: 'boolean', plain: 'boolean' },
  'frame.sent': { connection: 'connection', text: 'string', token: 'token?' },
  'ping.sent': { connection: 'connection' },
  'pong.received': { connection: 'connection', roundTripMs: 'number' },
  'socket.closed': {
    connection: 'connection',
    code: 'number',
    reason: 'string',
    clean: 'boolean',
    by: ['server', 'client', 'network'],
    cause: 'string',
    errorCode: 'text?',
    detail: 'string',
  },
  'upgrade.refused': {
    connection: 'connection',
    host: 'string',
    status: 'number',
    headers: 'texts',
    bodyStart: 'string',
    phases: 'phases',
  },
  'connect.failed': { connection: 'connection', host: 'string', ...FAILURE },
  'request.sent': {
    requestId: 'number',
    endpoint: 'string',
    method: ['GET', 'POST', 'PUT', 'DELETE'],
    url: 'string',
    signed: 'boolean',
    bucket: ['rest-public', 'rest-private'],
    token: 'token?',
    why: 'string',
  },
  'response.arrived': {
    requestId: 'number',
    endpoint: 'string',
    status: 'number',
    headers: 'texts',
    body: 'string',
    truncated: 'boolean',
    sizeBytes: 'number',
    phases: 'phases',
    midpointAt: 'number',
    freshConnection: 'boolean',
  },
  'request.failed': { requestId: 'number', endpoint: 'string', host: 'string', ...FAILURE },
  'token.made': { purpose: TALKERS, token: 'token', clock: ['server', 'local'] },
  'token.failed': { purpose: TALKERS, message: 'string' },
  'retry.scheduled': { connection: 'connection', attempt: 'number', delayMs: 'number', reason: 'string' },
  'rest.paused': { untilT: 'number', reason: 'string' },
  'probes.finished': { reason: 'string', results: 'probes' },
  'loop.measured': {
    lagMs: 'number',
    queue: 'number',
    dropped: 'number',
    heapBytes: 'number',
    rssBytes: 'number',
    screensPerSecond: 'number',
  },
  'clock.jumped': { byMs: 'number' },
  'machine.slept': { forMs: 'number' },
  'recording.started': { file: 'string' },
  'recording.stopped': {
    file: 'string',
    reason: ['asked', 'disk-full', 'file-gone', 'cap', 'error'],
    detail: 'string',
    sizeBytes: 'number',
  },
  'session.resumed': {
    note: 'string',
    sockets: 'sockets',
    clock: 'clock?',
    uiShows: 'text?',
    openFindings: 'strings',
    self: 'absent-or-self',
  },
  'capture.ended': { connection: 'connection' },
  'user.asked': { action: 'string', detail: 'string' },
  tick: {},
};

const KINDS = new Map<string, [string, Kind][]>(
  Object.entries(SHAPES).map(([name, fields]) => [name, Object.entries(fields)]),
);

type Fields = Record<string, unknown>;

/** True for a JSON object: no array, no null. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areAll(value: unknown, holds: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(holds);
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';

function has(value: unknown, kinds: Record<string, (item: unknown) => boolean>): boolean {
  return isObject(value) && Object.entries(kinds).every(([field, holds]) => holds(value[field]));
}

const isTexts = (value: unknown): boolean => areAll(value, isText);

function isToken(value: unknown): boolean {
  if (!has(value, { tokenId: isNumber, nbf: isNumber, exp: isNumber, uri: isTextOrNull })) return false;
  return has(value, { alg: isText, kid: isText, sub: isText, iss: isText });
}

function isSettings(value: unknown): boolean {
  if (!has(value, { products: isTexts, channels: isTexts, publicUrl: isText, userUrl: isText, restUrl: isText }))
    return false;
  return has(value, { polls: isObject, needs: isTexts, uiShows: isTextOrNull, reauth: isText });
}

function isInspection(value: unknown): boolean {
  if (!has(value, { source: isTextOrNull, alsoFound: isTexts, keyId: isTextOrNull, kind: isText })) return false;
  return has(value, { algorithm: isTextOrNull, defects: isTexts, correctedLine: isTextOrNull, explanation: isText });
}

const isOrigin = (value: unknown): boolean => has(value, { name: isText, value: isText, origin: isText });

function isProbe(value: unknown): boolean {
  const tookMs = (took: unknown): boolean => took === null || isNumber(took);
  return has(value, { name: isText, target: isText, result: isText, detail: isText, tookMs });
}

const isNumberOrNull = (value: unknown): boolean => value === null || isNumber(value);

function isResumedChannel(value: unknown): boolean {
  const names = (item: unknown): boolean => item === null || isTexts(item);
  if (!has(value, { channel: isText, productIds: isTexts, acknowledged: names, askedT: isNumber, frames: isNumber }))
    return false;
  const gap = (item: unknown): boolean => item === undefined || isNumber(item);
  const times = { acknowledgedT: isNumberOrNull, firstDataT: isNumberOrNull, lastDataT: isNumberOrNull };
  return has(value, { ...times, longestGapMs: gap });
}

function isResumedSocket(value: unknown): boolean {
  const channels = (item: unknown): boolean => areAll(item, isResumedChannel);
  const token = (item: unknown): boolean => item === null || isToken(item);
  const isName = (item: unknown): boolean => item === 'public' || item === 'user';
  if (!has(value, { connection: isName, state: isText, note: isText, url: isText, host: isText, attempt: isNumber }))
    return false;
  if (!has(value, { openedT: isNumberOrNull, lastSequence: isNumberOrNull, lastFrameT: isNumberOrNull })) return false;
  const uptime = (item: unknown): boolean => item === undefined || isNumberOrNull(item);
  const beat = { heartbeatCounter: isNumberOrNull, heartbeatUptimeS: uptime, heartbeatT: isNumberOrNull };
  if (!has(value, { lastPongT: isNumberOrNull, ...beat })) return false;
  return has(value, { channels, token });
}

function isResumedSelf(value: unknown): boolean {
  const slept = (item: unknown): boolean => item === null || has(item, { t: isNumber, at: isNumber, forMs: isNumber });
  const late = (item: unknown): boolean => item === null || has(item, { t: isNumber, at: isNumber, lagMs: isNumber });
  return has(value, { lastTickT: isNumberOrNull, slept, late });
}

const CHECKS: Record<Extract<Kind, string>, (value: unknown) => boolean> = {
  string: isText,
  'text?': isTextOrNull,
  'absent-or-self': (value) => value === undefined || isResumedSelf(value),
  'absent-or-text': (value) => value === undefined || isText(value),
  number: isNumber,
  boolean: (value) => typeof value === 'boolean',
  strings: isTexts,
  texts: (value) => isObject(value) && Object.values(value).every(isText),
  phases: (value) => isObject(value) && Object.values(value).every(isNumber),
  'token?': (value) => value === null || isToken(value),
  token: isToken,
  settings: isSettings,
  origins: (value) => areAll(value, isOrigin),
  inspection: isInspection,
  probes: (value) => areAll(value, isProbe),
  sockets: (value) => areAll(value, isResumedSocket),
  'clock?': (value) => value === null || has(value, { offsetMs: isNumber, uncertaintyMs: isNumber }),
  connection: (value) => value === CONNECTIONS[0] || value === CONNECTIONS[1],
};

/** What keeps an object from being the fact it says it is: the first field that is missing or of another kind; null when nothing does. */
export function shapeProblem(value: Fields): string | null {
  const name = value['fact'];
  const kinds = typeof name === 'string' ? KINDS.get(name) : undefined;
  if (kinds === undefined) return 'unknown fact';
  for (const [field, kind] of kinds) {
    const holds = typeof kind === 'string' ? CHECKS[kind](value[field]) : kind.includes(value[field] as string);
    if (!holds) return `field ${field} is missing or is not what ${String(name)} has there`;
  }
  return null;
}
