// The answer of a drill.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { answerRows } from '../rows/answer.ts';
import type { View } from '../view.ts';
import { Panel, roomIn } from '../widgets/panel.tsx';

export function AnswerPane({ view, rect }: { view: View; rect: Rect }): ReactElement {
  const rows = answerRows(view, roomIn(rect));
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
