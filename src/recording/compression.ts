// Independent compressed blocks: each is whole by itself, so what is there of a cut file can be read. It opens no file.

import { promisify } from 'node:util';
import { constants, gzip, gzipSync, zstdCompress, zstdCompressSync } from 'node:zlib';

export type Compression = 'none' | 'gzip' | 'zstd';

// A recording is written beside live traffic: the quickest level already makes an eighth of market data.
const GZIP = { level: 1 };
const ZSTD = {
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

const gzipLater = promisify<Buffer, typeof GZIP, Buffer>(gzip);
const zstdLater = promisify<Buffer, typeof ZSTD, Buffer>(zstdCompress);

/** What a file name asks for: `.gz`, `.zst`, or plain text. */
export function compressionOf(file: string): Compression {
  if (file.endsWith('.gz')) return 'gzip';
  return file.endsWith('.zst') ? 'zstd' : 'none';
}

/** One block, made in the thread pool. */
export function compress(block: Buffer, by: Compression): Promise<Buffer> {
  if (by === 'gzip') return gzipLater(block, GZIP);
  return by === 'zstd' ? zstdLater(block, ZSTD) : Promise.resolve(block);
}

/** One block, at once: for the crash path. */
export function compressSync(block: Buffer, by: Compression): Buffer {
  if (by === 'gzip') return gzipSync(block, GZIP);
  return by === 'zstd' ? zstdCompressSync(block, ZSTD) : block;
}
