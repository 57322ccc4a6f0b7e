// A replay looks as the live run did: what was on the screen at a moment is on the screen of a replay that stands there. Scenarios run
// for real against the simulated exchange; worlds on a virtual clock. SCENARIOS=all runs every scenario to its end, which takes minutes.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { render } from 'ink';
import { afterAll, describe, expect, test } from 'vitest';
import { ReplaySession } from '../../src/app/replay-session.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { Engine } from '../../src/engine/engine.ts';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import { NEWEST, windowOf } from '../../src/engine/timeline-look.ts';
import type { Scenario } from '../../src/exchange/scenario.ts';
import { scenarios } from '../../src/exchange/scenarios.ts';
import { decodeLine, encodeFact, isProblem } from '../../src/recording/codec.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { startState } from '../../src/ui/reduce.ts';
import { Screen } from '../../src/ui/screen.tsx';
import { recordingOf } from '../recording/fixed.ts';
import { hostile } from '../sim/hostile.ts';
import { World } from '../sim/world.ts';
import { watchScenario } from '../support/live-scenario.ts';
import { openFakeTerminal } from '../support/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'cbscope-same-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Live reads what its log let go back from the flight recorder; a replay shows what its log holds. What both show must be the same. */
function asDeep(live: Snapshot['timeline'], replayed: Snapshot['timeline']): Snapshot['timeline'] {
  if (!replayed.isCut || replayed.kept >= live.kept) return replayed;
  return { ...live, rows: [...replayed.rows, ...live.rows.slice(replayed.rows.length)] };
}

/** What a snapshot of a replay says otherwise than live did, and why. */
function likeLive(live: Snapshot, replayed: Snapshot): Snapshot {
  return {
    ...replayed,
    // The word in the header, and whether it adds SIMULATED to it: a replay is no live run and says so.
    mode: live.mode,
    ...('simulated' in live ? { simulated: live.simulated === true } : {}),
    timeline: asDeep(live.timeline, replayed.timeline),
    // The bar of a replay stands where live has none.
    replay: null,
    // How large the file is at that moment is known to whoever writes it.
    recording:
      replayed.recording === null || live.recording === null
        ? replayed.recording
        : { ...replayed.recording, sizeBytes: live.recording.sizeBytes },
  };
}

/** The panes as text: without the header and the last line, and without the bar of a replay. */
async function panes(snapshot: Snapshot): Promise<string[]> {
  const isReplay = snapshot.replay !== null;
  const size = { columns: 200, rows: isReplay ? 61 : 60 };
  const terminal = openFakeTerminal(size.columns, size.rows);
  const state = { ...startState({ ascii: false, color: true }), receivedAt: snapshot.at };
  const { stdout, stdin } = terminal;
  const screen = <Screen snapshot={snapshot} state={state} now={snapshot.at} size={size} />;
  const instance = render(screen, { stdout, stdin, interactive: true, patchConsole: false });
  await terminal.settle();
  const rows = terminal.rows();
  instance.unmount();
  // Where live says that the session begins, a replay says that the recording does.
  return rows
    .slice(1, isReplay ? -2 : -1)
    .map((row) => row.replace(/the (recording|session) begins here +/, 'it begins here'));
}

/** Snapshots of a replay at the same facts. */
function replayedAt(facts: readonly Fact[], seqs: readonly number[]): Snapshot[] {
  const engine = new Engine();
  const wanted = new Set(seqs);
  const shown = new Map<number, Snapshot>();
  for (const fact of facts) {
    engine.replay(fact);
    if (wanted.has(fact.seq))
      shown.set(fact.seq, structuredClone(takeSnapshot(engine, 'replay', windowOf(engine.log))));
  }
  return seqs.flatMap((seq) => shown.get(seq) ?? []);
}

const BAR = { file: 'a.ndjson', playing: false, speed: 1, markers: [], ended: false, idleSkip: false, note: '' };

