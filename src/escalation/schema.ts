// What `escalation.json` is, field by field: checked before it is written, and what a program that reads it may rely on.

import * as z from 'zod/mini';

const text = z.string();
const rows = z.array(text);
const whenOrNull = z.nullable(z.number());

const field = z.object({
  name: text,
  /** The value; null when `none` says why there is none, or `how` says where to get it. */
  value: z.nullable(text),
  none: z.optional(text),
  how: z.optional(text),
});

const answer = z.looseObject({
  seq: z.int(),
  /** Epoch ms. */
  at: z.number(),
  method: text,
  url: text,
  /** 0: nothing was answered. */
  status: z.int(),
  headers: z.record(text, text),
  body: text,
});

/** `escalation.json`, version 1. Fields may be added. */
export const PACKET_SCHEMA = z.looseObject({
  format: z.literal('cbscope-escalation'),
  version: z.literal(1),
  tool: text,
  category: z.enum(['matching', 'balance', '5xx', 'other']),
  finding: z.nullable(z.looseObject({ code: text, severity: text, count: z.int() })),
  /** The moment it is about, RFC 3339 UTC. */
  at: z.nullable(text),
  mode: z.enum(['live', 'demo', 'replay']),
  /** Names of required fields with neither a value nor a reason. */
  missing: rows,
  title: text,
  verdict: text,
  /** API key id, order id, product id, request timestamp, full error response, in this order. */
  fields: z.array(field).check(z.length(5)),
  /** The failed answer, whole; null when something else stands in for it. */
  request: z.nullable(answer),
  /** `[source, what it says]`. */
  contradiction: z.array(z.tuple([text, text])),
  /** Where records contradict each other: the newest words of each source, whole. */
  proofs: z.optional(
    z.array(
      z.looseObject({ source: text, from: text, at: z.number(), seq: z.int(), records: z.array(z.looseObject({})) }),
    ),
  ),
  evidence: rows,
  works: rows,
  rows,
  note: text,
  tried: rows,
  removed: z.array(z.object({ kind: text, count: z.int() })),
  pseudonyms: text,
  /** What `window.ndjson` holds, epoch ms, and at which ends it had to be cut. */
  window: z.nullable(z.object({ fromAt: whenOrNull, toAt: whenOrNull, cutBefore: z.boolean(), cutAfter: z.boolean() })),
  /** What only the customer can tell. */
  ask: rows,
});

/** The same as a JSON Schema (draft 2020-12), for programs that read packets: `escalation.schema.json` beside this file. */
export function packetJsonSchema(): unknown {
  return { title: 'escalation.json of cbscope', ...z.toJSONSchema(PACKET_SCHEMA, { io: 'input' }) };
}

/** What keeps a packet's JSON from being one, or null. */
export function schemaProblem(json: unknown): string | null {
  const read = PACKET_SCHEMA.safeParse(json);
  if (read.success) return null;
  return read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}
