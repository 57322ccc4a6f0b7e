// What is read with the screen to itself: help, settings, an opened finding, fact or answer. Pure.

import { answerRows } from './rows/answer.ts';
import type { PaneRows, Room } from './rows/cells.ts';
import { findingDetailRows } from './rows/finding-detail.ts';
import { frameDetailRows } from './rows/frame-detail.ts';
import { helpRows } from './rows/help.ts';
import { settingsRows } from './rows/settings.ts';
import { topMode } from './state.ts';
import type { View } from './view.ts';

/** The lines of the mode that is read in, with how far they can be scrolled; null in any other mode. */
export function readingRows(view: View, room: Room): PaneRows | null {
  const top = topMode(view.state);
  switch (top.mode) {
    case 'help':
      return helpRows(view, room);
    case 'settings':
      return settingsRows(view, room);
    case 'finding':
      return findingDetailRows(view, room, top.key);
    case 'frame':
      return frameDetailRows(view, room, top.seq);
    case 'answer':
      return answerRows(view, room);
    default:
      return null;
  }
}
