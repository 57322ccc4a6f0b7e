// The tokens pane: the key, each token in use against server time, what it still gates, the next renewal, the clock offset. Pure.

import type { TokenView } from '../../core/snapshot.ts';
import type { Glyphs, Role } from '../theme.ts';
import { countdown, offset } from '../units.ts';
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

/** A bar of `width` cells filled to `fraction`, half cells included. */
export function gauge(fraction: number, width: number, glyphs: Glyphs): string {
  const halves = Math.round(Math.max(0, Math.min(1, fraction)) * width * 2);
  const full = Math.floor(halves / 2);
  const half = halves % 2 === 1 ? glyphs.half : '';
  return glyphs.full.repeat(full) + half + glyphs.empty.repeat(Math.max(0, width - full - half.length));
}

const shownPurpose = (purpose: TokenView['purpose']): string => (purpose === 'rest' ? 'REST' : purpose);

function left(token: TokenView, view: View): { text: string; role: Role; ms: number } {
  const ms = token.expiresInMs - view.driftMs;
  if (token.refused)
    return { text: ms <= 0 ? 'refused, and over' : `refused, ends in ${countdown(ms)}`, role: 'critical', ms };
  if (ms <= 0) return { text: 'over', role: 'warning', ms };
  return { text: `ends in ${countdown(ms)}`, role: ms < 10_000 ? 'warning' : 'plain', ms };
}

function renewal(token: TokenView, view: View): string {
  return token.nextRenewalInMs === null ? '' : `new in ${countdown(token.nextRenewalInMs - view.driftMs)}`;
}

/** What the token still gates: whole where there is room, else its last clause, which is what to do. */
function gatesText(token: TokenView, width: number): string {
  return token.gates.length <= width ? token.gates : (token.gates.split('; ').at(-1) ?? token.gates);
}

/** The bar line, and under it what hangs on the token. */
function tokenLines(token: TokenView, view: View, width: number): Line[] {
  const { text, role, ms } = left(token, view);
  const next = renewal(token, view);
  const said = next === '' ? text : `${text}, ${next}`;
  const bar = Math.max(6, Math.min(24, width - 9 - said.length));
  const fraction = token.lifetimeMs > 0 ? ms / token.lifetimeMs : 0;
  const clock = token.clock === 'local' ? 'by the local clock' : '';
  const startsIn = token.startsInMs - view.driftMs;
  const early = startsIn > 0 ? `not valid for ${countdown(startsIn)}` : '';
  const under = wholeParts([early, gatesText(token, width - 7), clock], '; ', width - 7);
  return [
    flow(width, [
      cell(shownPurpose(token.purpose).padEnd(6), 'strong'),
      cell(gauge(fraction, bar, view.glyphs), role),
      cell(` ${said}`, role),
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
  const right = tokens.length > 1 ? `${tokens.length} in use` : '';
  if (room.height < 4) return { lines: shortLines(view, room).slice(0, room.height) };
  const lines: PaneLine[] = [{ cells: keyLine(view, room.width) }];
  if (tokens.length === 0) lines.push(...sentence(room.width, room.height - 2, noTokens(view)));
  const inner = Math.max(1, room.height - 2);
  const count = Math.min(tokens.length, inner);
  const from = windowOf(tokens.length, chosenIndex(view, 'tokens'), count);
  // Every token gets its bar; what hangs on it is told from the first one on, as far as there is room.
  let spare = inner - count;
  for (const [index, token] of tokens.slice(from, from + count).entries()) {
    const both = tokenLines(token, view, room.width);
    const some = spare > 0 ? both : both.slice(0, 1);
    spare -= some.length - 1;
    lines.push(...some.map((cells) => ({ cells, item: from + index })));
  }
  const body = lines.slice(0, room.height - 1);
  return { lines: [...body, { cells: flow(room.width, [offsetCell(view)]) }], right };
}
