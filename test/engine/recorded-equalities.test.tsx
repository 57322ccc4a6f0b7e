// The equalities over golden and seeded recordings and over files of every kind: what was written and read is folded the same and
// written again byte for byte, a replay performs nothing, and no fact makes a screen throw or break out of its cells.

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { render } from 'ink';
import { describe, expect, it } from 'vitest';
import { exportTo } from '../../src/app/export.ts';
import { cellWidth } from '../../src/base/text.ts';
import type { Command } from '../../src/core/command.ts';
import type { Fact } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openFact } from '../../src/engine/fact-detail.ts';
import { takeSnapshot } from '../../src/engine/snapshot.ts';
import { windowOf } from '../../src/engine/timeline-look.ts';
import { HAR_EXAMPLES } from '../../src/import/examples.ts';
import { readHar } from '../../src/import/har.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { openWriter } from '../../src/recording/writer.ts';
import { panesOnRung } from '../../src/ui/layout.ts';
import { reduce, startState } from '../../src/ui/reduce.ts';
import { Screen } from '../../src/ui/screen.tsx';
import type { UiState } from '../../src/ui/state.ts';
import { HOSTILE_TEXTS, tellHostile } from '../export/hostile-texts.ts';
import { HEADER, recordingOf } from '../recording/fixed.ts';
import { allFacts, temporaryFolder } from '../recording/temporary.ts';
import { hostile } from '../sim/hostile.ts';
import { World } from '../sim/world.ts';
import { exactly } from '../support/findings.ts';
import { bytesOf } from '../support/har.ts';
import { seededStory } from '../support/seeded-story.ts';
import { Story } from '../support/story.ts';
import { openFakeTerminal } from '../support/terminal.ts';

interface Live {
  facts: Fact[];
  /** What the live engine found; null where there was none. */
  found: string | null;
}

const GOLDEN = join(import.meta.dirname, '../recording/golden/v1.ndjson');

function world(seed: number): Live {
  const facts: Fact[] = [];
  const record = (fact: Fact): void => void facts.push(fact);
  const { engine } = new World(seed, { trouble: hostile, ordersPerMinute: 30, record }).start().run(60_000).end();
  return { facts, found: exactly(engine) };
}

function story(seed: number): Live {
  const { facts, engine } = seededStory(seed, 20);
  return { facts, found: exactly(engine) };
}

function capture(name: string): Live {
  const reading = readHar(bytesOf(HAR_EXAMPLES.find((example) => example.name === name)?.har));
  if ('problem' in reading) throw new Error(reading.problem);
  return { facts: reading.facts, found: null };
}

async function golden(): Promise<Live> {
  const recording = await openRecording(GOLDEN);
  if ('problem' in recording) throw new Error(recording.problem);
  return { facts: await allFacts(recording), found: null };
}

function hostileText(): Live {
  const told = new Story().up({ products: HOSTILE_TEXTS.map((text) => text.slice(0, 200)) });
  tellHostile(told);
  return { facts: told.facts, found: exactly(told.engine) };
}

const RECORDED: [string, () => Live | Promise<Live>][] = [
  ['the golden recording', golden],
  ...[31, 32, 33].map((seed): [string, () => Live] => [`story ${seed}`, () => story(seed)]),
  ...[131, 132].map((seed): [string, () => Live] => [`hostile world ${seed}`, () => world(seed)]),
  ['hostile text', hostileText],
  ['a capture', () => capture('har-retry-storm')],
];

function folded(facts: readonly Fact[], performed: Command[] = []): Engine {
  const engine = new Engine({ perform: (command) => performed.push(command) });
  for (const fact of facts) engine.replay(fact);
  return engine;
}

async function writtenTo(file: string, facts: readonly Fact[]): Promise<void> {
  const writer = await openWriter({ file, header: HEADER, mode: 'create', onStopped: () => undefined });
  if ('problem' in writer) throw new Error(writer.problem);
  for (const [index, fact] of facts.entries()) {
    writer.append(fact);
    if (index % 500 === 499) await writer.flush();
  }
  await writer.close();
}

