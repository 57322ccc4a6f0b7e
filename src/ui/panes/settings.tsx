// The settings overlay: effective values and where each came from.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { settingsRows } from '../rows/settings.ts';
import type { View } from '../view.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';

export function SettingsPane({ view, rect }: { view: View; rect: Rect }): ReactElement {
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title="settings"
      focused
      rows={settingsRows(view, roomIn(rect))}
      chosen={-1}
    />
  );
}
