// The playbook's problem “403 Forbidden – Invalid Scope”, and the other meanings of a 403.

import { endpointScope } from '../coinbase/endpoints.ts';
import { isPenalty, isScopeError, readError } from '../coinbase/errors.ts';
import type { Permission } from '../core/fact.ts';
import type { Close, Model } from '../core/model.ts';
import type { KeptResponse } from '../core/requests.ts';
import type { Rule, Sighting } from './rule.ts';
import { clockTime, plural, sighting } from './rule.ts';
import { forbiddenSteps, throttledSteps } from './steps.ts';

const FORGET_MS = 120_000;

/** Refusals of an endpoint that has not answered well since. */
function standing(model: Model, accepts: (kept: KeptResponse) => boolean): KeptResponse[] {
  return model.rest.errors.filter((kept) => {
    const endpoint = model.rest.endpoints[kept.endpoint];
    const answeredSince = endpoint?.lastOkT !== null && endpoint !== undefined && endpoint.lastOkT > kept.t;
    return model.t - kept.t < FORGET_MS && !answeredSince && accepts(kept);
  });
}

function quoted(kept: KeptResponse): string {
  return `${clockTime(kept.at)} ${kept.method} ${kept.endpoint}: ${kept.status ?? ''} ${kept.error?.message ?? ''}`.trim();
}

/** Refusals of a breakdown that was asked of a portfolio which is not the key’s. */
function ofForeignPortfolio(model: Model): KeptResponse[] {
  const own = model.ledger.permissions?.value.portfolioUuid ?? null;
  return standing(model, ({ endpoint, status, url }) => {
    const asked = endpoint === 'portfolio' ? portfolioOf(url) : null;
    return (status === 403 || status === 404) && own !== null && asked !== null && asked !== own;
  });
}

