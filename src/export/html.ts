// A recording as one page for a browser: findings, timeline, charts and frames in a single file. No script stands in it, none may run,
// and nothing is fetched: the policy in its head says so. Whatever the recording holds is text there.

import type { Verdict } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import type { FindingHistory } from '../playbook/case-book.ts';
import { PARTY_NAMES } from '../playbook/verdict.ts';
import { type Chart, chart, type Line, type Span } from './chart.ts';
import { escaped } from './escape.ts';
import type { Event, Figure, Gathering, ShownFact } from './gathering.ts';

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

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #667; --paper: #fff; --line: #d5d9e0; --critical: #c62828; --warning: #b26a00; --good: #2e7d32; --one: #1565c0; --two: #8e24aa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --dim: #99a; --paper: #15181c; --line: #343a44; --critical: #ff6b60; --warning: #ffb74d; --good: #81c784; --one: #64b5f6; --two: #ce93d8; } }
body { font: 14px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto; max-width: 1000px; padding: 0 1rem; }
h1 { font-size: 1.25rem; } h2 { font-size: 1.05rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
code, pre, td.time, .mono { font: 12.5px/1.4 ui-monospace, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.3rem 0; max-height: 24rem; overflow: auto; }
table { border-collapse: collapse; width: 100%; } td { vertical-align: top; padding: 0.1rem 0.6rem 0.1rem 0; overflow-wrap: anywhere; } td.time { white-space: nowrap; color: var(--dim); }
.critical { color: var(--critical); } .warning { color: var(--warning); } .good { color: var(--good); } .dim, .top { color: var(--dim); }
details { border-bottom: 1px solid var(--line); padding: 0.2rem 0; } summary { cursor: pointer; }
figure { margin: 1rem 0; } figcaption { display: flex; gap: 1rem; } .top { margin-left: auto; }
svg { width: 100%; height: 120px; border: 1px solid var(--line); }
.line { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; } path.n0 { stroke: var(--one); } path.n1 { stroke: var(--two); } span.n0 { color: var(--one); } span.n1 { color: var(--two); }
.mark { vector-effect: non-scaling-stroke; stroke-dasharray: 3 3; stroke: var(--line); } .mark.critical { stroke: var(--critical); } .mark.warning { stroke: var(--warning); }
`;

const MARKS = { critical: '✗', warning: '!', info: 'i' } as const;
const STEPS = { pass: '✓', fail: '✗', unknown: '?' } as const;
const MARKED_EVENTS_MAX = 200;

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${escaped(item, 600)}</li>`).join('')}</ul>`;
}

function findingHtml({ finding, severity, count, firstAt, lastAt }: FindingHistory): string {
  const tone = severity === 'info' ? 'dim' : severity;
  const state = finding.status === 'cleared' ? `cleared: ${finding.clearedBecause ?? ''}` : 'open at the end';
  const steps = finding.steps.map((step) => `${STEPS[step.result]} ${step.text}: ${step.detail}`);
  const escalation = finding.escalate === null ? 'T1' : `T2: ${finding.escalate.reason}`;
  return `<details open><summary><b class="${tone}">${MARKS[severity]} ${escaped(finding.code)}</b> ×${count} <span class="mono">${clock(firstAt)}–${clock(lastAt)}</span> ${escaped(finding.title, 600)}</summary><p>${escaped(PARTY_NAMES[finding.party])}, ${escaped(state, 300)} · ${escaped(escalation, 300)}</p>${list(finding.evidence)}<p>Steps</p>${list(steps)}<p>Fix</p>${list(finding.fix)}</details>`;
}

function eventHtml({ at, tone, text }: Event): string {
  return `<tr><td class="time">${clock(at)}</td><td class="${tone}">${escaped(text, 400)}</td></tr>`;
}

function factHtml({ seq, at, title, text, proves }: ShownFact): string {
  const reason = proves.length === 0 ? '' : ` <b>${escaped(proves.join(' '), 200)}</b>`;
  return `<details id="f${seq}"><summary><span class="mono dim">${clock(at)} #${seq}</span> ${escaped(title, 200)}${reason}</summary><pre>${escaped(text)}</pre></details>`;
}

