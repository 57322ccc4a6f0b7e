// `cbscope export`: a recording as a HAR capture, as a page for a browser, or as plain lines. It sends nothing and keeps no secret.

import { safeText } from '../base/text.ts';
import { EXIT } from '../cli/exit-code.ts';
import type { ExportFlags } from '../cli/program.ts';
import { readChoice } from '../cli/values.ts';
import type { Fact } from '../core/fact.ts';
import { Engine } from '../engine/engine.ts';
import { shownFact } from '../engine/read-fact.ts';
import { Gathering } from '../export/gathering.ts';
import { HarExport } from '../export/har.ts';
import { htmlPage } from '../export/html.ts';
import { createTextFile } from '../export/text-file.ts';
import { errorCode, openProblem, secretNameProblem } from '../recording/file-access.ts';
import type { RecordingHeader } from '../recording/format.ts';
import type { Recording } from '../recording/reader.ts';
import { redactJson } from '../recording/redact.ts';
import type { Stopped } from '../recording/stopped.ts';
import { openWriter } from '../recording/writer.ts';
import { openTraffic } from './import.ts';
import { complain, say } from './output.ts';
import { readThrough } from './reading-progress.ts';
import { VERSION } from './version.ts';

const FORMATS = ['har', 'html', 'ndjson'] as const;
type Format = (typeof FORMATS)[number];

/** What was written, in a few words; or one sentence that says why it could not be. */
type Exported = { what: string } | { problem: string };

/** A recording may have been made by a version that knew less of secrets. */
async function* redacted(recording: Recording): AsyncGenerator<Fact> {
  for await (const batch of readThrough(recording)) for (const fact of batch) yield shownFact(fact);
}

async function exportHar(recording: Recording, out: string): Promise<Exported> {
  const har = new HarExport(createTextFile(out), out, VERSION);
  for await (const fact of redacted(recording)) har.add(fact);
  har.end();
  return { what: `${har.entries} entries` };
}

async function exportHtml(recording: Recording, out: string): Promise<Exported> {
  const file = createTextFile(out);
  const gathering = new Gathering();
  const engine: Engine = new Engine({
    onFact: (fact) => gathering.note(fact, engine.model),
    onChanges: (changes) => gathering.noteChanges(changes),
  });
  for await (const fact of redacted(recording)) engine.replay(fact);
  const { model, verdict, book } = engine;
  const name = recording.path.split(/[\\/]/).at(-1) ?? '';
  const findings = [...book.history.values()];
  file.write(htmlPage({ name, version: VERSION, model, verdict, findings, gathering, notes: recording.notes }));
  file.close();
  return { what: `${findings.length} findings` };
}

async function exportLines(recording: Recording, out: string): Promise<Exported> {
  const stopped: Stopped[] = [];
  const onStopped = (why: Stopped): void => void stopped.push(why);
  // Redaction changes texts; what a header is stays.
  const header = redactJson(recording.header).value as RecordingHeader;
  const writer = await openWriter({ file: out, header, mode: 'create', onStopped });
  if ('problem' in writer) return writer;
  let count = 0;
  for await (const fact of redacted(recording)) {
    writer.append(fact);
    count += 1;
    if (count % 10_000 === 0) await writer.flush();
  }
  await writer.close();
  const [why] = stopped;
  return why === undefined ? { what: `${count} facts` } : { problem: `the export is not whole: ${why.detail}` };
}

const EXPORTS: Record<Format, (recording: Recording, out: string) => Promise<Exported>> = {
  har: exportHar,
  html: exportHtml,
  ndjson: exportLines,
};

/** Exports a recording or a capture; nothing that exists is overwritten. */
export async function exportTo(file: string, format: Format, out: string): Promise<Exported & { notes?: string[] }> {
  const recording = await openTraffic(file);
  if ('problem' in recording) return recording;
  return { ...(await written(recording, format, out)), notes: [...recording.notes] };
}

async function written(recording: Recording, format: Format, out: string): Promise<Exported> {
  const problem = secretNameProblem(out);
  if (problem !== null) return { problem };
  try {
    return await EXPORTS[format](recording, out);
  } catch (error) {
    if (errorCode(error) === 'EEXIST')
      return { problem: `Could not write ${safeText(out)}: it exists, and is not overwritten; choose another name.` };
    // Anything but the operating system's no is a mistake of ours.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { problem: openProblem(out, error).replace('Could not record to', 'Could not write') };
  }
}

export async function exportRecording(file: string, flags: ExportFlags): Promise<number> {
  const format = readChoice('--format', flags.format, FORMATS);
  if ('problem' in format) {
    complain(format.problem);
    return EXIT.usage;
  }
  const exported = await exportTo(file, format.value, flags.out);
  if ('problem' in exported) {
    complain(exported.problem);
    return EXIT.usage;
  }
  for (const note of exported.notes ?? []) complain(note);
  say(`${exported.what} of ${safeText(file)} written to ${safeText(flags.out)}`);
  return EXIT.healthy;
}
