// The overview as SVG text: when each socket was open, when REST was refused, and when each finding stood, under one time of day.

import { round } from './chart.ts';
import { escaped } from './escape.ts';
import { type TimeSpan, timeTicks } from './scale.ts';
import type { Lasting, SpanGathering } from './spans.ts';

const WIDTH = 1064;
const LEFT = 190;
const ROW = 22;
const BAR = 12;
const BOTTOM = 22;
const FINDINGS_MAX = 24;

interface Bar extends Lasting {
  tone: string;
}

interface Lane {
  label: string;
  bars: Bar[];
  failures: number[];
}

function lanesOf({ sockets, failures, findings }: SpanGathering, codeOf: (key: string) => string): Lane[] {
  const socket = (name: 'public' | 'user'): Lane => ({
    label: `${name} socket`,
    bars: sockets[name].map((span) => ({ ...span, tone: 'open' })),
    failures: failures[name],
  });
  const keys = [...new Set(findings.map(({ key }) => key))].slice(0, FINDINGS_MAX);
  const about = keys.map((key) => {
    const bars = findings.filter((span) => span.key === key).map((span) => ({ ...span, tone: span.severity }));
    return { label: codeOf(key), bars, failures: [] };
  });
  return [socket('public'), socket('user'), { label: 'REST refused', bars: [], failures: failures.rest }, ...about];
}

/** The overview as one figure. `codeOf` gives a finding's code for its key. */
export function overview(spans: SpanGathering, span: TimeSpan, codeOf: (key: string) => string): string {
  const lanes = lanesOf(spans, codeOf);
  const height = lanes.length * ROW + BOTTOM;
  const x = (t: number): number => {
    const share = Math.min(1, Math.max(0, (t - span.fromT) / Math.max(1, span.toT - span.fromT)));
    return LEFT + share * (WIDTH - LEFT - 8);
  };
  const drawn = lanes.map(({ label, bars, failures }, index) => {
    const y = index * ROW + (ROW - BAR) / 2;
    const shown = bars.map(({ fromT, toT, tone }) => {
      const width = Math.max(2, x(toT ?? span.toT) - x(fromT));
      return `<rect class="${tone}" x="${round(x(fromT))}" y="${y}" width="${round(width)}" height="${BAR}" rx="2"/>`;
    });
    const moments = failures.map((t) => `M${round(x(t))} ${y - 2}v${BAR + 4}`).join('');
    const refused = moments === '' ? '' : `<path class="moment" d="${moments}"/>`;
    const base = `<path class="grid" d="M${LEFT} ${y + BAR / 2}H${WIDTH - 8}"/>`;
    return `<text class="up" x="${LEFT - 8}" y="${y + BAR / 2}" dy="4">${escaped(label, 60)}</text>${base}${shown.join('')}${refused}`;
  });
  const ticks = timeTicks(span).map(({ t, label }) => {
    const at = round(x(t));
    return `<path class="grid" d="M${at} 0V${height - BOTTOM + 4}"/><text class="along" x="${at}" y="${height - 4}">${label}</text>`;
  });
  return `<figure class="wide"><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Sockets, refusals and findings over time">${ticks.join('')}${drawn.join('')}</svg></figure>`;
}
