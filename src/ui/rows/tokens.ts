// The tokens pane: the key, each token in use against server time, what it still gates, the next renewal, the clock offset. Pure.

import type { TokenView } from '../../core/snapshot.ts';
import type { Role } from '../theme.ts';
import { clockTime, countdown, offset } from '../units.ts';
import { chosenIndex, type View } from '../view.ts';
import {
  type Cell,
  cell,
  flow,
  type Line,
  type PaneLine,
  type PaneRows,
  type Room,
  sentence,
  wholeParts,
  windowOf,
} from './cells.ts';
import { gauge } from './gauge.ts';

const shownPurpose = (purpose: TokenView['purpose']): string => (purpose === 'rest' ? 'REST' : purpose);

/** Four cells, so that nothing moves when a digit goes: ` 9 s`, `59 s`, `1:27`. */
const still = (ms: number): string => countdown(ms).padStart(4);

function left(token: TokenView, view: View): { text: string; role: Role; ms: number } {
  const ms = token.expiresInMs - view.driftMs;
  if (token.refused)
    return { text: ms <= 0 ? 'refused, and over' : `refused, ends in ${still(ms)}`, role: 'critical', ms };
  if (ms <= 0) return { text: 'over', role: 'warning', ms };
  return { text: `ends in ${still(ms)}`, role: ms < 10_000 ? 'warning' : 'plain', ms };
}

function renewal(token: TokenView, view: View): string {
  return token.nextRenewalInMs === null ? '' : `new in ${still(token.nextRenewalInMs - view.driftMs)}`;
}

/** `GET …/accounts` of `GET api.coinbase.com/api/v3/brokerage/accounts`. */
function shortUri(uri: string, ellipsis: string): string {
  const [method = '', target = ''] = uri.split(' ');
  return `${method} ${ellipsis}/${target.split('/').at(-1)}`;
}

/** What the token still gates: whole where there is room, else its last clause, which is what to do. */
function gatesText({ gates, uri }: TokenView, width: number, ellipsis: string): string {
  const whole = uri === null ? gates : `${gates}: ${shortUri(uri, ellipsis)}`;
  return [whole, gates, gates.split('; ').at(-1) ?? gates].find((text) => text.length <= width) ?? gates;
}

/** From when to when, in server time, and of which request. */
function claimLines(token: TokenView, view: View, width: number): Line[] {
  const serverNow = view.snapshot.at - (view.snapshot.clock.offsetMs ?? 0);
  const [from, to] = [token.startsInMs, token.expiresInMs].map((ms) => clockTime(serverNow + ms));
  const whose = token.clock === 'server' ? 'server time' : 'made by the local clock';
  const life = `nbf ${from}   exp ${to} UTC, ${whose}, good for ${countdown(token.lifetimeMs)}`;
  const uri = token.uri === null ? 'no uri: it opens channels, not a request' : `uri ${token.uri}`;
  return [life, uri].map((text) => flow(width, [cell(text, 'dim')], 1, 7));
}

/** What stands behind the bar: how long it still lives, and when the next one comes. */
function lifeText(token: TokenView, view: View): string {
  const next = renewal(token, view);
  return next === '' ? left(token, view).text : `${left(token, view).text}, ${next}`;
}

/** One width for all bars: they are compared. */
function barWidth(view: View, width: number): number {
  const longest = Math.max(0, ...view.snapshot.tokens.map((token) => lifeText(token, view).length));
  return Math.max(6, Math.min(24, width - 9 - longest));
}

/** The bar line, and under it what hangs on the token. */
function tokenLines(token: TokenView, view: View, width: number): Line[] {
  const { role, ms } = left(token, view);
  const fraction = token.lifetimeMs > 0 ? ms / token.lifetimeMs : 0;
  const clock = token.clock === 'local' ? 'by the local clock' : '';
  const startsIn = token.startsInMs - view.driftMs;
  const early = startsIn > 0 ? `not valid for ${countdown(startsIn)}` : '';
  const under = wholeParts([early, gatesText(token, width - 7, view.glyphs.ellipsis), clock], '; ', width - 7);
  return [
    flow(width, [
      cell(shownPurpose(token.purpose).padEnd(6), 'strong'),
      cell(gauge(fraction, barWidth(view, width), view.glyphs), role === 'plain' ? 'accent' : role),
      cell(` ${lifeText(token, view)}`, role),
    ]),
    flow(width, [cell(under === '' ? 'nothing waits for it' : under, 'dim')], 1, 7),
  ];
}

