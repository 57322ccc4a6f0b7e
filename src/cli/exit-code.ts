// What the process says when it ends. README's list is checked against this table.

import type { Severity } from '../core/finding.ts';

export const EXIT = { healthy: 0, internal: 1, usage: 2, critical: 3, warning: 4 } as const;

export const EXIT_ROWS: readonly { code: number; meaning: string }[] = [
  { code: EXIT.healthy, meaning: 'healthy: nothing above info was raised' },
  { code: EXIT.internal, meaning: 'internal error' },
  { code: EXIT.usage, meaning: 'usage or configuration' },
  { code: EXIT.critical, meaning: 'a critical finding was raised' },
  { code: EXIT.warning, meaning: 'warnings only' },
];

/** Counts everything that was raised, also what has cleared since. */
export function exitCodeOf(severities: Iterable<Severity>): number {
  let code: number = EXIT.healthy;
  for (const severity of severities) {
    if (severity === 'critical') return EXIT.critical;
    if (severity === 'warning') code = EXIT.warning;
  }
  return code;
}
