// Charts as SVG text: lines over recorded time with axes, and the moments of findings across them. Numbers only; labels come escaped.

import { figureTicks, type TimeSpan, timeTicks } from './scale.ts';
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
  /** How a figure is written at the axis. */
  unit: (value: number) => string;
  /** The top of the scale, when it is known beforehand. */
  top?: number;
}

/** What all charts of a page share: the span, and moments to mark. */
export interface Span extends TimeSpan {
  marks: { t: number; tone: string }[];
}

const WIDTH = 520;
const HEIGHT = 180;
const LEFT = 58;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 22;
const GAP_FACTOR = 6;
/** Fewer points than this are drawn as dots, too: a lonely one would be invisible. */
const DOTS_MAX = 60;

export function round(value: number): string {
  return (Math.round(value * 10) / 10).toString();
}

function xOf(t: number, { fromT, toT }: TimeSpan): number {
  const share = Math.min(1, Math.max(0, (t - fromT) / Math.max(1, toT - fromT)));
  return LEFT + share * (WIDTH - LEFT - RIGHT);
}

function yOf(value: number, top: number): number {
  const share = Math.min(1, Math.max(0, value / top));
  return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
}

/** Paths of one line: where nothing was measured for long, it is broken. */
function paths(line: Line, index: number, span: Span, top: number): string {
  const { points, of } = line;
  const steps = points.slice(1).map((point, at) => point.t - (points[at]?.t ?? point.t));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const places = points.map((point) => `${round(xOf(point.t, span))} ${round(yOf(point[of], top))}`);
  const isBroken = (at: number): boolean =>
    at === 0 || (points[at]?.t ?? 0) - (points[at - 1]?.t ?? 0) > usual * GAP_FACTOR;
  const stroke = places.map((place, at) => `${isBroken(at) ? 'M' : 'L'}${place}`).join('');
  const dots = places.length > DOTS_MAX ? '' : places.map((place) => `M${place}h0`).join('');
  return `<path class="line n${index}" d="${stroke}"/>${dots === '' ? '' : `<path class="dots n${index}" d="${dots}"/>`}`;
}

function axes(figures: readonly number[], top: number, span: Span, unit: Chart['unit']): string {
  const up = figures.map((figure) => {
    const y = round(yOf(figure, top));
    return `<path class="grid" d="M${LEFT} ${y}H${WIDTH - RIGHT}"/><text class="up" x="${LEFT - 6}" y="${y}" dy="4">${unit(figure)}</text>`;
  });
  const along = timeTicks(span).map(({ t, label }) => {
    const x = round(xOf(t, span));
    return `<path class="grid" d="M${x} ${TOP}V${HEIGHT - BOTTOM + 4}"/><text class="along" x="${x}" y="${HEIGHT - 4}">${label}</text>`;
  });
  return [...up, ...along].join('');
}

function marksOf(span: Span): string {
  return span.marks
    .map(({ t, tone }) => `<path class="mark ${tone}" d="M${round(xOf(t, span))} ${TOP}V${HEIGHT - BOTTOM}"/>`)
    .join('');
}

/** One chart as a figure; a sentence when nothing was measured. */
export function chart({ title, lines, unit, top: given }: Chart, span: Span): string {
  const values = lines.flatMap((line) => line.points.map((point) => point[line.of])).filter(Number.isFinite);
  if (values.length === 0)
    return `<figure><figcaption><b>${title}</b></figcaption><p class="dim">nothing measured</p></figure>`;
  const most = values.reduce((greatest, value) => Math.max(greatest, value), 0);
  const figures = figureTicks(given ?? most);
  const top = figures.at(-1) ?? 1;
  const drawn = lines.map((line, index) => paths(line, index, span, top)).join('');
  const legend = lines.map(({ label }, index) => `<span class="key n${index}">${label}</span>`).join('');
  return `<figure><figcaption><b>${title}</b>${legend}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">${axes(figures, top, span, unit)}${marksOf(span)}${drawn}</svg></figure>`;
}