function keyLine(view: View, width: number): Line {
  const { tokens, key, permissions } = view.snapshot;
  const id = tokens[0]?.key ?? key?.keyId ?? 'no key';
  const alg = tokens[0]?.alg ?? key?.algorithm ?? '';
  const room = Math.max(12, width - alg.length - permissions.length - 4);
  const short = id.length > room ? `…${id.slice(-(room - 1))}` : id;
  return flow(width, [cell(short, 'label'), cell(alg), cell(permissions, 'dim')], 2);
}

export function offsetCell(view: View): Cell {
  const { clock } = view.snapshot;
  if (clock.offsetMs === null) return cell('offset not measured: no server time yet', 'dim');
  const { minus, plusMinus } = view.glyphs;
  const by = clock.source === 'time' ? `${clock.samples} of GET /time` : 'from the date header';
  const about = clock.uncertaintyMs === null ? '' : ` ${plusMinus} ${offset(clock.uncertaintyMs).slice(1)}`;
  const role = Math.abs(clock.offsetMs) >= 1_000 ? 'warning' : 'plain';
  return cell(`offset ${offset(clock.offsetMs, minus)}${about}    (${by})`, role);
}

/** The short form of the 80-column rung: one line for each token, then renewal and offset. */
function shortLines(view: View, room: Room): PaneLine[] {
  const { tokens, clock } = view.snapshot;
  const lines: PaneLine[] = tokens.slice(0, Math.max(0, room.height - 1)).map((token, item) => {
    const { text, role } = left(token, view);
    return {
      cells: flow(room.width, [
        cell(shownPurpose(token.purpose).padEnd(6), 'strong'),
        cell(text.padEnd(24), role),
        cell(token.alg, 'dim'),
      ]),
      item,
    };
  });
  if (tokens.length === 0) lines.push({ cells: flow(room.width, [cell(noTokensShort(view), 'dim')]) });
  const renewed = tokens.find((token) => token.nextRenewalInMs !== null);
  const next = renewed === undefined ? '' : `new in ${countdown((renewed.nextRenewalInMs ?? 0) - view.driftMs)}`;
  const about = clock.offsetMs === null ? 'offset not measured' : `offset ${offset(clock.offsetMs, view.glyphs.minus)}`;
  lines.push({ cells: flow(room.width, [cell(next === '' ? '' : next.padEnd(14)), cell(about, 'dim')], 2) });
  return lines;
}

function noTokensShort(view: View): string {
  const { key } = view.snapshot;
  if (key === null || key.kind === 'none') return 'none: no key, public channels only';
  return key.usable ? 'none made yet' : 'none: the key cannot be used';
}

function noTokens(view: View): string {
  const { key } = view.snapshot;
  if (key === null || key.kind === 'none') return 'none: no key is configured, so only public channels are read';
  if (!key.usable) return `none: ${key.explanation || 'the key cannot be used'}`;
  return 'none made yet';
}

export function tokensRows(view: View, room: Room): PaneRows {
  const { tokens } = view.snapshot;
  const longest = Math.max(0, ...tokens.map(({ lifetimeMs }) => lifetimeMs));
  const right = tokens.length === 0 ? '' : `${tokens.length} in use, a full bar is ${countdown(longest)}`;
  if (room.height < 4) return { lines: shortLines(view, room).slice(0, room.height) };
  const isKnown = tokens.length > 0 || (view.snapshot.key?.keyId ?? null) !== null;
  const lines: PaneLine[] = isKnown ? [{ cells: keyLine(view, room.width) }] : [];
  if (tokens.length === 0) lines.push(...sentence(room.width, room.height - 2, noTokens(view)));
  const inner = Math.max(1, room.height - 2);
  const count = Math.min(tokens.length, inner);
  const from = windowOf(tokens.length, chosenIndex(view, 'tokens'), count);
  // Every token gets its bar; what hangs on it is told from the first one on, as far as there is room.
  let spare = inner - count;
  for (const [index, token] of tokens.slice(from, from + count).entries()) {
    const claims = room.zoomed ? claimLines(token, view, room.width) : [];
    const all = [...tokenLines(token, view, room.width), ...claims];
    const some = all.slice(0, 1 + Math.max(0, spare));
    spare -= some.length - 1;
    lines.push(...some.map((cells) => ({ cells, item: from + index })));
  }
  const body = lines.slice(0, room.height - 1);
  return { lines: [...body, { cells: flow(room.width, [offsetCell(view)]) }], right };
}
