// What a data screen costs at 120×40 while frames come at 200 a second: processor time, and bytes beside a full redraw.
// Time is driven by hand, so that every run draws the same screens.

import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type Instance, render } from 'ink';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { TimelineLook } from '../../src/engine/timeline-look.ts';
import { frugalOutput } from '../../src/ui/frugal-output.ts';
import { startState } from '../../src/ui/reduce.ts';
import { Screen } from '../../src/ui/screen.tsx';
import { median, numberFlag, tell } from './support-row.ts';
import { fedSession, frameMaker } from './support-session.ts';

const SCREENS = numberFlag('screens', 80);
const WARM_UP = 20;
const SIZE = { columns: 120, rows: 40 };
const SCREEN_EVERY_MS = 250;
const FRAMES_A_SECOND = 200;
/** Longer than Ink's throttle of 33 ms. */
const PAINT_MS = 45;

let nowMs = Date.UTC(2026, 10, 22, 20, 14, 6);
const { session, emit } = await fedSession({ wallMs: () => nowMs, monotonicMs: () => nowMs });
const make = frameMaker();
const look = new TimelineLook();

/** A second quarter by quarter: frames on the way, a tick at its end. */
function nextSnapshot(): Snapshot {
  const frames = (FRAMES_A_SECOND * SCREEN_EVERY_MS) / 1_000;
  for (let index = 0; index < frames; index += 1) {
    nowMs += SCREEN_EVERY_MS / frames;
    emit(make('public'));
  }
  if (Math.round(nowMs) % 1_000 === 0) emit({ fact: 'tick' });
  return session.snapshot(look.at(session.engine.log));
}

interface Paper {
  stdout: NodeJS.WriteStream;
  bytes(): number;
}

function paper(): Paper {
  let bytes = 0;
  const write = (chunk: string, encoding?: unknown, done?: unknown): boolean => {
    bytes += Buffer.byteLength(chunk);
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') callback();
    return true;
  };
  const stdout = Object.assign(new EventEmitter(), { isTTY: true, ...SIZE, write });
  return { stdout: stdout as unknown as NodeJS.WriteStream, bytes: () => bytes };
}

function keyboard(): NodeJS.ReadStream {
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  });
  return stdin as unknown as NodeJS.ReadStream;
}

const screenOf = (snapshot: Snapshot) => (
  <Screen
    snapshot={snapshot}
    state={{ ...startState({ ascii: false, color: true }), receivedAt: nowMs }}
    now={nowMs}
    size={SIZE}
  />
);

function mount(snapshot: Snapshot, stdout: NodeJS.WriteStream): Instance {
  return render(screenOf(snapshot), {
    stdout,
    stdin: keyboard(),
    interactive: true,
    alternateScreen: true,
    incrementalRendering: false,
    patchConsole: false,
  });
}

const changed = paper();
const whole = paper();
const first = nextSnapshot();
const incremental = mount(first, frugalOutput(changed.stdout).stdout);
const full = mount(first, whole.stdout);
await wait(PAINT_MS);

interface Cost {
  cpuMs: number;
  bytes: number;
}

async function paint(instance: Instance, sheet: Paper, snapshot: Snapshot): Promise<Cost> {
  const before = process.cpuUsage();
  const bytes = sheet.bytes();
  instance.rerender(screenOf(snapshot));
  await wait(PAINT_MS);
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, bytes: sheet.bytes() - bytes };
}

const drawn: Cost[] = [];
const redrawn: Cost[] = [];
const taken: number[] = [];
for (let screen = 0; screen < WARM_UP + SCREENS; screen += 1) {
  const began = performance.now();
  const snapshot = nextSnapshot();
  const snapshotMs = performance.now() - began;
  const some = await paint(incremental, changed, snapshot);
  const all = await paint(full, whole, snapshot);
  if (screen < WARM_UP) continue;
  taken.push(snapshotMs);
  drawn.push(some);
  redrawn.push(all);
}
incremental.unmount();
full.unmount();

const bytesOf = (costs: Cost[]): number => costs.reduce((sum, cost) => sum + cost.bytes, 0) / costs.length;
const ratio = bytesOf(drawn) / bytesOf(redrawn);
tell({
  what: 'bytes of a changed screen, 120×40',
  figure: `${bytesOf(drawn).toFixed(0)} bytes`,
  reference: `full redraw ${bytesOf(redrawn).toFixed(0)} bytes`,
  ratio,
  budget: '≤ 0.25',
  ok: ratio <= 0.25,
});
tell({ what: 'processor time of a screen', figure: `${median(drawn.map((cost) => cost.cpuMs)).toFixed(1)} ms` });
tell({ what: 'a quarter of a second of engine, with its snapshot', figure: `${median(taken).toFixed(2)} ms` });
await session.stop('the bench is over');
process.exit(0);
