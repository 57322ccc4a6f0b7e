// `cbscope import`: a HAR capture made into a recording; and a HAR opened as if it were one, for the commands that read recordings.

import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { safeText } from '../base/text.ts';
import { EXIT } from '../cli/exit-code.ts';
import type { ImportFlags } from '../cli/program.ts';
import type { Fact } from '../core/fact.ts';
import { readHar } from '../import/har.ts';
import { type Batch, type Place, START } from '../recording/batches.ts';
import { errorCode } from '../recording/file-access.ts';
import { RECORDING_FORMAT, RECORDING_VERSION, type RecordingHeader } from '../recording/format.ts';
import type { Recording } from '../recording/reader.ts';
import { openRecording } from '../recording/reader.ts';
import type { Stopped } from '../recording/stopped.ts';
import { openWriter } from '../recording/writer.ts';
import { complain, say } from './output.ts';
import { underWay } from './reading-progress.ts';
import { VERSION } from './version.ts';

export interface Capture {
  facts: Fact[];
  notes: string[];
  sizeBytes: number;
}

function unreadable(file: string, error: unknown): string {
  const name = safeText(file);
  const code = errorCode(error);
  if (code === 'ENOENT') return `${name} does not exist; a HAR capture was expected`;
  if (code === 'EISDIR') return `${name} is a directory; a HAR capture was expected`;
  return `${name} cannot be read: the system answered ${safeText(code)}; a HAR capture was expected`;
}

/** A capture is parsed in one piece, at about four times its size in memory. */
const CAPTURE_BYTES_MAX = 500_000_000;

/** Why a file cannot be read in one piece; null when it can. */
async function unfit(file: string): Promise<string | null> {
  const found = await stat(file);
  // That it is a directory is told when it is read.
  if (!found.isFile() && !found.isDirectory())
    return `${safeText(file)} is no file but a pipe or a device; a HAR capture was expected`;
  if (found.size <= CAPTURE_BYTES_MAX) return null;
  const [size, most] = [found.size, CAPTURE_BYTES_MAX].map((bytes) => Math.round(bytes / 1e6));
  return `${safeText(file)} has ${size} MB, and a capture of at most ${most} MB can be read; save a shorter one, or one without the other sites`;
}

/** Reads a HAR file. A problem is one sentence with the name of the file. */
export async function readCapture(file: string): Promise<Capture | { problem: string }> {
  let bytes: Buffer;
  try {
    const problem = await unfit(file);
    if (problem !== null) return { problem };
    bytes = await readFile(file);
  } catch (error) {
    return { problem: unreadable(file, error) };
  }
  if (bytes.subarray(0, 64).toString('latin1').includes(`"${RECORDING_FORMAT}"`))
    return { problem: `${safeText(file)} is a recording already: cbscope report ${safeText(file)} reads it` };
  const read = readHar(bytes, VERSION);
  return 'problem' in read
    ? { problem: `${safeText(file)}: ${read.problem}` }
    : { facts: read.facts, notes: read.notes, sizeBytes: bytes.length };
}

function headerFor(facts: readonly Fact[]): RecordingHeader {
  const at = new Date(facts[0]?.at ?? 0).toISOString();
  return { format: RECORDING_FORMAT, version: RECORDING_VERSION, at, tool: VERSION, mode: 'live', partial: false };
}

const BATCH = 1_000;

/** A place in what has no file is the number of facts before it. */
function* batchesOf(facts: readonly Fact[], from: Place): Generator<Batch> {
  for (let start = from.at; start < facts.length; start += BATCH) {
    const end = Math.min(facts.length, start + BATCH);
    yield { facts: facts.slice(start, end), next: { ...START, at: end, line: end }, readBytes: end };
  }
}

function asRecording(path: string, { facts, notes, sizeBytes }: Capture): Recording {
  return {
    path,
    header: headerFor(facts),
    sizeBytes,
    compression: 'none',
    notes,
    readBytes: sizeBytes,
    async *facts() {
      for (const { facts: batch } of batchesOf(facts, START)) yield batch;
    },
    async *batches(from = START) {
      yield* batchesOf(facts, from);
    },
    extent: async () => ({ firstT: facts[0]?.t ?? 0, lastT: facts.at(-1)?.t ?? 0 }),
  };
}

/** Opens a recording, or a HAR capture in its place. */
export async function openTraffic(file: string): Promise<Recording | { problem: string }> {
  const recording = await openRecording(file);
  // The reader tells a HAR by its beginning; a name may tell it too, whatever comes first in the file.
  const isHar = 'problem' in recording && (/\bis a HAR capture\b/.test(recording.problem) || /\.har$/i.test(file));
  if (!isHar) return recording;
  const capture = await readCapture(file);
  return 'problem' in capture ? capture : asRecording(file, capture);
}

/** Writes a capture as a new recording; `code` is the exit code of what went wrong. */
export async function writeCapture(
  file: string,
  { facts }: Pick<Capture, 'facts'>,
): Promise<{ ok: true } | { problem: string; code: number }> {
  const stopped: Stopped[] = [];
  const onStopped = (why: Stopped): void => void stopped.push(why);
  const writer = await openWriter({ file, header: headerFor(facts), mode: 'create', onStopped });
  if ('problem' in writer) return { problem: writer.problem, code: EXIT.usage };
  for (const fact of facts) writer.append(fact);
  await writer.close();
  const [why] = stopped;
  return why === undefined ? { ok: true } : { problem: `the import is not whole: ${why.detail}`, code: EXIT.internal };
}

/** A capture is read, and written, in one piece: who watches is told which of both is under way. */
export async function importHar(file: string, flags: ImportFlags): Promise<number> {
  underWay(`${safeText(basename(file))}: reading the capture`);
  const capture = await readCapture(file);
  if ('problem' in capture) return refuse(capture.problem, EXIT.usage);
  underWay(`${capture.facts.length} facts: writing ${safeText(basename(flags.out))}`);
  const written = await writeCapture(flags.out, capture);
  if ('problem' in written) return refuse(written.problem, written.code);
  underWay('');
  for (const note of capture.notes) complain(note);
  say(`${capture.facts.length} facts of ${safeText(file)} written to ${safeText(flags.out)}`);
  return EXIT.healthy;
}

function refuse(problem: string, code: number): number {
  underWay('');
  complain(problem);
  return code;
}
