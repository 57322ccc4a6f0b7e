// What is appended is in the file a moment later, whatever happens to the process, the disk or the file.

import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { FLUSH_EVERY_MS } from '../../src/core/bounds.ts';
import { encodeFact } from '../../src/recording/codec.ts';
import { FlightRecorder } from '../../src/recording/flight-recorder.ts';
import { openRecording } from '../../src/recording/reader.ts';
import type { Stopped } from '../../src/recording/stopped.ts';
import { createTape } from '../../src/recording/tape.ts';
import { openWriter, type Writer, type WriterOptions } from '../../src/recording/writer.ts';
import { frameAt, HEADER, recordingOf, tickAt } from './fixed.ts';
import { allFacts, temporaryFolder } from './temporary.ts';

async function opened(options: Partial<WriterOptions> & { file: string }): Promise<Writer> {
  const writer = await openWriter({ header: HEADER, mode: 'create', ...options });
  if ('problem' in writer) throw new Error(writer.problem);
  return writer;
}

async function factsIn(file: string) {
  const recording = await openRecording(file);
  if ('problem' in recording) throw new Error(recording.problem);
  return { facts: await allFacts(recording), notes: recording.notes };
}

const frames = (count: number) => Array.from({ length: count }, (_, index) => frameAt(index + 1));

describe('a recording being written', () => {
  it.each(['a.ndjson', 'a.ndjson.gz', 'a.ndjson.zst'])('holds every fact, in order: %s', async (name) => {
    const file = join(await temporaryFolder(), name);
    const writer = await opened({ file });
    for (const [index, fact] of frames(3_000).entries()) {
      writer.append(fact);
      if (index % 500 === 0) await writer.flush();
    }
    await writer.close();
    expect(await factsIn(file)).toEqual({ facts: frames(3_000), notes: [] });
    expect((await stat(file)).size).toBe(writer.sizeBytes);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect([writer.active, writer.backlogBytes]).toEqual([false, 0]);
  });

  it('is byte for byte what the codec says', async () => {
    const file = join(await temporaryFolder(), 'a.ndjson');
    const writer = await opened({ file });
    for (const fact of frames(20)) writer.append(fact);
    await writer.close();
    expect(await readFile(file)).toEqual(recordingOf(frames(20)));
  });

  it('reaches the file by itself within the pace of flushes', async () => {
    const file = join(await temporaryFolder(), 'a.ndjson');
    const writer = await opened({ file });
    const began = performance.now();
    writer.append(tickAt(1, 1));
    await vi.waitFor(async () => expect((await readFile(file)).includes('tick')).toBe(true), {
      interval: 5,
      timeout: 5_000,
    });
    expect(performance.now() - began).toBeGreaterThan(FLUSH_EVERY_MS / 2);
    await writer.close();
  });

  it('is whole after a synchronous flush in the middle of anything', async () => {
    for (const name of ['a.ndjson', 'a.ndjson.gz', 'a.ndjson.zst']) {
      const file = join(await temporaryFolder(), name);
      const writer = await opened({ file });
      for (const fact of frames(700)) writer.append(fact);
      writer.flushSync();
      expect((await factsIn(file)).facts.length).toBe(700);
      writer.append(frameAt(701));
      await writer.close();
      expect(await factsIn(file)).toEqual({ facts: frames(701), notes: [] });
    }
  });

  it('of a burst far beyond its queue is complete', async () => {
    const file = join(await temporaryFolder(), 'a.ndjson');
    const stopped: Stopped[] = [];
    const writer = await opened({ file, onStopped: (why) => stopped.push(why) });
    const chunk = recordingOf(frames(2_000)).subarray(recordingOf([]).length);
    for (let index = 0; index < 50; index += 1) writer.appendLines(chunk);
    await writer.close();
    expect(stopped).toEqual([]);
    expect((await factsIn(file)).facts.length).toBe(100_000);
  });
});

