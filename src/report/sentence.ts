// The plain lines: one sentence for each thing that a person would want to be told, and the summary that fits a ticket.

import { safeStart } from '../base/text.ts';
import type { Fact } from '../core/fact.ts';
import type { FindingChange, Verdict } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { FindingHistory } from '../playbook/case-book.ts';
import { PARTY_NAMES } from '../playbook/verdict.ts';

const MARKS = { critical: '✗', warning: '!', info: 'i' } as const;

export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A sentence about a connection, or null when the fact is nothing to be told. */
export function connectionSentence(fact: Fact): string | null {
  const at = clock(fact.at);
  switch (fact.fact) {
    case 'socket.opened':
      return `${at}  ${fact.connection}  open  ${safeStart(fact.host, 80)}`;
    case 'socket.closed':
      return `${at}  ${fact.connection}  closed ${fact.code} by ${fact.by} (${fact.cause})${fact.reason === '' ? '' : ` “${safeStart(fact.reason, 120)}”`}`;
    case 'upgrade.refused':
      return `${at}  ${fact.connection}  upgrade refused with HTTP ${fact.status}`;
    case 'connect.failed':
      return `${at}  ${fact.connection}  connecting failed in ${fact.phase}: ${fact.errorCode} ${safeStart(fact.host, 80)}`;
    case 'retry.scheduled':
      return `${at}  ${fact.connection}  next attempt (${fact.attempt}) in ${seconds(fact.delayMs)}`;
    case 'recording.started':
      return `${at}  this  recording to ${safeStart(fact.file, 200)}`;
    case 'user.asked':
      return fact.action === 'mark' ? `${at}  you  marked ${safeStart(fact.detail, 120)}` : null;
    case 'recording.stopped':
      return `${at}  this  recording stopped: ${fact.reason} ${safeStart(fact.detail, 200)}`;
    default:
      return null;
  }
}

export function changeSentences(change: FindingChange): string[] {
  const { finding } = change;
  const at = clock(change.at);
  if (change.status === 'cleared') return [`${at}  ✓ ${finding.code}  cleared: ${finding.clearedBecause ?? ''}`];
  if (change.status === 'updated') return [];
  const first = `${at}  ${MARKS[finding.severity]} ${finding.code}  ${finding.title}`;
  return finding.severity === 'info' ? [first] : [first, `              fix: ${finding.fix[0] ?? ''}`];
}

export function verdictSentence(verdict: Verdict, at: number): string {
  return `${clock(at)}  ▌${PARTY_NAMES[verdict.party]}  ${verdict.sentence} (${verdict.confidence} confidence)`;
}

/** Once in a while, what flows: so that a quiet pipe is not taken for a dead one. */
export function trafficSentence(snapshot: Snapshot): string {
  const parts = (['public', 'user'] as const).map((name) => {
    const { state, framesPerSecond } = snapshot.connections[name];
    return state === 'open' ? `${name} ${framesPerSecond.toFixed(1)} frames/s` : `${name} ${state}`;
  });
  const offset =
    snapshot.clock.offsetMs === null
      ? 'clock not measured'
      : `clock ${snapshot.clock.offsetMs > -5 ? '+' : '−'}${Math.abs(snapshot.clock.offsetMs / 1_000).toFixed(2)} s`;
  return `${clock(snapshot.at)}  · ${parts.join(', ')}, REST ${snapshot.rest.requests} calls, ${offset}`;
}

/** The end of a run or a report: verdict, findings, counts. */
export function summaryText(model: Model, verdict: Verdict, history: FindingHistory[]): string[] {
  const lines = ['', `${PARTY_NAMES[verdict.party]}  ${verdict.sentence}`];
  lines.push(
    `${new Date(model.startedAt).toISOString()}  for ${seconds(model.t)}, ${model.seq} facts, ${model.rest.requests} REST calls`,
  );
  lines.push(
    (['public', 'user'] as const)
      .map(
        (name) =>
          `${name}: ${model.connections[name].traffic.frames} frames, ${model.connections[name].sequence.lost} lost, ${Math.max(0, model.connections[name].opens - 1)} reconnects`,
      )
      .join('   '),
  );
  if (history.length === 0) return [...lines, 'findings: none'];
  lines.push('', 'findings:');
  for (const { finding, severity, count, firstAt, lastAt } of history) {
    const state = finding.status === 'cleared' ? `cleared: ${finding.clearedBecause ?? ''}` : 'open';
    lines.push(
      `  ${MARKS[severity]} ${finding.code.padEnd(24)} ×${count}  ${clock(firstAt)}–${clock(lastAt)}  ${finding.escalate === null ? 'T1' : 'T2'}  ${state}`,
    );
    lines.push(`      ${finding.title}`);
    for (const evidence of finding.evidence.slice(0, 3)) lines.push(`      · ${evidence}`);
    lines.push(`      fix: ${finding.fix[0] ?? ''}`);
  }
  return lines;
}