describe.each(RECORDED)('%s', (_name, live) => {
  it.each(['ndjson', 'ndjson.gz', 'ndjson.zst'])('as .%s: the same findings, and the same bytes again', async (end) => {
    const { facts, found } = await live();
    const folder = await temporaryFolder();
    const file = join(folder, `a.${end}`);
    await writtenTo(file, facts);
    const recording = await openRecording(file);
    if ('problem' in recording) throw new Error(recording.problem);
    const engine = folded(await allFacts(recording));
    expect(exactly(engine)).toBe(found ?? exactly(folded(facts)));
    // Exporting as lines is replaying into a new recording.
    const out = join(folder, 'again.ndjson');
    expect(await exportTo(file, 'ndjson', out)).toMatchObject({ what: `${facts.length} facts` });
    expect((await readFile(out)).equals(recordingOf([...facts]))).toBe(true);
  });

  it('replayed performs no command', async () => {
    const performed: Command[] = [];
    folded((await live()).facts, performed);
    expect(performed).toEqual([]);
  });

  it('folded on any of its facts can be drawn at any size, in every mode, within its cells', async () => {
    const { facts } = await live();
    const engine = new Engine();
    const stops = [0.5, 1].map((part) => Math.floor(part * facts.length));
    for (const [index, fact] of facts.entries()) {
      engine.replay(fact);
      if (stops.includes(index + 1)) drawAll(engine);
    }
  });
});

it('the golden recording is the one that was written', () => {
  expect(readFileSync(GOLDEN).subarray(0, 60).toString()).toContain('"format":"cbscope-recording","version":1');
});

const SIZES = [
  { columns: 200, rows: 60 },
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
];

/** The panes, the finding that the verdict rests on, the newest fact, the settings. */
function states(engine: Engine, size: (typeof SIZES)[number]): UiState[] {
  const snapshot = takeSnapshot(engine, 'live', windowOf(engine.log));
  const start = { ...startState({ ascii: false, color: true }), receivedAt: snapshot.at };
  const press = (state: UiState, action: 'verdict' | 'settings' | 'open' | 'pane-timeline'): UiState =>
    reduce(
      state,
      { type: 'key', action, panes: panesOnRung(size), rows: 10, scrollMax: 1_000, now: snapshot.at },
      snapshot,
    );
  const seq = snapshot.timeline.rows[0]?.seq ?? 1;
  const detail = openFact(engine.log, seq);
  const opened = press(press(start, 'pane-timeline'), 'open');
  return [
    start,
    press(start, 'verdict'),
    press(start, 'settings'),
    { ...opened, detail: detail === null ? null : { seq, detail } },
  ];
}

/** Every screen as the terminal would get it, one after the other. */
function drawAll(engine: Engine): void {
  const snapshot = takeSnapshot(engine, 'live', windowOf(engine.log));
  for (const size of SIZES) {
    const { stdout, stdin } = openFakeTerminal(size.columns, size.rows);
    const drawn: string[] = [];
    Object.assign(stdout, { write: (text: string) => drawn.push(text) > 0 });
    const [first, ...more] = states(engine, size).map((state) => (
      <Screen key="screen" snapshot={snapshot} state={state} now={snapshot.at} size={size} />
    ));
    const instance = render(first, { stdout, stdin, interactive: true, patchConsole: false, debug: true });
    for (const screen of more) instance.rerender(screen);
    instance.unmount();
    expect(drawn.length).toBeGreaterThan(more.length);
    for (const screen of drawn) expectPlain(screen, size.columns);
  }
}

/** No control character but line ends and what colours; no line wider than the terminal. */
function expectPlain(written: string, columns: number): void {
  const text = written.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
  expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]/.exec(text)).toBeNull();
  expect(text.split('\n').filter((line) => cellWidth(line) > columns)).toEqual([]);
}
