// Opening a file to record into, and asking whether it is still there and has room. Problems are sentences, never exceptions.

import { type FileHandle, open, stat, statfs, unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { findSecret } from '../base/secret.ts';
import { safeText } from '../base/text.ts';
import { findSecretLike } from './secret-patterns.ts';

const MODE = 0o600;

/** Node's code of an error of the operating system, or the message of anything else. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}

/** Why a file could not be opened, and what to do, for people. */
export function openProblem(file: string, error: unknown): string {
  const code = errorCode(error);
  const name = safeText(file);
  if (code === 'ENOENT') {
    return `Could not record to ${name}: the directory ${safeText(dirname(resolve(file)))} does not exist; create it or choose another place.`;
  }
  if (code === 'EISDIR') return `Could not record to ${name}: it is a directory; name a file in it.`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `Could not record to ${name}: writing there is not permitted (${code}); choose another place.`;
  }
  return `Could not record to ${name}: the system answered ${safeText(code)}; choose another place.`;
}

/** Why nothing may be written under a name, in a sentence: whoever lists the folder would read the secret in it. Null for all others. */
export function secretNameProblem(name: string, of = 'the file'): string | null {
  const found = findSecret(Buffer.from(name)) ?? findSecretLike(name);
  return found === null ? null : `Nothing was written: the name of ${of} would hold a ${found.kind}; choose another.`;
}

/** Why there is no file to record to; `exists` when one that holds something has the name. */
export interface Refused {
  problem: string;
  exists?: true;
}

/** An opened file, and what goes into it first: the header, or what an existing file lacks. */
export interface Opened {
  handle: FileHandle;
  first: Buffer;
}

async function openExisting(file: string): Promise<FileHandle | Refused> {
  const found = await stat(file);
  const name = safeText(file);
  if (found.isCharacterDevice()) return open(file, 'r+');
  if (found.isDirectory()) return { problem: `Could not record to ${name}: it is a directory; name a file in it.` };
  if (!found.isFile())
    return { problem: `Could not record to ${name}: it is not a regular file; choose another name.` };
  if (found.size > 0) {
    return {
      problem: `Could not record to ${name}: it exists and holds ${found.size} bytes, which are not overwritten; choose another name.`,
      exists: true,
    };
  }
  const handle = await open(file, 'r+');
  await handle.chmod(MODE);
  return handle;
}

/** A new file of mode 0600, or an existing one that is empty. What holds something is never opened. */
export async function createFile(file: string, header: Buffer): Promise<Opened | Refused> {
  const problem = secretNameProblem(file);
  if (problem !== null) return { problem };
  try {
    return { handle: await open(file, 'wx', MODE), first: header };
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') return { problem: openProblem(file, error) };
  }
  try {
    const opened = await openExisting(file);
    return 'problem' in opened ? opened : { handle: opened, first: header };
  } catch (error) {
    return { problem: openProblem(file, error) };
  }
}

/** A new file in place of an old one, which whoever still reads it keeps; only a regular file is ever replaced. */
export async function replaceFile(file: string, header: Buffer): Promise<Opened | Refused> {
  try {
    if ((await stat(file)).isFile()) await unlink(file);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return { problem: openProblem(file, error) };
  }
  return createFile(file, header);
}

/** The part of the disk that is free for this user, 0 to 1; 1 when it cannot be told. */
export async function freeFraction(file: string): Promise<number> {
  try {
    const { bavail, blocks } = await statfs(dirname(resolve(file)));
    return blocks > 0 ? bavail / blocks : 1;
  } catch {
    return 1;
  }
}

/** The first byte of a file; null when it has none or cannot be read. */
async function firstByteOf(file: string): Promise<number | null> {
  try {
    const handle = await open(file, 'r');
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, 0).finally(() => handle.close());
    return buffer[0] ?? null;
  } catch {
    return null;
  }
}

/**
 * What somebody else did to a file that is being written; null while its name leads to it and it begins with what was written, or
 * where that cannot be told: who lost the permission to look can still write.
 */
export async function harmDone(file: string, inode: number): Promise<'removed or replaced' | 'emptied' | null> {
  try {
    const { ino, size } = await stat(file);
    if (ino !== inode) return 'removed or replaced';
    // What is written behind the beginning of an emptied file leaves a hole there, which reads as zeros.
    return size === 0 || (await firstByteOf(file)) === 0 ? 'emptied' : null;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(errorCode(error)) ? 'removed or replaced' : null;
  }
}
