// Pages of lines that are written over once everybody has given them back: what somebody still reads stays as it was, whoever takes his
// time, and what all have read costs no new memory.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLUSH_BYTES } from '../../src/core/bounds.ts';
import type { Fact } from '../../src/core/fact.ts';
import { encodeFact, LineEncoder } from '../../src/recording/codec.ts';
import { FlightRecorder } from '../../src/recording/flight-recorder.ts';
import { PAGE_BYTES, type Page, Pages } from '../../src/recording/pages.ts';
import { createTape } from '../../src/recording/tape.ts';

function frame(seq: number, bytes: number): Fact {
  const text = JSON.stringify({ number: seq, filling: String(seq % 10).repeat(bytes) });
  const shown = { binary: false, plain: true, bytes: Buffer.from(text) };
  return { seq, at: 1_764_000_000_000 + seq, t: seq / 1_000, fact: 'frame.received', connection: 'public', ...shown };
}

interface Kept {
  lines: Buffer;
  page: Page;
  /** What it was when it was taken. */
  copy: Buffer;
}

describe('pages of lines', () => {
  it('stay as they are until everybody has given them back', () => {
    const sizes = fc.oneof({ weight: 8, arbitrary: fc.nat(2_000) }, { weight: 1, arbitrary: fc.nat(PAGE_BYTES * 2) });
    const steps = fc.array(fc.record({ bytes: sizes, readLater: fc.nat(20) }), { minLength: 20, maxLength: 200 });
    fc.assert(
      fc.property(steps, (frames) => {
        const expected: Buffer[] = [];
        const readers: Kept[][] = [[], []];
        const all: Buffer[] = [];
        const tape = createTape((lines, _, page) => {
          const copy = Buffer.from(lines);
          all.push(copy);
          page.hold();
          for (const reader of readers) reader.push({ lines, page, copy });
        });
        for (const [index, { bytes, readLater }] of frames.entries()) {
          const fact = frame(index + 1, bytes);
          expected.push(encodeFact(fact));
          tape.append(fact);
          if (index % 3 === 0) tape.drain();
          const reader = readers[readLater % 2] ?? [];
          for (const { lines, page, copy } of reader.splice(0, reader.length - readLater)) {
            expect(lines.equals(copy)).toBe(true);
            page.giveBack();
          }
        }
        tape.stop();
        for (const { lines, copy } of readers.flat()) expect(lines.equals(copy)).toBe(true);
        expect(Buffer.concat(all).equals(Buffer.concat(expected))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('are few, however much passes through the flight recorder', () => {
    const flight = new FlightRecorder(4 * PAGE_BYTES);
    const pages = new Set<Page>();
    const tape = createTape((lines, t, page) => {
      pages.add(page);
      flight.append(lines, t, 0, page);
    });
    for (let seq = 1; seq < 40_000; seq += 1) tape.append(frame(seq, 800));
    expect(pages.size).toBeLessThanOrEqual(7);
    expect(flight.bytes).toBeGreaterThan(4 * PAGE_BYTES - 2 * FLUSH_BYTES);
  });

  it('are made as large as a line needs, and large ones are not kept', () => {
    const pages = new Pages(100);
    const large = pages.next(1_000);
    expect(large.memory.length).toBe(1_000);
    large.giveBack();
    const small = pages.next(50);
    expect(small.memory.length).toBe(100);
    small.giveBack();
    expect(pages.next(100)).toBe(small);
  });

  it('grow by doubling when nobody takes what is pending', () => {
    const asked: number[] = [];
    const pages = new Pages();
    const next = pages.next.bind(pages);
    pages.next = (bytesMin) => {
      asked.push(bytesMin);
      return next(bytesMin);
    };
    const encoder = new LineEncoder(pages);
    for (let seq = 1; encoder.pendingBytes < 16 * PAGE_BYTES; seq += 1) encoder.append(frame(seq, 800));
    expect(asked.length).toBeLessThanOrEqual(8);
  });
});
