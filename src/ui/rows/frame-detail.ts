// One fact opened: its fields, as much of its payload as is looked at, what is odd about it. Pure.

import type { BodyWindow, FactDetail } from '../../core/snapshot.ts';
import { maskedDetail } from '../privacy.ts';
import { clockTime, grouped, linesBelow } from '../units.ts';
import type { View } from '../view.ts';
import { cell, flow, type Line, type PaneRows, type Room, sentence, wrapText } from './cells.ts';

function fieldLines(detail: FactDetail, width: number): Line[] {
  const column = Math.min(24, Math.max(8, ...detail.fields.map(({ name }) => name.length)));
  return detail.fields.flatMap(({ name, value }) => {
    const values = wrapText(value === '' ? 'empty' : value, Math.max(8, width - column - 2), 12);
    return values.map((part, index) => [
      ...(index === 0 ? flow(column, [cell(name, 'label')]) : []),
      ...flow(width, [cell(part)], 1, column + 2),
    ]);
  });
}

function oddityLines(detail: FactDetail, view: View, width: number): Line[] {
  return detail.oddities.flatMap((text) =>
    wrapText(text, Math.max(8, width - 2)).map((part, index) =>
      flow(width, [cell(index === 0 ? view.glyphs.warning : ' ', 'warning'), cell(part, 'warning')]),
    ),
  );
}

/** A payload line: keys dim, so that values stand out. */
function bodyLine(text: string, width: number): Line {
  const pair = /^(\s*)("(?:[^"\\]|\\.)*":)\s?(.*)$/.exec(text);
  const indent = /^\s*/.exec(text)?.[0].length ?? 0;
  if (pair === null) return flow(width, [cell(text.trimStart())], 1, Math.min(indent, width));
  return flow(width, [cell(pair[2] ?? '', 'dim'), cell(pair[3] ?? '')], 1, Math.min(indent, width));
}

/** What stands above the payload. */
function headLines(detail: FactDetail, view: View, width: number): Line[] {
  const lines = fieldLines(detail, width);
  if (detail.oddities.length > 0) lines.push([], ...oddityLines(detail, view, width));
  lines.push([]);
  if (detail.bodyTotal === 0) lines.push(flow(width, [cell('no payload', 'dim')]));
  return lines;
}

interface Scrolled {
  head: Line[];
  /** Index of the first shown line, the head counted in, and how far that can go. */
  from: number;
  fromMax: number;
}

function scrolled(detail: FactDetail, view: View, room: Room): Scrolled {
  const head = headLines(detail, view, room.width);
  const fromMax = Math.max(0, head.length + detail.bodyTotal - room.height);
  return { head, from: Math.min(view.state.scroll, fromMax), fromMax };
}

/** Pages of the payload asked for around what is shown. */
const PAGES_ASKED = 5;

/** The lines of the payload that are to be asked for; null when those that are shown are at hand. */
export function bodyWanted(view: View, room: Room, seq: number): BodyWindow | null {
  const { width, height } = room;
  const held = view.state.detail?.seq === seq ? view.state.detail : null;
  if (held === null) return { from: 0, rows: PAGES_ASKED * height, width };
  if (held.detail === null) return null;
  const { bodyFrom, bodyTotal, bodyWidth, body } = held.detail;
  const { head, from } = scrolled(held.detail, view, room);
  const first = Math.max(0, from - head.length);
  const last = Math.min(bodyTotal, Math.max(0, from + height - head.length));
  const isHeld = first >= last || (first >= bodyFrom && last <= bodyFrom + body.length);
  if (isHeld && bodyWidth === width) return null;
  return { from: Math.max(0, first - 2 * height), rows: PAGES_ASKED * height, width };
}

function place(view: View, seq: number): string {
  const top = view.state.modes.at(-1);
  if (top?.mode !== 'frame' || top.among.length < 2) return '';
  return `fact ${top.among.indexOf(seq) + 1} of ${top.among.length} behind the finding`;
}

export function frameDetailRows(view: View, room: Room, seq: number): PaneRows & { title: string } {
  const held = view.state.detail?.seq === seq ? view.state.detail : null;
  const title = `fact #${grouped(seq)}`;
  if (held === null) return { title, lines: sentence(room.width, room.height, 'fetching it from the engine') };
  if (held.detail === null) {
    const isReplay = view.snapshot.mode === 'replay';
    const why = isReplay
      ? 'this fact could not be read back from the recording'
      : 'this fact is no longer held in memory; a recording has it';
    return { title, lines: sentence(room.width, room.height, why) };
  }
  const detail = view.state.privacy ? maskedDetail(held.detail) : held.detail;
  const { head, from, fromMax } = scrolled(detail, view, room);
  const shown = Array.from({ length: Math.min(room.height, head.length + detail.bodyTotal - from) }, (_, index) => {
    const line = from + index - head.length;
    // A line that is still on its way is a blank one.
    return head[from + index] ?? bodyLine(detail.body[line - detail.bodyFrom] ?? '', room.width);
  });
  const odd = detail.oddities.length === 0 ? '' : `${detail.oddities.length} odd`;
  const below = fromMax - from;
  const parts = [place(view, seq), odd, linesBelow(below), `${clockTime(detail.at, true)} UTC`];
  return {
    title: `${title} ${detail.title}`,
    lines: shown.map((cells) => ({ cells })),
    right: parts.filter((part) => part !== '').join(` ${view.glyphs.dot} `),
    scrollMax: fromMax,
  };
}
