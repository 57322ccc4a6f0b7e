// One receiver of the `frames` bench, started by it: `receive parse URL` or `receive session URL FILE`. Answers over IPC.

import { rmSync } from 'node:fs';
import WebSocket from 'ws';
import { inspectNothing } from '../../src/coinbase/key.ts';
import { Session } from '../../src/engine/session.ts';
import { systemClock } from '../../src/feed/clock.ts';
import { createLiveFeed } from '../../src/feed/live.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { listenOnly } from './support-settings.ts';

/** What a receiver says at the end: how much it saw and what went wrong. */
export interface Received {
  frames: number;
  problems: string[];
  rssMaxMb: number;
}

export type Question = 'cpu' | 'end';

let rssMax = 0;
const watching = setInterval(() => {
  rssMax = Math.max(rssMax, process.memoryUsage.rss());
}, 50);

const [kind = '', url = '', file = ''] = process.argv.slice(2);

function answer(end: () => Promise<Omit<Received, 'rssMaxMb'>>): void {
  process.on('message', (question: Question) => {
    if (question === 'cpu') return void process.send?.(process.cpuUsage());
    // What follows reads the recording back, which is not what is measured.
    clearInterval(watching);
    void end().then((received) => {
      const told: Received = { ...received, rssMaxMb: Math.round(rssMax / 1e6) };
      process.send?.(told, () => process.exit(0));
    });
  });
}

function parseLoop(): void {
  let frames = 0;
  let gaps = 0;
  let last = -1;
  const ws = new WebSocket(url, { perMessageDeflate: false });
  ws.on('open', () => ws.send(JSON.stringify({ type: 'subscribe', channel: 'level2', product_ids: ['BTC-USD'] })));
  ws.on('message', (bytes: Buffer) => {
    const { sequence_num: number } = JSON.parse(bytes.toString()) as { sequence_num: number };
    if (last >= 0 && number !== last + 1) gaps += 1;
    last = number;
    frames += 1;
  });
  answer(async () => ({ frames, problems: gaps === 0 ? [] : [`${gaps} gaps`] }));
}

async function framesIn(path: string): Promise<{ frames: number; facts: number }> {
  const recording = await openRecording(path);
  if ('problem' in recording) throw new Error(recording.problem);
  let frames = 0;
  let facts = 0;
  for await (const batch of recording.facts()) {
    facts += batch.length;
    for (const fact of batch) if (fact.fact === 'frame.received') frames += 1;
  }
  return { frames, facts };
}

async function wholeSession(): Promise<void> {
  const settings = listenOnly(url);
  const session = new Session({
    mode: 'live',
    version: 'bench',
    stamps: systemClock,
    opening: [
      {
        fact: 'session.started',
        version: 'bench',
        mode: 'live',
        settings,
        origins: [],
        hmacVariables: [],
        plainTextHosts: [],
        platform: 'bench',
      },
      { fact: 'key.inspected', inspection: inspectNothing() },
    ],
    makeFeed: (emit, originMs, gauges) =>
      createLiveFeed({ settings, signer: null, caPem: null, originMs, gauges }, emit),
    escalate: async () => ({ ok: false, message: 'not here' }),
    nameFile: () => file,
  });
  rmSync(file, { force: true });
  const refused = await session.recordTo(file);
  if (refused !== null) throw new Error(refused.problem);
  session.start();
  // What the engine's thread does for a screen, four times a second: a snapshot, cloned.
  session.subscribe((snapshot) => void structuredClone(snapshot));
  answer(async () => {
    const { model } = session.engine;
    const { traffic, sequence } = model.connections.public;
    const frames = traffic.frames;
    const problems: string[] = [];
    if (sequence.gaps + sequence.repeats > 0) problems.push(`${sequence.gaps} gaps, ${sequence.repeats} repeats`);
    if (traffic.malformed > 0) problems.push(`${traffic.malformed} malformed`);
    if (!model.recording?.active) problems.push(`the recording stopped: ${model.recording?.note}`);
    await session.stop('the bench is over');
    const recorded = await framesIn(file);
    if (recorded.frames !== frames) problems.push(`${recorded.frames} of ${frames} frames recorded`);
    if (recorded.facts !== model.seq) problems.push(`${recorded.facts} of ${model.seq} facts recorded`);
    rmSync(file, { force: true });
    return { frames, problems };
  });
}

if (kind === 'parse') parseLoop();
else await wholeSession();
