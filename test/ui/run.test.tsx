// The whole screen as a process runs it, against a terminal emulator: keys, requests, resizing, leaving.

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { runScreen, type ScreenEnd, type ScreenOptions } from '../../src/ui/run.tsx';
import { type FakeTerminal, openFakeTerminal } from '../support/terminal.ts';
import { broken } from './fixtures/broken.ts';
import { type FakeControls, fakeControls } from './fixtures/fake-controls.ts';
import { hostile, replay } from './fixtures/others.ts';

interface Running {
  terminal: FakeTerminal;
  controls: FakeControls;
  ended: Promise<ScreenEnd>;
}

const open: AbortController[] = [];
afterEach(() => {
  for (const closing of open.splice(0)) closing.abort();
});

async function start(
  snapshot: Snapshot | null,
  size: [number, number] = [120, 40],
  options: Partial<ScreenOptions> = {},
  terminal = openFakeTerminal(...size),
): Promise<Running> {
  const controls = fakeControls(snapshot, {
    escalate: { ok: true, message: 'The packet is written.', path: '/tmp/packet', markdown: '# for T2' },
    record: { ok: false, message: 'The disk is full.' },
  });
  const closing = new AbortController();
  open.push(closing);
  const ended = runScreen({
    controls,
    mode: snapshot?.mode ?? 'live',
    fps: 4,
    ascii: false,
    color: true,
    screenReader: false,
    stdout: terminal.stdout,
    stdin: terminal.stdin,
    closing: closing.signal,
    ...options,
  });
  await terminal.settle();
  return { terminal, controls, ended };
}

const text = (terminal: FakeTerminal): string => terminal.rows().join('\n');

describe('leaving', () => {
  it.each([
    ['q', 0],
    ['\u0003', 0],
  ])('key %j ends with %i and gives the terminal back', async (key, exitCode) => {
    const { terminal, controls, ended } = await start(broken);
    expect(terminal.screenKind()).toBe('alternate');
    expect(terminal.rawMode()).toBe(true);
    await terminal.type(key);
    const end = await ended;
    expect(end.exitCode).toBe(exitCode);
    expect(end.farewell).toContain('YOUR KEY: Coinbase refuses this key');
    expect(end.farewell.split('\n').length).toBeLessThanOrEqual(34);
    expect(controls.stopped).toEqual(['the user quit']);
    await terminal.settle();
    expect(terminal.screenKind()).toBe('normal');
    expect(terminal.rawMode()).toBe(false);
    expect(terminal.written().lastIndexOf('\u001b[?7h')).toBeGreaterThan(terminal.written().lastIndexOf('\u001b[?7l'));
  });

  it('a throw while drawing ends with 1 and is told on the normal screen', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { terminal, controls, ended } = await start(broken);
    controls.publish({ ...broken, connections: { ...broken.connections }, limits: null } as unknown as Snapshot);
    await terminal.type('5');
    expect((await ended).exitCode).toBe(1);
    expect(said.mock.calls.join()).toContain('TypeError');
    said.mockRestore();
    await terminal.settle();
    expect(terminal.screenKind()).toBe('normal');
  });

  it('a hung-up terminal ends like SIGHUP', async () => {
    const { terminal, ended } = await start(broken);
    terminal.stdin.emit('end');
    expect((await ended).exitCode).toBe(129);
  });

  it('does not wait for ever for an engine that cannot stop', async () => {
    const { terminal, controls, ended } = await start(broken);
    controls.stop = () => new Promise(() => undefined);
    const from = performance.now();
    await terminal.type('q');
    await ended;
    expect(performance.now() - from).toBeLessThan(10_000);
  });

  it('can quit before the first snapshot', async () => {
    const { terminal, ended } = await start(null);
    expect(text(terminal)).toContain('starting');
    await terminal.type('q');
    expect(await ended).toEqual({ exitCode: 0, farewell: '', drill: null });
  });
});

