// Counts what was taken out of a text before: the stand-ins that redaction left. It changes nothing.

import type { Removed } from './redact.ts';
import type { RemovedKind } from './secret-patterns.ts';

const STAND_IN = /\[(signature removed|private key removed|e-mail removed|redacted|removed|masked)\]/g;
const CONTEXT_CHARACTERS = 48;

function kindOf(standIn: string, before: string): RemovedKind {
  if (standIn === 'signature removed') return 'token signature';
  if (standIn === 'private key removed') return 'private key';
  if (standIn === 'e-mail removed') return 'e-mail address';
  if (standIn === 'redacted') return 'registered secret';
  if (/(?:cookie[^a-z]{0,6}|[\w-]=|;\s*[\w-]+=)$/i.test(before)) return 'cookie';
  if (/(?:bearer|basic)\s+$/i.test(before)) return 'bearer token';
  return standIn === 'masked' || /cb-access-|authorization/i.test(before) ? 'signing header' : 'secret field';
}

/** How many stand-ins of each kind a text holds: what was removed when it was recorded. */
export function countStandIns(text: string): Removed[] {
  const counts = new Map<RemovedKind, number>();
  for (const match of text.matchAll(STAND_IN)) {
    const before = text.slice(Math.max(0, match.index - CONTEXT_CHARACTERS), match.index);
    const kind = kindOf(match[1] ?? '', before);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => ({ kind, count }));
}
