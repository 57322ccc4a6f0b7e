// Makes a recording of any size from a seed: both sockets open, 200 frames a second of the Coinbase mix, ticks, pings and polls, a reset
// now and then. `node make-recording.mjs --mb=1024 --out=FILE`; imported, it is the benches' own recording.

import { closeSync, openSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { FactBody } from '../../src/core/fact.ts';
import { encodeHeader, LineEncoder } from '../../src/recording/codec.ts';
import type { RecordingHeader } from '../../src/recording/format.ts';
import {
  acknowledgement,
  BODIES,
  beatEvents,
  dataFrame,
  GOOD_KEY,
  sessionStarted,
  token,
  userEvents,
} from '../support/facts.ts';
import { numberFlag } from './support-row.ts';
import { coinbaseMix, newCounters, numberFrame } from './support-traffic.ts';

const START_AT = Date.UTC(2026, 10, 22, 20, 14, 0);
const MIX = coinbaseMix(4_096);
const FRAMES_A_SECOND = 200;
const RESET_EVERY_S = 900;
const WRITE_BYTES = 4 * 1024 * 1024;
const API = 'https://api.coinbase.com/api/v3/brokerage';

export interface RecordingPlan {
  file: string;
  /** The file ends at the first second at which it is this long. */
  bytes: number;
  framesPerSecond?: number;
}

export interface Made {
  bytes: number;
  facts: number;
  frames: number;
  seconds: number;
}

/** The session as it is told: stamps, counters, and the encoder it goes to. */
class Telling {
  readonly encoder = new LineEncoder();
  readonly counters = newCounters();
  seq = 0;
  t = 0;
  frames = 0;
  #userSequence = 0;
  #requestId = 0;

  get at(): number {
    return START_AT + Math.floor(this.t);
  }

  tell(body: FactBody): void {
    this.seq += 1;
    this.encoder.append({ seq: this.seq, at: this.at, t: this.t, ...body });
  }

  text(connection: 'public' | 'user', text: string): void {
    this.tell({ fact: 'frame.received', connection, bytes: Buffer.from(text), binary: false, plain: true });
  }

  userFrame(channel: string, events: unknown[]): void {
    this.text('user', dataFrame(channel, this.#userSequence, this.at, events));
    this.#userSequence += 1;
  }

  opens(connection: 'public' | 'user'): void {
    const host = connection === 'public' ? 'advanced-trade-ws.coinbase.com' : 'advanced-trade-ws-user.coinbase.com';
    const phases = { dnsMs: 4, tcpMs: 18, tlsMs: 20, upgradeMs: 15, totalMs: 57 };
    this.tell({ fact: 'socket.connecting', connection, url: `wss://${host}`, host, attempt: 1 });
    const where = { host, address: '104.18.35.15', phases, extensions: '', tls: 'TLSv1.3', headers: {} };
    this.tell({ fact: 'socket.opened', connection, ...where });
    const channels =
      connection === 'public' ? ['heartbeats', 'ticker', 'level2', 'market_trades'] : ['heartbeats', 'user'];
    const subscriptions: Record<string, string[]> = {};
    for (const channel of channels) {
      const claims = channel === 'user' ? token(1, this.at, null) : null;
      const text = JSON.stringify({
        type: 'subscribe',
        channel,
        ...(channel === 'user' ? { jwt: 'a.b.' } : { product_ids: ['BTC-USD'] }),
      });
      this.tell({ fact: 'frame.sent', connection, text, token: claims });
      subscriptions[channel] = channel === 'heartbeats' ? ['heartbeats'] : ['BTC-USD', 'ETH-USD', 'SOL-USD', 'XRP-USD'];
    }
    if (connection === 'user') {
      this.#userSequence = 0;
      return this.userFrame('subscriptions', acknowledgement(subscriptions));
    }
    const number = this.counters.number;
    this.counters.number += 1;
    this.text('public', dataFrame('subscriptions', number, this.at, acknowledgement(subscriptions)));
  }

  answers(endpoint: string, path: string, body: string): void {
    const requestId = ++this.#requestId;
    const signed = endpoint !== 'time';
    const claims = signed ? token(requestId + 1, this.at, `GET api.coinbase.com${path}`) : null;
    const bucket = signed ? 'rest-private' : 'rest-public';
    const asked = { requestId, endpoint, method: 'GET', url: `${API}${path}`, signed, bucket, token: claims } as const;
    this.tell({ fact: 'request.sent', ...asked, why: 'poll' });
    const phases = { firstByteMs: 40, totalMs: 44 };
    const arrived = { status: 200, headers: {}, body, truncated: false, sizeBytes: body.length, phases };
    this.tell({
      fact: 'response.arrived',
      requestId,
      endpoint,
      ...arrived,
      midpointAt: this.at - 20,
      freshConnection: false,
    });
  }
}

function second(telling: Telling, number: number, framesPerSecond: number): void {
  const startT = number * 1_000;
  for (let index = 0; index < framesPerSecond; index += 1) {
    telling.t = startT + Math.floor((index * 1_000_000) / framesPerSecond) / 1_000;
    const frame = MIX[telling.frames % MIX.length];
    if (frame === undefined) continue;
    numberFrame(frame.bytes, 0, frame, telling.counters);
    telling.tell({ fact: 'frame.received', connection: 'public', bytes: frame.bytes, binary: false, plain: true });
    telling.frames += 1;
  }
  telling.t = startT + 999;
  telling.userFrame('heartbeats', beatEvents(200_000 + number, telling.at));
  if (number % 3 === 0) {
    for (const connection of ['public', 'user'] as const) {
      telling.tell({ fact: 'ping.sent', connection });
      telling.tell({ fact: 'pong.received', connection, roundTripMs: 42 });
    }
  }
  if (number % 10 === 0) {
    telling.answers('time', '/time', BODIES.time(telling.at - 20));
    telling.answers('orders', '/orders/historical/batch?limit=100', BODIES.orders());
  }
  if (number % 30 === 0) telling.answers('accounts', '/accounts?limit=250', BODIES.accounts());
  if (number % 60 === 0) telling.answers('key_permissions', '/key_permissions', BODIES.permissions());
  if (number % RESET_EVERY_S === RESET_EVERY_S - 1) {
    const reset = {
      code: 1006,
      reason: '',
      clean: false,
      by: 'network',
      cause: 'reset',
      errorCode: 'ECONNRESET',
    } as const;
    telling.tell({ fact: 'socket.closed', connection: 'public', ...reset, detail: '' });
    telling.tell({ fact: 'retry.scheduled', connection: 'public', attempt: 1, delayMs: 0, reason: 'a reset' });
    telling.opens('public');
  }
  const sizes = { heapBytes: 40_000_000, rssBytes: 90_000_000, screensPerSecond: 4 };
  telling.tell({ fact: 'loop.measured', lagMs: 3, queue: 0, dropped: 0, ...sizes });
  telling.tell({ fact: 'tick' });
}

function begin(telling: Telling): void {
  telling.tell(sessionStarted({ channels: ['ticker', 'level2', 'market_trades', 'user'] }));
  telling.tell({ fact: 'key.inspected', inspection: GOOD_KEY });
  telling.opens('public');
  telling.opens('user');
  telling.userFrame('user', userEvents([], 'snapshot'));
}

/** Writes the recording and tells what is in it. The same plan gives the same bytes. */
export function makeRecording({ file, bytes, framesPerSecond = FRAMES_A_SECOND }: RecordingPlan): Made {
  const header: RecordingHeader = {
    format: 'cbscope-recording',
    version: 1,
    at: new Date(START_AT).toISOString(),
    tool: 'bench',
    mode: 'live',
    partial: false,
  };
  const out = openSync(file, 'w', 0o600);
  let written = writeSync(out, encodeHeader(header));
  const telling = new Telling();
  begin(telling);
  let number = 0;
  for (; written + telling.encoder.pendingBytes < bytes; number += 1) {
    second(telling, number, framesPerSecond);
    if (telling.encoder.pendingBytes >= WRITE_BYTES) written += writeSync(out, telling.encoder.take());
  }
  written += writeSync(out, telling.encoder.take());
  closeSync(out);
  return { bytes: written, facts: telling.seq, frames: telling.frames, seconds: number };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = process.argv.find((arg) => arg.startsWith('--out='))?.slice('--out='.length);
  if (file === undefined) {
    process.stderr.write('make-recording: no file is named; say --out=FILE (and --mb=1024 --rate=200)\n');
    process.exit(2);
  }
  const bytes = numberFlag('mb', 200) * 1024 * 1024;
  const made = makeRecording({ file, bytes, framesPerSecond: numberFlag('rate', FRAMES_A_SECOND) });
  process.stdout.write(`${JSON.stringify({ file, ...made })}\n`);
}
