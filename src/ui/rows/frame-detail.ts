// One fact opened: its fields, its payload pretty-printed and windowed, what is odd about it. Pure.

import type { FactDetail } from '../../core/snapshot.ts';
import { maskedDetail } from '../privacy.ts';
import { clockTime, grouped } from '../units.ts';
import type { View } from '../view.ts';
import { cell, flow, type Line, type PaneRows, type Room, sentence, wrapText } from './cells.ts';

const BODY_LINES_MAX = 5_000;

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

function detailLines(detail: FactDetail, view: View, width: number): Line[] {
  const lines = fieldLines(detail, width);
  if (detail.oddities.length > 0) lines.push([], ...oddityLines(detail, view, width));
  lines.push([]);
  if (detail.body.length === 0) lines.push(flow(width, [cell('no payload', 'dim')]));
  for (const text of detail.body.slice(0, BODY_LINES_MAX)) lines.push(bodyLine(text, width));
  return lines;
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
    return {
      title,
      lines: sentence(room.width, room.height, 'this fact is no longer held in memory; a recording has it'),
    };
  }
  const detail = view.state.privacy ? maskedDetail(held.detail) : held.detail;
  const all = detailLines(detail, view, room.width);
  const from = Math.min(view.state.scroll, Math.max(0, all.length - room.height));
  const below = Math.max(0, all.length - from - room.height);
  const odd = detail.oddities.length === 0 ? '' : `${detail.oddities.length} odd`;
  const parts = [
    place(view, seq),
    odd,
    below > 0 ? `${grouped(below)} lines below` : '',
    `${clockTime(detail.at, true)} UTC`,
  ];
  return {
    title: `${title} ${detail.title}`,
    lines: all.slice(from, from + room.height).map((cells) => ({ cells })),
    right: parts.filter((part) => part !== '').join(` ${view.glyphs.dot} `),
  };
}
