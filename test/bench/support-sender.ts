// A server that sends the mix over a loopback WebSocket as fast as it is taken, and times it by a ping behind the last frame:
// the pong says that everything before it has been handled.

import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Counters, coinbaseMix, type MixedFrame, newCounters, numberFrame } from './support-traffic.ts';

const MIX_FRAMES = 4_096;
const BATCH_FRAMES = 256;
const SHORT_MAX = 125;
/** A steady pace is sent in this many turns a second. */
const TURNS_A_SECOND = 50;

interface Batch {
  /** Whole WebSocket frames, unmasked, one behind the other. */
  bytes: Buffer;
  frames: { frame: MixedFrame; offset: number }[];
}

function headOf(length: number): Buffer {
  if (length <= SHORT_MAX) return Buffer.from([0x81, length]);
  return Buffer.from([0x81, 126, length >> 8, length & 0xff]);
}

function batchOf(mix: MixedFrame[]): Batch {
  const parts: Buffer[] = [];
  const frames: Batch['frames'] = [];
  let offset = 0;
  for (const frame of mix) {
    const head = headOf(frame.bytes.length);
    parts.push(head, frame.bytes);
    frames.push({ frame, offset: offset + head.length });
    offset += head.length + frame.bytes.length;
  }
  return { bytes: Buffer.concat(parts), frames };
}

/** One connection of a receiver, subscriptions acknowledged. */
export class Sender {
  readonly #ws: WebSocket;
  readonly #stream: Socket;
  readonly #batches: Batch[];
  readonly #counters: Counters = newCounters();
  #next = 0;

  constructor(ws: WebSocket, batches: Batch[]) {
    this.#ws = ws;
    this.#batches = batches;
    this.#stream = (ws as unknown as { _socket: Socket })._socket;
  }

  /** Frames sent so far, acknowledgements included. */
  get sent(): number {
    return this.#counters.number - newCounters().number;
  }

  acknowledge(subscriptions: Record<string, string[]>): void {
    const sequence_num = this.#counters.number;
    this.#counters.number += 1;
    const timestamp = new Date().toISOString();
    this.#ws.send(JSON.stringify({ channel: 'subscriptions', timestamp, sequence_num, events: [{ subscriptions }] }));
  }

  #numbered(batch: Batch): Buffer {
    for (const { frame, offset } of batch.frames) numberFrame(batch.bytes, offset, frame, this.#counters);
    return Buffer.from(batch.bytes);
  }

  /** Sends at least `count` frames as fast as they are taken; resolves with frames and ms when all were handled. */
  async burst(count: number): Promise<{ frames: number; tookMs: number }> {
    const before = this.sent;
    const began = performance.now();
    while (this.sent - before < count) {
      const batch = this.#batches[this.#next % this.#batches.length] as Batch;
      this.#next += 1;
      if (!this.#stream.write(this.#numbered(batch))) await once(this.#stream, 'drain');
    }
    const payload = `handled ${this.sent}`;
    this.#ws.ping(payload);
    for (;;) {
      const [pong] = (await once(this.#ws, 'pong')) as [Buffer];
      if (pong.toString() === payload) break;
    }
    return { frames: this.sent - before, tookMs: performance.now() - began };
  }

  /** Sends `perSecond` frames a second, evenly, until told to stop. */
  pace(perSecond: number): () => void {
    const everyMs = 1_000 / TURNS_A_SECOND;
    return this.#every(everyMs, perSecond / TURNS_A_SECOND, () => true);
  }

  /** Sends one heartbeat a second until told to stop. */
  beat(): () => void {
    return this.#every(1_000, 1, (frame) => frame.beatAt >= 0);
  }

  #every(everyMs: number, count: number, isWanted: (frame: MixedFrame) => boolean): () => void {
    const mix = this.#batches.flatMap((batch) => batch.frames.map(({ frame }) => frame)).filter(isWanted);
    const timer = setInterval(() => {
      for (let index = 0; index < count; index += 1) {
        const frame = mix[this.#next++ % mix.length] as MixedFrame;
        const bytes = Buffer.from(frame.bytes);
        numberFrame(bytes, 0, frame, this.#counters);
        this.#ws.send(bytes, { binary: false });
      }
    }, everyMs);
    return () => clearInterval(timer);
  }
}

export interface SendingServer {
  url: string;
  /** The next receiver, once it has subscribed and been quiet for a moment. */
  receiver(): Promise<Sender>;
  close(): void;
}

const QUIET_MS = 300;

function subscribed(ws: WebSocket, sender: Sender): Promise<Sender> {
  const subscriptions: Record<string, string[]> = {};
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(sender), QUIET_MS);
    ws.on('message', (bytes) => {
      const message = JSON.parse(bytes.toString()) as { channel: string; product_ids?: string[] };
      subscriptions[message.channel] = message.product_ids ?? [message.channel];
      sender.acknowledge(subscriptions);
      timer.refresh();
    });
  });
}

export async function startSending(): Promise<SendingServer> {
  const mix = coinbaseMix(MIX_FRAMES);
  const batches: Batch[] = [];
  for (let at = 0; at < mix.length; at += BATCH_FRAMES) batches.push(batchOf(mix.slice(at, at + BATCH_FRAMES)));
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async receiver() {
      const [ws] = (await once(server, 'connection')) as [WebSocket];
      ws.on('error', () => undefined);
      return subscribed(ws, new Sender(ws, batches));
    },
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
