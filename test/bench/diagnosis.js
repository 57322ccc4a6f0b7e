// The accuracy of the diagnosis: every scenario of the simulated exchange is watched by the built program, and what it raised is held
// against what the scenario is about. Prints the confusion matrix, precision, recall, the time from the first observable sign to the
// finding, and whether `report` on each recording tells the same findings. Takes minutes: scenarios run in real time, a few at once.
//
//   npm run bench:diagnosis -- [--at-once N] [SCENARIO ...]

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'src/exchange/scenarios');
const work = mkdtempSync(join(tmpdir(), 'cbscope-diagnosis-'));

/** Seconds that must pass by a finding's own definition before its sign can be observed at all (product: the codes and when). */
const DEFINED_WAIT_S = {
  FEED_SILENT: 5,
  FEED_STALE: 10,
  HEARTBEAT_LATE: 3,
  HEARTBEAT_SKIPPED: 2,
  NET_TIMEOUT: 10,
  ORDER_STUCK: 13,
  BALANCE_MISMATCH: 10,
  WS_IDLE_CLOSE: 60,
  WS_JWT_EXPIRED: 115,
  RATE_HEADROOM_LOW: 3,
  WS_SUBSCRIPTION_IGNORED: 2,
};

function optionsOf(args) {
  const names = [];
  let atOnce = 4;
  for (let index = 0; index < args.length; index += 1) {
    if (args[index] === '--at-once') atOnce = Number(args[index + 1]);
    else if (args[index - 1] !== '--at-once') names.push(args[index]);
  }
  return { names, atOnce: Number.isInteger(atOnce) && atOnce > 0 ? atOnce : 4 };
}

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--', join(root, 'bin/cbscope.js'), ...args], {
      cwd: work,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.on('close', (code) => resolve({ code, out }));
  });
}

function linesOf(text) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const SHARED = ['key', 'code', 'severity', 'party', 'connection', 'status', 'count', 'firstAt', 'lastAt'];

function shared(findings) {
  return JSON.stringify(findings.map((finding) => Object.fromEntries(SHARED.map((name) => [name, finding[name]]))));
}

/** Watches one scenario and reads back its recording. */
async function examine(name) {
  const scenario = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const recording = join(work, `${name}.ndjson`);
  const live = linesOf((await run(['demo', name, '--json', '--record', recording])).out);
  const report = JSON.parse((await run(['report', recording, '--json'])).out);
  const summary = live.find((line) => line.type === 'summary');
  const startedAt = Date.parse(live.find((line) => line.type === 'hello').at);
  const raised = live.filter((line) => line.type === 'finding' && line.status === 'raised');
  const expected = scenario.expect.map((entry) => entry.code);
  const missed = expected.filter((code) => !raised.some((line) => line.code === code));
  const wrong = [
    ...new Set(
      raised.filter((line) => line.severity === 'critical' && !expected.includes(line.code)).map((line) => line.code),
    ),
  ];
  const beside = [
    ...new Set(
      raised.filter((line) => line.severity === 'warning' && !expected.includes(line.code)).map((line) => line.code),
    ),
  ];
  return {
    name,
    expected,
    missed,
    wrong,
    beside,
    delay: delayOf(scenario, raised, startedAt),
    equal: shared(summary.findings) === shared(report.findings),
  };
}

/** Where a scenario says `signSeconds`, the sign can first be observed then (the call after a refusal, the end of a waiting time).
 * Seconds from the first observable sign to the finding; null where the scenario has no single fault on the wire. */
function delayOf(scenario, raised, startedAt) {
  const [expectation] = scenario.expect;
  const first = scenario.steps.find((step) => step.atSeconds > 0);
  const line = raised.find((each) => each.code === expectation?.code);
  if (scenario.code === null || first === undefined || line === undefined) return null;
  const seconds =
    (Date.parse(line.at) - startedAt) / 1_000 -
    (expectation.signSeconds ?? first.atSeconds) -
    (DEFINED_WAIT_S[expectation.code] ?? 0);
  return Math.max(0, seconds);
}

async function examineAll(names, atOnce) {
  const results = [];
  const queue = [...names];
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const result = await examine(name);
      results.push(result);
      process.stderr.write(`${results.length}/${names.length} ${name}\n`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results.sort((a, b) => a.name.localeCompare(b.name));
}

function print(results) {
  const mark = (result) => (result.missed.length > 0 ? '✗ missed' : result.wrong.length > 0 ? '✗ wrong ' : '✓       ');
  for (const result of results) {
    const extra = [...result.wrong.map((code) => `${code}!`), ...result.beside].join(' ');
    const delay = result.delay === null ? '' : `${result.delay.toFixed(1)} s`;
    console.log(
      `${mark(result)}  ${result.name.padEnd(24)} ${result.expected.join(' ').padEnd(26)} ${delay.padStart(6)}  ${result.equal ? 'report equal' : 'REPORT DIFFERS'}  ${extra}`,
    );
  }
}

function conclude(results) {
  const hits = results.reduce((sum, result) => sum + result.expected.length - result.missed.length, 0);
  const missed = results.reduce((sum, result) => sum + result.missed.length, 0);
  const wrong = results.reduce((sum, result) => sum + result.wrong.length, 0);
  const delays = results.flatMap((result) => (result.delay === null ? [] : [result.delay])).sort((a, b) => a - b);
  const median = delays[Math.floor(delays.length / 2)] ?? 0;
  console.log(
    `\nrecall ${(hits / Math.max(1, hits + missed)).toFixed(3)}   precision ${(hits / Math.max(1, hits + wrong)).toFixed(3)} (critical findings that were not expected count against it)`,
  );
  console.log(
    `time from the first observable sign to the finding: median ${median.toFixed(1)} s, max ${(delays.at(-1) ?? 0).toFixed(1)} s over ${delays.length} scenarios (budget 3 s)`,
  );
  console.log(`report equals live: ${results.filter((result) => result.equal).length} of ${results.length}`);
}

const { names, atOnce } = optionsOf(process.argv.slice(2));
const all = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
const results = await examineAll(names.length > 0 ? names : all, atOnce);
print(results);
conclude(results);
rmSync(work, { recursive: true });
