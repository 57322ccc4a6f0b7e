// Golden screens: each story at each rung, drawn through a real terminal emulator. UPDATE_GOLDEN=1 writes them anew.

import { describe, expect, it } from 'vitest';
import { cellWidth } from '../../src/base/text.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { visible } from '../../src/ui/drill.ts';
import { panesOnRung, type Size } from '../../src/ui/layout.ts';
import { reduce, startState } from '../../src/ui/reduce.ts';
import type { UiState } from '../../src/ui/state.ts';
import { timelineOf } from '../support/timeline.ts';
import { drawn, textOf } from './drawn.tsx';
import { broken } from './fixtures/broken.ts';
import { dealt } from './fixtures/dealt.ts';
import { AT, healthy } from './fixtures/healthy.ts';
import { detail, hostile, justStarted, replay } from './fixtures/others.ts';
import { golden } from './golden.ts';

const SIZES: readonly [number, number][] = [
  [200, 60],
  [120, 40],
  [80, 24],
  [40, 12],
  [30, 8],
];

/** The broken moment 12 s into a drill. */
const asked: Snapshot = { ...broken, mode: 'demo', startedAt: broken.at - 12_000 };
const drilling = (): UiState => ({
  ...startState({ ascii: false, color: true }, { ...dealt, durationMs: 20_000 }),
  receivedAt: AT,
});

/** The broken moment as the engine tells it under the filter "user". */
const ofUser: Snapshot = {
  ...broken,
  timeline: {
    ...timelineOf(broken.timeline.rows.filter(({ source }) => source === 'user')),
    kept: broken.timeline.kept,
    query: { ...broken.timeline.query, filter: 'user' },
  },
};

const start = (): UiState => ({ ...startState({ ascii: false, color: true }), receivedAt: AT });

function press(state: UiState, snapshot: Snapshot, size: Size, ...actions: Parameters<typeof pressOne>[2][]): UiState {
  return actions.reduce((now, action) => pressOne(now, snapshot, action, size), state);
}

function pressOne(
  state: UiState,
  snapshot: Snapshot,
  action: Extract<Parameters<typeof reduce>[1], { type: 'key' }>['action'],
  size: Size,
): UiState {
  return reduce(
    state,
    { type: 'key', action, panes: panesOnRung(size), rows: 10, scrollMax: 1_000, now: AT },
    snapshot,
  );
}

interface Story {
  name: string;
  snapshot: Snapshot;
  state: (size: Size) => UiState;
}

const STORIES: readonly Story[] = [
  { name: 'healthy', snapshot: healthy, state: start },
  { name: 'broken', snapshot: broken, state: start },
  { name: 'replay', snapshot: replay, state: start },
  { name: 'just-started', snapshot: justStarted, state: start },
  { name: 'hostile', snapshot: hostile, state: start },
  { name: 'ascii', snapshot: broken, state: () => ({ ...start(), look: { ascii: true, color: false } }) },
  { name: 'finding', snapshot: broken, state: (size) => press(start(), broken, size, 'verdict') },
  { name: 'help', snapshot: broken, state: (size) => press(start(), broken, size, 'help') },
  { name: 'settings', snapshot: broken, state: (size) => press(start(), broken, size, 'settings') },
  {
    name: 'connections-zoomed',
    snapshot: healthy,
    state: (size) => press(start(), healthy, size, 'pane-connections', 'zoom'),
  },
  {
    name: 'frame',
    snapshot: broken,
    state: (size) => ({
      ...press(start(), broken, size, 'verdict', 'open'),
      detail: { seq: 18_990, detail: { ...detail, seq: 18_990 } },
    }),
  },
  {
    name: 'dialog',
    snapshot: broken,
    state: () =>
      reduce(
        start(),
        {
          type: 'outcome',
          title: 'escalation packet',
          outcome: { ok: true, message: 'The packet is written.', path: '/home/me/cbscope-packet-1', markdown: '# T2' },
          now: AT,
          dialog: true,
        },
        broken,
      ),
  },
  { name: 'drill', snapshot: asked, state: () => drilling() },
  { name: 'drill-right', snapshot: asked, state: (size) => press(drilling(), broken, size, 'choose-1') },
  { name: 'drill-wrong', snapshot: asked, state: (size) => press(drilling(), broken, size, 'choose-3') },
  { name: 'drill-help', snapshot: asked, state: (size) => press(drilling(), broken, size, 'help') },
  {
    name: 'drill-early',
    snapshot: { ...asked, findings: [], openFindings: 0 },
    state: (size) => press(drilling(), broken, size, 'choose-5'),
  },
  {
    name: 'privacy-filter',
    snapshot: ofUser,
    state: (size) => reduce(press(start(), broken, size, 'privacy', 'filter'), { type: 'typed', text: 'user' }, broken),
  },
  {
    name: 'filter-wrong',
    snapshot: ofUser,
    state: (size) =>
      ['user', ' chanel:ticker'].reduce(
        (state, text) => reduce(state, { type: 'typed', text }, broken),
        press(start(), broken, size, 'filter'),
      ),
  },
];

async function draw(story: Story, columns: number, rows: number): Promise<string[]> {
  const size = { columns, rows };
  const state = story.state(size);
  const snapshot = visible(story.snapshot, state);
  return textOf(await drawn({ snapshot, state, now: AT, size }));
}

describe.each(STORIES)('the $name screen', (story) => {
  it.each(SIZES)('at %i×%i is the golden one and fills the terminal', async (columns, rows) => {
    const lines = await draw(story, columns, rows);
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(columns);
    golden(`${story.name}-${columns}x${rows}.txt`, lines);
  });
});

it('says SIMULATED at every rung of a demo', async () => {
  for (const [columns, rows] of SIZES.slice(0, 4)) {
    const lines = await draw({ name: 'demo', snapshot: { ...healthy, mode: 'demo' }, state: start }, columns, rows);
    expect(lines[0]).toContain('SIMULATED');
  }
});

it('draws only ASCII when asked to', async () => {
  const lines = await draw(
    { name: 'ascii', snapshot: broken, state: () => ({ ...start(), look: { ascii: true, color: false } }) },
    120,
    40,
  );
  expect(lines.join('\n')).toMatch(/^[\n\u0020-\u007e]*$/);
});
