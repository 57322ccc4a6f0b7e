// From typing the command to the first full screen of the demo, beside an Ink hello-world that is not bundled, on the same Node.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, ROOT, startInTerminal } from './support-program.ts';
import { median, numberFlag, tell } from './support-row.ts';

const ROUNDS = numberFlag('rounds', 9);
const HELLO =
  "import { render, Text } from 'ink';\nimport { createElement } from 'react';\nrender(createElement(Text, null, 'hello, world'));\n";

// Inside node_modules, where `ink` is found.
const folder = join(ROOT, 'node_modules', '.cache', 'cbscope-bench');
mkdirSync(folder, { recursive: true });
const hello = join(folder, 'hello.mjs');
writeFileSync(hello, HELLO);

const ours: number[] = [];
const hellos: number[] = [];
const ratios: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const other = startInTerminal(hello, []);
  hellos.push(await other.until('hello, world'));
  await other.end();
  const demo = program(['demo']);
  ours.push(await demo.firstScreen());
  await demo.end();
  ratios.push((ours.at(-1) ?? 0) / (hellos.at(-1) ?? 1));
}
const ratio = median(ratios);
tell({
  what: 'start of the demo to the first full screen',
  figure: `${median(ours).toFixed(0)} ms`,
  reference: `unbundled Ink hello-world ${median(hellos).toFixed(0)} ms`,
  ratio,
  budget: '≤ 1.0',
  ok: ratio <= 1,
});
process.exit(0);
