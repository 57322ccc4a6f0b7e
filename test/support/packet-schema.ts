// The published JSON Schema of `escalation.json`, asked by a validator that knows nothing of the program.

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const file = new URL('../../src/escalation/escalation.schema.json', import.meta.url);
const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync(file, 'utf8')) as object);

/** What keeps a packet from being one, empty when nothing does. */
export function packetFaults(json: unknown): string[] {
  return validate(json) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
