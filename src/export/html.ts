// A recording as one page for a browser: verdict, findings, charts and timeline in a single file. No script stands in it, none may run,
// and nothing is fetched: the policy in its head says so. Whatever the recording holds is text there.

import { createHash } from 'node:crypto';
import type { Verdict } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import type { FindingHistory } from '../playbook/case-book.ts';
import { escaped } from './escape.ts';
import type { Gathering } from './gathering.ts';
import { aboutHtml } from './page-about.ts';
import { chartsHtml } from './page-charts.ts';
import { findingsHtml } from './page-findings.ts';
import { STYLE } from './page-style.ts';
import { timelineHtml } from './page-timeline.ts';

export interface Page {
  /** Name of the recording, as it is to be shown. */
  name: string;
  version: string;
  model: Model;
  verdict: Verdict;
  findings: readonly FindingHistory[];
  gathering: Gathering;
  /** What was odd in the file, one sentence each. */
  notes: readonly string[];
}

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing may be loaded or run; the one style sheet is named by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

const WEIGHTS = { critical: 0, warning: 1, info: 2 } as const;

/** The one the verdict rests on, then what is still open, then the worst. */
function inOrder({ findings, verdict }: Page): FindingHistory[] {
  const weight = ({ finding, severity }: FindingHistory): number =>
    (finding.key === verdict.findingKey ? -10 : 0) + (finding.status === 'cleared' ? 3 : 0) + WEIGHTS[severity];
  return [...findings].sort((a, b) => weight(a) - weight(b) || a.firstAt - b.firstAt);
}

/** The whole page. */
export function htmlPage(page: Page): string {
  const { gathering, model } = page;
  const findings = inOrder(page);
  const { rows } = gathering;
  const codes = new Map(findings.map(({ finding }) => [finding.key, finding.code]));
  const codeOf = (key: string): string => codes.get(key) ?? key;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width"><title>cbscope: ${escaped(page.name, 200)}</title><style>${STYLE}</style></head>
<body>${aboutHtml(page)}
<h2>Findings</h2>${findingsHtml(findings, rows, model)}
<h2>Over time</h2>${chartsHtml(gathering, codeOf)}
${timelineHtml(gathering, rows, findings)}
</body></html>
`;
}
