// Owns what each fault's fields must look like, as a table. It must list exactly the kinds of the Fault union.
import type { FaultKind } from './fault.ts';

export interface FieldShape {
  required: boolean;
  expected: string;
  accepts: (value: unknown) => boolean;
}

type Check = Omit<FieldShape, 'required'>;

const must = (check: Check): FieldShape => ({ ...check, required: true });
const may = (check: Check): FieldShape => ({ ...check, required: false });

const isNumber = (v: unknown): v is number => typeof v === 'number' && Number.isFinite(v);
const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);

const text: Check = { expected: 'a text', accepts: (v) => typeof v === 'string' };
const flag: Check = { expected: 'true or false', accepts: (v) => typeof v === 'boolean' };
const number: Check = { expected: 'a number', accepts: isNumber };
const positive: Check = { expected: 'a number above 0', accepts: (v) => isNumber(v) && v > 0 };
const notNegative: Check = { expected: 'a number, 0 or more', accepts: (v) => isNumber(v) && v >= 0 };
const count: Check = { expected: 'a whole number above 0', accepts: (v) => Number.isInteger(v) && (v as number) > 0 };
const amount: Check = {
  expected: 'a decimal in quotes, such as "0.01" or "-5"',
  accepts: (v) => typeof v === 'string' && /^-?\d+(\.\d+)?$/.test(v),
};
const object: Check = { expected: 'an object', accepts: isObject };
const headers: Check = {
  expected: 'an object of texts',
  accepts: (v) => isObject(v) && Object.values(v).every((x) => typeof x === 'string'),
};
const status: Check = {
  expected: 'an HTTP status from 200 to 599',
  accepts: (v) => Number.isInteger(v) && (v as number) >= 200 && (v as number) <= 599,
};
const retryAfter: Check = { expected: 'a number of seconds or null', accepts: (v) => v === null || isNumber(v) };
const closeCode: Check = {
  expected: 'a close code (1000–1014 or 3000–4999; 1005 is never sent, 1006 cuts the connection)',
  accepts: (v) =>
    Number.isInteger(v) &&
    (((v as number) >= 1000 && (v as number) <= 1014 && v !== 1004 && v !== 1005) ||
      ((v as number) >= 3000 && (v as number) <= 4999)),
};

function oneOf(...values: string[]): Check {
  return { expected: `one of ${values.join(', ')}`, accepts: (v) => typeof v === 'string' && values.includes(v) };
}

const on = may(oneOf('public', 'user', 'both'));
const how = must(oneOf('fin', 'reset'));
const timed = { seconds: may(positive) };
const strike = { on, pick: may(oneOf('one', 'all')), nextOpens: may(count), afterMs: may(notNegative) };
const answer = {
  status: must(status),
  body: may(oneOf('empty', 'plain', 'json', 'html', 'challenge')),
  text: may(text),
  headers: may(headers),
};
const aim = { path: may(text), method: may(text), count: may(count), ...timed };
const frames = { on, frames: must(count), channel: may(text) };
const form = must(
  oneOf('not-json', 'truncated', 'wrong-envelope', 'control-characters', 'invalid-types', 'huge', 'binary'),
);

/** The fields of every kind of fault. */
export const shapes: Record<FaultKind, Record<string, FieldShape>> = {
  close: { code: must(closeCode), reason: may(text), ...strike },
  cut: { how, ...strike },
  mute: { on, pongs: may(flag), alsoNew: may(flag), ...timed },
  'refuse-upgrades': { on, count: may(count), ...answer, ...timed },
  'hang-upgrades': { on, count: may(count), ...timed },
  'reset-upgrades': { on, count: may(count), ...timed },
  'refuse-connections': { on: may(oneOf('public', 'user', 'both', 'rest', 'all')), ...timed },
  tls: { certificate: must(oneOf('expired', 'self-signed', 'wrong-host')), ...timed },
  silence: { on, channel: must(text), product: may(text), ...timed },
  drop: frames,
  duplicate: frames,
  reorder: { on, times: may(count) },
  malform: { form, ...frames },
  text: { on, text: must(text) },
  'error-frame': { on, message: must(text), fields: may(object) },
  'skip-heartbeats': { on, beats: must(count), useSequence: may(flag) },
  'delay-heartbeats': { on, ms: must(positive), ...timed },
  'heartbeat-string': { on, ...timed },
  'no-acknowledgement': { on, ...timed },
  'reject-subscribes': {
    on,
    channel: may(text),
    count: may(count),
    message: may(text),
    fields: may(object),
    ...timed,
  },
  'expire-tokens': { on, code: may(closeCode), ...timed },
  'big-snapshot': { bytes: may(count), ...timed },
  'rest-status': { ...answer, ...aim },
  'rest-delay': { ms: must(positive), ...aim },
  'hang-rest': aim,
  'cut-rest': { how, ...aim },
  limits: {
    publicPerSecond: may(notNegative),
    privatePerSecond: may(notNegative),
    headers: may(flag),
    body: may(oneOf('empty', 'html', 'json')),
    retryAfter: may(retryAfter),
    ...timed,
  },
  'other-traffic': {
    bucket: must(oneOf('public', 'private')),
    perSecond: must(notNegative),
    fromPerSecond: may(notNegative),
    rampSeconds: may(positive),
    ...timed,
  },
  penalty: { seconds: must(positive) },
  'time-cache': { ageSeconds: may(notNegative), ...timed },
  skew: { ms: must(number), ...timed },
  'token-tolerance': { ms: must(notNegative), ...timed },
  'disable-key': timed,
  permissions: { view: may(flag), trade: may(flag), transfer: may(flag), ...timed },
  'bind-portfolio': { portfolio: must(oneOf('default', 'bots')), ...timed },
  'stick-order': {
    status: must(oneOf('OPEN', 'CANCEL_QUEUED')),
    fill: may(flag),
    product: may(text),
    ...timed,
  },
  mismatch: { asset: must(text), amount: must(amount), ...timed },
};
