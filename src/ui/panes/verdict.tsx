// The verdict: whose fault, in capitals, and the sentence that proves it.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { verdictLines } from '../rows/verdict.ts';
import type { View } from '../view.ts';
import { Block } from '../widgets/block.tsx';

export function Verdict({ view, rect }: { view: View; rect: Rect }): ReactElement {
  const lines = verdictLines(view, rect.width, rect.height).map(({ cells }) => cells);
  return <Block rect={rect} lines={lines} look={view.state.look} />;
}
