// What stays on the normal screen after leaving: the verdict and the open findings, as plain lines. Pure.

import { safeText } from '../../base/text.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { clockDuration } from '../units.ts';
import { findingText, isOpen, tier } from './findings.ts';
import { partyName } from './verdict.ts';

/** At most `rows` − 6 lines, at least one. */
export function farewellText(snapshot: Snapshot, rows: number): string {
  const most = Math.max(1, rows - 6);
  const { verdict, recording } = snapshot;
  const open = snapshot.findings.filter(isOpen);
  const lines = [`${partyName(verdict.party)}: ${verdict.sentence}`];
  const file = recording === null || recording.file === '' ? [] : [`recording: ${recording.file}`];
  const room = most - lines.length - file.length;
  const shown = open.length > room ? open.slice(0, Math.max(0, room - 1)) : open;
  for (const finding of shown) {
    const age = clockDuration(snapshot.t - finding.firstT);
    lines.push(
      `  ${finding.severity}  ${finding.code}${finding.connection === null ? '' : ` ${finding.connection}`}  since ${age}  ${tier(finding)}  ${findingText(finding)}`,
    );
  }
  if (shown.length < open.length && room > 0) lines.push(`  and ${open.length - shown.length} more open findings`);
  return [...lines, ...file].slice(0, most).map(safeText).join('\n');
}
