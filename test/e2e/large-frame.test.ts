// Frames that are far too large to be drawn whole: opened, paged through and left, in a real pseudo-terminal, from a server of the test's own.

import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { openPty, type PtyRun } from '../support/pty.ts';

const LEVELS = 48_000;

function snapshotFrame(): string {
  const updates = Array.from({ length: LEVELS }, (_, index) => ({
    side: index % 2 === 0 ? 'bid' : 'offer',
    event_time: '2026-11-22T20:14:06.489000Z',
    price_level: String(60_000 + index / 100),
    new_quantity: String(index / 1_000),
  }));
  const events = [{ type: 'snapshot', product_id: 'BTC-USD', updates }];
  const timestamp = '2026-11-22T20:14:06.489000Z';
  return JSON.stringify({ channel: 'l2_data', client_id: '', timestamp, sequence_num: 0, events });
}

let server: WebSocketServer;
const frame = snapshotFrame();

function greet(socket: WebSocket): void {
  socket.once('message', () => {
    socket.send(frame);
    socket.send(Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => index % 251)));
  });
}

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', greet);
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

const shows = (run: PtyRun, text: string): boolean => run.rows().some((line) => line.includes(text));

async function watched(): Promise<PtyRun> {
  const { port } = server.address() as AddressInfo;
  const flags = `--public-url ws://127.0.0.1:${port} --no-user --no-rest --no-heartbeats`;
  const run = openPty(`watch ${flags} --products BTC-USD --channels level2`, 100, 30);
  await run.until(() => shows(run, 'binary frame'), 'the frames');
  return run;
}

/** Opens the one fact that the filter leaves. */
async function opened(run: PtyRun, filter: string, title: string): Promise<void> {
  run.type('7z/');
  await run.until(() => shows(run, 'Enter keep'), 'the filter');
  run.type(`${filter}\r`);
  const isLeft = (): boolean => !shows(run, 'Enter keep') && !shows(run, 'searched yet') && shows(run, ' 1 of ');
  await run.until(isLeft, 'what it leaves');
  run.type('j\r');
  await run.until(() => shows(run, title), 'the opened fact');
}

describe('a frame of five megabytes', () => {
  it('is opened at any of its lines, and closed again', async () => {
    expect(frame.length).toBeGreaterThan(5_000_000);
    const run = await watched();
    await opened(run, 'l2_data', 'public ← l2_data');
    await run.until(() => shows(run, '"channel": "l2_data"') && shows(run, 'lines below'), 'its first lines');
    run.type('G');
    // Each level is six lines; the last of them, the brackets around it, and nothing below.
    await run.until(() => shows(run, '"new_quantity": "47.999"') && !shows(run, 'lines below'), 'its last lines');
    run.type('\u001b[5~');
    await run.until(() => shows(run, 'lines below') && shows(run, '"new_quantity": "47.99'), 'a page before');
    run.type('g');
    await run.until(() => shows(run, '"channel": "l2_data"'), 'the first lines again');
    run.type('y');
    await run.until(() => shows(run, 'a terminal takes at most 74 994 bytes'), 'an honest word about the size');
    run.type('\u001b');
    await run.until(() => shows(run, 'timeline'), 'the timeline');
    run.type('q');
    expect((await run.ended()).exitCode).toBe(0);
  });

  it('that is no text is shown as bytes', async () => {
    const run = await watched();
    await opened(run, '"frame Enter"', 'public ← binary frame');
    await run.until(() => shows(run, '00000000  00 01 02 03'), 'its first bytes');
    run.type('G');
    await run.until(() => shows(run, '000f4230'), 'its last bytes');
    run.type('q');
    expect((await run.ended()).exitCode).toBe(0);
  });
});
