// The findings of a page: one card each with what proves it, the playbook's steps decided, what to do, and who settles it.

import type { Model } from '../core/model.ts';
import type { FindingHistory } from '../playbook/case-book.ts';
import { tierText } from '../playbook/tier.ts';
import { PARTY_NAMES } from '../playbook/verdict.ts';
import { escaped } from './escape.ts';
import type { Row } from './gathering.ts';

const MARKS = { critical: '✗', warning: '!', info: 'i' } as const;
const STEPS = { pass: '✓', fail: '✗', unknown: '?' } as const;
const STEP_TONES = { pass: 'good', fail: 'critical', unknown: 'dim' } as const;
const PROBES = { pass: '✓', fail: '✗', skipped: '–' } as const;
const PROBE_TONES = { pass: 'good', fail: 'critical', skipped: 'dim' } as const;
const LINKS_MAX = 20;

export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

function list(tag: 'ul' | 'ol', items: readonly string[]): string {
  return `<${tag}>${items.map((item) => `<li>${escaped(item, 600)}</li>`).join('')}</${tag}>`;
}

function stepsTable({ steps }: FindingHistory['finding']): string {
  const rows = steps.map(
    ({ text, result, detail }) =>
      `<tr><td class="${STEP_TONES[result]}">${STEPS[result]}</td><td>${escaped(text, 300)}</td><td class="dim">${escaped(detail, 400)}</td></tr>`,
  );
  return `<table>${rows.join('')}</table>`;
}

function links(key: string, rows: readonly Row[]): string {
  const proofs = rows.filter((row) => row.nth > 0 && row.keys.includes(key)).slice(-LINKS_MAX);
  if (proofs.length === 0) return '';
  const each = proofs.map(
    ({ place, at, who, what }) => `<a href="#f${place}">${clock(at)} ${escaped(`${who} ${what}`, 60)}</a>`,
  );
  return `<p class="proofs">On the wire: ${each.join(' · ')}</p>`;
}

function card(history: FindingHistory, rows: readonly Row[]): string {
  const { finding, severity, count, firstAt, lastAt } = history;
  const isOver = finding.status === 'cleared';
  const state = isOver ? `Cleared: ${finding.clearedBecause ?? 'no longer seen'}` : 'Open at the end of the recording.';
  const { disprove } = finding;
  const who = tierText(finding);
  const times = count > 1 ? `${count} times, ${clock(firstAt)} to ${clock(lastAt)}` : clock(firstAt);
  const wrong = disprove === null ? '' : `<h4>What would prove it wrong</h4><p>${escaped(disprove, 600)}</p>`;
  return `<article class="card ${severity}"><h3><b class="${severity}">${MARKS[severity]} ${escaped(finding.code)}</b> <span class="dim">${severity} · ${escaped(PARTY_NAMES[finding.party])} · ${finding.confidence} confidence · ${times} UTC</span></h3>
<p class="title">${escaped(finding.title, 600)}</p><p class="${isOver ? 'good' : 'dim'}">${escaped(state, 400)}</p>
<h4>Evidence</h4>${list('ul', finding.evidence)}${links(finding.key, rows)}<h4>Playbook</h4>${stepsTable(finding)}<h4>Fix</h4>${list('ol', finding.fix)}${wrong}<h4>Who settles it</h4><p>${escaped(who, 400)}</p></article>`;
}

function probesHtml({ probes }: Model): string {
  if (probes === null) return '';
  const rows = probes.results.map(
    ({ name, target, result, detail }) =>
      `<tr><td class="${PROBE_TONES[result]}">${PROBES[result]}</td><td>${escaped(`${name} ${target}`, 200)}</td><td class="dim">${escaped(detail, 300)}</td></tr>`,
  );
  return `<article class="card"><h3>Control experiments <span class="dim">${clock(probes.at)} UTC, because of ${escaped(probes.reason, 100)}</span></h3><table>${rows.join('')}</table></article>`;
}

/** All cards, the worst first; the newest control experiments last. */
export function findingsHtml(findings: readonly FindingHistory[], rows: readonly Row[], model: Model): string {
  const none = '<p>Nothing was found wrong.</p>';
  return `${findings.length === 0 ? none : findings.map((each) => card(each, rows)).join('\n')}${probesHtml(model)}`;
}
