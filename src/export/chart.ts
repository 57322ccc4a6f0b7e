// Charts as SVG text: lines over recorded time, with the moments of findings across them. Numbers only; labels come escaped.

import type { Point } from './series.ts';

export interface Line {
  /** Already escaped. */
  label: string;
  points: Point[];
  /** Which of a stretch's figures is drawn. */
  of: 'mean' | 'least' | 'most';
}

export interface Chart {
  /** Already escaped. */
  title: string;
  lines: Line[];
  /** How a figure is written at the edge. */
  unit: (value: number) => string;
  /** The top of the scale, when it is known beforehand. */
  top?: number;
}

/** What all charts of a page share: recorded ms from where to where, and moments to mark. */
export interface Span {
  fromT: number;
  toT: number;
  marks: { t: number; tone: string }[];
}

const WIDTH = 960;
const HEIGHT = 120;
const GAP_FACTOR = 6;

function round(value: number): string {
  return (Math.round(value * 10) / 10).toString();
}

function x(t: number, { fromT, toT }: Span): number {
  return ((t - fromT) / Math.max(1, toT - fromT)) * WIDTH;
}

/** A path; where nothing was measured for long, it is broken. */
function path(line: Line, span: Span, top: number): string {
  const { points } = line;
  const steps = points.slice(1).map((point, index) => point.t - (points[index]?.t ?? point.t));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return points
    .map((point, index) => {
      const isBroken = index === 0 || point.t - (points[index - 1]?.t ?? 0) > usual * GAP_FACTOR;
      const y = HEIGHT - (Math.min(point[line.of], top) / top) * HEIGHT;
      return `${isBroken ? 'M' : 'L'}${round(x(point.t, span))} ${round(y)}`;
    })
    .join('');
}

function marksOf(span: Span): string {
  return span.marks
    .map(
      ({ t, tone }) =>
        `<line class="mark ${tone}" x1="${round(x(t, span))}" x2="${round(x(t, span))}" y1="0" y2="${HEIGHT}"/>`,
    )
    .join('');
}

/** One chart as a figure; a sentence when nothing was measured. */
export function chart({ title, lines, unit, top: given }: Chart, span: Span): string {
  const values = lines.flatMap((line) => line.points.map((point) => point[line.of])).filter(Number.isFinite);
  if (values.length === 0) return `<figure><figcaption>${title}: nothing measured</figcaption></figure>`;
  const most = values.reduce((greatest, value) => Math.max(greatest, value), 0);
  const top = Math.max(given ?? most, 1e-9);
  const drawn = lines.map((line, index) => `<path class="line n${index}" d="${path(line, span, top)}"/>`).join('');
  const legend = lines.map((line, index) => `<span class="n${index}">${line.label}</span>`).join(' ');
  return `<figure><figcaption>${title} ${legend} <span class="top">top ${unit(top)}</span></figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${title}">${marksOf(span)}${drawn}</svg></figure>`;
}
