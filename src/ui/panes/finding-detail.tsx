// A finding, opened.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { findingDetailRows } from '../rows/finding-detail.ts';
import type { View } from '../view.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';

export function FindingDetail({
  view,
  rect,
  findingKey,
}: {
  view: View;
  rect: Rect;
  findingKey: string;
}): ReactElement {
  const rows = findingDetailRows(view, roomIn(rect), findingKey);
  return (
    <Panel
      rect={rect}
      look={view.state.look}
      title={rows.title}
      titleRole={rows.role}
      focused
      rows={rows}
      chosen={-1}
    />
  );
}
