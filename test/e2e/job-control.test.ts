// Stopped and continued under a shell with job control, and left alone by a terminal that was closed.

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMAND, openAlone, openShell, type PtyRun } from '../support/pty.ts';

const shows = (run: PtyRun, text: string): boolean => run.rows().some((line) => line.includes(text));
const isUp = (run: PtyRun): boolean => run.screenKind() === 'alternate' && shows(run, '7 timeline');
const isCooked = (run: PtyRun): boolean => run.screenKind() === 'normal' && shows(run, 'Stopped');

/** A folder whose `npm run watched` is the demo, as the project's own is. */
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'cbscope-jobs-'));
  const scripts = { watched: `${COMMAND} demo healthy --record it.ndjson` };
  writeFileSync(join(made, 'package.json'), JSON.stringify({ name: 'jobs', version: '1.0.0', scripts }));
  return made;
}

/** Processes that work in this folder. */
function processesIn(cwd: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`JOBS=${cwd}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

const isPrompting = (run: PtyRun): boolean =>
  run.screenKind() === 'normal' &&
  run
    .rows()
    .findLast((line) => line !== '')
    ?.trim() === '>';

/** How the recorded session ended; every line of the file is a whole one. */
const endOf = (file: string): unknown =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .find(({ fact }) => fact === 'session.ended')?.reason;

describe.concurrent('ctrl-Z', () => {
  it.each([
    ['npm run', 'npm run -s watched'],
    ['a shell', `${COMMAND} demo healthy`],
  ])('under %s stops the job, and fg brings all of it back', async (_, command) => {
    const cwd = folder();
    const run = openShell(100, 30, { cwd });
    run.type(`${command}\r`);
    await run.until(() => isUp(run), 'the first screen');
    for (const round of [1, 2]) {
      run.type('\u001a');
      await run.until(() => isCooked(run) && isPrompting(run), `the shell, ${round}`);
      run.type(`clear; jobs; stty -a; echo round-$((${round}+6))\r`);
      await run.until(() => isPrompting(run) && shows(run, `round-${round + 6}`), 'what jobs and stty say');
      expect(shows(run, 'Stopped')).toBe(true);
      expect(run.rows().join(' ')).toMatch(/(?<!-)\bicanon\b.*(?<!-)\becho\b/s);
      run.type('clear; fg\r');
      await run.until(() => isUp(run) && shows(run, 'q quit'), 'the screen again');
    }
    // Keys are keys again, and none was lost or doubled.
    run.type('?');
    await run.until(() => shows(run, 'this help'), 'the help');
    run.type('\u001b');
    await run.until(() => isUp(run) && !shows(run, 'this help'), 'the panes');
    run.type('q');
    await run.until(() => isPrompting(run) && shows(run, 'HEALTHY'), 'the farewell');
    run.type('echo RC=$?; exit\r');
    await run.gone();
    expect(run.written()).toContain('RC=0');
  });

  it('by kill -TSTP is the same', async () => {
    const run = openShell();
    run.type(`${COMMAND} demo healthy\r`);
    await run.until(() => isUp(run), 'the first screen');
    // The stopping shell is a second one, as it would be.
    const pid = Number(readFileSync(`/proc/${run.pid}/task/${run.pid}/children`, 'utf8').trim());
    process.kill(pid, 'SIGTSTP');
    await run.until(() => isCooked(run) && isPrompting(run), 'the shell');
    run.type('clear; fg\r');
    await run.until(() => isUp(run), 'the screen again');
    run.type('q');
    await run.until(() => isPrompting(run) && shows(run, 'HEALTHY'), 'the farewell');
    run.type('exit\r');
    await run.gone();
  });
});

describe.concurrent('a closed terminal', () => {
  it('ends the program, whose recording is whole', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'cbscope-closed-')), 'it.ndjson');
    const run = openAlone(['demo', 'healthy', '--record', file]);
    await run.until(() => isUp(run), 'the first screen');
    run.hangUp();
    await run.gone();
    expect(endOf(file)).toBe('SIGHUP');
  });

  it('ends what runs under a shell and npm, whether it stands in front or is stopped', async () => {
    for (const isStopped of [false, true]) {
      const cwd = folder();
      const run = openShell(100, 30, { cwd, env: { JOBS: cwd } });
      run.type('npm run -s watched\r');
      await run.until(() => isUp(run), 'the first screen');
      if (isStopped) {
        run.type('\u001a');
        await run.until(() => isCooked(run) && isPrompting(run), 'the shell');
      }
      expect(processesIn(cwd).length).toBeGreaterThan(2);
      run.hangUp();
      await run.until(() => processesIn(cwd).length === 0, 'the end of them all');
      expect(endOf(join(cwd, 'it.ndjson'))).toBe('SIGHUP');
    }
  });
});
