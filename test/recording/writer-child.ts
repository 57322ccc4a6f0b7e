// Appends facts to a recording for ever and prints the t of each: what a killed process may have lost is told by comparing. Why the
// recording stopped is printed, too.

import { FLUSH_BYTES } from '../../src/core/bounds.ts';
import { openWriter } from '../../src/recording/writer.ts';
import { frameAt, HEADER } from './fixed.ts';

const [file = ''] = process.argv.slice(2);
const writer = await openWriter({
  file,
  header: HEADER,
  mode: 'create',
  onStopped: ({ reason, detail }) => process.stdout.write(`stopped ${reason} ${detail}\n`),
});
if ('problem' in writer) throw new Error(writer.problem);
const began = performance.now();
for (let seq = 1; ; seq += 1) {
  const t = Math.round((performance.now() - began) * 1000) / 1000;
  writer.append({ ...frameAt(seq), t });
  process.stdout.write(`${seq} ${t}\n`);
  if (seq % 50 === 0 && writer.backlogBytes < FLUSH_BYTES) await new Promise((resolve) => setTimeout(resolve, 5));
}
