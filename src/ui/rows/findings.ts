// The findings pane: what is wrong, newest first: severity, code, where, since when, how often, who settles it. Pure.

import type { TrackedFinding } from '../../core/finding.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { choicesOf } from '../drill.ts';
import { matchingFindings, nothingMatches } from '../filter.ts';
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

/** What the pane says of a finding: what the verdict says already is not said twice, so there is room for what to do. */
function paneText(finding: TrackedFinding, { verdict }: Snapshot): string {
  const [fix] = finding.fix;
  const isSaid = finding.key === verdict.findingKey && finding.title === verdict.sentence;
  return isOpen(finding) && isSaid && fix !== undefined ? `fix: ${fix}` : findingText(finding);
}

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
  ];
}

/** Cells from which a finding can be told in one line. */
const WIDE = 70;
const TEXT_LINES_MAX = 4;
const CLEARED_LINES_MAX = 2;

/** Widths that the shown findings need: no code is ever cut, and the text takes the rest. */
interface Widths {
  code: number;
  where: number;
  age: number;
  count: number;
  state: number;
}

function widthsOf(findings: readonly TrackedFinding[], view: View): Widths {
  const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const open = findings.filter(isOpen);
  return {
    code: longest(findings.map(({ code }) => code)),
    where: longest(findings.map(where)),
    age: Math.max(5, longest(findings.map((finding) => findingAge(finding, view)))),
    count: Math.max(3, longest(open.map(({ count }) => grouped(count))) + 1),
    state: longest(findings.map((finding) => standing(finding, view))),
  };
}

/** The whole finding in one line. */
function oneLine(finding: TrackedFinding, view: View, width: number, widths: Widths): PaneLine {
  const state = standing(finding, view);
  const told = paneText(finding, view.snapshot);
  const said = state === tier(finding) ? told : `${state}: ${told}`;
  const columns: Column[] = [
    { width: 1 },
    { width: widths.code, gap: 1 },
    { width: widths.where, gap: widths.where === 0 ? 0 : 1, drop: 2 },
    { width: widths.age, align: 'right', gap: 1, drop: 1 },
    { width: widths.count, align: 'right', gap: 1, drop: 3 },
    { width: '*', gap: 2, min: 20 },
    { width: 2, align: 'right', gap: 1 },
  ];
  const settles = isOpen(finding) ? tier(finding) : '';
  const cells = [...headCells(finding, view), cell(said, isOpen(finding) ? 'plain' : 'dim'), cell(settles, 'dim')];
  return { cells: tableLine(fitColumns(width, columns), cells) };
}

function isClipped({ cells }: PaneLine, finding: TrackedFinding): boolean {
  return !cells.some(({ text }) => text.endsWith(findingText(finding)));
}

/** Mark, code, where, since when, how often and who; what does not fit beside the code is left out. */
function headLine(finding: TrackedFinding, view: View, width: number, widths: Widths): PaneLine {
  // In a wide pane figures stay beside the code they belong to.
  const code: Column = width < WIDE ? { width: '*', gap: 1, min: widths.code } : { width: widths.code, gap: 1 };
  const columns: Column[] = [
    { width: 1 },
    code,
    { width: widths.where, gap: widths.where === 0 ? 0 : 1, drop: 2 },
    { width: widths.age, align: 'right', gap: 1, drop: 1 },
    { width: widths.count, align: 'right', gap: 1, drop: 3 },
    width < WIDE ? { width: widths.state, align: 'right', gap: 1, drop: 4 } : { width: widths.state, gap: 2, drop: 4 },
  ];
  const state = cell(standing(finding, view), 'dim');
  return { cells: tableLine(fitColumns(width, columns), [...headCells(finding, view), state]) };
}

/** The sentence under a head on at most `most` lines, the last one clipped. */
function sentenceLines({ text, role }: Cell, width: number, most: number): PaneLine[] {
  const all = wrapText(text, width - 2, most + 1);
  const texts = all.slice(0, most);
  if (most > 0 && all.length > most) texts[most - 1] = `${texts[most - 1] ?? ''} ${all[most] ?? ''}`;
  return texts.map((part) => ({ cells: flow(width, [cell(part, role)], 1, 2) }));
}

/** The head, then the sentence on at most `most` lines. */
function moreLines(
  finding: TrackedFinding,
  view: View,
  width: number,
  { most, widths }: { most: number; widths: Widths },
): PaneLine[] {
  if (!isOpen(finding) && width >= WIDE) {
    const line = oneLine(finding, view, width, widths);
    if (most === 0 || !isClipped(line, finding)) return [line];
  }
  const text = cell(paneText(finding, view.snapshot), isOpen(finding) ? 'plain' : 'dim');
  const lines = isOpen(finding) ? most : Math.min(CLEARED_LINES_MAX, most);
  return [headLine(finding, view, width, widths), ...sentenceLines(text, width, lines)];
}

/** Lines that open findings should have at least: a head, and two of their sentence if it has as many. */
function linesFor(findings: readonly TrackedFinding[], snapshot: Snapshot, width: number): number {
  return findings.reduce((sum, finding) => sum + 1 + wrapText(paneText(finding, snapshot), width - 2, 2).length, 0);
}

export function noFindings(view: View): string {
  const { snapshot, state } = view;
  if (state.filter !== '' && snapshot.findings.length > 0)
    return nothingMatches(state.filter, grouped(snapshot.findings.length));
  return 'none: nothing that needs a person has been seen';
}

export function findingsRows(view: View, room: Room): PaneRows {
  const choices = choicesOf(view.state);
  if (choices !== null) return choiceRows(view, room, choices);
  const matching = new Set(matchingFindings(view.state.filter, view.raw.findings).map(({ key }) => key));
  const findings = view.snapshot.findings.filter(({ key }) => matching.has(key));
  const open = view.snapshot.openFindings;
  const right = `${open === 0 ? 'none' : grouped(open)} open`;
  if (findings.length === 0) return { lines: sentence(room.width, room.height, noFindings(view)), right };
  // Where the open ones would not have two lines each, a wide pane gives each of them one.
  const single = room.width >= WIDE && 2 * Math.min(open, findings.length) > room.height;
  const count = Math.max(1, Math.floor(room.height / (single ? 1 : 3)));
  const from = windowOf(findings.length, chosenIndex(view, 'findings'), count);
  const widths = widthsOf(findings, view);
  const lines: PaneLine[] = [];
  let shown = 0;
  for (const [index, finding] of findings.slice(from).entries()) {
    const left = room.height - lines.length;
    if (left <= 0) break;
    const later = findings.slice(from + index + 1).filter(isOpen);
    const most = Math.max(Math.min(1, left - 1), left - 1 - linesFor(later, view.snapshot, room.width));
    const next = single
      ? [oneLine(finding, view, room.width, widths)]
      : moreLines(finding, view, room.width, { most: Math.min(most, TEXT_LINES_MAX), widths });
    if (next.length > left && lines.length > 0) break;
    lines.push(...next.map((line) => ({ ...line, item: from + index })));
    shown += 1;
  }
  const hidden = findings.length - shown;
  return { lines: lines.slice(0, room.height), right: hidden > 0 ? `${right}, ${hidden} more` : right };
}
