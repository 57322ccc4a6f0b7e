// One recording for each version of the format, kept as it was written: whatever the program becomes, it reads them all, and what it
// reads it writes again byte for byte. A file in `golden/` is never made anew; a new version of the format gets a new one.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FactName } from '../../src/core/fact.ts';
import { Engine } from '../../src/engine/engine.ts';
import { encodeFact, encodeHeader } from '../../src/recording/codec.ts';
import { RECORDING_VERSION } from '../../src/recording/format.ts';
import { openRecording } from '../../src/recording/reader.ts';
import { allFacts } from './temporary.ts';

const folder = join(import.meta.dirname, 'golden');
const names = readdirSync(folder).sort();

/** The facts that the format has: one that is added stands in the golden file of the next version. */
const OF_VERSION: Record<string, FactName[]> = {
  'v1.ndjson': [
    'session.started',
    'session.resumed',
    'session.ended',
    'key.inspected',
    'socket.connecting',
    'socket.opened',
    'socket.closed',
    'upgrade.refused',
    'connect.failed',
    'frame.received',
    'frame.sent',
    'ping.sent',
    'pong.received',
    'request.sent',
    'response.arrived',
    'request.failed',
    'token.made',
    'token.failed',
    'retry.scheduled',
    'rest.paused',
    'probes.finished',
    'loop.measured',
    'clock.jumped',
    'machine.slept',
    'recording.started',
    'recording.stopped',
    'capture.ended',
    'user.asked',
    'tick',
  ],
};

it('every version has one, the present one too', () => {
  expect(names).toEqual(Object.keys(OF_VERSION));
  expect(names).toContain(`v${RECORDING_VERSION}.ndjson`);
});

describe.each(names)('the recording %s', (name) => {
  const bytes = readFileSync(join(folder, name));

  it('is read without a word, every fact of its version, every form of a frame', async () => {
    const recording = await openRecording(join(folder, name));
    if ('problem' in recording) throw new Error(recording.problem);
    const facts = await allFacts(recording);
    expect(recording.notes).toEqual([]);
    expect([...new Set(facts.map(({ fact }) => fact))].sort()).toEqual(OF_VERSION[name]?.toSorted());
    for (const form of ['"json":{', '"text":"', '"binary":false,"base64":"', '"connection":"user","base64":"'])
      expect(bytes.includes(form)).toBe(true);
    if (!name.startsWith(`v${RECORDING_VERSION}.`)) return;
    const again = Buffer.concat([encodeHeader(recording.header), ...facts.map(encodeFact)]);
    expect(again.equals(bytes)).toBe(true);
  });

  it('tells its findings', async () => {
    const recording = await openRecording(join(folder, name));
    if ('problem' in recording) throw new Error(recording.problem);
    const engine = new Engine();
    for (const fact of await allFacts(recording)) engine.replay(fact);
    const codes = [...engine.book.history.values()].map(({ finding }) => finding.code);
    for (const code of ['NET_RESET', 'RATE_LIMITED', 'FRAME_MALFORMED', 'CLOCK_JUMPED']) expect(codes).toContain(code);
  });
});