async function compare(moments: readonly Snapshot[], facts: readonly Fact[], drawnMax: number): Promise<void> {
  const replayed = replayedAt(
    facts,
    moments.map(({ self }) => self.facts),
  );
  expect(replayed).toHaveLength(moments.length);
  for (const [index, live] of moments.entries()) {
    const same = replayed[index];
    if (same !== undefined) expect(likeLive(live, same)).toEqual(live);
  }
  const every = Math.ceil(moments.length / drawnMax);
  for (const [index, live] of moments.entries()) {
    const same = replayed[index];
    if (same === undefined || index % every !== 0) continue;
    const replay = { ...BAR, positionMs: live.t, lengthMs: live.t, startAt: live.at - live.t };
    const { recording, timeline } = likeLive(live, same);
    expect(await panes({ ...same, recording, timeline, replay })).toEqual(await panes(live));
  }
}

/** As many as run at once. */
const SOME = ['auth-failure', 'rate-limited', 'dropped-reset', 'server-errors', 'frame-hostile'];
const isAll = process.env['SCENARIOS'] === 'all';

async function watchAndCompare(scenario: Scenario): Promise<void> {
  const seconds = isAll ? scenario.durationSeconds : Math.min(14, scenario.durationSeconds);
  const { moments, file } = await watchScenario(scenario, mkdtempSync(join(folder, 'a-')), seconds);
  expect(moments.length).toBeGreaterThan(3);
  const recording = await openRecording(file);
  if ('problem' in recording) throw new Error(recording.problem);
  const facts: Fact[] = [];
  for await (const batch of recording.facts()) facts.push(...batch);
  await compare(moments, facts, 2);
}

const PATIENCE_MS = 400_000;
/** A process knows its secrets for ever: damaged ones of one scenario are damaged text in another. These run one after the other. */
const hasOddSecret = ({ name }: Scenario): boolean => /^(secret-|legacy-|key-type)/.test(name);

describe('a replay looks as live did:', () => {
  for (const scenario of scenarios.filter(({ name }) => isAll || SOME.includes(name))) {
    const run = hasOddSecret(scenario) ? test : test.concurrent;
    run(`scenario ${scenario.name}`, () => watchAndCompare(scenario), PATIENCE_MS);
  }
});

describe('a replay at the same fact looks as live did:', () => {
  test.each([51, 52, 53])('hostile world %i', async (seed) => {
    const facts: Fact[] = [];
    const record = (fact: Fact): void => {
      const read = decodeLine(encodeFact(fact).subarray(0, -1));
      if (!isProblem(read)) facts.push(read);
    };
    const world = new World(seed, { trouble: hostile, ordersPerMinute: 30, record }).start();
    const moments = Array.from({ length: 12 }, () => {
      world.run(10_000);
      return structuredClone(takeSnapshot(world.engine, 'live', windowOf(world.engine.log)));
    });
    await compare(moments, facts, 2);
  });
});

describe('a replay that is wound looks as live did:', () => {
  test.each([61, 62])('hostile world %i', async (seed) => {
    const facts: Fact[] = [];
    const record = (fact: Fact): void => void facts.push(fact);
    const world = new World(seed, { trouble: hostile, ordersPerMinute: 30, record }).start();
    const moments = Array.from({ length: 9 }, () => {
      world.run(10_000);
      return structuredClone(takeSnapshot(world.engine, 'live', windowOf(world.engine.log)));
    });
    const file = join(mkdtempSync(join(folder, 'b-')), 'a.ndjson');
    writeFileSync(file, recordingOf(facts));
    const recording = await openRecording(file);
    if ('problem' in recording) throw new Error(recording.problem);
    const session = new ReplaySession(file, folder, recording);
    const shown: Snapshot[] = [];
    session.subscribe((snapshot) => shown.push(snapshot));
    session.look(NEWEST);
    await session.act({ action: 'replay-play', playing: false });
    const startT = facts[0]?.t ?? 0;
    for (const index of [8, 0, 5, 4, 7, 1]) {
      const live = moments[index];
      if (live === undefined) throw new Error('there is no such moment');
      await session.act({ action: 'replay-seek', toT: live.t - startT });
      const newest = shown.at(-1);
      if (newest === undefined) throw new Error('nothing was shown');
      expect(newest.replay?.positionMs).toBe(live.t - startT);
      expect(likeLive(live, newest)).toEqual(live);
    }
    await session.stop();
  });
});
