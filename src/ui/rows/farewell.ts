// What stays on the normal screen after leaving: the verdict and the open findings, as plain lines. Pure.

import { clipCells, safeText } from '../../base/text.ts';
import type { TrackedFinding } from '../../core/finding.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Size } from '../layout.ts';
import { clockDuration } from '../units.ts';
import { wrapText } from './cells.ts';
import { findingText, isOpen, tier } from './findings.ts';
import { partyName } from './verdict.ts';

function findingLine(finding: TrackedFinding, snapshot: Snapshot): string {
  const age = clockDuration(snapshot.t - finding.firstT);
  const where = finding.connection === null ? '' : ` ${finding.connection}`;
  return `  ${finding.severity.padEnd(8)}  ${finding.code}${where}  since ${age}  ${tier(finding)}  ${findingText(finding)}`;
}

/** At most rows − 6 lines (at least one), none wider than the terminal. */
export function farewellText(snapshot: Snapshot, size: Size, silence: string | null = null): string {
  const most = Math.max(1, size.rows - 6);
  const { verdict, recording } = snapshot;
  const open = snapshot.findings.filter(isOpen);
  const caution = silence === null ? [] : wrapText(`${silence} at the end: what follows is of then`, size.columns, 2);
  const sentence = wrapText(`${partyName(verdict.party)}: ${verdict.sentence}`, Math.max(20, size.columns - 1), 3);
  const said = [...caution, ...sentence];
  const file = recording === null || recording.file === '' ? [] : [`recording: ${recording.file}`];
  const room = Math.max(0, most - said.length - file.length);
  const shown = open.length > room ? open.slice(0, Math.max(0, room - 1)) : open;
  const lines = shown.map((finding) =>
    clipCells(safeText(findingLine(finding, snapshot)), Math.max(20, size.columns - 1)),
  );
  if (shown.length < open.length && room > 0) lines.push(`  and ${open.length - shown.length} more open`);
  return [...said, ...lines, ...file].slice(0, most).map(safeText).join('\n');
}