describe('the terminal', () => {
  it('takes a key as a key before anything is drawn', async () => {
    const terminal = openFakeTerminal(120, 40);
    const rawAtWrite: boolean[] = [];
    const { write } = terminal.stdout;
    terminal.stdout.write = (...args: unknown[]): boolean => {
      rawAtWrite.push(terminal.rawMode());
      return Reflect.apply(write, terminal.stdout, args);
    };
    await start(broken, [120, 40], {}, terminal);
    expect(rawAtWrite.length).toBeGreaterThan(1);
    expect(rawAtWrite).not.toContain(false);
  });

  it('is given back when the first picture already fails', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { terminal, ended } = await start({ ...broken, limits: null } as unknown as Snapshot);
    expect((await ended).exitCode).toBe(1);
    said.mockRestore();
    await terminal.settle();
    expect(terminal.rawMode()).toBe(false);
    expect(terminal.screenKind()).toBe('normal');
    expect(terminal.written().lastIndexOf('\u001b[?7h')).toBeGreaterThan(terminal.written().lastIndexOf('\u001b[?7l'));
  });
});

describe('keys', () => {
  it('act on the engine and say what came of it', async () => {
    const { terminal, controls } = await start(broken);
    await terminal.type('c');
    expect(controls.asked).toEqual([{ action: 'reconnect', connection: 'user' }]);
    expect(text(terminal)).toContain('did reconnect');
    await terminal.type('r');
    expect(controls.asked.at(-1)).toEqual({ action: 'record', on: false });
    expect(text(terminal)).toContain('The disk is full.');
  });

  it('marks this moment with a word, or leaves it', async () => {
    const { terminal, controls } = await start(broken);
    await terminal.type('m');
    await terminal.type('order q1 stuckk');
    expect(text(terminal)).toContain('mark  order q1 stuckk');
    await terminal.type('\u007f');
    await terminal.type('\r');
    expect(controls.asked).toEqual([{ action: 'mark', text: 'order q1 stuck' }]);
    expect(text(terminal)).toContain('did mark');
    await terminal.type('m');
    await terminal.type('no\u001b');
    expect(controls.asked).toHaveLength(1);
  });

  it('writes a packet at once, and copies the markdown', async () => {
    const { terminal, controls } = await start(broken);
    await terminal.type('E');
    expect(controls.asked).toEqual([{ action: 'escalate', findingKey: 'AUTH_REJECTED' }]);
    expect(text(terminal)).toContain('/tmp/packet');
    await terminal.type('y');
    expect(terminal.written()).toContain(`\u001b]52;c;${Buffer.from('# for T2').toString('base64')}\u0007`);
  });

  it('says that something is under way until it is done', async () => {
    const { terminal, controls } = await start(broken);
    const { act } = controls;
    let finish = (): void => undefined;
    controls.act = async (action) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return act(action);
    };
    await terminal.type('w');
    expect(text(terminal)).toContain('the last 10 minutes: under way');
    finish();
    await terminal.settle();
    expect(text(terminal)).toContain('did save-window');
    expect(text(terminal)).not.toContain('under way');
  });

  it('opens findings and facts, and comes back', async () => {
    const { terminal } = await start(broken);
    await terminal.type('v');
    expect(text(terminal)).toContain('Playbook');
    await terminal.type('\r');
    expect(text(terminal)).toContain('fact #18 990');
    expect(text(terminal)).toContain('"authentication failure"');
    await terminal.type('\u001b');
    await terminal.type('\u001b');
    expect(text(terminal)).toContain('7 timeline');
  });

  it('handles several keys of one read, and pastes without acting on them', async () => {
    const { terminal, controls } = await start(broken);
    await terminal.type('2jj\r');
    expect(text(terminal)).toContain('SEQUENCE_GAP');
    await terminal.type('\u001b');
    await terminal.type('/');
    await terminal.type('\u001b[200~quit r\u001b[201~');
    expect(text(terminal)).toContain('/  quit r');
    expect(controls.asked).toEqual([]);
  });

  it('freezes the view while capture goes on', async () => {
    const { terminal, controls } = await start(broken);
    await terminal.type(' ');
    controls.publish({ ...broken, t: broken.t + 5_000, self: { ...broken.self, facts: broken.self.facts + 77 } });
    await terminal.type('j');
    expect(text(terminal)).toContain('FROZEN 0:05 behind, 77 facts');
  });

  it('moves a replay in time', async () => {
    const { terminal, controls } = await start(replay);
    await terminal.type(' ');
    await terminal.type('\u001b[D');
    await terminal.type(':');
    await terminal.type('1:00\r');
    await terminal.type('n');
    expect(text(terminal)).not.toContain('did replay');
    expect(controls.asked).toEqual([
      { action: 'replay-play', playing: false },
      { action: 'replay-seek', toT: (replay.replay?.positionMs ?? 0) - 5_000 },
      { action: 'replay-seek', toT: 60_000 },
      { action: 'replay-seek', toT: 12_000_000 },
    ]);
  });
});

