// A sitting in front of a recording at one of its moments: keys as a person presses them, what is on the screen after each. The clock
// stands at that moment, so the same keys always show the same.

import type { Key } from 'ink';
import { ReplaySession } from '../../src/app/replay-session.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Controls, Outcome } from '../../src/engine/controls.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openFact } from '../../src/engine/fact-detail.ts';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import { NEWEST, windowOf } from '../../src/engine/timeline-look.ts';
import { openRecording, type Recording } from '../../src/recording/reader.ts';
import type { Size } from '../../src/ui/layout.ts';
import { Session } from '../../src/ui/session.ts';
import type { UiState } from '../../src/ui/state.ts';
import type { Look } from '../../src/ui/theme.ts';
import { allFacts } from '../recording/temporary.ts';

export interface Seat {
  /** Name of a file in `recordings/`. */
  recording: string;
  /** Seconds after its first fact. */
  at: number;
  mode: Snapshot['mode'];
  size: Size;
  look: Look;
  keys: readonly string[];
}

export interface Sitting {
  snapshot: Snapshot;
  state: UiState;
  now: number;
  size: Size;
}

/** Keys by the names of the key table; a word in quotes is typed. */
const KEYS: Readonly<Record<string, Partial<Key>>> = {
  tab: { tab: true },
  'shift+tab': { tab: true, shift: true },
  enter: { return: true },
  esc: { escape: true },
  up: { upArrow: true },
  down: { downArrow: true },
  left: { leftArrow: true },
  right: { rightArrow: true },
  pgdn: { pageDown: true },
  pgup: { pageUp: true },
};
/** Keys that type what is not their name. */
const TYPED: Readonly<Record<string, string>> = { space: ' ' };

async function opened(name: string): Promise<Recording> {
  const recording = await openRecording(new URL(`recordings/${name}.ndjson.zst`, import.meta.url).pathname);
  if ('problem' in recording) throw new Error(recording.problem);
  return recording;
}

/** What a running engine answers that has folded the recording up to the moment. */
function liveControls(facts: readonly Fact[], seat: Seat): Controls {
  const engine = new Engine();
  const end = (facts[0]?.t ?? 0) + seat.at * 1_000;
  for (const fact of facts) if (fact.t <= end) engine.replay(fact);
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let query = NEWEST;
  const publish = (): void => {
    for (const listener of listeners) listener(takeSnapshot(engine, seat.mode, windowOf(engine.log, query)));
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      publish();
      return () => void listeners.delete(listener);
    },
    look(next) {
      query = next;
      publish();
    },
    act: async (): Promise<Outcome> => ({ ok: false, message: 'nobody acts on what is past' }),
    detail: async (seq) => openFact(engine.log, seq),
    drew: () => undefined,
    stop: async () => undefined,
  };
}

/** The replay itself, indexed and standing at the moment. */
async function replayControls(recording: Recording, seat: Seat): Promise<Controls> {
  const session = new ReplaySession(`${seat.recording}.ndjson.zst`, '.', recording);
  await session.act({ action: 'replay-play', playing: false });
  await new Promise<void>((resolve) => {
    const stop = session.subscribe(({ replay }) => {
      if ((replay?.indexed ?? 0) < 1 || /^(indexing|seeking)/.test(replay?.note ?? '')) return;
      stop();
      resolve();
    });
  });
  await session.act({ action: 'replay-seek', toT: seat.at * 1_000 });
  return session;
}

/** The same controls, and a way to wait for what was asked of them. */
function awaited(controls: Controls): { controls: Controls; settled: () => Promise<void> } {
  const open = new Set<Promise<unknown>>();
  const kept = <T>(answer: Promise<T>): Promise<T> => {
    open.add(answer);
    void answer.finally(() => open.delete(answer));
    return answer;
  };
  const settled = async (): Promise<void> => {
    while (open.size > 0) {
      await Promise.allSettled(open);
      // What follows an answer is done after it.
      await new Promise(setImmediate);
    }
  };
  return {
    settled,
    controls: {
      subscribe: (listener) => controls.subscribe(listener),
      look: (query) => controls.look(query),
      act: (action) => kept(controls.act(action)),
      detail: (seq, window) => kept(controls.detail(seq, window)),
      drew: (rate) => controls.drew(rate),
      stop: (reason) => controls.stop(reason),
    },
  };
}

function terminalOf(size: Size): ConstructorParameters<typeof Session>[0]['terminal'] {
  return {
    stdout: process.stdout,
    stdin: process.stdin,
    own: false,
    insideTmux: false,
    size: () => size,
    write: () => undefined,
    complain: () => undefined,
    onResize: () => () => undefined,
    onEnd: () => () => undefined,
    onStop: () => () => undefined,
    stopJob: async () => undefined,
    take: () => undefined,
    giveBack: () => undefined,
  };
}

function press(session: Session, name: string): void {
  const text = /^"(.*)"$/.exec(name)?.[1];
  const special = KEYS[name];
  const nothing = async (): Promise<void> => undefined;
  // Of a key only the flags that are set are read; there is no terminal to hand over.
  session.press(text ?? TYPED[name] ?? (special === undefined ? name : ''), { ...special } as Key, nothing as never);
}

/** What is on the screen after the keys. */
export async function sit(seat: Seat): Promise<Sitting> {
  const recording = await opened(seat.recording);
  const facts = seat.mode === 'replay' ? [] : await allFacts(recording);
  const { controls, settled } = awaited(
    seat.mode === 'replay' ? await replayControls(recording, seat) : liveControls(facts, seat),
  );
  let now = 0;
  const session = new Session({
    controls,
    terminal: terminalOf(seat.size),
    look: seat.look,
    drill: null,
    now: () => now,
    show: () => undefined,
    quit: () => undefined,
    nextDrill: () => undefined,
    suspend: () => undefined,
  });
  controls.subscribe((snapshot) => {
    now = snapshot.at;
    session.receive(snapshot);
  });
  controls.look(NEWEST);
  for (const key of seat.keys) {
    press(session, key);
    await settled();
  }
  const snapshot = session.latest;
  await controls.stop('the sitting is over');
  if (snapshot === null) throw new Error(`${seat.recording}: nothing was shown`);
  return { snapshot, state: session.state, now, size: seat.size };
}
