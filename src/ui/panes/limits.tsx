// The limits pane: how much of each limit is spent.

import type { ReactElement } from 'react';
import { limitsRows } from '../rows/limits.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';
import type { PaneProps } from './pane-props.ts';

export function LimitsPane({ view, rect, focused, chosen, zoomed }: PaneProps): ReactElement {
  const rows = limitsRows(view, roomIn(rect, zoomed));
  return <Panel rect={rect} look={view.state.look} title={'5 limits'} focused={focused} rows={rows} chosen={chosen} />;
}
