// The doctor's result for a person: each check with its mark and figure, then what was found and what to do.

import { safeStart } from '../base/text.ts';
import type { Step, Verdict } from '../core/finding.ts';
import type { FindingHistory } from '../playbook/case-book.ts';
import { PARTY_NAMES } from '../playbook/verdict.ts';

const MARKS = { pass: '✓', fail: '✗', unknown: '?' } as const;
const WIDTH_MAX = 58;

/** The name of a check without its question. */
function labelOf(check: Step): string {
  return check.text.split(': ')[0] ?? check.text;
}

export function doctorText(checks: Step[], verdict: Verdict, history: FindingHistory[]): string[] {
  const width = Math.min(WIDTH_MAX, Math.max(...checks.map((check) => labelOf(check).length)));
  const lines = checks.map(
    (check) =>
      `  ${MARKS[check.result]} ${safeStart(labelOf(check), width).padEnd(width)}  ${safeStart(check.detail, 160)}`,
  );
  const told = history.filter((entry) => entry.severity !== 'info' || entry.finding.code === 'AUTH_NO_CREDENTIALS');
  const findings = told.flatMap(({ finding }) => [
    '',
    `${finding.code}  ${finding.title}`,
    ...finding.fix.map((fix, index) => `  ${index + 1}. ${fix}`),
  ]);
  return ['', ...lines, ...findings, '', `${PARTY_NAMES[verdict.party]}  ${verdict.sentence}`];
}
