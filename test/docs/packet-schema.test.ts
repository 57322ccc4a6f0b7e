// The published schema of `escalation.json` is what the program checks. UPDATE_GOLDEN=1 writes it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packetJsonSchema } from '../../src/escalation/schema.ts';
import { ROOT, readText } from '../tidy/sources.ts';

const FILE = 'src/escalation/escalation.schema.json';
const text = `${JSON.stringify(packetJsonSchema(), null, 2)}\n`;

if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(join(ROOT, FILE), text);

it('the published schema is the one that packets are checked by (npm run golden)', () => {
  expect(readText(FILE)).toBe(text);
});