function charts({ figures }: Gathering): Chart[] {
  const line = (label: string, figure: Figure, of: Line['of']): Line => ({ label, points: figures[figure].points, of });
  const ms = (value: number): string => `${Math.round(value)} ms`;
  const percent = (value: number): string => `${Math.round(value)} %`;
  const both = (title: string, what: 'Frames' | 'Bytes' | 'LateMs', of: Line['of'], unit: Chart['unit']): Chart => ({
    title,
    lines: [line('public', `public${what}`, of), line('user', `user${what}`, of)],
    unit,
  });
  return [
    both('Frames a second', 'Frames', 'mean', (value) => `${Math.round(value * 10) / 10}/s`),
    both('Bytes a second', 'Bytes', 'mean', (value) => `${Math.round(value / 100) / 10} kB/s`),
    {
      title: 'Latency',
      lines: [line('REST, worst', 'restMs', 'most'), line('ping, worst', 'pingMs', 'most')],
      unit: ms,
    },
    both('Heartbeats late', 'LateMs', 'most', ms),
    {
      title: 'Headroom of rate limits, least',
      lines: [line('REST', 'restHeadroom', 'least'), line('sockets', 'socketHeadroom', 'least')],
      unit: percent,
      top: 100,
    },
    { title: 'This tool’s own loop, lateness', lines: [line('worst', 'lagMs', 'most')], unit: ms },
  ];
}

function spanOf({ first, last, events }: Gathering): Span {
  const marks = events.filter(({ tone }) => tone === 'critical' || tone === 'warning').slice(0, MARKED_EVENTS_MAX);
  return { fromT: first?.t ?? 0, toT: Math.max(last.t, (first?.t ?? 0) + 1), marks };
}

function aboutHtml({ name, version, model, gathering, notes }: Page): string {
  const { first, last, exchanged } = gathering;
  const { public: open, user } = model.connections;
  const from = first === null ? 'nothing' : `${new Date(first.at).toISOString()} to ${new Date(last.at).toISOString()}`;
  const figures = [
    `${escaped(name, 200)}: ${from}`,
    `${model.seq} facts, ${open.traffic.frames} public and ${user.traffic.frames} user frames, ${model.rest.requests} calls, ${exchanged} frames, calls and answers in all`,
    `recorded by cbscope ${escaped(model.version, 40)}, this page by cbscope ${escaped(version, 40)}`,
    ...notes.map((note) => escaped(note, 300)),
  ];
  return `<ul>${figures.map((figure) => `<li>${figure}</li>`).join('')}</ul>`;
}

/** The whole page. */
export function htmlPage(page: Page): string {
  const { gathering, verdict, findings } = page;
  const span = spanOf(gathering);
  const facts = gathering.facts;
  const leftOut =
    gathering.eventsLeftOut === 0 ? '' : `<p class="dim">${gathering.eventsLeftOut} later events are left out.</p>`;
  const title = `cbscope: ${escaped(page.name, 200)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body><h1>${escaped(PARTY_NAMES[verdict.party])} <span>${escaped(verdict.sentence, 600)}</span></h1>
${aboutHtml(page)}
<h2>Findings</h2>${findings.length === 0 ? '<p>none</p>' : findings.map(findingHtml).join('\n')}
<h2>Charts</h2>${charts(gathering)
    .map((each) => chart(each, span))
    .join('\n')}
<h2>Timeline</h2>${leftOut}<table><tbody>${gathering.events.map(eventHtml).join('\n')}</tbody></table>
<h2>Frames, calls and answers</h2><p class="dim">Those that prove findings, the first and the last ones: ${facts.length} of ${gathering.exchanged}.</p>${facts.map(factHtml).join('\n')}
</body></html>
`;
}
