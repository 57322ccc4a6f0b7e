// The help overlay: the key table.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { helpRows } from '../rows/help.ts';
import type { View } from '../view.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';

export function HelpPane({ view, rect }: { view: View; rect: Rect }): ReactElement {
  return (
    <Panel rect={rect} look={view.state.look} title="help" focused rows={helpRows(view, roomIn(rect))} chosen={-1} />
  );
}
