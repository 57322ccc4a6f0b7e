// The answer of a drill: right or not, what the scenario did, what tells the codes apart, then the finding as the program made it. Pure.

import type { TrackedFinding } from '../../core/finding.ts';
import { CATALOGUE, PROBLEM_TITLES } from '../../playbook/catalogue.ts';
import { firstLineReason } from '../../playbook/tier.ts';
import type { DrillState } from '../drill.ts';
import { scoreText } from '../drill.ts';
import type { Role } from '../theme.ts';
import { countdown, linesBelow } from '../units.ts';
import type { View } from '../view.ts';
import { cell, flow, type Line, type PaneRows, type Room, scrolledTo } from './cells.ts';
import { findingLines, labelled } from './finding-detail.ts';
import { isOpen } from './findings.ts';

/** The finding of this code that is worth showing: an open one before a cleared one. */
export function findingOf(findings: readonly TrackedFinding[], code: string): TrackedFinding | undefined {
  const some = findings.filter((finding) => finding.code === code);
  return some.find(isOpen) ?? some[0];
}

/** What the catalogue says of each code, side by side: how the look-alike differs. */
function apartLines(drill: DrillState, width: number): Line[] {
  const { dealt, answer } = drill;
  const codes = answer === null || answer === dealt.code ? [dealt.code] : [dealt.code, answer];
  return codes.flatMap((code, index) => [
    ...labelled(index === 0 ? 'Raised when' : '', code, width, code === dealt.code ? 'good' : 'warning'),
    ...labelled('', CATALOGUE[code]?.raisedWhen ?? 'not in the catalogue', width),
  ]);
}

/** Without a finding: the playbook's answer as the catalogue has it, and why there is no evidence yet. */
function catalogueLines(view: View, drill: DrillState, width: number): Line[] {
  const entry = CATALOGUE[drill.dealt.code];
  if (entry === undefined) return [];
  const leftMs = drill.dealt.durationMs - (view.snapshot.at - view.snapshot.startedAt) - view.driftMs;
  const why = drill.over
    ? 'none: the finding was not raised in this run'
    : `none yet: it appears here when the fault shows, within ${countdown(leftMs)}`;
  const lines = [
    ...labelled('Evidence', why, width, 'dim'),
    [],
    ...labelled('Playbook', PROBLEM_TITLES[entry.problem], width),
  ];
  for (const [index, text] of entry.fix.entries())
    lines.push(...labelled(index === 0 ? 'Fix' : '', `${index + 1}. ${text}`, width));
  const who = entry.escalation === null ? `T1: ${firstLineReason(entry.party)}.` : `T2: ${entry.escalation.reason}`;
  return [...lines, ...labelled('For', who, width)];
}

/** An answer that is wrong but was raised as well deserves to be told so. */
function alsoSeen(view: View, { dealt, answer }: DrillState): string {
  if (answer === null || answer === dealt.code || findingOf(view.snapshot.findings, answer) === undefined) return '';
  return `${answer} was seen as well, but it is not what this is about`;
}

/** All lines of the answer at this width. */
export function answerLines(view: View, drill: DrillState, width: number): Line[] {
  const { dealt, answer } = drill;
  const isRight = answer === dealt.code;
  const { pass, fail } = view.glyphs;
  const told = isRight ? `${pass} right: ${dealt.code}` : `${fail} not ${answer ?? 'answered'}: it is ${dealt.code}`;
  const also = alsoSeen(view, drill);
  const finding = findingOf(view.snapshot.findings, dealt.code);
  return [
    flow(width, [cell(told, isRight ? 'good' : 'critical')]),
    ...(also === '' ? [] : labelled('', also, width, 'dim')),
    [],
    ...labelled('Scenario', `${dealt.scenario}: ${dealt.title}`, width),
    [],
    ...apartLines(drill, width),
    [],
    ...(finding === undefined ? catalogueLines(view, drill, width) : findingLines(finding, view, width)),
  ];
}

export function answerRows(view: View, room: Room): PaneRows & { title: string; role: Role } {
  const { drill } = view.state;
  if (drill === null) return { title: 'answer', role: 'plain', lines: [] };
  const all = answerLines(view, drill, room.width);
  const { below, ...shown } = scrolledTo(view.state.scroll, all, room);
  const right = [room.width < 50 && below > 0 ? '' : scoreText(drill), linesBelow(below)].filter((part) => part !== '');
  return {
    title: `drill ${drill.dealt.number}`,
    role: drill.answer === drill.dealt.code ? 'good' : 'critical',
    ...shown,
    right: right.join(` ${view.glyphs.dot} `),
  };
}
