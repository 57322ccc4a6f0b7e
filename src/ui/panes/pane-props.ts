// What every pane is given: the view, its rectangle, and how it stands on the screen.

import type { Rect } from '../layout.ts';
import type { View } from '../view.ts';

export interface PaneProps {
  view: View;
  rect: Rect;
  focused: boolean;
  /** Index of the chosen item, or -1. */
  chosen: number;
  zoomed: boolean;
}
