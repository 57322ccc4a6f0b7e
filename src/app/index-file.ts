// The index of a large recording, kept beside it: `FILE.cbscope-index`. It is believed only when it was written here, by this very
// program, about this very file; in every other case it is as if there were none. It never fails, and never holds more than the index.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Fact } from '../core/fact.ts';
import type { Checkpoint } from '../recording/checkpoints.ts';
import type { Recording } from '../recording/reader.ts';
import type { Keyframe } from './keyframes.ts';
import type { Marker } from './replay-index.ts';
import { withoutTexts, withTexts } from './shared-texts.ts';
import { VERSION } from './version.ts';

/** Everything that a pass over a whole recording came to. */
export interface Indexed {
  reachT: number;
  isOneSession: boolean;
  markers: readonly Marker[];
  notes: readonly string[];
  opening: readonly Fact[];
  checkpoints: readonly Checkpoint[];
  keyframes: readonly Keyframe[];
}

/** A smaller recording is passed over sooner than anybody notices. */
export const INDEXED_BYTES_MIN = 64 * 1024 * 1024;
const PROBE_BYTES = 64 * 1024;
/** One record of an index: a keyframe of a session with a long ledger is 1 to 2 MB. */
const RECORD_BYTES_MAX = 128 * 1024 * 1024;
const MAC_BYTES = 32;

export function indexFileOf(path: string): string {
  return `${path}.cbscope-index`;
}

/** A secret of this user on this machine: an index that came with a recording from elsewhere is not believed. */
async function localKey(): Promise<Buffer> {
  const folder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'cbscope');
  const file = join(folder, 'index.key');
  const known = await readFile(file).catch(() => null);
  if (known?.length === MAC_BYTES) return known;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, randomBytes(MAC_BYTES), { flag: 'wx', mode: 0o600 });
  return readFile(file);
}

/** What the code is made of: a model of another build means something else. */
async function codeFingerprint(): Promise<string> {
  const folder = dirname(fileURLToPath(import.meta.url));
  const hash = createHash('sha256').update(VERSION);
  for (const name of (await readdir(folder)).sort()) {
    const { size, mtimeMs } = await stat(join(folder, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

async function probe(handle: FileHandle, size: number): Promise<string> {
  const hash = createHash('sha256');
  for (const at of [0, Math.floor(size / 2), Math.max(0, size - PROBE_BYTES)]) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, at);
    hash.update(buffer.subarray(0, bytesRead));
  }
  return hash.digest('hex');
}

/** What an index is about, as one text: the code, and the recording as it is now. */
export async function identityOf(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size, mtimeMs } = await handle.stat();
    return `cbscope-index 1 ${await codeFingerprint()} ${size} ${mtimeMs} ${await probe(handle, size)}`;
  } finally {
    await handle.close();
  }
}

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One part of an index, packed by itself: none of them makes anybody wait, and what packing takes is given back at once. */
async function record(value: unknown): Promise<Buffer> {
  await breathe();
  const body = zstdCompressSync(serialize(value), { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
}

async function* recordsOf(bytes: Buffer): AsyncGenerator<unknown> {
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUInt32LE(at);
    yield deserialize(zstdDecompressSync(bytes.subarray(at + 4, end), { maxOutputLength: RECORD_BYTES_MAX }));
    await breathe();
    at = end;
  }
}

/** `texts` are the numbers of the long texts in it. */
type StoredKeyframe = Omit<Keyframe, 'frozen'> & { frozen: { data: unknown; bytes: number; texts: number[] } };

/** The long texts come last, when all of them are known. */
async function packed(indexed: Indexed): Promise<Buffer> {
  const { keyframes, ...rest } = indexed;
  const texts = new Map<string, number>();
  const parts: Buffer[] = [await record(rest)];
  for (const { frozen, ...keyframe } of keyframes) {
    const data = withoutTexts(frozen.data, texts);
    const used = [...frozen.texts].map((text) => texts.get(text) ?? -1);
    parts.push(await record({ ...keyframe, frozen: { bytes: frozen.bytes, data, texts: used } }));
  }
  parts.push(await record([...texts.keys()]));
  return Buffer.concat(parts);
}

async function unpacked(bytes: Buffer): Promise<Indexed> {
  const records: unknown[] = [];
  for await (const each of recordsOf(bytes)) records.push(each);
  const rest = records[0] as Omit<Indexed, 'keyframes'>;
  const texts = records.at(-1) as string[];
  const keyframes = (records.slice(1, -1) as StoredKeyframe[]).map((stored): Keyframe => {
    const { data, bytes: size, texts: used } = stored.frozen;
    const whole = withTexts(data, texts) as Keyframe['frozen']['data'];
    const frozen = { data: whole, bytes: size, texts: new Set(used.map((number) => texts[number] ?? '')) };
    return { ...stored, frozen };
  });
  return { ...rest, keyframes };
}

/** The kept index of a recording, or null when there is none that can be believed. */
export async function readIndexFile(recording: Recording): Promise<Indexed | null> {
  try {
    const bytes = await readFile(indexFileOf(recording.path));
    const mac = bytes.subarray(0, MAC_BYTES);
    const body = bytes.subarray(MAC_BYTES);
    const expected = createHmac('sha256', await localKey())
      .update(await identityOf(recording.path))
      .update(body)
      .digest();
    return timingSafeEqual(mac, expected) ? await unpacked(body) : null;
  } catch {
    return null;
  }
}

/** Keeps an index of a recording that is still as it was when `identity` was taken. True when it is on the disk. */
export async function writeIndexFile(path: string, identity: string, indexed: Indexed): Promise<boolean> {
  const part = `${indexFileOf(path)}.${process.pid}.part`;
  try {
    const body = await packed(indexed);
    if ((await identityOf(path)) !== identity) return false;
    const mac = createHmac('sha256', await localKey())
      .update(identity)
      .update(body)
      .digest();
    await writeFile(part, Buffer.concat([mac, body]), { flag: 'wx', mode: 0o600 });
    await rename(part, indexFileOf(path));
    return true;
  } catch {
    await rm(part, { force: true }).catch(() => undefined);
    return false;
  }
}
