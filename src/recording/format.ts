// The recording file, specified: what each line is, and the header that comes first. It reads and writes nothing itself.

import * as z from 'zod/mini';

/**
 * A recording is UTF-8 text, one JSON object a line, each line ended by `\n`. `jq`, `grep` and `lnav` work on it.
 *
 * Line 1 is the header (`RecordingHeader`). Every other line is one fact:
 *
 *     {"seq":18998,"at":"2026-11-22T20:14:06.489Z","t":1234.567,"fact":"socket.closed", …the fact's own fields… }
 *
 * - `seq` is the position in the session, from 1; a file that begins in the middle of a session begins above 1.
 * - `at` is the wall clock, RFC 3339, UTC, milliseconds. `t` is monotonic milliseconds since the session started; all
 *   durations use it. `fact` is the name. The other fields are those of `core/fact.ts`, in the order they were made.
 * - A `frame.received` ends with its payload, in one of three forms:
 *   - `"connection":"public","json":<bytes>`: the frame was one plain JSON text; these are its own bytes, untouched;
 *   - `"connection":"public","text":"…"`: any other text frame, as a JSON string;
 *   - `"connection":"public","base64":"…"`: a binary frame; with `"binary":false` before it, a text frame that is not UTF-8.
 *
 * Nothing else is transformed, so reading a line and writing it again gives the same bytes. No line holds a secret: facts are
 * redacted before they come here (`redact.ts`). A line cut short at the end of the file is what a killed process leaves: a
 * warning. Facts of unknown name are skipped and counted. Files may be joined (`cat`): a header in the middle is passed over. A file named `.gz` or `.zst` is the same text in independent
 * gzip members or Zstandard frames, one for each flush, so that what is there of a cut file can be read.
 *
 * A fact is handed to the operating system at most 250 ms after it happened, so a killed process loses no more than that.
 * Nothing is synced to the disk (no fsync): it would make the writer wait for the disk in the middle of a burst. A machine that
 * loses its power loses what its operating system had not written yet, commonly up to 30 s; what it leaves of a block or a
 * line, NULs included, is read around.
 */
export const RECORDING_FORMAT = 'cbscope-recording';

/** The version written; a reader refuses a higher one. */
export const RECORDING_VERSION = 1;

/** The first line. Further fields may follow; a reader keeps them. Without the fields behind `version` it reads as well. */
export interface RecordingHeader {
  format: typeof RECORDING_FORMAT;
  version: number;
  /** When the file was begun, RFC 3339 UTC. */
  at: string;
  /** Version of the program that wrote it. */
  tool: string;
  mode: 'live' | 'demo';
  /** True when the file begins in the middle of a session (`r`, `w`, rotation, the window of a packet). */
  partial: boolean;
  [field: string]: unknown;
}

const INSTANT = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'not a time'));

// What another program left out is not known; what it wrote wrongly is said.
const HEADER = z.looseObject({
  format: z.literal(RECORDING_FORMAT),
  version: z.int().check(z.minimum(1)),
  at: z._default(INSTANT, '1970-01-01T00:00:00.000Z'),
  tool: z._default(z.string(), 'unknown'),
  mode: z._default(z.enum(['live', 'demo']), 'live'),
  partial: z.catch(z.boolean(), false),
});

/** A header of this version, or what is wrong with it: `format`, `version` (a later one) or `fields`, and the detail. */
export type HeaderReading = { header: RecordingHeader } | { wrong: 'format' | 'version' | 'fields'; detail: string };

function isFromTheFuture(value: unknown): value is { version: number } {
  if (typeof value !== 'object' || value === null) return false;
  return 'version' in value && typeof value.version === 'number' && value.version > RECORDING_VERSION;
}

/** Judges the parsed first line of a file. */
export function readHeader(value: unknown): HeaderReading {
  const named = typeof value === 'object' && value !== null && 'format' in value && value.format === RECORDING_FORMAT;
  if (!named) return { wrong: 'format', detail: '' };
  if (isFromTheFuture(value)) return { wrong: 'version', detail: String(value.version) };
  const read = HEADER.safeParse(value);
  if (read.success) return { header: read.data };
  const fields = read.error.issues.map((issue) => issue.path.join('.') || 'header');
  return { wrong: 'fields', detail: [...new Set(fields)].join(', ') };
}