describe('a file that is there already', () => {
  it('is not overwritten, unless it is empty', async () => {
    const file = join(await temporaryFolder(), 'a.ndjson');
    await writeFile(file, 'mine');
    const problem = 'exists and holds 4 bytes, which are not overwritten; choose another name.';
    expect(await openWriter({ file, header: HEADER, mode: 'create' })).toEqual({
      exists: true,
      problem: expect.stringContaining(problem),
    });
    expect(await readFile(file, 'utf8')).toBe('mine');
    await writeFile(file, '');
    await chmod(file, 0o644);
    await (await opened({ file })).close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['none/a.ndjson', /the directory .*none does not exist; create it/],
    ['sub', /is a directory; name a file in it/],
  ])('cannot be %s', async (name, problem) => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'sub'));
    for (const mode of ['create', 'append'] as const) {
      const result = await openWriter({ file: join(folder, name), header: HEADER, mode });
      expect(result).toEqual({ problem: expect.stringMatching(mode === 'create' ? problem : /directory/) });
    }
  });

  it('is replaced when asked, unless it is no file', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'a.ndjson');
    await writeFile(file, 'mine');
    const writer = await opened({ file, mode: 'replace' });
    writer.append(frameAt(1));
    await writer.close();
    expect(await factsIn(file)).toEqual({ facts: frames(1), notes: [] });
    expect(await openWriter({ file: folder, header: HEADER, mode: 'replace' })).toEqual({
      problem: expect.stringContaining('is a directory'),
    });
  });

  it('is continued when asked, also behind a torn line', async () => {
    const file = join(await temporaryFolder(), 'a.ndjson');
    for (const fact of frames(2)) {
      const writer = await opened({ file, mode: 'append' });
      writer.append(fact);
      await writer.close();
    }
    expect(await factsIn(file)).toEqual({ facts: frames(2), notes: [] });
    await writeFile(file, (await readFile(file)).subarray(0, -10));
    const writer = await opened({ file, mode: 'append' });
    writer.append(frameAt(3));
    await writer.close();
    const { facts, notes } = await factsIn(file);
    expect(facts.map(({ seq }) => seq)).toEqual([1, 3]);
    expect(notes).toEqual([expect.stringContaining('1 line was skipped as damaged, the first is line 3')]);
  });

  it('is not continued when it is foreign or compressed', async () => {
    const folder = await temporaryFolder();
    const foreign = join(folder, 'foreign');
    const packed = join(folder, 'packed.gz');
    await writeFile(foreign, 'hello\n');
    await (await opened({ file: packed })).close();
    const append = (file: string) => openWriter({ file, header: HEADER, mode: 'append' });
    expect(await append(foreign)).toEqual({ problem: expect.stringContaining('begins with hello') });
    expect(await append(packed)).toEqual({ problem: expect.stringContaining('is compressed') });
  });
});

