// Runs the full screen: mounts it, feeds it snapshots and keys, paces it, and always gives the terminal back. The UI's only clock is here.

import { Box, type Instance, type Key, render, Text, useApp, useInput, usePaste } from 'ink';
import { type ReactElement, useSyncExternalStore } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Snapshot } from '../core/snapshot.ts';
import type { Controls } from '../engine/controls.ts';
import type { DrillCase } from './drill.ts';
import type { Size } from './layout.ts';
import { fingerprint, makePacer, type Pacer } from './pacer.ts';
import { ReaderPane } from './panes/reader.tsx';
import { farewellText } from './rows/farewell.ts';
import { Screen } from './screen.tsx';
import { Session } from './session.ts';
import { silence, type UiState } from './state.ts';
import { crashText, type Ending, openTerminal, type Suspend, type Terminal } from './terminal.ts';
import { viewOf } from './view.ts';

export interface ScreenOptions {
  controls: Controls;
  /** Resolves, with the reason, when there is no engine any more. */
  died?: Promise<unknown>;
  mode: Snapshot['mode'];
  /** Data screens a second. */
  fps: number;
  ascii: boolean;
  color: boolean;
  screenReader: boolean;
  stdout?: NodeJS.WriteStream;
  stdin?: NodeJS.ReadStream;
  /** Aborted: the screen leaves as if the user had quit. */
  closing?: AbortSignal;
  /** A hidden fault to be found. */
  drill?: DrillCase;
}

export interface ScreenEnd {
  exitCode: number;
  /** Verdict and open findings as plain lines, for the normal screen. */
  farewell: string;
  /** What came of a drill: the code that was answered, and whether another drill is wanted; null without one. */
  drill: { answer: string | null; next: boolean } | null;
}

interface Shown {
  snapshot: Snapshot | null;
  state: UiState;
  now: number;
  size: Size;
}

/** More than anybody presses keys. */
const SCREENS_A_SECOND_MAX = 200;
const STOP_WITHIN_MS = 1_000;
/** A screen reader is not to be talked over. */
const READER_FPS = 0.5;

interface AppProps {
  store: StoreApi<Shown>;
  mode: Snapshot['mode'];
  screenReader: boolean;
  /** Where the framework's way to hand over the terminal is left for signals. */
  handover: { suspend: Suspend | null };
  onKey: (input: string, key: Key, suspend: Suspend) => void;
  onPaste: (text: string) => void;
}

function Starting({ mode, rows }: { mode: Snapshot['mode']; rows: number }): ReactElement {
  const world = { live: 'LIVE  read-only', demo: 'SIMULATED', replay: 'REPLAY' }[mode];
  return (
    <Box width="100%" height={rows} overflow="hidden">
      <Text wrap="truncate">{` cbscope  ${world}   starting: nothing has happened yet   q quits`}</Text>
    </Box>
  );
}

function App({ store, mode, screenReader, handover, onKey, onPaste }: AppProps): ReactElement {
  const { snapshot, state, now, size } = useSyncExternalStore(store.subscribe, store.getState);
  const { suspendTerminal } = useApp();
  const suspend: Suspend = () => suspendTerminal();
  handover.suspend = suspend;
  useInput((input, key) => onKey(input, key, suspend));
  usePaste(onPaste);
  if (snapshot === null) return <Starting mode={mode} rows={screenReader ? 1 : size.rows} />;
  if (screenReader) return <ReaderPane view={viewOf(snapshot, state, now)} />;
  return <Screen snapshot={snapshot} state={state} now={now} size={size} />;
}

/** Puts the screen up; when that fails the terminal is put back before the error goes on. */
function mount(app: ReactElement, terminal: Terminal, screenReader: boolean, giveUp: () => void): Instance {
  terminal.take(!screenReader);
  try {
    return render(app, {
      stdout: terminal.stdout,
      stdin: terminal.stdin,
      alternateScreen: !screenReader,
      // Whole screens go into `terminal.stdout`, changed cells come out of it.
      incrementalRendering: false,
      // The pacer says when: here, a key would wait for the last data screen to age.
      maxFps: SCREENS_A_SECOND_MAX,
      exitOnCtrlC: false,
      // What is printed to another terminal cannot spoil this screen.
      patchConsole: terminal.own,
      interactive: true,
      isScreenReaderEnabled: screenReader,
    });
  } catch (error) {
    terminal.giveBack();
    giveUp();
    throw error;
  }
}

