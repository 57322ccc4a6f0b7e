// Findings that were open when a file begins in the middle of a session: what raised them lies before it, so that no rule can see it.
// They stand for a while, as causes too; a rule that sees the matter again takes over.

import type { Model } from '../core/model.ts';
import { CATALOGUE } from './catalogue.ts';
import { clockTime, type Sighting, sighting, step } from './rule.ts';

export interface Carried {
  key: string;
  /** When the file begins: monotonic and epoch ms. */
  sinceT: number;
  sinceAt: number;
}

/** What is still true shows again within this time: most polls and all heartbeats come round. */
const CARRIED_MS = 30_000;
const TALKERS = ['public', 'user', 'rest'] as const;

/** What the key of a finding lets be said of it; null for one that this version does not know. */
export function carriedSighting({ key, sinceAt }: Carried): Sighting | null {
  const [code = '', ...rest] = key.split(' ');
  const about = rest.join(' ');
  // Keys come from a file: `constructor` is no code.
  const entry = Object.hasOwn(CATALOGUE, code) ? CATALOGUE[code] : undefined;
  if (entry === undefined) return null;
  return sighting({
    code,
    ...(about === '' ? {} : { about }),
    confidence: 'low',
    connection: TALKERS.find((talker) => talker === about) ?? null,
    title: `It was open when this recording begins: ${entry.raisedWhen}.`,
    evidence: [`open at ${clockTime(sinceAt)}; what raised it lies before this recording`],
    steps: [step('look at what came before this recording', 'unknown', 'it begins in the middle of the session')],
    escalate: false,
    clearedBecause: 'not seen again since this recording began',
  });
}

/** Whether it still stands by itself. */
export function isCarried(carried: Carried, model: Model): boolean {
  return model.t >= carried.sinceT && model.t - carried.sinceT <= CARRIED_MS;
}
