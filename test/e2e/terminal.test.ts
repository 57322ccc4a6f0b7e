// The terminal always comes back: the real program in a real pseudo-terminal, left by every door; and no escape sequence in a pipe.

import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cellWidth } from '../../src/base/text.ts';
import { openPty, type PtyRun } from '../support/pty.ts';

/** Of what takes seconds by itself, on a machine that has other things to do. */
const PATIENCE_MS = 120_000;

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
  it(
    'two hundred resizes in two seconds end with a screen of the last size, and no torn cell',
    async () => {
      const run = await up();
      for (let index = 0; index < 200; index += 1) {
        run.resize(30 + ((index * 37) % 190), 8 + ((index * 13) % 60));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      run.resize(90, 26);
      const isWhole = (): boolean => {
        const rows = run.rows();
        return rows[0]?.includes('SIMULATED') === true && rows[25]?.includes('q quit') === true && isUp(run);
      };
      await run.until(isWhole, 'the screen of 90×26');
      run.type(' ');
      await run.until(() => run.rows()[0]?.includes('FROZEN') === true && isWhole(), 'the frozen screen');
      const standing = run.rows().slice(1);
      for (const line of standing) expect(cellWidth(line)).toBeLessThanOrEqual(90);
      expect(standing.filter((line) => line.includes('7 timeline'))).toHaveLength(1);
      // Another size draws every cell anew; back again it is what stood there.
      run.resize(110, 30);
      await run.until(() => run.rows()[29]?.includes('q quit') === true, 'the screen of 110×30');
      run.resize(90, 26);
      await run.until(() => String(run.rows().slice(1)) === String(standing), 'the same screen again');
      run.type('q');
      await expectGivenBack(run, 0);
    },
    PATIENCE_MS,
  );

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

describe.concurrent('a paste', () => {
  const pasted = (text: string): string => `\u001b[200~${text}\u001b[201~`;
  const shows = (run: PtyRun, text: string): boolean => run.rows().some((line) => line.includes(text));

  it('of a megabyte, with line breaks and escapes in it, is one short line of the filter', async () => {
    const run = await up();
    run.type('/');
    await run.until(() => shows(run, 'Enter keep'), 'the filter');
    run.type(pasted(`\r\n heartbeats\nq\u001b[31m\u0003${' q'.repeat(500_000)}`));
    await run.until(() => shows(run, ' q q q q'), 'what was pasted');
    run.type('\u0015heartbeats\r');
    await run.until(() => shows(run, '/heartbeats') && !shows(run, 'Enter keep'), 'the filter that was typed after it');
    run.type('q');
    await expectGivenBack(run, 0);
  });

  it('where nothing is typed does nothing, in a mark it is a word, in the dialog a field', async () => {
    const run = await up();
    run.type(pasted('q\nE\u0003r'));
    run.type('m');
    await run.until(() => shows(run, 'Enter mark'), 'the mark');
    run.type(pasted('order\n\u001b]52;c;eA==\u0007 stuck'));
    await run.until(() => shows(run, 'order ]52;c;eA== stuck'), 'the mark with the paste');
    run.type('\u001b');
    await run.until(() => !shows(run, 'Enter mark'), 'the panes');
    run.type('e');
    await run.until(() => shows(run, 'write the packet') || shows(run, 'Enter write'), 'the dialog');
    run.type('\t\t\t');
    run.type(pasted('first\nsecond\u001b[2J'));
    await run.until(() => shows(run, 'first second [2J'), 'the dialog with the paste');
    run.type('\u001b');
    await run.until(() => !shows(run, 'first second'), 'the panes again');
    run.type('q');
    await expectGivenBack(run, 0);
  });
});

describe.concurrent('under', () => {
  const COLOR = /\u001b\[(?:[\d;]*;)?(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;[\d;]*)?m/;

  it.each([
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '3' }, false],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '3', COLORTERM: 'truecolor' }, true],
    [{ TERM: 'xterm', COLORTERM: null }, true],
    [{ NO_COLOR: '' }, true],
  ])('%j colour is %s', async (env, colored) => {
    const run = openPty('demo healthy', 100, 30, { env });
    await run.until(() => isUp(run), 'the first screen');
    run.type('q');
    await expectGivenBack(run, 0);
    expect(COLOR.test(run.written())).toBe(colored);
    // Sixteen colours at most: the reader's own, on a light ground too.
    expect(run.written()).not.toMatch(/\u001b\[[\d;]*[34]8[;:]/);
  });

  it.each([{ LC_ALL: 'C' }, { LC_ALL: null, LC_CTYPE: null, LANG: 'de_DE.ISO-8859-1' }])(
    '%j only ASCII is written',
    async (env) => {
      const run = openPty('demo healthy', 100, 30, { env });
      await run.until(() => isUp(run), 'the first screen');
      run.type('q');
      await expectGivenBack(run, 0);
      expect(run.written().slice(0, run.written().indexOf('RC='))).toMatch(/^[\0-\u007f]*$/);
    },
  );

  it.each([
    ['TERM=dumb', { TERM: 'dumb' }, ''],
    ['no terminal on stdin', {}, '</dev/null'],
    ['no terminal on stdout', {}, '| cat'],
  ])('%s there are lines, and no escape sequence', async (_, env, redirected) => {
    const run = openPty(`demo healthy --duration 3s ${redirected}`, 100, 30, { env });
    const { exitCode } = await run.ended();
    expect(exitCode).toBe(0);
    expect(run.written()).toContain('ends by itself after 3 s');
    expect(run.written()).not.toMatch(/[\u001b\u009b]/);
  });

  it.each([
    [1, 1],
    [3, 2],
    [39, 11],
    [500, 200],
  ])('a terminal of %i×%i it fits, and ends', async (columns, rows) => {
    const run = openPty('demo healthy', columns, rows);
    const isDrawn = (): boolean => run.screenKind() === 'alternate' && run.rows().some((line) => line.trim() !== '');
    await run.until(isDrawn, 'anything');
    for (const line of run.rows()) expect(cellWidth(line)).toBeLessThanOrEqual(columns);
    run.type('q');
    await run.ended();
    expect(run.screenKind()).toBe('normal');
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
