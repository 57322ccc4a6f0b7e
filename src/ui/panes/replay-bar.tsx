// The replay bar: where in the recording we are.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { replayLine } from '../rows/replay-bar.ts';
import type { View } from '../view.ts';
import { Block } from '../widgets/block.tsx';

export function ReplayBar({ view, rect }: { view: View; rect: Rect }): ReactElement {
  return <Block rect={rect} lines={[replayLine(view, rect.width)]} look={view.state.look} />;
}
