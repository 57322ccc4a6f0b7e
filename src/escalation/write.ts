// Writes a packet's folder: everything is made in memory, scanned, and only then written, under a name of its own until it is whole.
// A secret in it means no packet at all.

import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { safeText } from '../base/text.ts';
import { encodeHeader } from '../recording/codec.ts';
import { errorCode, secretNameProblem } from '../recording/file-access.ts';
import { RECORDING_FORMAT, RECORDING_VERSION } from '../recording/format.ts';
import type { Removed } from '../recording/redact.ts';
import { type Packet, packetJson } from './packet.ts';
import { scanPacket } from './scan.ts';
import { schemaProblem } from './schema.ts';

export interface PacketToWrite {
  packet: Packet;
  /** A recording of the time around it: header line, then facts. Without a header one is put before it. */
  window: Buffer;
  /** The folder to make the packet's folder in; made when missing. */
  dir: string;
  version: string;
  /** What was taken out of the facts before they were recorded. */
  removed?: Removed[];
  /** Epoch ms for the folder's name; the present unless given. */
  now?: number;
}

export type PacketWritten =
  | { ok: true; path: string; markdown: string; missing: string[] }
  | { ok: false; cause: 'secret' | 'folder' | 'schema'; problem: string };

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;
const NAMES_MAX = 1_000;
const HEADER_START = `{"format":"${RECORDING_FORMAT}"`;

function windowFile({ window, version }: PacketToWrite, at: string): Buffer {
  if (window.subarray(0, HEADER_START.length).toString() === HEADER_START) return window;
  const header = {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    at,
    tool: version,
    mode: 'live',
    partial: true,
  } as const;
  return Buffer.concat([encodeHeader(header), window]);
}

function manifest(files: ReadonlyMap<string, Buffer>, wanted: PacketToWrite, at: string): Buffer {
  const { version, packet, removed } = wanted;
  const described = [...files].map(([name, bytes]) => ({
    name,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  const taken = removed ?? packet.json['removed'] ?? [];
  const content = {
    format: 'cbscope-escalation-manifest',
    version: 1,
    tool: version,
    versions: { cbscope: version, node: process.version, recording: RECORDING_VERSION },
    at,
    files: described,
    removed: taken,
    pseudonyms: packet.json['pseudonyms'] ?? 'none',
    window: packet.json['window'] ?? null,
    mayStillBeAsked: packet.json['ask'] ?? [],
    missing: packet.missing,
  };
  return Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
}

function filesOf(wanted: PacketToWrite, at: string): Map<string, Buffer> {
  const files = new Map([
    ['escalation.md', Buffer.from(wanted.packet.markdown)],
    ['escalation.json', Buffer.from(packetJson(wanted.packet))],
    ['window.ndjson', windowFile(wanted, at)],
  ]);
  return files.set('manifest.json', manifest(files, wanted, at));
}

/** `20261122T201406Z` */
function stamp(at: string): string {
  return `${at.slice(0, 19).replace(/[-:]/g, '')}Z`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function freeName(base: string): Promise<string> {
  for (let number = 2, name = base; number < NAMES_MAX; number += 1) {
    if (!(await exists(name))) return name;
    name = `${base}-${number}`;
  }
  throw new Error(`${base} and ${NAMES_MAX} numbered names are taken`);
}

async function writeFolder(path: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  const unfinished = `${path}.unfinished-${process.pid}`;
  await mkdir(unfinished, { mode: DIRECTORY_MODE });
  try {
    for (const [name, bytes] of files) await writeFile(join(unfinished, name), bytes, { mode: FILE_MODE, flag: 'wx' });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** Makes a folder, with those above it. Node's own way never comes back where a folder cannot be made though the one above is there. */
async function makeFolders(path: string): Promise<void> {
  const made = await mkdir(path, { mode: DIRECTORY_MODE }).then(
    () => 'made',
    (error: unknown) => error,
  );
  if (made === 'made' || (await stat(path).catch(() => null))?.isDirectory() === true) return;
  const above = dirname(path);
  if (errorCode(made) !== 'ENOENT' || above === path || (await exists(above))) throw made;
  await makeFolders(above);
  await mkdir(path, { mode: DIRECTORY_MODE });
}

/** What forbids these files, or null. */
function refusalOf(files: ReadonlyMap<string, Buffer>, base: string, json: unknown): PacketWritten | null {
  const named = secretNameProblem(base, 'its folder');
  if (named !== null) return { ok: false, cause: 'secret', problem: named };
  const hit = scanPacket(files);
  if (hit !== null) {
    const problem = `No packet was written: ${hit.file} would hold a ${hit.kind} (${hit.encoding}) at byte ${hit.offset}; take it out of the note or the recording (cbscope redact) and write it again.`;
    return { ok: false, cause: 'secret', problem };
  }
  const wrong = schemaProblem(json);
  if (wrong === null) return null;
  const problem = `No packet was written: escalation.json would not fit its schema (${wrong}).`;
  return { ok: false, cause: 'schema', problem };
}

/**
 * Writes `escalation.md`, `escalation.json`, `window.ndjson` and `manifest.json` into a new folder (0700, files 0600). When the scan
 * finds a secret nothing is written and the problem names the place.
 */
export async function writePacket(wanted: PacketToWrite): Promise<PacketWritten> {
  const at = new Date(wanted.now ?? Date.now()).toISOString();
  const { packet, dir } = wanted;
  const files = filesOf(wanted, at);
  const base = join(dir, `cbscope-escalation-${packet.code ?? packet.category}-${stamp(at)}`);
  const refusal = refusalOf(files, base, packet.json);
  if (refusal !== null) return refusal;
  try {
    await makeFolders(dir);
    const path = await freeName(base);
    await writeFolder(path, files);
    return { ok: true, path, markdown: packet.markdown, missing: packet.missing };
  } catch (error) {
    const why = `making its folder in ${safeText(dir)} failed (${safeText(errorCode(error))}); choose another with --out`;
    return { ok: false, cause: 'folder', problem: `No packet was written: ${why}.` };
  }
}
