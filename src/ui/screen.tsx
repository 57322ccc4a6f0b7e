// The whole screen as a function of snapshot, UI state, now and size. It holds no state, reads no clock and starts nothing.

import { Box, Text } from 'ink';
import type { ComponentType, ReactElement } from 'react';
import type { Snapshot } from '../core/snapshot.ts';
import { type Layout, layout, type PlacedPane, type Size, SMALLEST } from './layout.ts';
import { AnswerPane } from './panes/answer.tsx';
import { ClosesPane } from './panes/closes.tsx';
import { ConnectionsPane } from './panes/connections.tsx';
import { EscalatePane } from './panes/escalate.tsx';
import { FindingDetail } from './panes/finding-detail.tsx';
import { FindingsPane } from './panes/findings.tsx';
import { FrameDetail } from './panes/frame-detail.tsx';
import { Header } from './panes/header.tsx';
import { HeartbeatsPane } from './panes/heartbeats.tsx';
import { HelpPane } from './panes/help.tsx';
import { LimitsPane } from './panes/limits.tsx';
import { MessagePane } from './panes/message.tsx';
import { OrdersBalancesPane } from './panes/orders-balances.tsx';
import type { PaneProps } from './panes/pane-props.ts';
import { ReplayBar } from './panes/replay-bar.tsx';
import { RequestsPane } from './panes/requests.tsx';
import { SelfPane } from './panes/self.tsx';
import { SettingsPane } from './panes/settings.tsx';
import { StatusLine } from './panes/status-line.tsx';
import { TimelinePane } from './panes/timeline.tsx';
import { TokensPane } from './panes/tokens.tsx';
import { Verdict } from './panes/verdict.tsx';
import type { PaneId } from './selection.ts';
import { activePane, topMode, type UiState } from './state.ts';
import { chosenIndex, type View, viewOf } from './view.ts';

const PANE: Record<PaneId, ComponentType<PaneProps>> = {
  connections: ConnectionsPane,
  findings: FindingsPane,
  heartbeats: HeartbeatsPane,
  tokens: TokensPane,
  limits: LimitsPane,
  closes: ClosesPane,
  timeline: TimelinePane,
  requests: RequestsPane,
  orders: OrdersBalancesPane,
  self: SelfPane,
};

export interface ScreenProps {
  snapshot: Snapshot;
  state: UiState;
  /** Wall clock, epoch ms. */
  now: number;
  size: Size;
}

function Pane({ view, placed }: { view: View; placed: PlacedPane }): ReactElement {
  const Chosen = PANE[placed.id];
  const focused = activePane(view.state) === placed.id;
  const zoomed = view.state.modes.some((mode) => mode.mode === 'zoom');
  return (
    <Chosen
      view={view}
      rect={placed.rect}
      focused={focused}
      chosen={focused ? chosenIndex(view, placed.id) : -1}
      zoomed={zoomed}
    />
  );
}

function Overlay({ view, plan }: { view: View; plan: Layout }): ReactElement | null {
  const rect = plan.overlay;
  if (rect === null) return null;
  const top = topMode(view.state);
  switch (top.mode) {
    case 'help':
      return <HelpPane view={view} rect={rect} />;
    case 'settings':
      return <SettingsPane view={view} rect={rect} />;
    case 'finding':
      return <FindingDetail view={view} rect={rect} findingKey={top.key} />;
    case 'frame':
      return <FrameDetail view={view} rect={rect} seq={top.seq} />;
    case 'answer':
      return <AnswerPane view={view} rect={rect} />;
    case 'escalate':
      return <EscalatePane view={view} rect={rect} form={top.form} />;
    case 'message':
      return <MessagePane view={view} rect={rect} mode={top} />;
    default:
      return null;
  }
}

/** What a terminal too small for any rung is told, cut to what it has. */
function TooSmall({ size }: { size: Size }): ReactElement {
  const lines = [`needs ${SMALLEST.columns}×${SMALLEST.rows}`, `has ${size.columns}×${size.rows}`, 'q quits'];
  return (
    <Box width="100%" height={size.rows} flexDirection="column" overflow="hidden">
      {lines.slice(0, size.rows).map((line) => (
        <Text key={line} wrap="truncate">
          {line}
        </Text>
      ))}
    </Box>
  );
}

export function Screen({ snapshot, state, now, size }: ScreenProps): ReactElement {
  const plan = layout(size, snapshot, state);
  if (plan.rung === 'too-small') return <TooSmall size={size} />;
  const view = viewOf(snapshot, state, now);
  return (
    <Box width="100%" height={size.rows} overflow="hidden">
      {plan.header !== null && <Header view={view} rect={plan.header} />}
      {plan.verdict !== null && <Verdict view={view} rect={plan.verdict} />}
      {plan.panes.map((placed) => (
        <Pane key={placed.id} view={view} placed={placed} />
      ))}
      <Overlay view={view} plan={plan} />
      {plan.replayBar !== null && <ReplayBar view={view} rect={plan.replayBar} />}
      {plan.status !== null && <StatusLine view={view} rect={plan.status} />}
    </Box>
  );
}
