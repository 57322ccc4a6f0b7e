// The built program against the simulated exchange, from outside: what a scenario is about is raised, every line keeps the contract,
// and the report on the recording tells the same findings as the live run.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../bin/cbscope.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cbscope-scenarios-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Finished {
  code: number | null;
  out: string;
  complaints: string;
}

function run(...args: string[]): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--', program, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let complaints = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      complaints += String(chunk);
    });
    child.on('close', (code) => resolve({ code, out, complaints }));
  });
}

type Line = Record<string, unknown> & { type: string };

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

const SHARED = ['key', 'code', 'severity', 'party', 'connection', 'status', 'count', 'firstAt', 'lastAt'];

function findingsOf(summary: unknown): unknown[] {
  const { findings } = summary as { findings: Record<string, unknown>[] };
  return findings.map((finding) => Object.fromEntries(SHARED.map((name) => [name, finding[name]])));
}

/** Scenario, what it must raise, and the seconds after which it has. */
const STORIES: [scenario: string, code: string | null, seconds: number][] = [
  ['healthy', null, 8],
  ['no-credentials', 'AUTH_NO_CREDENTIALS', 5],
  ['secret-newlines', 'AUTH_SECRET_NEWLINES', 5],
  ['key-rejected', 'AUTH_REJECTED', 9],
  ['bad-channel', 'WS_BAD_CHANNEL', 8],
  ['closed-early', 'WS_CLOSED_EARLY', 12],
  ['sequence-gap', 'SEQUENCE_GAP', 12],
  ['refused', 'NET_REFUSED', 6],
];

const TYPES = new Set(['hello', 'connection', 'finding', 'stats', 'verdict', 'summary']);

describe.concurrent('a scenario, watched in lines', () => {
  test.each(STORIES)('%s raises %s', async (scenario, code, seconds) => {
    const recording = join(folder, `${scenario}.ndjson`);
    const live = await run('demo', scenario, '--json', '--duration', `${seconds}s`, '--record', recording);
    expect({ exit: live.code, complaints: live.complaints }).toEqual({ exit: 0, complaints: '' });
    const lines = linesOf(live.out);
    expect([lines[0]?.type, lines.at(-1)?.type]).toEqual(['hello', 'summary']);
    expect(lines.filter((line) => !TYPES.has(line.type))).toEqual([]);
    const raised = lines.filter((line) => line.type === 'finding' && line.status === 'raised');
    const loud = raised.filter((line) => line.severity !== 'info').map((line) => line.code);
    if (code === null) expect(loud).toEqual([]);
    else expect(raised.map((line) => line.code)).toContain(code);
    const hollow = raised.filter(
      (line) => (line.steps as unknown[]).length === 0 || (line.fix as unknown[]).length === 0,
    );
    expect(hollow).toEqual([]);
    const report = await run('report', recording, '--json');
    expect(findingsOf(JSON.parse(report.out))).toEqual(findingsOf(lines.at(-1)));
  });
});

test('a recording that cannot be begun is one sentence, and nothing is told before it', async () => {
  const recording = join(folder, 'taken.ndjson');
  writeFileSync(recording, 'somebody’s');
  const refused = await run('demo', 'healthy', '--json', '--duration', '5s', '--record', recording);
  expect({ exit: refused.code, out: refused.out }).toEqual({ exit: 2, out: '' });
  expect(refused.complaints.trim().split('\n')).toEqual([expect.stringContaining('taken.ndjson')]);
  expect(readFileSync(recording, 'utf8')).toBe('somebody’s');
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s right behind the first line still ends with the summary',
  async (signal) => {
    const nowhere = [
      '--public-url',
      'ws://127.0.0.1:9',
      '--user-url',
      'ws://127.0.0.1:9',
      '--rest-url',
      'http://127.0.0.1:9',
    ];
    const child = spawn(process.execPath, ['--', program, 'watch', '--json', ...nowhere], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      if (out === '') child.kill(signal);
      out += String(chunk);
    });
    await new Promise((resolve) => child.on('close', resolve));
    const types = linesOf(out).map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(['hello', 'summary']);
  },
);