function portfolioOf(url: string): string | null {
  return /\/portfolios\/([^/?#]+)/.exec(url)?.[1] ?? null;
}

interface Missing {
  code: 'SCOPE_VIEW' | 'SCOPE_TRADE' | 'SCOPE_TRANSFER';
  title: string;
  refusals: KeptResponse[];
}

function missingScopes(model: Model): Missing[] {
  const told = model.ledger.permissions?.value ?? null;
  const needs = model.settings?.needs ?? [];
  const foreign = ofForeignPortfolio(model);
  const refusals = standing(
    model,
    (kept) => kept.status === 403 && kept.error !== null && isScopeError(kept.error) && !foreign.includes(kept),
  );
  const forTransfer =
    told?.canView === true && !told.canTransfer ? refusals.filter((kept) => kept.endpoint === 'portfolio') : [];
  const needing = (scope: Permission): KeptResponse[] =>
    refusals.filter((kept) => !forTransfer.includes(kept) && (endpointScope(kept.endpoint) ?? 'view') === scope);
  const forView = needing('view');
  const forTrade = needing('trade');
  const forMoves = [...forTransfer, ...needing('transfer')];
  const missing: Missing[] = [];
  if (told?.canView === false || forView.length > 0)
    missing.push({ code: 'SCOPE_VIEW', title: viewTitle(told, forView), refusals: forView });
  if (forTrade.length > 0 || (told !== null && !told.canTrade && needs.includes('trade'))) {
    missing.push({ code: 'SCOPE_TRADE', title: wantedTitle(model, 'Trade', forTrade), refusals: forTrade });
  }
  const transfer = told !== null && !told.canTransfer && needs.includes('transfer');
  if (transfer || forMoves.length > 0) {
    const title =
      forTransfer.length > 0
        ? 'GET portfolio is refused although the key has View: it may need Transfer.'
        : wantedTitle(model, 'Transfer', forMoves);
    missing.push({ code: 'SCOPE_TRANSFER', title, refusals: forMoves });
  }
  return missing;
}

function wantedTitle(model: Model, permission: string, refusals: KeptResponse[]): string {
  const called = [...new Set(refusals.map((kept) => kept.endpoint))].join(', ');
  if (called !== '')
    return `${called} answered 403 “${refusals.at(-1)?.error?.message ?? ''}”: the key lacks ${permission}.`;
  const who = model.capture === null ? '--needs asks for' : 'the captured program uses';
  return `The key lacks ${permission}, which ${who}.`;
}

function viewTitle(told: { canView: boolean } | null, refusals: KeptResponse[]): string {
  const endpoints = [...new Set(refusals.map((kept) => kept.endpoint))].join(', ');
  if (told?.canView === false) return `The key lacks View${endpoints === '' ? '' : `: ${endpoints} answered 403`}.`;
  return `${endpoints} answered 403 “${refusals.at(-1)?.error?.message ?? 'missing scope'}”: the key lacks the scope.`;
}

export const scopes: Rule = (model) =>
  missingScopes(model).map(({ code, title, refusals }) =>
    sighting({
      code,
      connection: 'rest',
      title,
      count: Math.max(1, refusals.length),
      evidence: [permissionText(model), ...refusals.slice(-3).map(quoted)],
      facts: [model.ledger.permissions?.seq ?? null, ...refusals.map((kept) => kept.seq)],
      steps: forbiddenSteps(model, refusals.at(-1)?.endpoint ?? null),
      disprove: 'cbscope doctor   (prints the permissions that Coinbase reports for this key)',
      clearedBecause: 'the key has the permission now',
    }),
  );

function permissionText(model: Model): string {
  const told = model.ledger.permissions?.value;
  if (told === undefined) return 'key_permissions has not answered';
  return `key_permissions says: view ${told.canView}, trade ${told.canTrade}, transfer ${told.canTransfer}`;
}

/** The portfolio of the key, of the accounts and of the breakdown must be one, and the one that is asked about. */
export const portfolio: Rule = (model) => {
  const own = model.ledger.permissions?.value.portfolioUuid ?? null;
  if (own === null) return [];
  const breakdown = model.ledger.breakdown?.value.uuid ?? null;
  const account = model.ledger.accounts?.value.find((each) => each.portfolioId !== '')?.portfolioId ?? null;
  const other = [breakdown, account].find((uuid) => uuid !== null && uuid !== own);
  const refused = ofForeignPortfolio(model).at(-1);
  if (other === undefined && refused === undefined) return [];
  return [
    sighting({
      code: 'SCOPE_PORTFOLIO',
      connection: 'rest',
      title:
        refused === undefined
          ? 'The key is bound to another portfolio than the one that answers.'
          : `The key is bound to another portfolio than the one asked about, which is refused with ${refused.status ?? ''}.`,
      evidence: [
        `key_permissions: portfolio ${own}`,
        other === undefined ? null : `answered: portfolio ${other}`,
        refused === undefined ? null : `asked: portfolio ${portfolioOf(refused.url) ?? ''}`,
        refused === undefined ? null : quoted(refused),
      ],
      facts: [model.ledger.permissions?.seq ?? null, model.ledger.breakdown?.seq ?? null, refused?.seq ?? null],
      steps: forbiddenSteps(model, 'portfolio'),
      clearedBecause: 'the portfolios agree',
    }),
  ];
};

function stopText(model: Model): string | null {
  return model.capture === null ? 'all REST calls of this tool stop for at least 60 s' : null;
}

export const penalty: Rule = (model) => {
  const refusals = standing(model, (kept) => kept.error !== null && isPenalty(kept.error));
  const last = refusals.at(-1);
  if (last === undefined) return [];
  const before = model.rest.errors.filter((kept) => kept.t < last.t && last.t - kept.t < 60_000 && kept.status !== 403);
  return [
    sighting({
      code: 'ACCESS_PENALTY',
      connection: 'rest',
      title: `Coinbase has shut this address out for a while: 403 “${last.error?.message ?? ''}” after ${plural(before.length, 'refused call')}.`,
      count: refusals.length,
      evidence: [...before.slice(-4).map(quoted), quoted(last), stopText(model)],
      facts: [...before, ...refusals].map((kept) => kept.seq),
      steps: throttledSteps(model),
      clearedBecause: 'REST answers again',
    }),
  ];
};

export const edge: Rule = (model) => {
  const seen: Sighting[] = [];
  const refusals = standing(model, (kept) => kept.error?.block === 'edge');
  const last = refusals.at(-1);
  if (last !== undefined)
    seen.push(
      blocked(
        model,
        'rest',
        last.status,
        last.headers,
        refusals.map((kept) => kept.seq),
        last.error?.message ?? '',
      ),
    );
  for (const name of ['public', 'user'] as const) {
    const close = model.closes.findLast((entry) => entry.connection === name && entry.kind !== 'connect-failed');
    if (close?.kind !== 'refused' || !isBlockedUpgrade(close)) continue;
    if (model.connections[name].state === 'open') continue;
    seen.push(
      blocked(model, name, close.status, close.headers, [close.seq], /<title>([^<]*)/i.exec(close.detail)?.[1] ?? ''),
    );
  }
  return seen;
};

/** Whether an upgrade was refused by a page of the edge that blocks, not by a busy or broken server. */
export function isBlockedUpgrade({ status, headers, detail }: Close): boolean {
  return status !== null && readError(status, headers, detail).block === 'edge';
}

function blocked(
  model: Model,
  talker: 'rest' | 'public' | 'user',
  status: number | null,
  headers: Record<string, string>,
  facts: number[],
  page: string,
): Sighting {
  return sighting({
    code: 'EDGE_BLOCKED',
    about: talker,
    connection: talker,
    title: `The edge, not the API, answers ${status ?? ''} with an HTML page${page === '' ? '' : ` “${page}”`}: this address is blocked.`,
    count: facts.length,
    evidence: [
      headers['cf-ray'] === undefined ? null : `cf-ray ${headers['cf-ray']}`,
      headers['server'] === undefined ? null : `server ${headers['server']}`,
    ],
    facts,
    steps: forbiddenSteps(model, null),
    disprove: 'the same call from another network',
    clearedBecause: 'the API answers again',
  });
}
