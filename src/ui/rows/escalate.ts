// The escalation dialog: each field of the packet with what it is and what was seen for it, and the packet as it would be. Pure.

import { REQUIRED } from '../../core/packet-request.ts';
import { tierText } from '../../playbook/tier.ts';
import { shownText } from '../../recording/redact.ts';
import {
  CATEGORY_NAMES,
  candidatesOf,
  chosenIndex,
  doubtsOf,
  FORM_ROWS,
  type FormRow,
  type PacketForm,
  requestOf,
} from '../packet-form.ts';
import { maskedText } from '../privacy.ts';
import type { View } from '../view.ts';
import { type Cell, cell, flow, type Line, type PaneRows, type Room, wrapText } from './cells.ts';

const LABELS: Readonly<Record<FormRow, string>> = {
  category: 'Category',
  key: 'API key id',
  order: 'Order id',
  product: 'Product id',
  at: 'Timestamp (UTC)',
  body: 'Error response',
  ui: 'Web page shows',
  note: 'Note',
  pseudonyms: 'Pseudonyms',
};
const FIELD_OF: Partial<Record<FormRow, string>> = {
  key: REQUIRED.key,
  order: REQUIRED.order,
  product: REQUIRED.product,
  at: REQUIRED.timestamp,
  body: REQUIRED.response,
};
const LABEL_WIDTH = 17;
const CANDIDATES_SHOWN = 3;
/** The field one stands on is shown as far as this many lines go. */
const VALUE_LINES = 3;
const SIDE_BY_SIDE = 112;

/** What the packet's field holds: its value, why there is none, or how to get it. */
function fieldCell(form: PacketForm, row: FormRow): Cell {
  const field = form.preview?.fields.find(({ name }) => name === FIELD_OF[row]);
  if (field === undefined) return cell(form.problem === '' ? '…' : '', 'dim');
  if (field.value !== null) return cell(field.value.replace(/\s+/g, ' '));
  if (field.none !== undefined) return cell(`none: ${field.none}`, 'dim');
  return cell(`MISSING: ${field.how ?? 'ask the customer'}`, 'critical');
}

function valueCell(form: PacketForm, row: FormRow, cursor: string): Cell {
  const text = form.typed[row];
  const focused = form.row === row;
  if (text !== undefined) return cell(`${shownText(text).replace(/\s+/g, ' ')}${focused ? cursor : ''}`, 'strong');
  if (row === 'category') {
    const category = requestOf(form).category ?? form.preview?.category;
    return cell(category === undefined ? '…' : CATEGORY_NAMES[category], 'strong');
  }
  if (row === 'pseudonyms')
    return cell(form.chosen.pseudonyms === undefined ? 'no: ids stay' : 'yes: ids become tokens');
  if (row === 'ui') return cell('not given: what the customer sees there, such as BTC 0.75', 'dim');
  return row === 'note' ? cell('none', 'dim') : fieldCell(form, row);
}

/** The end of a long typed text is what is looked at; of everything else, the beginning. */
function fitted(value: Cell, width: number, isTyped: boolean): Cell {
  const over = value.text.length - width;
  return isTyped && over > 0 ? { ...value, text: `…${value.text.slice(over + 1)}` } : value;
}

function candidateLines(view: View, form: PacketForm, width: number): Line[] {
  const all = candidatesOf(form, form.row);
  if (form.row === 'pseudonyms' || all.length === 0) return [];
  if (form.row === 'category') {
    const line = all.map(({ label }) => label).join(' · ');
    return [flow(width, [cell(`← → ${line}`, 'dim')], 1, 2)];
  }
  const chosen = chosenIndex(form, form.row);
  const from = Math.max(0, Math.min(chosen - 1, all.length - CANDIDATES_SHOWN));
  const lines = all.slice(from, from + CANDIDATES_SHOWN).map(({ label }, index) => {
    const isChosen = from + index === chosen;
    const shown = view.state.privacy ? maskedText(label) : label;
    return flow(width, [cell(isChosen ? '›' : ' ', 'accent'), cell(shown, isChosen ? 'strong' : 'dim')], 1, 2);
  });
  const head = `← → of ${all.length} seen; typing replaces it`;
  return [flow(width, [cell(head, 'label')], 1, 2), ...lines];
}

/** What the packet is about, and whose it is: T1 settles it, or it is a case for T2. */
function aboutLines({ snapshot }: View, form: PacketForm, width: number): Line[] {
  const about = snapshot.findings.find(({ key }) => key === form.findingKey);
  if (about === undefined) return [flow(width, [cell('about no finding: say what it is about', 'dim')], 1, 2)];
  const role = about.escalate === null ? 'warning' : 'plain';
  const code = cell(about.code, 'strong');
  if (width >= SIDE_BY_SIDE * 0.6) return [flow(width, [code, cell(tierText(about), role)], 2, 2)];
  const texts = wrapText(tierText(about), width - 2, 2);
  return [flow(width, [code], 1, 2), ...texts.map((text) => flow(width, [cell(text, role)], 1, 2))];
}

