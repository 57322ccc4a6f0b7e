// A terminal that takes nothing for three seconds, as while text is selected in it: the screen stands still, and every frame that comes
// meanwhile is stamped when it comes. A server of the test's own says in each frame when it was sent.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Fact, FactOf } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { allFacts, temporaryFolder } from '../recording/temporary.ts';
import { openAlone, type PtyRun } from '../support/pty.ts';

const SEND_EVERY_MS = 20;
const STALL_MS = 3_000;
/** Snapshots wake the thread that draws four times a second. */
const SETTLE_MS = 600;
const ROUNDS_MAX = 12;
/** A loaded machine wakes a thread late, but never by as much as a terminal that takes nothing for so long. */
const LATE_MS_MAX = STALL_MS / 3;

interface Sender {
  url: string;
  /** Frames sent so far. */
  sent(): number;
  close(): void;
}

/** Sends a frame with its own sending time every 20 ms, as late as this process is. */
async function startSender(): Promise<Sender> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;
  const send = (socket: WebSocket): void => {
    const timestamp = new Date().toISOString();
    const events = [{ type: 'update', product_id: 'BTC-USD', updates: [] }];
    socket.send(JSON.stringify({ channel: 'l2_data', client_id: '', timestamp, sequence_num: sent++, events }));
  };
  server.on('connection', (socket) => {
    socket.once('message', () => (timer = setInterval(() => send(socket), SEND_EVERY_MS)));
    socket.on('close', () => clearInterval(timer));
  });
  const { port } = server.address() as { port: number };
  return { url: `ws://127.0.0.1:${port}`, sent: () => sent, close: () => server.close() };
}

/** How often the thread that draws went to sleep and was woken: many times a second, unless it waits for the terminal. */
function wakings(pid: number): number {
  const status = readFileSync(`/proc/${pid}/task/${pid}/status`, 'utf8');
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]);
}

/** Lets the terminal take nothing, and asks for whole screens until the thread that draws waits for it. */
async function stall(run: PtyRun): Promise<void> {
  run.stall();
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    for (let turn = 0; turn < 20; turn += 1) {
      run.resize(100 + (turn % 2), 30);
      await wait(SEND_EVERY_MS);
    }
    // A signal wakes it, too: only now is it left alone.
    await wait(SETTLE_MS);
    const before = wakings(run.pid);
    await wait(SETTLE_MS);
    if (wakings(run.pid) === before) return;
  }
  throw new Error(`the program still draws after ${ROUNDS_MAX * 20} whole screens that nobody took`);
}

const isFrame = (fact: Fact): fact is FactOf<'frame.received'> => fact.fact === 'frame.received';

async function recorded(file: string): Promise<Fact[]> {
  const opened = await openRecording(file);
  if ('problem' in opened) throw new Error(opened.problem);
  return allFacts(opened);
}

function raised(facts: readonly Fact[]): string[] {
  const engine = new Engine();
  for (const fact of facts) engine.replay(fact);
  return [...engine.book.history.keys()];
}

describe('a terminal that takes nothing for three seconds', () => {
  it('makes no time stamp late, and this tool not a suspect', async () => {
    const file = join(await temporaryFolder(), 'stalled.ndjson');
    const sender = await startSender();
    const args = ['watch', '--public-url', sender.url, '--no-user', '--no-rest', '--no-heartbeats', '--record', file];
    const run = openAlone(
      [...args, '--products', 'BTC-USD', '--channels', 'level2', '--env-file', '/dev/null'],
      100,
      30,
    );
    await run.until(() => run.rows().some((line) => line.includes('7 timeline')) && sender.sent() > 50, 'some frames');
    const from = sender.sent();
    await stall(run);
    const before = wakings(run.pid);
    await wait(STALL_MS);
    expect(wakings(run.pid)).toBe(before);
    run.goOn();
    const to = sender.sent();
    const after = to + 50;
    await run.until(() => sender.sent() > after, 'frames after it');
    run.type('q');
    await run.gone();
    sender.close();

    const facts = await recorded(file);
    const frames = facts.filter(isFrame).map(({ t, bytes }) => ({ t, ...JSON.parse(Buffer.from(bytes).toString()) }));
    const meanwhile = frames.filter(({ sequence_num: number }) => number >= from && number < to);
    expect(meanwhile.map(({ sequence_num: number }) => number)).toEqual(
      Array.from({ length: to - from }, (_, index) => from + index),
    );
    const onTheWay = frames.map(({ t, timestamp }) => t - Date.parse(timestamp));
    expect(Math.max(...onTheWay) - Math.min(...onTheWay)).toBeLessThan(LATE_MS_MAX);
    expect(raised(facts).filter((key) => key.includes('SELF_LAGGING'))).toEqual([]);
  });
});
