// A block of a file: buffers that come to stand one behind the other without being joined in memory first.

import { writevSync } from 'node:fs';

export type Block = readonly Buffer[];

/** Bytes of all its buffers. */
export function blockBytes(block: Block): number {
  return block.reduce((sum, buffer) => sum + buffer.length, 0);
}

/** What is left of a block behind its first `count` bytes. */
export function behind(block: Block, count: number): Buffer[] {
  const left: Buffer[] = [];
  let passed = 0;
  for (const buffer of block) {
    if (passed + buffer.length > count) left.push(buffer.subarray(Math.max(0, count - passed)));
    passed += buffer.length;
  }
  return left;
}

/** Writes the whole block at `position` before it returns. What the operating system refuses is thrown. */
export function writeBlockSync(fd: number, block: Block, position: number): void {
  let at = position;
  for (let left = behind(block, 0); left.length > 0; ) {
    const written = writevSync(fd, left, at);
    at += written;
    left = behind(left, written);
  }
}