describe('a recording that cannot go on', () => {
  async function untilStopped(options: Partial<WriterOptions> & { file: string }, act: (writer: Writer) => unknown) {
    const stopped = vi.fn<(why: Stopped) => void>();
    const writer = await opened({ ...options, onStopped: stopped });
    await act(writer);
    await vi.waitFor(
      () => {
        writer.append(tickAt(1, 1));
        void writer.flush();
        expect(stopped).toHaveBeenCalledTimes(1);
      },
      { interval: 50, timeout: 10_000 },
    );
    writer.append(tickAt(2, 2));
    writer.flushSync();
    await writer.close();
    expect(stopped).toHaveBeenCalledTimes(1);
    expect(writer.active).toBe(false);
    return stopped.mock.calls[0]?.[0];
  }

  it('for want of room says so', async () => {
    const why = await untilStopped({ file: '/dev/full' }, () => undefined);
    expect(why).toMatchObject({ reason: 'disk-full', detail: expect.stringContaining('ENOSPC') });
  });

  it('leaves a twentieth of the disk free', async () => {
    const file = join(await temporaryFolder(), 'a');
    const why = await untilStopped({ file, freeFraction: async () => 0.049 }, () => undefined);
    expect(why).toMatchObject({ reason: 'disk-full', detail: expect.stringContaining('4.9 % of the disk is free') });
  });

  it('because its file was removed or replaced says so', async () => {
    const file = join(await temporaryFolder(), 'a');
    const why = await untilStopped({ file }, async (writer) => {
      await writer.flush();
      await rm(file);
      await writeFile(file, 'another');
    });
    expect(why).toMatchObject({ reason: 'file-gone' });
    expect(await readFile(file, 'utf8')).toBe('another');
  });

  it('because another program emptied its file says so', async () => {
    const file = join(await temporaryFolder(), 'a');
    const why = await untilStopped({ file }, async (writer) => {
      for (const fact of frames(100)) writer.append(fact);
      await writer.flush();
      await truncate(file);
    });
    expect(why).toMatchObject({ reason: 'file-gone', detail: expect.stringContaining('was emptied while') });
  });

  it('because the file may grow no further says so, and the process goes on', async () => {
    const file = join(await temporaryFolder(), 'a.ndjson');
    const child = join(import.meta.dirname, 'writer-child.ts');
    const limited = 'ulimit -f 200; exec "$0" "$1" "$2"';
    const run = spawn('sh', ['-c', limited, process.execPath, child, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    run.stdout.on('data', (text: Buffer) => (output += text.toString()));
    await vi.waitFor(() => expect(output).toMatch(/^stopped cap .* may make a file \(EFBIG\); raise the limit/m), {
      timeout: 20_000,
    });
    const from = output.length;
    await vi.waitFor(() => expect(output.length).toBeGreaterThan(from), { timeout: 5_000 });
    run.kill('SIGKILL');
    const { facts, notes } = await factsIn(file);
    expect(facts.map(({ seq }) => seq)).toEqual(facts.map((_, index) => index + 1));
    expect(facts.length).toBeGreaterThan(0);
    expect(notes.join()).toMatch(/^(?:The last line .* is cut short.*)?$/);
  });

  it('because too much waits says so', async () => {
    const file = join(await temporaryFolder(), 'a');
    const why = await untilStopped({ file, queueBytesMax: 1_000 }, (writer) =>
      writer.appendLines(Buffer.alloc(2_000, ' ')),
    );
    expect(why).toMatchObject({ reason: 'cap', detail: expect.stringMatching(/^\d+ bytes waited for the disk/) });
  });
});

describe('a process that is killed', () => {
  interface Printed {
    seq: number;
    t: number;
  }

  /** Runs the child, kills it after `ms`, and returns what it printed and when it printed last. */
  async function killed(file: string, ms: number): Promise<Printed[]> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'writer-child.ts'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    const gone = new Promise((resolve) => child.once('close', resolve));
    await vi.waitFor(() => expect(output.length).toBeGreaterThan(0), { timeout: 20_000 });
    await wait(ms);
    child.kill('SIGKILL');
    await gone;
    const lines = output.split('\n').slice(0, -1);
    return lines.map((line) => ({ seq: Number(line.split(' ')[0]), t: Number(line.split(' ')[1]) }));
  }

  /** The child prints without pause: a longer gap is a machine that gave it no processor, and it can flush nothing then. */
  const GAP_MS_MAX = 20;

  /** For how long the child had run since it handled what was kept last, ms. */
  function lostMs(printed: Printed[], lastKeptT: number): number {
    const lost = printed.filter(({ t }) => t >= lastKeptT);
    const gaps = lost.slice(1).map(({ t }, index) => t - (lost[index]?.t ?? t));
    return gaps.reduce((sum, gap) => sum + Math.min(gap, GAP_MS_MAX), 0);
  }

  it.each(['a.ndjson', 'a.ndjson.zst'])(
    'loses at most the last quarter of a second: %s',
    async (name) => {
      const folder = await temporaryFolder();
      for (const ms of [3, 30, 101, 149, 210, 260, 333, 398, 480, 555]) {
        const file = join(folder, `${ms}-${name}`);
        const printed = await killed(file, ms);
        const { facts } = await factsIn(file);
        expect(facts.map(({ seq }) => seq)).toEqual(facts.map((_, index) => index + 1));
        expect(lostMs(printed, facts.at(-1)?.t ?? 0)).toBeLessThanOrEqual(250);
      }
    },
    120_000,
  );
});

describe('the flight recorder', () => {
  const chunk = (text: string) => Buffer.from(`${text}\n`);

  it('gives the lines since a moment, whole chunks', () => {
    const flight = new FlightRecorder();
    for (const t of [100, 200, 300]) flight.append(chunk(String(t)), t);
    expect([...flight.since(0)].join('')).toBe('100\n200\n300\n');
    expect([...flight.since(150)].join('')).toBe('200\n300\n');
    expect([...flight.since(301)]).toEqual([]);
    expect(flight.bytes).toBe(12);
  });

  it('is bounded by bytes and by age, for as long as it runs', () => {
    const flight = new FlightRecorder(1_000, 5_000);
    for (let t = 0; t < 100_000; t += 10) {
      flight.append(Buffer.alloc(30), t);
      expect(flight.bytes).toBeLessThanOrEqual(1_000);
    }
    flight.append(Buffer.alloc(7), 200_000);
    expect(flight.bytes).toBe(7);
  });

  /** Packing is done beside whoever appends. */
  const settle = async (flight: FlightRecorder, chunks: readonly (readonly [Buffer, number, number])[]) => {
    for (const [lines, t, items] of chunks) {
      flight.append(lines, t, items);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  it('packs what is not the newest, and gives the same lines', async () => {
    const flight = new FlightRecorder();
    const chunks = Array.from({ length: 300 }, (_, number) => {
      const lines = Buffer.concat(frames(30).map((each) => encodeFact({ ...each, t: number * 150 })));
      return [lines, number * 150, 30] as const;
    });
    await settle(flight, chunks);
    const text = Buffer.concat(chunks.map(([lines]) => lines));
    let t = 300 * 150;
    const packed = (): void => {
      t += 150;
      flight.append(Buffer.from('x\n'), t, 1);
      expect(flight.bytes).toBeLessThan(text.length / 4);
    };
    await vi.waitFor(packed, { interval: 1, timeout: 20_000 });
    expect(
      Buffer.concat([...flight.since(0)])
        .subarray(0, text.length)
        .equals(text),
    ).toBe(true);
    // Whole blocks: what comes before the moment is at most one of them.
    const [first] = flight.since(200 * 150);
    const block = Buffer.from(first ?? '');
    expect(block.length).toBeLessThan(300 * 1024);
    expect(block.includes(`"t":${200 * 150},`)).toBe(true);
    for (const item of [0, 29, 30, 4_567, 8_999]) {
      const { lines, before, items } = flight.chunkOf(item) ?? { lines: Buffer.alloc(0), before: -1, items: 0 };
      expect(before).toBeLessThanOrEqual(item);
      expect(before + items).toBeGreaterThan(item);
      const start = chunks.slice(0, before / 30).reduce((sum, [chunk]) => sum + chunk.length, 0);
      expect(text.subarray(start, start + lines.length).equals(lines)).toBe(true);
    }
  });

  it('leaves a burst as it is', async () => {
    const flight = new FlightRecorder(8 * 1024 * 1024);
    const lines = Buffer.concat(frames(250).map(encodeFact));
    await settle(
      flight,
      Array.from({ length: 400 }, (_, number) => [lines, number / 10, 250] as const),
    );
    expect(flight.bytes).toBeGreaterThan(6 * 1024 * 1024);
    for (const each of flight.since(0)) expect(each.length % lines.length).toBe(0);
  });

  it('shares one encoder with the writer', async () => {
    const file = join(await temporaryFolder(), 'a.ndjson');
    const writer = await opened({ file });
    const flight = new FlightRecorder();
    const tape = createTape((lines, t) => {
      flight.append(lines, t);
      writer.appendLines(lines);
    });
    for (const fact of frames(1_000)) tape.append(fact);
    expect(flight.bytes).toBeGreaterThan(0);
    tape.stop();
    await writer.close();
    expect((await factsIn(file)).facts).toEqual(frames(1_000));
    expect(Buffer.concat([recordingOf([]), ...flight.since(0)])).toEqual(await readFile(file));
  });
});
