// The published JSON schema of HAR 1.2, and what HAR leaves to the tools: the forms of WebSocket frames (reference: HAR).

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve('har-schema/package.json')), 'lib');
// The schema has keywords of its own, such as `optional`, that say nothing to a validator.
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json') as object);
for (const name of readdirSync(folder).filter((each) => each.endsWith('.json')))
  ajv.addSchema(JSON.parse(readFileSync(join(folder, name), 'utf8')) as object);

const FRAMES = {
  type: 'object',
  properties: {
    _webSocketMessages: {
      type: 'array',
      items: {
        type: 'object',
        required: ['type', 'time', 'opcode', 'data'],
        additionalProperties: false,
        properties: {
          type: { enum: ['send', 'receive'] },
          // Seconds since the epoch, not milliseconds.
          time: { type: 'number', minimum: 0, maximum: 1e10 },
          opcode: { enum: [1, 2] },
          data: { type: 'string' },
        },
      },
    },
    _webSocketClose: {
      anyOf: [
        { const: 'aborted' },
        {
          type: 'object',
          additionalProperties: false,
          properties: {
            code: { type: 'integer', minimum: 1000, maximum: 4999 },
            reason: { type: 'string' },
            timestamp: { type: 'number', minimum: 0, maximum: 1e10 },
          },
        },
      ],
    },
    timings: { type: 'object', additionalProperties: { type: 'number', minimum: -1 } },
    time: { type: 'number', minimum: 0 },
  },
};
const isFramed = ajv.compile(FRAMES);

/** What is wrong with a capture, in the validator's words; empty when it is a HAR 1.2 with frames in the known forms. */
export function harComplaints(har: unknown): string[] {
  const isHar = ajv.getSchema('har.json');
  if (isHar === undefined) throw new Error('the schema of HAR is not there');
  const said = (errors: typeof isHar.errors): string[] =>
    (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  if (isHar(har) !== true) return said(isHar.errors);
  const { entries } = (har as { log: { entries: unknown[] } }).log;
  return entries.flatMap((entry, index) =>
    isFramed(entry) ? [] : said(isFramed.errors).map((each) => `entry ${index}: ${each}`),
  );
}
