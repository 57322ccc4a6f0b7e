// The header line: which world this is, what time it shows, the clock, the recording.

import type { ReactElement } from 'react';
import type { Rect } from '../layout.ts';
import { headerLine } from '../rows/header.ts';
import type { View } from '../view.ts';
import { Block } from '../widgets/block.tsx';

export function Header({ view, rect }: { view: View; rect: Rect }): ReactElement {
  return <Block rect={rect} lines={[headerLine(view, rect.width)]} look={view.state.look} />;
}
