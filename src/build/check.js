// The gate before a commit: types, format and lint, house rules, docs. One line each; what failed says why below. Plain JavaScript, like the build.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const installed = join(root, 'node_modules', '.bin');

const GATES = [
  { name: 'types', command: ['tsc', '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'format and lint', command: ['biome', 'check', '--diagnostic-level=error', 'src', 'test', 'bin'] },
  {
    name: 'house rules',
    command: ['vitest', 'run', '--config', 'test/vitest.config.ts', '--reporter=dot', 'test/tidy'],
  },
  { name: 'docs', command: ['vitest', 'run', '--config', 'test/vitest.config.ts', '--reporter=dot', 'test/docs'] },
];

/** Runs one gate; what it printed is shown only when it fails. */
function run({ name, command: [program, ...args] }) {
  const beganAt = performance.now();
  const env = { ...process.env, PATH: `${installed}${delimiter}${process.env.PATH}`, NO_COLOR: '1', FORCE_COLOR: '0' };
  const child = spawn(join(installed, program), args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve) => {
    const end = (passed, note) => {
      const output = Buffer.concat(chunks).toString('utf8') + note;
      resolve({ name, passed, seconds: (performance.now() - beganAt) / 1_000, output });
    };
    child.on('error', (error) => end(false, `${program} cannot be run: ${error.message}; type \`npm ci\` first\n`));
    child.on('close', (code) => end(code === 0, ''));
  });
}

let failed = 0;
for (const gate of GATES) {
  const { name, passed, seconds, output } = await run(gate);
  process.stdout.write(`${passed ? '✓' : '✗'} ${name.padEnd(16)} ${seconds.toFixed(1)} s\n`);
  if (passed) continue;
  failed += 1;
  process.stdout.write(`${output.trimEnd()}\n\n`);
}
if (failed > 0) process.stdout.write(`${failed} of ${GATES.length} gates failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
