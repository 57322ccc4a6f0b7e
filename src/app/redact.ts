// `cbscope redact`: a copy of a recording or a HAR capture without the secrets in it. The original is only read; nothing is overwritten,
// and a copy in which the last look still finds a secret is not kept.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { safeText } from '../base/text.ts';
import { EXIT } from '../cli/exit-code.ts';
import type { RedactFlags } from '../cli/program.ts';
import type { Fact } from '../core/fact.ts';
import { removedText } from '../escalation/markdown.ts';
import { scanPacket } from '../escalation/scan.ts';
import { LineEncoder } from '../recording/codec.ts';
import { errorCode } from '../recording/file-access.ts';
import type { RecordingHeader } from '../recording/format.ts';
import type { Recording } from '../recording/reader.ts';
import { openRecording } from '../recording/reader.ts';
import { addRemoved, type Removed, redactCounting, redactJson } from '../recording/redact.ts';
import type { Stopped } from '../recording/stopped.ts';
import { openWriter } from '../recording/writer.ts';
import { registerKnownSecrets } from './known-secrets.ts';
import { complain, say, sayJson } from './output.ts';
import { readThrough } from './reading-progress.ts';

interface Redacted {
  removed: Removed[];
  notes: string[];
}

type Problem = { problem: string; code: number };

const MODE = 0o600;

function leak(where: string, out: string): Problem {
  return { problem: `nothing was kept: ${safeText(out)} would still hold a ${where}`, code: EXIT.internal };
}

/** What the last look finds in the bytes that are to be written, in words; null when nothing. */
function findingIn(out: string, bytes: Buffer): string | null {
  const hit = scanPacket(new Map([[out, bytes]]));
  return hit === null ? null : `${hit.kind} (${hit.encoding})`;
}

/** A frame is believed to be plain only by the writer that proved it. */
function looked(fact: Fact): Fact {
  return fact.fact === 'frame.received' ? { ...fact, plain: false } : fact;
}

/** A frame that held nothing stays what it was, byte for byte. */
function copied(fact: Fact, redacted: Fact): Fact {
  return fact.fact === 'frame.received' && redacted.fact === 'frame.received' && redacted.bytes === fact.bytes
    ? fact
    : redacted;
}

async function redactRecording(recording: Recording, out: string): Promise<Redacted | Problem> {
  const { value, removed: ofHeader } = redactJson(recording.header);
  const stopped: Stopped[] = [];
  // Redaction changes texts; what a header is stays.
  const header = value as RecordingHeader;
  const onStopped = (why: Stopped): void => void stopped.push(why);
  const writer = await openWriter({ file: out, header, mode: 'create', onStopped });
  if ('problem' in writer) return { problem: writer.problem, code: EXIT.usage };
  const encoder = new LineEncoder();
  let removed = ofHeader;
  let found: string | null = findingIn(out, Buffer.from(JSON.stringify(header)));
  for await (const batch of readThrough(recording)) {
    for (const fact of batch) {
      const { fact: redacted, removed: more } = redactCounting(looked(fact));
      if (more.length > 0) removed = addRemoved(removed, more);
      encoder.append(copied(fact, redacted));
    }
    const lines = encoder.take();
    found ??= findingIn(out, lines);
    if (found !== null) break;
    writer.appendLines(lines);
  }
  await writer.close();
  if (found === null && stopped[0] === undefined) return { removed, notes: recording.notes };
  await rm(out, { force: true });
  return found === null
    ? { problem: `nothing was kept: ${stopped[0]?.detail}`, code: EXIT.internal }
    : leak(found, out);
}

function harOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    const isHar = typeof value === 'object' && value !== null && 'log' in value;
    return isHar ? value : null;
  } catch {
    return null;
  }
}

async function redactHar(har: unknown, out: string): Promise<Redacted | Problem> {
  const { value, removed } = redactJson(har);
  const bytes = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  const found = findingIn(out, bytes);
  if (found !== null) return leak(found, out);
  try {
    await writeFile(out, bytes, { mode: MODE, flag: 'wx' });
  } catch (error) {
    const code = errorCode(error);
    const why = code === 'EEXIST' ? 'it exists and is not overwritten; choose another name' : code;
    return { problem: `${safeText(out)} cannot be written: ${why}`, code: EXIT.usage };
  }
  return { removed, notes: [] };
}

async function redactFile(from: string, out: string): Promise<Redacted | Problem> {
  const recording = await openRecording(from);
  if (!('problem' in recording)) return redactRecording(recording, out);
  const text = await readFile(from, 'utf8').catch(() => null);
  const har = text === null ? null : harOf(text);
  if (har !== null) return redactHar(har, out);
  return { problem: recording.problem, code: EXIT.usage };
}

/** Copies `from` to `to` without secrets; the result is the exit code. */
export async function redact(from: string, to: string, flags: RedactFlags): Promise<number> {
  const unreadable = registerKnownSecrets(flags);
  if (unreadable !== null) {
    complain(unreadable.problem);
    return EXIT.usage;
  }
  const done = await redactFile(from, to);
  if ('problem' in done) {
    if (flags.json === true) sayJson({ ok: false, problem: done.problem });
    complain(done.problem);
    return done.code;
  }
  for (const note of done.notes) complain(note);
  if (flags.json === true) sayJson({ ok: true, path: to, removed: done.removed });
  else say(`${safeText(to)} written. ${removedText(done.removed)}.`);
  return EXIT.healthy;
}
