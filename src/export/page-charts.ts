// The charts of a page: what each shows, in which unit, and the span they all share.

import { type Chart, chart, type Line, type Span } from './chart.ts';
import type { Figure, FigureGathering } from './figures.ts';
import type { Gathering } from './gathering.ts';
import { overview } from './overview.ts';

const MARKS_MAX = 200;

function figure(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

function milliseconds(value: number): string {
  return value >= 1_000 ? `${figure(value / 1_000)} s` : `${figure(value)} ms`;
}

function bytesASecond(value: number): string {
  if (value < 1_000) return `${figure(value)} B/s`;
  return value < 1_000_000 ? `${figure(value / 1_000)} kB/s` : `${figure(value / 1_000_000)} MB/s`;
}

function chartsOf(figures: FigureGathering): Chart[] {
  const line = (label: string, name: Figure, of: Line['of']): Line => ({ label, points: figures.points(name), of });
  const both = (title: string, what: 'Frames' | 'Bytes' | 'LateMs', of: Line['of'], unit: Chart['unit']): Chart => ({
    title,
    lines: [line('public', `public${what}`, of), line('user', `user${what}`, of)],
    unit,
  });
  return [
    both('Frames a second', 'Frames', 'mean', (value) => `${figure(value)}/s`),
    both('Bytes a second', 'Bytes', 'mean', bytesASecond),
    {
      title: 'Latency, worst',
      lines: [line('REST call', 'restMs', 'most'), line('ping', 'pingMs', 'most')],
      unit: milliseconds,
    },
    both('Heartbeats late, worst', 'LateMs', 'most', milliseconds),
    {
      title: 'Headroom of rate limits, least',
      lines: [line('REST', 'restHeadroom', 'least'), line('sockets', 'socketHeadroom', 'least')],
      unit: (value) => `${figure(value)} %`,
      top: 100,
    },
    { title: 'This tool’s own loop late, worst', lines: [line('loop', 'lagMs', 'most')], unit: milliseconds },
  ];
}

function spanOf({ first, last, spans }: Gathering): Span {
  const marks = spans.findings
    .filter(({ severity }) => severity !== 'info')
    .slice(0, MARKS_MAX)
    .map(({ fromT, severity }) => ({ t: fromT, tone: severity }));
  const fromT = first?.t ?? 0;
  return { fromT, toT: Math.max(last.t, fromT + 1), fromAt: first?.at ?? 0, marks };
}

/** The overview and all charts. */
export function chartsHtml(gathering: Gathering, codeOf: (key: string) => string): string {
  const span = spanOf(gathering);
  const charts = chartsOf(gathering.figures).map((each) => chart(each, span));
  return `${overview(gathering.spans, span, codeOf)}<div class="charts">${charts.join('\n')}</div>`;
}
