// The header and the facts that tests of recordings share.

import type { Fact } from '../../src/core/fact.ts';
import { encodeFact, encodeHeader } from '../../src/recording/codec.ts';
import type { RecordingHeader } from '../../src/recording/format.ts';

export const HEADER: RecordingHeader = {
  format: 'cbscope-recording',
  version: 1,
  at: '2026-11-22T20:14:00.000Z',
  tool: '0.1.0',
  mode: 'live',
  partial: false,
};

/** Fact number `seq`, ten milliseconds after the one before. */
export function frameAt(seq: number, bytes = 893): Fact {
  const text = JSON.stringify({ channel: 'l2_data', sequence_num: seq, fill: 'x'.repeat(bytes) });
  const stamp = { seq, at: Date.parse(HEADER.at) + seq * 10, t: seq * 10 };
  return {
    ...stamp,
    fact: 'frame.received',
    connection: 'public',
    bytes: Buffer.from(text),
    binary: false,
    plain: true,
  };
}

export function tickAt(seq: number, t: number): Fact {
  return { seq, at: Date.parse(HEADER.at) + Math.floor(t), t, fact: 'tick' };
}

/** A recording's bytes. */
export function recordingOf(facts: Fact[]): Buffer {
  return Buffer.concat([encodeHeader(HEADER), ...facts.map(encodeFact)]);
}
