// A large recording in the program itself: `report` beside `jq -c .`, the first screen of a replay from its head and from its end, the
// index of a replay that plays, and the memory of it all. `--megabytes=1000`

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexFileOf } from '../../src/app/index-file.ts';
import { makeRecording } from './make-recording.ts';
import { program, ROOT, residentMaxMb } from './support-program.ts';
import { median, numberFlag, tell } from './support-row.ts';

const BYTES = numberFlag('megabytes', 1_000) * 1e6;
const ROUNDS = numberFlag('rounds', BYTES > 5e8 ? 1 : 3);
const RESIDENT_MB_MAX = 300;
const LOOK_EVERY_MS = 20;
const file = join(tmpdir(), `cbscope-bench-${process.pid}.ndjson`);
const index = indexFileOf(file);

interface Ran {
  seconds: number;
  /** The most it had resident. */
  megabytes: number;
}

function run(command: string, args: string[]): Promise<Ran> {
  const began = performance.now();
  let resident = 0;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore', cwd: ROOT });
    const timer = setInterval(() => {
      if (child.exitCode === null && child.pid !== undefined) resident = Math.max(resident, residentMaxMb(child.pid));
    }, LOOK_EVERY_MS);
    child.on('error', reject);
    child.on('close', () => {
      clearInterval(timer);
      resolve({ seconds: (performance.now() - began) / 1_000, megabytes: resident });
    });
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}

interface Opened {
  firstMs: number;
  /** Until the index was complete, and kept beside the recording. */
  indexedMs: number;
  megabytes: number;
}

async function opened(flags: string[]): Promise<Opened> {
  const began = performance.now();
  const replay = program(['replay', file, ...flags]);
  const firstMs = await replay.firstScreen();
  await until(() => existsSync(index));
  const indexedMs = performance.now() - began;
  const megabytes = residentMaxMb(replay.pid);
  await replay.end();
  return { firstMs, indexedMs, megabytes };
}

function tellResident(what: string, megabytes: number): void {
  const budget = `≤ ${RESIDENT_MB_MAX} MB`;
  tell({ what, figure: `${megabytes} MB`, budget, ok: megabytes <= RESIDENT_MB_MAX });
}

async function measureReport(megabytes: number): Promise<void> {
  const hasJq = spawnSync('jq', ['--version']).status === 0;
  const ours: Ran[] = [];
  const jqs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await run(process.execPath, [join(ROOT, 'bin', 'cbscope.js'), 'report', file]));
    if (hasJq) jqs.push((await run('jq', ['-c', '.', file])).seconds);
  }
  const seconds = median(ours.map((each) => each.seconds));
  const ratio = median(jqs.map((jq, round) => jq / (ours[round]?.seconds ?? 1)));
  tell({
    what: `report on ${megabytes.toFixed(0)} MB`,
    figure: `${seconds.toFixed(2)} s, ${(megabytes / seconds).toFixed(0)} MB/s`,
    budget: '≥ 5',
    ...(hasJq ? { reference: `jq -c . ${median(jqs).toFixed(2)} s`, ratio, ok: ratio >= 5 } : { reference: 'no jq' }),
  });
  tellResident('resident at most, report', Math.max(...ours.map((each) => each.megabytes)));
}

function tellFirst(what: string, rounds: readonly Opened[]): void {
  const ms = median(rounds.map(({ firstMs }) => firstMs));
  tell({ what, figure: `${ms.toFixed(0)} ms`, budget: '≤ 1 s', ok: ms <= 1_000 });
}

async function measureReplay(): Promise<void> {
  const fresh: Opened[] = [];
  const kept: Opened[] = [];
  const atEnd: Opened[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rmSync(index, { force: true });
    fresh.push(await opened([]));
    kept.push(await opened([]));
    rmSync(index, { force: true });
    atEnd.push(await opened(['--end']));
  }
  tellFirst('first screen of a replay', fresh);
  tellFirst('first screen, index kept', kept);
  tellFirst('first screen of its end', atEnd);
  const ms = median(fresh.map(({ indexedMs }) => indexedMs));
  const what = 'start to indexed and kept, playing';
  tell({
    what,
    figure: `${(ms / 1_000).toFixed(2)} s`,
    budget: '≤ 5 s a GB',
    ok: ms <= 5_000 * Math.max(1, BYTES / 1e9),
  });
  tellResident(
    'resident at most, replay with index',
    Math.max(...[...fresh, ...kept, ...atEnd].map((each) => each.megabytes)),
  );
}

const made = makeRecording({ file, bytes: BYTES });
process.stdout.write(`${(made.bytes / 1e6).toFixed(0)} MB, ${(made.seconds / 60).toFixed(0)} minutes\n`);
await measureReport(made.bytes / 1e6);
const out = mkdtempSync(join(tmpdir(), 'cbscope-bench-packet-'));
const escalation = ['escalate', file, '--out', out, '--allow-missing'];
tellResident(
  'resident at most, escalate',
  (await run(process.execPath, [join(ROOT, 'bin', 'cbscope.js'), ...escalation])).megabytes,
);
rmSync(out, { recursive: true });
await measureReplay();
rmSync(file, { force: true });
rmSync(index, { force: true });
process.exit(0);