/** The value of a row: whole, as far as a few lines go, where one stands. */
function valueLines(value: Cell, width: number, focused: boolean, isTyped: boolean): Line[] {
  const room = width - LABEL_WIDTH - 2;
  const from = LABEL_WIDTH + 2;
  if (!focused || isTyped || value.text.length <= room) {
    return [flow(width, [fitted(value, room, isTyped)], 1, from)];
  }
  const texts = wrapText(value.text, room, VALUE_LINES + 1);
  const shown = texts.slice(0, VALUE_LINES);
  if (texts.length > VALUE_LINES) shown[VALUE_LINES - 1] = `${shown.at(-1)?.slice(0, room - 1)}…`;
  return shown.map((text) => flow(width, [{ text, role: value.role }], 1, from));
}

function formLines(view: View, form: PacketForm, width: number): Line[] {
  const rows = FORM_ROWS.flatMap((row) => {
    const focused = row === form.row;
    const value = valueCell(form, row, view.glyphs.cursor);
    const masked = view.state.privacy ? { ...value, text: maskedText(value.text) } : value;
    const [first = [], ...more] = valueLines(masked, width, focused, form.typed[row] !== undefined);
    const line: Line = [
      ...flow(2, [cell(focused ? '›' : ' ', 'accent')]),
      ...flow(LABEL_WIDTH + 1, [cell(LABELS[row], focused ? 'strong' : 'label')], 1, 2),
      ...first,
    ];
    return focused ? [line, ...more, ...candidateLines(view, form, width)] : [line];
  });
  return [...aboutLines(view, form, width), ...rows];
}

function standingLines(form: PacketForm, width: number, linesMax: number): Line[] {
  const doubts = doubtsOf(form);
  const texts: Cell[] = [];
  if (form.problem !== '') texts.push(cell(form.problem, 'critical'));
  if (form.preview !== null) texts.push(cell(`Taken out: ${form.preview.removed}.`, 'dim'));
  for (const doubt of doubts) texts.push(cell(doubt, 'warning'));
  if (form.writing) texts.push(cell('being written …', 'accent'));
  else if (form.warned && doubts.length > 0) texts.push(cell('Enter again writes it all the same.', 'accent'));
  return texts.flatMap(({ text, role }) =>
    wrapText(text, width, linesMax).map((part) => flow(width, [{ text: part, role }])),
  );
}

function previewLines(view: View, form: PacketForm, width: number): Line[] {
  if (form.preview === null) return [];
  const lines = form.preview.markdown.trimEnd().split('\n');
  return lines
    .flatMap((line) => wrapText(view.state.privacy ? maskedText(line) : line, width, 12))
    .map((text) => flow(width, [cell(text, text.startsWith('#') ? 'strong' : 'plain')]));
}

/** The part of the preview that is in sight, under a line that says which. */
function shownPreview(all: Line[], scroll: number, width: number, height: number): Line[] {
  if (height < 2 || all.length === 0) return [];
  const room = height - 1;
  const from = Math.min(scroll, Math.max(0, all.length - room));
  const to = Math.min(all.length, from + room);
  const head = `── what would be written: lines ${from + 1}–${to} of ${all.length} ──`;
  return [flow(width, [cell(head, 'dim')]), ...all.slice(from, to)];
}

const shifted = (line: Line, by: number): Line => line.map((part) => ({ ...part, x: part.x + by }));

function beside(left: Line[], right: Line[], x: number): Line[] {
  const rows = Math.max(left.length, right.length);
  return Array.from({ length: rows }, (_, row) => [...(left[row] ?? []), ...shifted(right[row] ?? [], x)]);
}

export function escalateRows(view: View, room: Room, form: PacketForm): PaneRows {
  const wide = room.width >= SIDE_BY_SIDE;
  const width = wide ? Math.floor(room.width * 0.46) : room.width;
  // Whoever turns the pages of the packet wants to read it: where both do not fit, the fields make room.
  const isReading = !wide && form.scroll > 0;
  const fields = isReading ? [] : formLines(view, form, width);
  const left = [...fields, ...(wide ? [[]] : []), ...standingLines(form, width, wide ? 8 : 3)];
  const previewWidth = wide ? room.width - width - 2 : room.width;
  const preview = previewLines(view, form, previewWidth);
  const height = wide ? room.height : room.height - left.length;
  const right = shownPreview(preview, form.scroll, previewWidth, height);
  const lines = wide ? beside(left, right, width + 2) : [...left, ...right];
  return { lines: lines.slice(0, room.height).map((cells) => ({ cells })), right: 'nothing is written before Enter' };
}

/** The same as sentences, for a screen reader. */
export function escalateSentences(view: View, form: PacketForm): string[] {
  const rows = FORM_ROWS.map((row) => {
    const here = row === form.row ? 'Here: ' : '';
    const { text } = valueCell(form, row, '');
    return `${here}${LABELS[row]}: ${view.state.privacy ? maskedText(text) : text}`;
  });
  const seen = candidatesOf(form, form.row).length;
  const about = view.snapshot.findings.find(({ key }) => key === form.findingKey);
  return [
    'Escalation packet. Nothing is written before Enter.',
    about === undefined ? 'About no finding.' : `About ${about.code}. ${tierText(about)}`,
    ...rows,
    seen === 0 ? '' : `Left and right choose among ${seen}.`,
    ...doubtsOf(form),
  ];
}