describe('the picture', () => {
  it('is the same after any resizing as on a fresh start', async () => {
    // Paused, nothing in it moves by itself.
    const still: Snapshot = { ...replay, replay: replay.replay === null ? null : { ...replay.replay, playing: false } };
    const { terminal } = await start(still, [120, 40]);
    const sizes = [
      [80, 24],
      [60, 15],
      [30, 8],
      [200, 60],
      [119, 39],
      [80, 24],
    ] as const;
    for (const [columns, rows] of sizes) {
      await terminal.resize(columns, rows);
      const fresh = await start(still, [columns, rows]);
      const trimmed = (lines: string[]): string[] => lines.map((line) => line.trimEnd());
      expect(trimmed(terminal.rows())).toEqual(trimmed(fresh.terminal.rows()));
      for (const closing of open.splice(1)) closing.abort();
    }
  });

  it('lets no control sequence of the network through', async () => {
    const { terminal } = await start(hostile);
    await terminal.type('v');
    expect(terminal.written()).not.toContain('\u001b]52');
    expect(terminal.written()).not.toContain('\u009b');
    expect(terminal.screenKind()).toBe('alternate');
  });

  it('keeps every border where it is, whatever the network sends and however wide the terminal draws it', async () => {
    const odd = [
      '✅ ❌ ⚡ done',
      '⚠️ 👍🏽 🇩🇪 1️⃣ flags',
      '👩‍👩‍👧 family',
      '日本語 한국어 ｶﾞ',
      'नि ก็ e\u0301\u0302',
      'שָׁלוֹם مرحبا \u202edne',
      'a\u200bb\u00adc\ufe0f',
    ];
    const rows = broken.timeline.rows.map((row, index) => ({ ...row, detail: odd[index % odd.length] ?? '' }));
    const findings = broken.findings.map((finding, index) => ({ ...finding, title: odd[index % odd.length] ?? '' }));
    const snapshot = { ...broken, timeline: { ...broken.timeline, rows }, findings };
    for (const ascii of [false, true]) {
      const { terminal, controls } = await start(snapshot, [120, 40], { ascii });
      // Drawn again, cell by cell, over what stands there.
      const moved = rows.map((row, index) => ({ ...row, detail: odd[(index + 3) % odd.length] ?? '' }));
      for (const shown of [rows, moved]) {
        controls.publish({ ...snapshot, t: snapshot.t + 1_000, timeline: { ...snapshot.timeline, rows: shown } });
        await terminal.type('k');
        const first = terminal.rows().findIndex((line) => line.includes('7 timeline'));
        const edge = ascii ? '|' : '│';
        for (let row = first + 1; row < 38; row += 1)
          expect([terminal.cell(0, row).char, terminal.cell(119, row).char]).toEqual([edge, edge]);
      }
    }
  });

  it('has no colour when none is wanted, but still shows the choice', async () => {
    const { terminal } = await start(broken, [120, 40], { color: false });
    await terminal.type('j');
    for (let row = 0; row < 40; row += 1)
      for (let column = 0; column < 120; column += 1) expect(terminal.cell(column, row).color).toBe(false);
    const row = terminal.rows().findIndex((line) => line.includes('›'));
    const column = terminal.rows()[row]?.indexOf('›') ?? 0;
    expect(terminal.cell(column + 1, row).inverse).toBe(true);
  });

  it('tells a screen reader sentences, on the normal screen', async () => {
    const { terminal } = await start(broken, [120, 40], { screenReader: true });
    expect(terminal.screenKind()).toBe('normal');
    expect(text(terminal)).toContain('Verdict: your key, high confidence.');
    expect(text(terminal)).not.toContain('│');
  });
});
