// Encoded lines looked through once more before they leave the machine: whoever wrote them may have known fewer secrets, and a frame is
// believed to be plain only where nothing in it looks otherwise. A line that holds none stays, byte for byte.

import { findSecret } from '../base/secret.ts';
import type { Fact } from '../core/fact.ts';
import { decodeLine, encodeFact, isProblem, LINE_END } from './codec.ts';
import { redactCounting } from './redact.ts';
import { looksSuspicious } from './secret-patterns.ts';

function redactedLine(line: Buffer): Buffer {
  const fact = decodeLine(line.subarray(0, -1));
  // A line that is no fact has no place in a recording.
  if (isProblem(fact)) return Buffer.alloc(0);
  const looked: Fact = fact.fact === 'frame.received' ? { ...fact, plain: false } : fact;
  const { fact: redacted, removed } = redactCounting(looked);
  return removed.length === 0 ? line : encodeFact(redacted);
}

/** Whole lines, each with its newline, without secrets. */
export function redactLines(lines: Buffer): Buffer {
  const holdsRegistered = findSecret(lines) !== null;
  const out: Buffer[] = [];
  let keptFrom = 0;
  for (let start = 0, end = lines.indexOf(LINE_END); end >= 0; start = end + 1, end = lines.indexOf(LINE_END, start)) {
    if (!holdsRegistered && !looksSuspicious(lines.toString('latin1', start, end))) continue;
    const line = lines.subarray(start, end + 1);
    const redacted = redactedLine(line);
    if (redacted === line) continue;
    out.push(lines.subarray(keptFrom, start), redacted);
    keptFrom = end + 1;
  }
  return out.length === 0 ? lines : Buffer.concat([...out, lines.subarray(keptFrom)]);
}
