// From typing the command to the first full screen of demo, watch and replay, beside an Ink hello-world that is not bundled, on the same Node.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuSeconds, type Program, program, ROOT, startInTerminal } from './support-program.ts';
import { median, numberFlag, tell } from './support-row.ts';

const ROUNDS = numberFlag('rounds', 9);
const HELLO =
  "import { render, Text } from 'ink';\nimport { createElement } from 'react';\nrender(createElement(Text, null, 'hello, world'));\n";

// Inside node_modules, where `ink` is found.
const folder = join(ROOT, 'node_modules', '.cache', 'cbscope-bench');
mkdirSync(folder, { recursive: true });
const hello = join(folder, 'hello.mjs');
writeFileSync(hello, HELLO);

// A recording to replay.
const recording = join(folder, 'start.ndjson');
rmSync(recording, { force: true });
const cbscope = join(ROOT, 'bin', 'cbscope.js');
spawnSync(process.execPath, [cbscope, 'demo', '--plain', '--duration', '3s', '--record', recording]);

const WATCH = ['watch', '--env-file', '/dev/null', '--no-rest', '--no-user', '--public-url', 'ws://127.0.0.1:1'];
const COMMANDS: Record<string, string[]> = { demo: ['demo'], watch: WATCH, replay: ['replay', recording] };

interface Start {
  ms: number;
  cpuMs: number;
}

async function measured(running: Program, first: Promise<number>): Promise<Start> {
  const ms = await first;
  const cpuMs = cpuSeconds(running.pid) * 1_000;
  await running.end();
  return { ms, cpuMs };
}

const helloStarts = async (): Promise<Start> => {
  const other = startInTerminal(hello, []);
  return measured(other, other.until('hello, world'));
};
const starts = async (args: string[]): Promise<Start> => {
  const running = program(args);
  return measured(running, running.firstScreen());
};

// Once unmeasured, so that Node has kept what it compiled.
for (const args of Object.values(COMMANDS)) await starts(args);
for (const [name, args] of Object.entries(COMMANDS)) {
  const ours: Start[] = [];
  const hellos: Start[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    hellos.push(await helloStarts());
    ours.push(await starts(args));
  }
  const figures = (all: Start[]): string =>
    `${median(all.map(({ ms }) => ms)).toFixed(0)} ms, of processors ${median(all.map(({ cpuMs }) => cpuMs)).toFixed(0)} ms`;
  const ratio = median(ours.map(({ ms }, round) => ms / (hellos[round]?.ms ?? 1)));
  tell({
    what: `start of ${name} to the first full screen`,
    figure: figures(ours),
    reference: `unbundled Ink hello-world ${figures(hellos)}`,
    ratio,
    budget: '≤ 1.0',
    ok: ratio <= 1,
  });
}
process.exit(0);
