// The escalation dialog.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import type { PacketForm } from '../packet-form.ts';
import { escalateRows } from '../rows/escalate.ts';
import type { View } from '../view.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';

export function EscalatePane(props: { view: View; rect: Rect; form: PacketForm }): ReactElement {
  const { view, rect, form } = props;
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title="escalate"
      focused
      rows={escalateRows(view, roomIn(rect), form)}
      chosen={-1}
    />
  );
}
