// One finding opened: evidence, the playbook's steps decided, the fix, what would disprove it, who settles it. Pure.

import type { Step, TrackedFinding } from '../../core/finding.ts';
import { tierText } from '../../playbook/tier.ts';
import type { Role } from '../theme.ts';
import { clockTime, counted, grouped, linesBelow } from '../units.ts';
import type { View } from '../view.ts';
import {
  cell,
  flow,
  type Line,
  type PaneRows,
  partLines,
  type Room,
  scrolledTo,
  sentence,
  wholeParts,
  wrapText,
} from './cells.ts';
import { findingAge, findingRole, isOpen, severityMark } from './findings.ts';
import { partyName } from './verdict.ts';

const LABEL = 12;

/** A label at the left, wrapped text beside it. */
export function labelled(label: string, text: string, width: number, role: Role = 'plain'): Line[] {
  const lines = wrapText(text, Math.max(8, width - LABEL));
  return lines.map((part, index) => [
    ...(index === 0 ? flow(LABEL, [cell(label, 'label')]) : []),
    ...flow(width, [{ text: part, role }], 1, LABEL),
  ]);
}

const MARKS: Record<Step['result'], { glyph: 'pass' | 'fail' | 'unknown'; role: Role }> = {
  pass: { glyph: 'pass', role: 'good' },
  fail: { glyph: 'fail', role: 'critical' },
  unknown: { glyph: 'unknown', role: 'warning' },
};

function stepLines(finding: TrackedFinding, view: View, width: number): Line[] {
  const longest = Math.max(10, ...finding.steps.map((step) => step.text.length));
  const column = Math.min(longest, Math.max(10, Math.floor(width / 3)));
  return finding.steps.flatMap((step) => {
    const { glyph, role } = MARKS[step.result];
    const names = wrapText(step.text, column);
    const details = wrapText(step.detail, Math.max(8, width - column - 7));
    const rows = Math.max(names.length, details.length);
    return Array.from({ length: rows }, (_, index) => [
      ...(index === 0 ? flow(width, [cell(view.glyphs[glyph], role)], 1, 2) : []),
      ...flow(4 + column, [cell(names[index] ?? '')], 1, 4),
      ...flow(width, [cell(details[index] ?? '', 'dim')], 1, 4 + column + 3),
    ]);
  });
}

/** Probes that ran this long before a finding still belong to it. */
const PROBES_BEFORE_MS = 60_000;

const TRIED_LINES_MAX = 8;

/** The control experiments that ran since it began: what works and what does not. */
function probeLines(finding: TrackedFinding, view: View, width: number): Line[] {
  const { probes } = view.snapshot;
  if (probes === null || probes.at < finding.firstAt - PROBES_BEFORE_MS) return [];
  const { glyphs } = view;
  const marks = { pass: glyphs.pass, fail: glyphs.fail, skipped: glyphs.unknown };
  const told = probes.results.map(({ name, target, result }) => `${name} ${target} ${marks[result]}`);
  const lines = partLines([`${clockTime(probes.at)} UTC`, ...told], '   ', width - LABEL, TRIED_LINES_MAX);
  return [[], ...lines.flatMap((text, index) => labelled(index === 0 ? 'Tried' : '', text, width, 'dim'))];
}

function lifeText(finding: TrackedFinding): string {
  const since = `first ${clockTime(finding.firstAt)} UTC, last ${clockTime(finding.lastAt)} UTC`;
  const facts =
    finding.facts.length === 0 ? '' : `, ${counted(finding.facts.length, 'fact')} behind it: Enter opens them`;
  return `${since}${facts}`;
}

/** All lines of the opened finding at this width. */
export function findingLines(finding: TrackedFinding, view: View, width: number): Line[] {
  const gap: Line = [];
  const lines: Line[] = wrapText(finding.title, width).map((text) => flow(width, [cell(text, 'strong')]));
  if (!isOpen(finding)) lines.push(...labelled('Cleared', finding.clearedBecause ?? 'no longer seen', width, 'good'));
  lines.push(gap);
  for (const [index, text] of finding.evidence.entries())
    lines.push(...labelled(index === 0 ? 'Evidence' : '', text, width));
  lines.push(...labelled(finding.evidence.length === 0 ? 'Evidence' : '', lifeText(finding), width, 'dim'), gap);
  lines.push(
    flow(width, [
      cell('Playbook'.padEnd(LABEL - 1), 'label'),
      cell(`party: ${partyName(finding.party).toLowerCase()}, ${finding.confidence} confidence`, 'dim'),
    ]),
  );
  lines.push(...stepLines(finding, view, width), ...probeLines(finding, view, width), gap);
  for (const [index, text] of finding.fix.entries())
    lines.push(...labelled(index === 0 ? 'Fix' : '', `${index + 1}. ${text}`, width));
  if (finding.disprove !== null) lines.push(...labelled('Disprove', finding.disprove, width));
  lines.push(...labelled('For', tierText(finding), width, finding.escalate === null ? 'plain' : 'warning'));
  return lines;
}

export function findingDetailRows(view: View, room: Room, key: string): PaneRows & { title: string; role: Role } {
  const finding = view.snapshot.findings.find((candidate) => candidate.key === key);
  if (finding === undefined) {
    return {
      title: 'finding',
      role: 'plain',
      lines: sentence(room.width, room.height, 'this finding is no longer held; Esc goes back'),
    };
  }
  const all = findingLines(finding, view, room.width);
  const { below, ...shown } = scrolledTo(view.state.scroll, all, room);
  const state = isOpen(finding) ? `since ${findingAge(finding, view)}` : `cleared ${findingAge(finding, view)} ago`;
  const seen = finding.snoozedUntilT !== null ? 'snoozed' : finding.acknowledged ? 'acknowledged' : '';
  const parts = [finding.severity, state, `${view.glyphs.times}${grouped(finding.count)}`, seen, linesBelow(below)];
  const title = `${severityMark(finding, view.glyphs)} ${finding.code}`;
  const right = wholeParts(parts, ` ${view.glyphs.dot} `, room.width - title.length - 6);
  return { title, role: findingRole(finding), ...shown, right };
}
