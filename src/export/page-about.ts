// The top of a page: the verdict first, then what was recorded, when, and the figures of each connection.

import { bestOffset } from '../core/clock-offset.ts';
import type { Connection } from '../core/connection.ts';
import type { Model } from '../core/model.ts';
import type { FindingHistory } from '../playbook/case-book.ts';
import { PARTY_NAMES } from '../playbook/verdict.ts';
import { escaped } from './escape.ts';
import type { Page } from './html.ts';

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

function socketText(connection: Connection, model: Model): string {
  const { name, traffic, sequence, opens, host } = connection;
  if (opens === 0) return connection.state === 'off' ? `off: ${connection.note}` : 'never open';
  const closes = model.closes.filter((close) => close.connection === name && close.cause !== 'asked');
  const last = closes.at(-1);
  const end = last === undefined ? '' : `, last close ${last.code ?? last.status ?? last.errorCode ?? ''}`;
  return `${host}: ${traffic.frames} frames, ${sequence.lost} lost, opened ${opens}×${end}`;
}

function restText({ rest }: Model): string {
  const counts: Record<string, number> = {};
  let unanswered = 0;
  for (const endpoint of Object.values(rest.endpoints)) {
    const answered = Object.values(endpoint.byStatus).reduce((sum, count) => sum + count, 0);
    unanswered += Math.max(0, endpoint.requests - answered);
    for (const [status, count] of Object.entries(endpoint.byStatus)) counts[status] = (counts[status] ?? 0) + count;
  }
  const said = Object.entries(counts).map(([status, count]) => `${status} ×${count}`);
  if (unanswered > 0) said.push(`without an answer ×${unanswered}`);
  return `${rest.requests} calls${said.length === 0 ? '' : `: ${said.join(', ')}`}`;
}

function clockText({ clock }: Model): string {
  const best = bestOffset(clock);
  if (best === null) return 'not measured';
  const seconds = (Math.abs(best.offsetMs) / 1_000).toFixed(2);
  const sign = best.offsetMs <= -5 ? '−' : '+';
  return `${sign}${seconds} s ± ${(best.uncertaintyMs / 1_000).toFixed(2)} s (local − server)`;
}

function keyText({ key }: Model): string {
  if (key === null || key.kind === 'none') return 'none';
  return `${key.keyId ?? 'without an id'} (${key.kind}${key.algorithm === null ? '' : `, ${key.algorithm}`})`;
}

function glance({ name, version, model, gathering }: Page): [string, string][] {
  const { first, last, exchanged } = gathering;
  const span =
    first === null
      ? 'nothing'
      : `${new Date(first.at).toISOString()} to ${new Date(last.at).toISOString()} (${duration(last.t - first.t)})`;
  const made = model.capture === null ? `recorded by cbscope ${model.version}` : `imported, ${model.capture}`;
  return [
    ['Recording', `${name}, ${made}; this page by cbscope ${version}`],
    ['Time', span],
    ['Public socket', socketText(model.connections.public, model)],
    ['User socket', socketText(model.connections.user, model)],
    ['REST', restText(model)],
    ['Clock', clockText(model)],
    ['Key', keyText(model)],
    ['Products', model.settings?.products.slice(0, 40).join(' ') ?? 'not told'],
    ['Facts', `${model.seq} in the session, ${exchanged} frames, calls and answers here`],
  ];
}

/** What was found and is over: a verdict at the end must not hide it. */
function overText(over: readonly FindingHistory[]): string {
  if (over.length === 0) return '';
  const codes = [...new Map(over.map((each) => [each.finding.code, each.severity]))].slice(0, 8);
  const shown = codes.map(([code, severity]) => `<b class="${severity}">${escaped(code, 60)}</b>`).join(', ');
  return `<p class="title">Found in the recording and over by its end: ${shown}. The findings below tell when and why.</p>`;
}

/** Verdict and figures. */
export function aboutHtml(page: Page): string {
  const { verdict, findings, model, notes } = page;
  const over = findings.filter(({ finding, severity }) => finding.status === 'cleared' && severity !== 'info');
  const leading = findings.find(({ finding }) => finding.key === verdict.findingKey)?.severity;
  const tone = leading ?? (over.length === 0 ? 'good' : 'warning');
  const badge = model.mode === 'demo' ? '<span class="badge">SIMULATED</span>' : '';
  const rows = glance(page).map(([term, text]) => `<dt>${term}</dt><dd>${escaped(text, 500)}</dd>`);
  const odd = notes.map((note) => `<p class="warning">${escaped(note, 300)}</p>`);
  return `<header class="verdict ${tone}"><p class="dim">Verdict at the end of the recording, ${verdict.confidence} confidence ${badge}</p><h1>${escaped(PARTY_NAMES[verdict.party])}</h1><p class="title">${escaped(verdict.sentence, 600)}</p>${overText(over)}</header>
${odd.join('')}<dl>${rows.join('')}</dl>`;
}