/** Feeds snapshots to the session and tells the pacer what is worth a screen. Returns the way to stop. */
function listen(controls: Controls, session: Session, pacer: Pacer, drawn: () => string): () => void {
  const unsubscribe = controls.subscribe((snapshot) => {
    const first = session.latest === null;
    session.receive(snapshot);
    if (first) pacer.atOnce();
    else if (session.state.frozen !== null || fingerprint(snapshot) === drawn()) pacer.moved();
    else pacer.changed();
  });
  const eachSecond = setInterval(() => {
    controls.drew(pacer.rate());
    if (session.secondPassed()) pacer.moved();
    const replay = session.latest?.replay ?? null;
    if (session.latest !== null && (replay === null || replay.playing)) pacer.moved();
  }, 1_000);
  return () => {
    clearInterval(eachSecond);
    unsubscribe();
  };
}

/** Ends the drill's scenario after its time. Returns the way to call it off. */
function endAfter(session: Session, ms: number): () => void {
  const timer = setTimeout(() => session.end(), ms);
  return () => clearTimeout(timer);
}

function exitCodeOf(ending: Ending | null): number {
  if (ending === null) return 0;
  return ending.kind === 'crash' ? 1 : ending.exitCode;
}

function reasonOf(ending: Ending | null): string {
  if (ending === null) return 'the user quit';
  return ending.kind === 'crash' ? 'internal error' : ending.name;
}

/** A snapshot that broke the screen may break this too: then nothing is said. */
function farewellOf({ latest, state }: Session, size: Size): string {
  try {
    return latest === null ? '' : farewellText(latest, size, silence(state));
  } catch {
    return '';
  }
}

/** Shows the screen until the user quits, a signal comes or something breaks; by then the terminal is as it was. */
export function runScreen(options: ScreenOptions): Promise<ScreenEnd> {
  const { controls, mode, screenReader } = options;
  const terminal = openTerminal(options);
  const ending: { done: boolean; off: (() => void)[] } = { done: false, off: [] };

  return new Promise((resolve) => {
    let drawn = '';
    let next = false;
    const handover: AppProps['handover'] = { suspend: null };
    const draw = (): void => {
      const { latest, state } = session;
      if (latest !== null) drawn = fingerprint(latest);
      store.setState({ snapshot: latest, state, now: Date.now(), size: terminal.size() });
    };
    const pacer = makePacer({ fps: screenReader ? READER_FPS : options.fps, now: () => performance.now(), draw });

    const leave = (why: Ending | null): void => {
      if (ending.done) return;
      ending.done = true;
      pacer.stop();
      for (const off of ending.off.toReversed()) off();
      instance.unmount();
      terminal.giveBack();
      if (why?.kind === 'crash') terminal.complain(crashText(why.error));
      void within(controls.stop(reasonOf(why)), STOP_WITHIN_MS).then(() => {
        // Signals are obeyed, by leaving, until the engine has flushed.
        heard();
        resolve({
          exitCode: exitCodeOf(why),
          farewell: farewellOf(session, terminal.size()),
          drill: session.state.drill === null ? null : { answer: session.state.drill.answer, next },
        });
      });
    };
    let stopped = false;
    const stopJob = (suspend: Suspend, wholeGroup: boolean): void => {
      if (stopped || ending.done) return;
      stopped = true;
      terminal.stopJob(suspend, wholeGroup).then(
        () => {
          stopped = false;
          pacer.atOnce();
        },
        (error: unknown) => leave({ kind: 'crash', error }),
      );
    };

    const session = new Session({
      controls,
      terminal,
      look: { ascii: options.ascii, color: options.color },
      drill: options.drill ?? null,
      now: Date.now,
      show: () => pacer.atOnce(),
      quit: () => leave(null),
      nextDrill: () => {
        next = true;
        leave(null);
      },
      suspend: (suspend) => stopJob(suspend, true),
    });
    const store = createStore<Shown>(() => ({
      snapshot: null,
      state: session.state,
      now: Date.now(),
      size: terminal.size(),
    }));

    const heard = terminal.onEnd(leave);
    ending.off.push(terminal.onResize(() => session.resize()));
    ending.off.push(terminal.onStop(() => handover.suspend !== null && stopJob(handover.suspend, false)));
    // Before the first picture: what is known already is in it.
    ending.off.push(listen(controls, session, pacer, () => drawn));
    const app = (
      <App
        store={store}
        mode={mode}
        screenReader={screenReader}
        handover={handover}
        onKey={(input, key, suspend) => session.press(input, key, suspend)}
        onPaste={(text) => session.paste(text)}
      />
    );
    const instance = mount(app, terminal, screenReader, heard);
    instance.waitUntilExit().then(
      () => leave(null),
      (error: unknown) => leave({ kind: 'crash', error }),
    );
    void options.died?.then((error) => leave({ kind: 'crash', error }));
    if (options.drill !== undefined) ending.off.push(endAfter(session, options.drill.durationMs));
    const quit = (): void => leave(null);
    options.closing?.addEventListener('abort', quit, { once: true });
    ending.off.push(() => options.closing?.removeEventListener('abort', quit));
  });
}

/** Settles when the promise does, or after so long; a failure is as good as an end. */
function within(promise: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    promise.then(done, done);
  });
}
