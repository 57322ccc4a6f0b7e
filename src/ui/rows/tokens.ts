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
  if (token.refused) return { text: `refused, ends in ${countdown(ms)}`, role: 'critical', ms };
  if (ms <= 0) return { text: 'over', role: 'warning', ms };
  return { text: `ends in ${countdown(ms)}`, role: ms < 10_000 ? 'warning' : 'plain', ms };
}

function renewal(token: TokenView, view: View): string {
  return token.nextRenewalInMs === null ? '' : `a new one in ${countdown(token.nextRenewalInMs - view.driftMs)}`;
}

function tokenLines(token: TokenView, view: View, width: number): Line[] {
  const { text, role, ms } = left(token, view);
  const bar = Math.max(6, Math.min(24, width - 30));
  const fraction = token.lifetimeMs > 0 ? ms / token.lifetimeMs : 0;
  const clock = token.clock === 'local' ? 'by the local clock' : '';
  const early =
    token.startsInMs - view.driftMs > 0 ? `not valid for ${countdown(token.startsInMs - view.driftMs)}` : '';
  const under = [early, token.gates, renewal(token, view), clock].filter((part) => part !== '').join('; ');
  return [
    flow(width, [
      cell(shownPurpose(token.purpose).padEnd(6), 'strong'),
      cell(gauge(fraction, bar, view.glyphs), role),
      cell(` ${text}`, role),
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
  const { tokens, clock, key } = view.snapshot;
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
  if (tokens.length === 0) lines.push(...sentence(room.width, room.height - 1, noTokens(view)));
  const renewed = tokens.find((token) => token.nextRenewalInMs !== null);
  const next = renewed === undefined ? '' : `next in ${countdown((renewed.nextRenewalInMs ?? 0) - view.driftMs)}`;
  const about = clock.offsetMs === null ? 'offset not measured' : `offset ${offset(clock.offsetMs, view.glyphs.minus)}`;
  lines.push({
    cells: flow(
      room.width,
      [cell(next.padEnd(14)), cell(about, 'dim'), cell(key?.usable === false ? 'key unusable' : '', 'critical')],
      2,
    ),
  });
  return lines;
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
  const count = Math.max(1, Math.floor((room.height - 2) / 2));
  const from = windowOf(tokens.length, chosenIndex(view, 'tokens'), count);
  for (const [index, token] of tokens.slice(from, from + count).entries()) {
    lines.push(...tokenLines(token, view, room.width).map((cells) => ({ cells, item: from + index })));
  }
  const body = lines.slice(0, room.height - 1);
  return { lines: [...body, { cells: flow(room.width, [offsetCell(view)]) }], right };
}
