// The packet of an hour's recording at 200 frames/s: made once as a file, then `cbscope escalate` on it, as a user runs it.
// `--minutes=N --rounds=N`.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact, FactBody } from '../../src/core/fact.ts';
import { encodeHeader, LineEncoder } from '../../src/recording/codec.ts';
import { acknowledgement, BODIES, dataFrame, GOOD_KEY, sessionStarted } from '../support/facts.ts';
import { median, numberFlag, tell } from './support-row.ts';
import { coinbaseMix, newCounters, numberFrame } from './support-traffic.ts';

const MINUTES = numberFlag('minutes', 60);
const ROUNDS = numberFlag('rounds', 5);
const FRAMES_A_SECOND = 200;
const START_AT = Date.UTC(2026, 10, 22, 19, 0, 0);
const BUDGET_MS = 2_000;
const root = process.env['CBSCOPE_ROOT'] ?? process.cwd();

class Hour {
  readonly #encoder = new LineEncoder();
  readonly #mix = coinbaseMix(4_096);
  readonly #counters = newCounters();
  #seq = 0;
  #frame = 0;
  #request = 0;

  add(t: number, body: FactBody): void {
    this.#seq += 1;
    this.#encoder.append({ seq: this.#seq, at: START_AT + Math.floor(t), t, ...body } as Fact);
  }

  frame(t: number): void {
    const mixed = this.#mix[this.#frame % this.#mix.length];
    this.#frame += 1;
    if (mixed === undefined) return;
    const bytes = Buffer.from(mixed.bytes);
    numberFrame(bytes, 0, mixed, this.#counters);
    this.add(t, { fact: 'frame.received', connection: 'public', bytes, binary: false, plain: true });
  }

  open(): void {
    const connection = 'public';
    const host = 'advanced-trade-ws.coinbase.com';
    const channels = { heartbeats: [], ticker: ['BTC-USD'], level2: ['BTC-USD'], market_trades: ['BTC-USD'] };
    this.add(0, sessionStarted({ user: false }));
    this.add(0, { fact: 'key.inspected', inspection: GOOD_KEY });
    this.add(1, { fact: 'socket.connecting', connection, url: `wss://${host}`, host, attempt: 1 });
    const opened = { host, address: '198.51.100.7', phases: {}, extensions: '', tls: 'TLSv1.3', headers: {} };
    this.add(50, { fact: 'socket.opened', connection, ...opened });
    for (const [channel, product_ids] of Object.entries(channels)) {
      const text = JSON.stringify({ type: 'subscribe', channel, product_ids });
      this.add(60, { fact: 'frame.sent', connection, text, token: null });
    }
    const bytes = Buffer.from(dataFrame('subscriptions', 999_999_999, START_AT, acknowledgement(channels)));
    this.add(90, { fact: 'frame.received', connection, bytes, binary: false, plain: true });
  }

  answer(t: number, endpoint: string, status: number, body: string): void {
    this.#request += 1;
    const requestId = this.#request;
    const url = `https://api.coinbase.com/api/v3/brokerage/${endpoint}`;
    const asked = { requestId, endpoint, url, method: 'GET', signed: false, bucket: 'rest-public' } as const;
    this.add(t, { fact: 'request.sent', ...asked, token: null, why: 'poll' });
    const headers = { 'content-type': 'application/json', 'cf-ray': '8e6f2c' };
    const more = { truncated: false, sizeBytes: body.length, phases: {}, freshConnection: false };
    this.add(t + 80, {
      fact: 'response.arrived',
      requestId,
      endpoint,
      status,
      headers,
      body,
      midpointAt: START_AT + t + 40,
      ...more,
    });
  }

  take(): Buffer {
    return this.#encoder.take();
  }
}

async function makeHour(file: string): Promise<void> {
  const header = { format: 'cbscope-recording', version: 1, at: new Date(START_AT).toISOString() } as const;
  writeFileSync(file, encodeHeader({ ...header, tool: '0.1.0', mode: 'live', partial: false }));
  const hour = new Hour();
  hour.open();
  const seconds = MINUTES * 60;
  for (let second = 1; second <= seconds; second += 1) {
    const t = second * 1_000;
    for (let frame = 0; frame < FRAMES_A_SECOND; frame += 1) hour.frame(t + frame * 5);
    const failing = second > seconds * 0.6 && second < seconds * 0.65;
    if (second % 10 === 0) hour.answer(t + 900, 'time', 200, BODIES.time(START_AT + t + 940));
    if (second % 10 === 5)
      hour.answer(t + 901, 'products', failing ? 500 : 200, failing ? '{"error":"INTERNAL"}' : BODIES.products());
    hour.add(t + 999.5, { fact: 'tick' });
    await appendFile(file, hour.take());
  }
}

const dir = mkdtempSync(join(tmpdir(), 'cbscope-bench-escalate-'));
try {
  const file = join(dir, 'hour.ndjson');
  await makeHour(file);
  const tooks: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    const args = [join(root, 'bin', 'cbscope.js'), 'escalate', file, '--out', join(dir, 'packets'), '--json'];
    const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
    tooks.push(performance.now() - began);
    if (run.status !== 0) throw new Error(`escalate ended with ${run.status}: ${run.stdout} ${run.stderr}`);
  }
  const took = median(tooks);
  tell({
    what: `packet of ${MINUTES} min at ${FRAMES_A_SECOND} frames/s (${(statSync(file).size / 1e6).toFixed(0)} MB)`,
    figure: `${(took / 1_000).toFixed(2)} s (${tooks.map((each) => (each / 1_000).toFixed(2)).join(', ')})`,
    budget: `≤ ${BUDGET_MS / 1_000} s`,
    ok: took <= BUDGET_MS,
  });
} finally {
  rmSync(dir, { recursive: true, force: true });
}
