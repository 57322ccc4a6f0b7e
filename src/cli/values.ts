// Reads the values of flags and variables: each reader gives the value or one sentence that names it and says what was expected.

import type { Permission, PollName } from '../core/fact.ts';

export type Read<T> = { value: T } | { problem: string };

function shown(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value);
}

/** Comma-separated names, empty ones left out. */
export function readList(name: string, text: string): Read<string[]> {
  const list = [...new Set(text.split(',').map((item) => item.trim()))].filter((item) => item !== '');
  const odd = list.find((item) => item.length > 64 || /[\s"'\\\u0000-\u001f\u007f]/.test(item));
  if (odd !== undefined)
    return { problem: `${name} ${shown(odd)} is not a name; expected a comma-separated list such as BTC-USD,ETH-USD` };
  if (list.length === 0) return { problem: `${name} ${shown(text)} is empty; expected a comma-separated list` };
  return { value: list };
}

const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)?$/i;
const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };
const DURATION_MS_MAX = 31 * 86_400_000;

/** `30s`, `5m`, `500ms`, `1h`; a bare number is seconds. Gives milliseconds. */
export function readDuration(name: string, text: string): Read<number> {
  const match = DURATION.exec(text.trim());
  const ms = match === null ? Number.NaN : Number(match[1]) * (UNIT_MS[(match[2] ?? 's').toLowerCase()] ?? 1_000);
  if (!Number.isFinite(ms) || ms <= 0 || ms > DURATION_MS_MAX)
    return { problem: `${name} ${shown(text)} is not a duration; expected for example 30s, 5m or 1h` };
  return { value: ms };
}

const SIZE = /^(\d+(?:\.\d+)?)\s*(k|m|g)?i?b?$/i;
const UNIT_BYTES: Record<string, number> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const SIZE_BYTES_MIN = 1024 ** 2;

/** `100MB`, `1g`, at least 1 MB. Gives bytes of 1024. */
export function readSize(name: string, text: string): Read<number> {
  const match = SIZE.exec(text.trim());
  const bytes = match === null ? Number.NaN : Number(match[1]) * (UNIT_BYTES[(match[2] ?? '').toLowerCase()] ?? 1);
  if (!Number.isFinite(bytes) || bytes < SIZE_BYTES_MIN)
    return { problem: `${name} ${shown(text)} is not a size of at least 1MB; expected for example 100MB or 1GB` };
  return { value: Math.floor(bytes) };
}

export function readNumber(name: string, text: string, min: number, max: number): Read<number> {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < min || value > max)
    return { problem: `${name} ${shown(text)} is out of range; expected a number from ${min} to ${max}` };
  return { value };
}

/** A URL of one of the schemes, without credentials in it. */
export function readUrl(name: string, text: string, schemes: string[]): Read<string> {
  const expected = `expected a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { problem: `${name} ${shown(text)} is not a URL; ${expected}` };
  }
  if (!schemes.includes(url.protocol))
    return { problem: `${name} ${shown(text)} has the scheme ${url.protocol}//; ${expected}` };
  if (url.hostname === '') return { problem: `${name} ${shown(text)} names no host; ${expected}` };
  if (url.username !== '' || url.password !== '')
    return { problem: `${name} has a user or password in it; ${expected}, without credentials` };
  return { value: text.replace(/\/+$/, '') };
}

export const POLL_NAMES: readonly PollName[] = [
  'time',
  'key_permissions',
  'accounts',
  'orders',
  'fills',
  'products',
  'portfolio',
];
const POLL_SECONDS_MAX = 86_400;

/** `NAME=SECONDS`, several joined by commas; 0 switches a poll off. */
export function readPolls(name: string, texts: string[]): Read<Partial<Record<PollName, number>>> {
  const polls: Partial<Record<PollName, number>> = {};
  for (const text of texts
    .flatMap((part) => part.split(/[,\s]+/))
    .map((part) => part.trim())
    .filter((part) => part !== '')) {
    const [poll, amount] = text.split('=', 2).map((part) => part.trim());
    const known = POLL_NAMES.find((candidate) => candidate === poll);
    if (known === undefined || amount === undefined)
      return {
        problem: `${name} ${shown(text)} is not NAME=SECONDS; expected one of ${POLL_NAMES.join(', ')} with a number, such as orders=5`,
      };
    const seconds = readNumber(`${name} ${known}`, amount, 0, POLL_SECONDS_MAX);
    if ('problem' in seconds)
      return {
        problem: `${name} ${shown(text)}: ${shown(amount)} is out of range; expected seconds from 0 (off) to ${POLL_SECONDS_MAX}`,
      };
    if (seconds.value > 0 && seconds.value < 0.05)
      return { problem: `${name} ${shown(text)} is too fast; expected 0 (off) or at least 0.05 seconds` };
    polls[known] = seconds.value;
  }
  return { value: polls };
}

export function readNeeds(name: string, text: string): Read<Permission[]> {
  const list = readList(name, text);
  if ('problem' in list) return list;
  const odd = list.value.find((item) => item !== 'view' && item !== 'trade' && item !== 'transfer');
  if (odd !== undefined)
    return { problem: `${name} ${shown(odd)} is not a permission; expected view, trade or transfer` };
  return { value: list.value as Permission[] };
}

export function readChoice<const Choice extends string>(
  name: string,
  text: string,
  choices: readonly Choice[],
): Read<Choice> {
  const found = choices.find((choice) => choice === text);
  return found === undefined
    ? { problem: `${name} ${shown(text)} is unknown; expected ${choices.join(', ')}` }
    : { value: found };
}
