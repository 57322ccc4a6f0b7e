// The escalation dialog's own state: what was chosen and typed for each field of the packet, and the packet as it would be. Pure.

import { typedTime } from '../base/typed-time.ts';
import type { PacketCandidate, PacketPreview, PacketRequest } from '../core/packet-request.ts';

/** Rows of the dialog, in the order in which they stand. */
export const FORM_ROWS = ['category', 'key', 'order', 'product', 'at', 'body', 'ui', 'note', 'pseudonyms'] as const;
export type FormRow = (typeof FORM_ROWS)[number];

export interface PacketForm {
  findingKey: string | null;
  row: FormRow;
  /** As typed; an absent row is as chosen, or else as found. */
  typed: Partial<Record<FormRow, string>>;
  /** What a row was set to; kept as it was when it was chosen, for the candidates change while the market goes on. */
  chosen: Partial<Record<FormRow, PacketCandidate>>;
  /** The newest answer; null until the first. */
  preview: PacketPreview | null;
  /** Why there is no preview, in a sentence; empty when there is one. */
  problem: string;
  /** First shown line of the preview. */
  scroll: number;
  /** What speaks against it was shown; the next Enter writes. */
  warned: boolean;
  writing: boolean;
}

export const CATEGORIES = ['matching', 'balance', '5xx', 'other'] as const;
export const CATEGORY_NAMES: Readonly<Record<(typeof CATEGORIES)[number], string>> = {
  matching: 'matching engine',
  balance: 'balance',
  '5xx': '5xx',
  other: 'other',
};

const TYPED_MAX = 2_000;
/** A whole error body may be pasted. */
const BODY_MAX = 64 * 1024;

export function newForm(findingKey: string | null): PacketForm {
  const empty = { typed: {}, chosen: {}, preview: null, problem: '', scroll: 0, warned: false, writing: false };
  return { findingKey, row: 'category', ...empty };
}

function seenFor({ preview }: PacketForm, row: FormRow): PacketCandidate[] {
  if (row === 'category')
    return CATEGORIES.map((category) => ({ request: { category }, label: CATEGORY_NAMES[category] }));
  if (row === 'pseudonyms') return [{ request: { pseudonymise: true }, label: 'yes' }];
  if (preview === null) return [];
  if (row === 'order' || row === 'product' || row === 'at' || row === 'body') return preview.candidates[row];
  return [];
}

const sameAs = (one: PacketCandidate) => (other: PacketCandidate) =>
  JSON.stringify(one.request) === JSON.stringify(other.request);

/** What was seen for a row, the likeliest first, what was chosen among it; empty where nothing is to be chosen from. */
export function candidatesOf(form: PacketForm, row: FormRow): PacketCandidate[] {
  const seen = seenFor(form, row);
  const chosen = form.chosen[row];
  return chosen === undefined || seen.some(sameAs(chosen)) ? seen : [chosen, ...seen];
}

/** Which of its candidates a row was set to; -1: none, it is as found. */
export function chosenIndex(form: PacketForm, row: FormRow): number {
  const chosen = form.chosen[row];
  return chosen === undefined ? -1 : candidatesOf(form, row).findIndex(sameAs(chosen));
}

function typedRequest(row: FormRow, text: string): PacketRequest {
  const value = text.trim();
  switch (row) {
    case 'key':
      return value === '' ? {} : { keyId: value };
    case 'order':
      return value === '' ? {} : { orderId: value };
    case 'product':
      return value === '' ? {} : { productId: value };
    case 'at': {
      const at = typedTime(value);
      return at === null ? {} : { at };
    }
    case 'body':
      return value === '' ? {} : { body: value };
    case 'ui':
      return { uiShows: value };
    case 'note':
      return { note: value };
    default:
      return {};
  }
}

/** What is asked of the packet: chosen first, in the order of likelihood to be right, then what was typed. */
export function requestOf(form: PacketForm): PacketRequest {
  const order: FormRow[] = ['body', 'at', 'order', 'product', 'category', 'pseudonyms'];
  const chosen = order.map((row) => form.chosen[row]?.request ?? {});
  const typed = FORM_ROWS.map((row) => {
    const text = form.typed[row];
    return text === undefined ? {} : typedRequest(row, text);
  });
  return Object.assign({}, ...chosen, ...typed) as PacketRequest;
}

const touched = (form: PacketForm, change: Partial<PacketForm>): PacketForm => ({ ...form, warned: false, ...change });

/** The next or the previous row, around the ends. */
export function moveRow(form: PacketForm, by: 1 | -1): PacketForm {
  const at = FORM_ROWS.indexOf(form.row);
  return { ...form, row: FORM_ROWS[(at + by + FORM_ROWS.length) % FORM_ROWS.length] ?? 'category' };
}

/** The next or previous of what was seen for this row; beyond the ends it is as found again. */
export function chooseBy(form: PacketForm, by: 1 | -1): PacketForm {
  const { row } = form;
  const candidates = candidatesOf(form, row);
  const count = candidates.length;
  if (count === 0) return form;
  const guessed = row === 'category' ? CATEGORIES.indexOf(form.preview?.category ?? 'other') : -1;
  const now = form.chosen[row] === undefined ? guessed : chosenIndex(form, row);
  const next = row === 'category' ? (now + by + count) % count : ((now + 1 + by + count + 1) % (count + 1)) - 1;
  const { [row]: _, ...chosen } = form.chosen;
  const { [row]: __, ...typed } = form.typed;
  return touched(form, { chosen: next < 0 ? chosen : { ...chosen, [row]: candidates[next] }, typed });
}

const isTyped = (row: FormRow): boolean => row !== 'category' && row !== 'pseudonyms';

/** Adds what was typed or pasted to the row; line breaks stay in an error body only. */
export function typeInto(form: PacketForm, text: string): PacketForm {
  const { row } = form;
  if (row === 'pseudonyms' && text === ' ') return chooseBy(form, 1);
  if (!isTyped(row)) return form;
  const max = row === 'body' ? BODY_MAX : TYPED_MAX;
  const plain = row === 'body' ? text : text.replace(/\s*[\r\n]+\s*/g, ' ');
  return touched(form, { typed: { ...form.typed, [row]: ((form.typed[row] ?? '') + plain).slice(0, max) } });
}

/** Takes back the last character, or all that was typed or chosen in the row. */
export function eraseIn(form: PacketForm, all: boolean): PacketForm {
  const { row } = form;
  const { [row]: text, ...typed } = form.typed;
  const shorter = all ? '' : [...(text ?? '')].slice(0, -1).join('');
  if (shorter !== '') return touched(form, { typed: { ...typed, [row]: shorter } });
  const { [row]: _, ...chosen } = form.chosen;
  return touched(form, { typed, chosen: all || text === undefined ? chosen : form.chosen });
}

/** What speaks against writing it as it stands, one sentence each; empty when nothing does. */
export function doubtsOf({ preview, typed }: PacketForm): string[] {
  const doubts: string[] = [];
  const time = typed.at ?? '';
  if (time !== '' && typedTime(time) === null)
    doubts.push(`“${time.slice(0, 40)}” is no time: type 2026-11-22T20:14:06Z.`);
  if (preview === null) return doubts;
  if (preview.caution !== null) doubts.push(preview.caution);
  if (preview.missing.length > 0) doubts.push(`Still missing: ${preview.missing.join(', ')}.`);
  return doubts;
}

/** Enter: shows what speaks against it first, and is ready to be written when that was seen. */
export function readyToWrite(form: PacketForm): boolean {
  return form.preview !== null && !form.writing && (form.warned || doubtsOf(form).length === 0);
}
