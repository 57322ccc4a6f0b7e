// A dialog: a few sentences, and what the keys do with them. Pure.

import type { Mode } from '../state.ts';
import { cell, flow, type Line, type PaneRows, type Room, wrapText } from './cells.ts';

export function messageRows(room: Room, mode: Extract<Mode, { mode: 'message' }>): PaneRows {
  const lines: Line[] = mode.lines.flatMap((text, index) =>
    wrapText(text, room.width).map((part) =>
      flow(room.width, [cell(part, index === 0 && mode.tone !== 'plain' ? mode.tone : 'plain')]),
    ),
  );
  const keys = [
    mode.confirm === null ? '' : 'Enter yes',
    mode.copy === null ? '' : 'y copy',
    mode.confirm === null ? 'Esc close' : 'Esc no',
  ].filter((part) => part !== '');
  const kept = Math.max(0, room.height - 2);
  return {
    lines: [...lines.slice(0, kept), [], flow(room.width, [cell(keys.join('   '), 'accent')])]
      .slice(-room.height)
      .map((cells) => ({ cells })),
  };
}
