// Small recordings of what no exchange can do to a program and no capture holds: troubles of this tool and its machine.

import clockJumped from './recordings/clock-jumped.json' with { type: 'json' };
import recordingStopped from './recordings/recording-stopped.json' with { type: 'json' };
import selfLagging from './recordings/self-lagging.json' with { type: 'json' };
import selfSlept from './recordings/self-slept.json' with { type: 'json' };

export interface RecordedExample {
  name: string;
  code: string;
  /** One sentence. */
  title: string;
  /** The lines of the recording, header first, as objects. */
  lines: readonly unknown[];
}

export const RECORDED_EXAMPLES: readonly RecordedExample[] = [selfLagging, selfSlept, clockJumped, recordingStopped];

/** The recording as a file holds it. */
export function bytesOfRecorded(example: RecordedExample): Buffer {
  return Buffer.from(`${example.lines.map((line) => JSON.stringify(line)).join('\n')}\n`, 'utf8');
}
