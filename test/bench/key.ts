// From a key to the picture it asks for, while frames come at 20 000 a second: the program in a pseudo-terminal, its output read by a terminal
// emulator. Beside it a bare Node that draws what it is typed, at the same time on the same machine: what it takes is not the program's.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import xterm from '@xterm/headless';
import { type Program, program, ROOT, SIZE, startInTerminal } from './support-program.ts';
import { numberFlag, tell } from './support-row.ts';
import { startSending } from './support-sender.ts';

const ROUNDS = numberFlag('rounds', 40);
const FRAMES_A_SECOND = numberFlag('frames', 20_000);
const SETTLE_MS = 5_000;
/** Keys fall anywhere between two data screens. */
const PAUSE_MS = 170;
const PAUSE_MORE_MS = 170;
const LATE_MS = 10_000;

/** Each key with what the screen shows once it is obeyed. */
const KEYS: readonly { key: string; isDone: (screen: string) => boolean }[] = [
  { key: '?', isDone: (screen) => screen.includes('─ help ─') },
  { key: '\u001b', isDone: (screen) => !screen.includes('─ help ─') },
  { key: 'z', isDone: (screen) => !screen.includes('connections') },
  { key: 'z', isDone: (screen) => screen.includes('connections') },
  { key: '/', isDone: (screen) => screen.includes('Enter keep') },
  { key: 'u', isDone: (screen) => /^ \/ +u/m.test(screen) },
  { key: '\u001b', isDone: (screen) => !screen.includes('Enter keep') },
];

/** What a person sees of a program, and when. */
class Watcher {
  readonly #term = new xterm.Terminal({ cols: SIZE.columns, rows: SIZE.rows, allowProposedApi: true });
  #waiting: { isDone: (screen: string) => boolean; done: (at: number) => void } | null = null;

  constructor(running: Program) {
    running.listen((piece) => {
      const at = performance.now();
      this.#term.write(piece, () => this.#look(at));
    });
  }

  #look(at: number): void {
    if (this.#waiting?.isDone(this.screen()) !== true) return;
    this.#waiting.done(at);
    this.#waiting = null;
  }

  screen(): string {
    const { active } = this.#term.buffer;
    const lines = Array.from({ length: SIZE.rows }, (_, y) =>
      active.getLine(active.viewportY + y)?.translateToString(),
    );
    return lines.join('\n');
  }

  /** When what is waited for was written. */
  until(isDone: (screen: string) => boolean): Promise<number> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`not shown within ${LATE_MS} ms:\n${this.screen()}`)), LATE_MS);
      const done = (at: number): void => {
        clearTimeout(late);
        resolve(at);
      };
      this.#waiting = { isDone, done };
    });
  }
}

const pause = (): Promise<void> => wait(PAUSE_MS + Math.random() * PAUSE_MORE_MS);

async function latency(running: Program, watcher: Watcher, { key, isDone }: (typeof KEYS)[number]): Promise<number> {
  const shown = watcher.until(isDone);
  const pressedAt = performance.now();
  running.type(key);
  return (await shown) - pressedAt;
}

function bareEcho(): Program {
  const file = join(ROOT, 'node_modules', '.cache', 'cbscope-bench', 'echo.mjs');
  writeFileSync(
    file,
    "process.stdin.setRawMode(true);\nprocess.stdin.on('data', (keys) => process.stdout.write(`\\u001b[H\\u001b[J${keys}`));\nprocess.stdout.write('ready');\n",
  );
  return startInTerminal(file, []);
}

const percentile = (all: readonly number[], part: number): number =>
  all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))] ?? Number.NaN;
const both = (all: readonly number[]): string =>
  `median ${percentile(all, 0.5).toFixed(0)} ms, p99 ${percentile(all, 0.99).toFixed(0)} ms`;

const server = await startSending();
const connected = server.receiver();
const channels = ['--channels', 'ticker,level2,market_trades', '--env-file', '/dev/null'];
const running = program(['watch', '--public-url', server.url, '--no-user', '--no-rest', ...channels]);
const watcher = new Watcher(running);
const first = running.firstScreen();
const sender = await connected;
await first;
const stop = sender.pace(FRAMES_A_SECOND);
const echo = bareEcho();
const echoed = new Watcher(echo);
await wait(SETTLE_MS);

const ours: number[] = [];
const bare: number[] = [];
const sentBefore = sender.sent;
const began = performance.now();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const key of KEYS) {
    await pause();
    ours.push(await latency(running, watcher, key));
    const letter = 'abcdefgh'.charAt(round % 8);
    bare.push(await latency(echo, echoed, { key: letter, isDone: (screen) => screen.startsWith(letter) }));
  }
}
const rate = ((sender.sent - sentBefore) * 1_000) / (performance.now() - began);
stop();
if (process.argv.includes('--each'))
  for (const [index, { key }] of KEYS.entries())
    process.stdout.write(`${JSON.stringify(key)} ${both(ours.filter((_, at) => at % KEYS.length === index))}\n`);
const p99 = percentile(ours, 0.99);
tell({
  what: `key to screen, ${(rate / 1_000).toFixed(1)} k frames/s, ${ours.length} keys`,
  figure: both(ours),
  reference: `a bare echo ${both(bare)}`,
  budget: '≤ 50 ms',
  ok: p99 <= 50,
});
await running.end();
echo.type('\u0003');
server.close();
process.exit(0);
