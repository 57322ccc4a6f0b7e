// The timeline of a page: every row in order, those with a payload to be unfolded, and a filter made of style rules alone.

import type { FindingHistory } from '../playbook/case-book.ts';
import { escaped } from './escape.ts';
import type { Gathering, Row } from './gathering.ts';
import { clock } from './page-findings.ts';
import { payloadHtml } from './payload.ts';

/** As many findings can be chosen in the filter. */
export const CHOICES_MAX = 24;

/** Style rules of the filter: one for each choice. */
export function filterRules(): string {
  const rules = Array.from(
    { length: CHOICES_MAX },
    (_, index) => `#timeline:has(#only${index}:checked) .row:not(.p${index}):not(:has(:target)) { display: none; }`,
  );
  return `#timeline:has(#told:checked) .wire:not(.proof):not(:has(:target)) { display: none; }\n${rules.join('\n')}`;
}

function choice(id: string, label: string, isFirst = false): string {
  return `<label><input type="radio" name="only" id="${id}"${isFirst ? ' checked' : ''}><span>${label}</span></label>`;
}

function filterHtml(findings: readonly FindingHistory[]): string {
  const codes = findings
    .slice(0, CHOICES_MAX)
    .map(({ finding }, index) =>
      choice(
        `only${index}`,
        escaped(`${finding.code}${finding.connection === null ? '' : ` ${finding.connection}`}`, 60),
      ),
    );
  return `<fieldset><legend class="dim">Show</legend>${choice('told', 'what tells', true)}${choice('all', 'every row')}${codes.join('')}</fieldset>`;
}

function rowHtml(row: Row, numbers: ReadonlyMap<string, number>): string {
  const { place, seq, at, nth, keys, who, what, tone, payload, cut } = row;
  const own = keys.map((key) => numbers.get(key)).filter((number) => number !== undefined);
  const isProof = nth > 0 && (keys.length > 0 || tone !== 'normal');
  const classes = [
    'row',
    ...(nth > 0 ? ['wire'] : []),
    ...(isProof ? ['proof'] : []),
    ...own.map((each) => `p${each}`),
  ];
  const number = seq === 0 ? '' : `#${seq}`;
  const line = `<time>${clock(at)}</time><span class="who">${escaped(who, 40)}</span><span class="${tone}">${escaped(what, 400)}</span><i>${number}</i>`;
  if (payload.trim() === '') return `<div class="${classes.join(' ')}"><p>${line}</p></div>`;
  return `<details class="${classes.join(' ')}"><summary>${line}</summary><pre id="f${place}">${payloadHtml(payload, cut)}</pre></details>`;
}

function dayHtml(at: number, before: number | null): string {
  const day = new Date(at).toISOString().slice(0, 10);
  return before !== null && new Date(before).toISOString().slice(0, 10) === day
    ? ''
    : `<h3 class="day">${day} UTC</h3>`;
}

function leftOutHtml(count: number): string {
  return count <= 0 ? '' : `<p class="row wire gap">${count} frames, calls and answers are not on this page</p>`;
}

/** The timeline as a section of its own, which the filter's rules look into. */
export function timelineHtml(gathering: Gathering, rows: readonly Row[], findings: readonly FindingHistory[]): string {
  const numbers = new Map(findings.slice(0, CHOICES_MAX).map(({ finding }, index) => [finding.key, index]));
  const parts: string[] = [];
  let nth = 0;
  let before: number | null = null;
  for (const row of rows) {
    parts.push(dayHtml(row.at, before));
    if (row.nth > 0) {
      parts.push(leftOutHtml(row.nth - nth - 1));
      nth = row.nth;
    }
    parts.push(rowHtml(row, numbers));
    before = row.at;
  }
  const shown = rows.filter((row) => row.nth > 0).length;
  const later =
    gathering.eventsLeftOut === 0 ? '' : `<p class="dim">${gathering.eventsLeftOut} later events are left out.</p>`;
  return `<section id="timeline"><h2>Timeline</h2><p class="dim">Times are UTC. Of ${gathering.exchanged} frames, calls and answers ${shown} are on this page: those that findings rest on, the first and the last. A row with ▸ opens.</p>${filterHtml(findings)}<div class="rows">${parts.filter((part) => part !== '').join('\n')}</div>${later}</section>`;
}
