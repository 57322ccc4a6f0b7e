// Whatever breaks inside, the terminal comes back, the error is told on the normal screen, and no old picture passes for a true one.

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPty, type PtyRun } from '../support/pty.ts';

const BREAKING = new URL('../support/breaking.cjs', import.meta.url).pathname;

interface Breakable {
  run: PtyRun;
  recording: string;
  /** Now. */
  break: () => void;
}

async function breakable(thread: 'screen' | 'engine', way: string): Promise<Breakable> {
  const folder = mkdtempSync(join(tmpdir(), 'cbscope-breaking-'));
  const [at, recording] = [join(folder, 'now'), join(folder, 'it.ndjson')];
  const env = {
    NODE_OPTIONS: `--require=${BREAKING}`,
    BREAK_AT: at,
    BREAK_THREAD: thread,
    BREAK_WAY: way,
  };
  const run = openPty(`demo healthy --record ${recording}`, 100, 30, { env });
  await run.until(() => run.screenKind() === 'alternate' && run.rows().some((line) => line.includes('HEALTHY')), 'it');
  return { run, recording, break: () => writeFileSync(at, '') };
}

async function expectCooked(run: PtyRun, exitCode: number): Promise<string> {
  const end = await run.ended();
  expect(end.exitCode).toBe(exitCode);
  expect(run.screenKind()).toBe('normal');
  expect(end.stty).toMatch(/(?<!-)\bicanon\b/);
  expect(end.stty).toMatch(/(?<!-)\becho\b/);
  return run.rows().join('\n');
}

describe.concurrent('broken', () => {
  it.each([
    ['screen', 'throw', 'Error: broken by the test'],
    ['screen', 'reject', 'Error: broken by the test'],
    ['engine', 'throw', 'Error: broken by the test'],
    ['engine', 'reject', 'Error: broken by the test'],
    ['engine', 'exit', "the engine's thread ended by itself"],
  ] as const)('the %s by %s ends with 1 and says so', async (thread, way, said) => {
    const { run, recording, break: breakIt } = await breakable(thread, way);
    breakIt();
    expect(await expectCooked(run, 1)).toContain(said);
    // What was seen is in the file, and the last line is a whole one.
    expect(existsSync(recording)).toBe(true);
    const lines = readFileSync(recording, 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('an engine that hangs is told of on the screen and after it', async () => {
    const { run, break: breakIt } = await breakable('engine', 'block');
    breakIt();
    const isTold = (): boolean => run.rows().at(-1)?.includes("no word from this tool's own engine for") === true;
    await run.until(isTold, 'a word about the silence');
    run.type('q');
    expect(await expectCooked(run, 0)).toContain("no word from this tool's own engine for");
  });
});
