// Reads the first bytes of an answer that should have been an upgrade. It never waits long and never keeps much.

import type { IncomingMessage } from 'node:http';
import { BODY_START_BYTES_MAX } from '../core/bounds.ts';
import type { Clock } from './clock.ts';
import { maskText } from './mask.ts';

const BODY_WAIT_MS = 2_000;

/** The start of the body as text, masked; what there is of it when the rest is slow in coming. */
export function readBodyStart(response: IncomingMessage, clock: Clock): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const finish = (): void => {
      cancel();
      resolve(maskText(Buffer.concat(chunks).subarray(0, BODY_START_BYTES_MAX).toString('utf8')));
    };
    const cancel = clock.setTimeout(finish, BODY_WAIT_MS);
    response.on('data', (chunk: Buffer) => {
      if (sizeBytes < BODY_START_BYTES_MAX) chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes >= BODY_START_BYTES_MAX) finish();
    });
    response.once('end', finish).once('error', finish).once('close', finish);
  });
}
