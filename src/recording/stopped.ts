// Why a recording ended by itself, in words that say what to do. It touches no file.

import { safeText } from '../base/text.ts';
import type { FactOf } from '../core/fact.ts';

/** Why a recording ended by itself: the reason of the fact `recording.stopped`, and a sentence. */
export interface Stopped {
  reason: FactOf<'recording.stopped'>['reason'];
  detail: string;
}

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);

/** What an answer of the operating system to a write means, by its code. */
export function whyRefused(file: string, code: string): Stopped {
  const name = safeText(file);
  if (DISK_FULL.has(code))
    return { reason: 'disk-full', detail: `the disk has no room left (${code}); free some space` };
  if (code !== 'EFBIG') return { reason: 'error', detail: `writing ${name} failed with ${safeText(code)}` };
  const reached = `${name} is as large as this process may make a file (${code})`;
  return { reason: 'cap', detail: `${reached}; raise the limit (ulimit -f), or let --rotate-size begin further files` };
}
