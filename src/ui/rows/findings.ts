// The findings pane: what is wrong, newest first: severity, code, where, since when, how often, who settles it. Pure.

import type { TrackedFinding } from '../../core/finding.ts';
import { choicesOf } from '../drill.ts';
import { matchingFindings } from '../filter.ts';
import type { Glyphs, Role } from '../theme.ts';
import { clockDuration, grouped } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import {
  type Cell,
  type Column,
  cell,
  fitColumns,
  flow,
  type PaneLine,
  type PaneRows,
  type Room,
  sentence,
  tableLine,
  windowOf,
  wrapText,
} from './cells.ts';
import { choiceRows } from './choices.ts';

export function isOpen(finding: TrackedFinding): boolean {
  return finding.status !== 'cleared';
}

/** Severity as a glyph: ✗ critical, ! warning, · info, ✓ cleared. */
export function severityMark(finding: TrackedFinding, glyphs: Glyphs): string {
  if (!isOpen(finding)) return glyphs.pass;
  if (finding.severity === 'critical') return glyphs.fail;
  return finding.severity === 'warning' ? glyphs.warning : glyphs.dot;
}

export function findingRole(finding: TrackedFinding): Role {
  if (!isOpen(finding)) return 'good';
  if (finding.acknowledged || finding.snoozedUntilT !== null) return 'dim';
  return finding.severity === 'critical' ? 'critical' : finding.severity === 'warning' ? 'warning' : 'plain';
}

/** How long it has been open, or how long ago it was cleared. */
export function findingAge(finding: TrackedFinding, view: View): string {
  const since = isOpen(finding) ? finding.firstT : (finding.clearedT ?? finding.lastT);
  return clockDuration(Math.max(0, view.snapshot.t + view.driftMs - since));
}

/** Who settles it: T1 with the customer, or T2. */
export function tier(finding: TrackedFinding): string {
  return finding.escalate === null ? 'T1' : finding.escalate.to;
}

function standing(finding: TrackedFinding, view: View): string {
  if (!isOpen(finding)) return 'cleared';
  if (finding.snoozedUntilT !== null && finding.snoozedUntilT > view.snapshot.t) return 'snoozed';
  return finding.acknowledged ? 'seen' : tier(finding);
}

export function findingText(finding: TrackedFinding): string {
  if (isOpen(finding) || finding.clearedBecause === null || finding.clearedBecause === '') return finding.title;
  return finding.clearedBecause;
}

const COLUMNS: readonly Column[] = [
  { width: 1 },
  { width: '*', gap: 1 },
  { width: 7, gap: 1, drop: 2 },
  { width: 8, align: 'right', gap: 0 },
  { width: 5, align: 'right', gap: 1, drop: 1 },
  { width: 7, align: 'right', gap: 1 },
];

const ONE_LINE: readonly Column[] = [
  { width: 1 },
  { width: 18, gap: 1, min: 18 },
  { width: 6, gap: 1 },
  { width: 7, align: 'right', gap: 0 },
  { width: 5, align: 'right', gap: 0 },
  { width: '*', gap: 2 },
  { width: 2, align: 'right', gap: 1 },
];

const where = (finding: TrackedFinding): string =>
  finding.connection === 'rest' ? 'REST' : (finding.connection ?? '');

function headCells(finding: TrackedFinding, view: View): Cell[] {
  const role = findingRole(finding);
  return [
    cell(severityMark(finding, view.glyphs), role),
    cell(finding.code, role),
    cell(where(finding), 'dim'),
    cell(findingAge(finding, view)),
    isOpen(finding) ? cell(`${view.glyphs.times}${grouped(finding.count)}`, 'dim') : cell(''),
    cell(standing(finding, view), isOpen(finding) ? 'dim' : 'good'),
  ];
}

/** The whole finding in one line; a long code takes room from the text, not from the columns before it. */
function oneLine(finding: TrackedFinding, view: View, width: number): PaneLine {
  const cells = headCells(finding, view);
  const state = standing(finding, view);
  const said = state === tier(finding) ? findingText(finding) : `${state}: ${findingText(finding)}`;
  const text = cell(said, isOpen(finding) ? 'plain' : 'dim');
  const who = cell(isOpen(finding) ? tier(finding) : '', 'dim');
  const columns = ONE_LINE.map((column, index) => (index === 1 && width >= 100 ? { ...column, width: 24 } : column));
  return { cells: tableLine(fitColumns(width, columns), [...cells.slice(0, 5), text, who]) };
}

const NARROW: readonly Column[] = [
  { width: 1 },
  { width: '*', gap: 1 },
  { width: 7, align: 'right', gap: 1 },
  { width: 2, align: 'right', gap: 1 },
];

function headLine(finding: TrackedFinding, view: View, width: number): PaneLine {
  const cells = headCells(finding, view);
  if (width >= 44) return { cells: tableLine(fitColumns(width, COLUMNS), cells) };
  const narrow = [cells[0], cells[1], cells[3], cell(isOpen(finding) ? tier(finding) : '', 'dim')].map(
    (part) => part ?? cell(''),
  );
  return { cells: tableLine(fitColumns(width, NARROW), narrow) };
}

/** The head, then the sentence on at most `most` lines. */
function moreLines(finding: TrackedFinding, view: View, width: number, most: number): PaneLine[] {
  const all = wrapText(findingText(finding), width - 2, most + 1);
  const texts = all.slice(0, most);
  if (all.length > most) texts[most - 1] = `${texts[most - 1] ?? ''} ${all[most] ?? ''}`;
  const role: Role = isOpen(finding) ? 'plain' : 'dim';
  return [headLine(finding, view, width), ...texts.map((text) => ({ cells: flow(width, [cell(text, role)], 1, 2) }))];
}

export function noFindings(view: View): string {
  const { snapshot, state } = view;
  if (state.filter !== '' && snapshot.findings.length > 0)
    return `none matches the filter "${state.filter}" (${snapshot.findings.length} hidden)`;
  return 'none: nothing that needs a person has been seen';
}

export function findingsRows(view: View, room: Room): PaneRows {
  const choices = choicesOf(view.state);
  if (choices !== null) return choiceRows(view, room, choices);
  const findings = matchingFindings(view.state.filter, view.snapshot.findings);
  const open = view.snapshot.openFindings;
  const right = `${open === 0 ? 'none' : grouped(open)} open`;
  if (findings.length === 0) return { lines: sentence(room.width, room.height, noFindings(view)), right };
  const single = room.width >= 70 && !room.zoomed;
  const texts = Math.max(
    1,
    Math.min(room.zoomed ? 3 : 2, Math.floor(room.height / Math.max(1, Math.min(open, findings.length))) - 1),
  );
  const count = Math.max(1, Math.floor(room.height / (single ? 1 : texts + 1)));
  const from = windowOf(findings.length, chosenIndex(view, 'findings'), count);
  const lines: PaneLine[] = [];
  let shown = 0;
  for (const [index, finding] of findings.slice(from).entries()) {
    const next = single ? [oneLine(finding, view, room.width)] : moreLines(finding, view, room.width, texts);
    if (lines.length + next.length > room.height && lines.length > 0) break;
    lines.push(...next.map((line) => ({ ...line, item: from + index })));
    shown += 1;
  }
  const hidden = findings.length - shown;
  return { lines: lines.slice(0, room.height), right: hidden > 0 ? `${right}, ${hidden} more` : right };
}
