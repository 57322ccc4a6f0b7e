// The terminal always comes back: the real program in a real pseudo-terminal, left by every door; and no escape sequence in a pipe.

import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cellWidth } from '../../src/base/text.ts';
import { openPty, type PtyRun } from '../support/pty.ts';

const BIN = new URL('../../bin/cbscope.js', import.meta.url).pathname;

const isUp = (run: PtyRun): boolean =>
  run.screenKind() === 'alternate' && run.rows().some((line) => line.includes('7 timeline'));

async function up(args = 'demo healthy'): Promise<PtyRun> {
  const run = openPty(args);
  await run.until(() => isUp(run), 'the first screen');
  return run;
}

const last = (run: PtyRun, on: string, off: string): boolean =>
  run.written().lastIndexOf(on) > run.written().lastIndexOf(off);

/** The screen is the normal one, the cursor shows, lines wrap, pastes are plain, and the line discipline cooks. */
async function expectGivenBack(run: PtyRun, exitCode: number): Promise<void> {
  const end = await run.ended();
  expect(end.exitCode).toBe(exitCode);
  expect(run.screenKind()).toBe('normal');
  expect(last(run, '\u001b[?25h', '\u001b[?25l')).toBe(true);
  expect(last(run, '\u001b[?7h', '\u001b[?7l')).toBe(true);
  expect(last(run, '\u001b[?2004l', '\u001b[?2004h')).toBe(true);
  for (const flag of ['icanon', 'echo', 'isig', 'icrnl', 'opost'])
    expect(end.stty).toMatch(new RegExp(`(?<!-)\\b${flag}\\b`));
}

describe.concurrent('leaving', () => {
  it.each([
    ['q', 0],
    ['\u0003', 0],
  ] as const)('by the key %j ends with %i and gives the terminal back', async (key, exitCode) => {
    const run = await up();
    run.type(key);
    await expectGivenBack(run, exitCode);
    expect(run.rows().join('\n')).toContain('HEALTHY');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)('by %s ends with %i and gives the terminal back', async (name, exitCode) => {
    const run = await up();
    run.signal(name);
    await expectGivenBack(run, exitCode);
  });

  it('a drill says the score', async () => {
    const run = openPty('drill --scenario legacy-key --seed 1');
    await run.until(() => run.rows().some((line) => line.includes('hidden: what do you think it is?')), 'the question');
    const at = run.rows().find((line) => line.includes('AUTH_LEGACY_KEY')) ?? '';
    run.type(/(\d) AUTH_LEGACY_KEY/.exec(at)?.[1] ?? '?');
    await run.until(() => run.rows().some((line) => line.includes('right: AUTH_LEGACY_KEY')), 'the answer');
    run.type('q');
    await expectGivenBack(run, 0);
    expect(run.rows().join('\n')).toContain('1 of 1 right');
  });
});

describe.concurrent('what is done to the terminal', () => {
  it('a hundred resizes in a second end with a screen of the last size', async () => {
    const run = await up();
    for (let index = 0; index < 100; index += 1) {
      run.resize(30 + ((index * 37) % 190), 8 + ((index * 13) % 60));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    run.resize(90, 26);
    const isWhole = (): boolean => {
      const rows = run.rows();
      return rows[0]?.includes('SIMULATED') === true && rows[25]?.includes('q quit') === true && isUp(run);
    };
    await run.until(isWhole, 'the screen of 90×26');
    expect(run.rows()).toHaveLength(26);
    for (const line of run.rows()) expect(cellWidth(line)).toBeLessThanOrEqual(90);
    expect(run.rows().filter((line) => line.includes('7 timeline'))).toHaveLength(1);
    run.type('q');
    await expectGivenBack(run, 0);
  });

  it('junk typed at it does not break it', async () => {
    const run = await up();
    let state = 42;
    for (let burst = 0; burst < 30; burst += 1) {
      let junk = '';
      for (let index = 0; index < 40; index += 1) {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
        junk += String.fromCodePoint(state % 7 === 0 ? 27 : state % 700);
      }
      // The keys that leave are tried elsewhere.
      run.type(junk.replace(/[q\u0003\u001a\u001c]/g, 'j'));
    }
    run.type('\u001b[200~pasted q text\u001b[201~');
    await run.until(() => run.screenKind() === 'alternate', 'the screen');
    run.type('\u0003');
    await expectGivenBack(run, 0);
  });
});

describe.concurrent('in a pipe', () => {
  it.each(['--plain', '--json'])('%s never writes an escape sequence', async (flag) => {
    const child = spawn(process.execPath, ['--', BIN, 'demo', 'frame-hostile', flag, '--duration', '10s'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += String(chunk)));
    await new Promise((resolve) => child.on('close', resolve));
    expect(out).toContain('FRAME_MALFORMED');
    expect(out).not.toMatch(/[\u001b\u009b]/);
  });

  it('the drill says that it needs a terminal', async () => {
    const child = spawn(process.execPath, ['--', BIN, 'drill'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect(exitCode).toBe(2);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toContain('needs a terminal');
  });
});
