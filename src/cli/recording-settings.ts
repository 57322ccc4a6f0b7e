// What is recorded and how: the file, what becomes of one that is there, and when a next one is begun.

import type { Collector } from './collector.ts';
import type { WatchFlags } from './settings.ts';
import type { Read } from './values.ts';
import { readDuration, readSize } from './values.ts';
import type { Variables } from './variables.ts';
import { variable } from './variables.ts';

export interface RecordingSettings {
  /** File to record to, or null; empty for a name made from the time. */
  record: string | null;
  /** What to do with a file of that name that holds something: `create` refuses it. */
  existing: 'create' | 'append' | 'replace';
  compress: boolean;
  /** When a recording goes on in a next file; null is never. */
  rotation: { bytes: number | null; ms: number | null };
}

function readRecord(collect: Collector, flags: WatchFlags, variables: Variables): string | null {
  const written = variable(variables, 'CBSCOPE_RECORD');
  if (flags.record === undefined && written === null) {
    collect.note('record', 'off', 'default');
    return null;
  }
  const file = typeof flags.record === 'string' ? flags.record : flags.record === true ? '' : (written?.value ?? '');
  collect.note(
    'record',
    file === '' ? 'a file named by the time' : file,
    flags.record === undefined ? (written?.origin ?? 'default') : 'flag',
  );
  return file;
}

function readExisting(
  collect: Collector,
  { append, force }: WatchFlags,
  record: string | null,
): RecordingSettings['existing'] {
  if ((append === true || force === true) && record === null)
    collect.problems.push(
      `${append === true ? '--append' : '--force'} is about the file of --record, and none is named; add --record FILE`,
    );
  if (append === true && force === true)
    collect.problems.push('--append and --force: a recording is gone on with or replaced, not both; leave one out');
  if (append === true) return 'append';
  return force === true ? 'replace' : 'create';
}

function readRotation(collect: Collector, flags: WatchFlags): RecordingSettings['rotation'] {
  const read = <T>(name: string, text: string | undefined, by: (name: string, text: string) => Read<T>): T | null => {
    if (text === undefined) return null;
    return collect.read<T | null>(name, { value: text, origin: 'flag', name: `--${name}` }, by, null);
  };
  const bytes = read('rotate-size', flags.rotateSize, readSize);
  return { bytes, ms: read('rotate-time', flags.rotateTime, readDuration) };
}

/** Complaints about them go to the collector. */
export function readRecordingSettings(collect: Collector, flags: WatchFlags, variables: Variables): RecordingSettings {
  const record = readRecord(collect, flags, variables);
  const existing = readExisting(collect, flags, record);
  return { record, existing, compress: flags.compress === true, rotation: readRotation(collect, flags) };
}
