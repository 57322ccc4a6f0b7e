// The last line: keys, what is being typed, or what just happened.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { statusLine } from '../rows/status-line.ts';
import type { View } from '../view.ts';
import { Block } from '../widgets/block.tsx';

export function StatusLine({ view, rect }: { view: View; rect: Rect }): ReactElement {
  return <Block rect={rect} lines={[statusLine(view, rect.width)]} look={view.state.look} />;
}
