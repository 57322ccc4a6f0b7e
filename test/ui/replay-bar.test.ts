// The replay bar: where we are is always said, whatever else there is to say.

import { describe, expect, it } from 'vitest';
import type { ReplayView } from '../../src/core/snapshot.ts';
import { startState } from '../../src/ui/reduce.ts';
import { replayLine } from '../../src/ui/rows/replay-bar.ts';
import { viewOf } from '../../src/ui/view.ts';
import { AT } from './fixtures/healthy.ts';
import { replay } from './fixtures/others.ts';

function bar(columns: number, change: Partial<ReplayView>): string {
  const base = replay.replay as ReplayView;
  const snapshot = {
    ...replay,
    at: AT,
    replay: { ...base, positionMs: 61_000, lengthMs: 122_000, markers: [], ...change },
  };
  const state = { ...startState({ ascii: false, color: true }), receivedAt: AT };
  const cells = Array.from({ length: columns }, () => ' ');
  for (const { x, text } of replayLine(viewOf(snapshot, state, AT), columns))
    for (const [index, character] of [...text].entries()) cells[x + index] = character;
  return cells.join('');
}

const LONG =
  'The last line (3155) is cut short after 292 bytes, as a killed process leaves it; everything before it was read.';

describe('the replay bar', () => {
  it.each([80, 100, 120, 200])('says where we are beside a long note, in %i columns', (columns) => {
    const line = bar(columns, { note: LONG, idleSkip: false });
    expect(line).toContain('1:01 of 2:02');
    expect(line).toMatch(/─{6,}●─{6,}/);
    expect(line).toContain('The last line');
    expect(line).toHaveLength(columns);
  });

  it('draws as much of the track as is indexed', () => {
    const line = bar(120, { indexed: 0.75, positionMs: 0, note: 'indexing 75 %', idleSkip: false });
    const track = /●(─+)(·+)/.exec(line);
    const share = (track?.[1]?.length ?? 0) / ((track?.[1]?.length ?? 0) + (track?.[2]?.length ?? 0));
    expect(share).toBeCloseTo(0.75, 1);
    expect(bar(120, {})).not.toContain('·');
  });

  it('tells the local time of the moment, where it is not UTC', () => {
    expect(bar(120, { localOffsetMin: -300 })).toContain('15:14:07 local');
    expect(bar(120, { localOffsetMin: 0 })).not.toContain('local');
  });
});
