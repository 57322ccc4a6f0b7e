// `cbscope escalate`: the packet of a recording, without a screen.

import { readFileSync } from 'node:fs';
import { safeText } from '../base/text.ts';
import { typedTime } from '../base/typed-time.ts';
import { EXIT } from '../cli/exit-code.ts';
import type { EscalateFlags } from '../cli/program.ts';
import { readChoice, readDuration } from '../cli/values.ts';
import type { PacketRequest } from '../core/packet-request.ts';
import { cautionOf } from '../escalation/candidates.ts';
import { buildPacket, momentOf } from '../escalation/packet.ts';
import { writePacket } from '../escalation/write.ts';
import { errorCode } from '../recording/file-access.ts';
import { changeRowsOf, inputOf, type Known, makePacket, WINDOW_MS } from './escalate-session.ts';
import { registerTypedKeys } from './known-secrets.ts';
import { keepHeapLean } from './lean-heap.ts';
import { complain, say, sayJson } from './output.ts';
import { type RecordedCase, recordedCase } from './recording-case.ts';
import { windowOf } from './recording-window.ts';

const CATEGORIES = ['matching', 'balance', '5xx', 'other'] as const;

type Problem = { problem: string };

const EXPECTED: Readonly<Partial<Record<keyof EscalateFlags, string>>> = {
  out: 'a folder',
  finding: 'a code such as SERVER_ERRORS',
  keyId: 'organizations/…/apiKeys/…, as the portal lists it',
  orderId: 'the UUID of the order',
  productId: 'a product such as BTC-USD',
};

/** A flag that was given without anything in it: a variable of a script that was not set. */
function emptyFlag(flags: EscalateFlags): Problem | null {
  const names = Object.keys(EXPECTED) as (keyof typeof EXPECTED)[];
  const empty = names.find((name) => typeof flags[name] === 'string' && flags[name].trim() === '');
  if (empty === undefined) return null;
  const flag = empty.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return { problem: `--${flag} is empty; expected ${EXPECTED[empty]}` };
}

function atOf(text: string): number | Problem {
  const expected = 'expected UTC such as 2026-11-22T20:14:06Z';
  return typedTime(text) ?? { problem: `--at ${JSON.stringify(text)} is not a time; ${expected}` };
}

/** An error response that was saved elsewhere, without the line break at its end. */
function bodyOf(file: string): string | Problem {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    return {
      problem: `--body ${safeText(file)} cannot be read: ${errorCode(error)}; expected a file that holds the error response`,
    };
  }
}

function requestOf(flags: EscalateFlags): PacketRequest | Problem {
  const empty = emptyFlag(flags);
  if (empty !== null) return empty;
  const request: PacketRequest = {};
  if (flags.category !== undefined) {
    const category = readChoice('--category', flags.category, CATEGORIES);
    if ('problem' in category) return category;
    request.category = category.value;
  }
  if (flags.at !== undefined) {
    const at = atOf(flags.at);
    if (typeof at !== 'number') return at;
    request.at = at;
  }
  if (flags.window !== undefined) {
    const window = readDuration('--window', flags.window);
    if ('problem' in window) return window;
    request.windowMs = window.value;
  }
  if (flags.body !== undefined) {
    const body = bodyOf(flags.body);
    if (typeof body !== 'string') return body;
    registerTypedKeys([body]);
    request.body = body;
  }
  if (flags.keyId !== undefined) request.keyId = flags.keyId;
  if (flags.orderId !== undefined) request.orderId = flags.orderId;
  if (flags.productId !== undefined) request.productId = flags.productId;
  if (flags.note !== undefined) request.note = flags.note;
  if (flags.uiShows !== undefined) request.uiShows = flags.uiShows;
  if (flags.pseudonymise === true) request.pseudonymise = true;
  return request;
}

/** A moment of which the recording holds nothing would make an empty window. */
function outsideOf({ fromAt, toAt }: RecordedCase, { at }: PacketRequest): Problem | null {
  if (at === undefined || (at >= fromAt - 1_000 && at <= toAt + 1_000)) return null;
  const [from, to, given] = [fromAt, toAt, at].map((each) => new Date(each).toISOString());
  return { problem: `--at ${given} lies outside the recording; expected a time from ${from} to ${to}` };
}

function fail(problem: string, code: number, { json }: EscalateFlags): number {
  if (json === true) sayJson({ ok: false, problem });
  complain(problem);
  return code;
}

function tellMissing(known: Known, isJson: boolean): number {
  const { missing, fields } = buildPacket(inputOf(known));
  const problem = `the packet lacks ${missing.join(', ')}; give what is missing, or pass --allow-missing`;
  if (isJson) sayJson({ ok: false, problem, missing, fields });
  const lacking = fields.filter(({ name }) => missing.includes(name));
  for (const { name, how } of lacking) complain(`${name}: ${how ?? 'ask the customer'}`);
  complain(problem);
  return EXIT.usage;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What does not forbid the packet, but should be looked at before it is sent. */
function doubtsOf(known: Known): string[] {
  const { orderId } = known.request;
  const caution = cautionOf(inputOf(known));
  const doubts = caution === null ? [] : [caution];
  if (orderId !== undefined && !UUID.test(orderId))
    doubts.push(`--order-id ${JSON.stringify(orderId)} is not shaped like a UUID, which is what T2 asks for; check it`);
  return doubts;
}

async function write(found: RecordedCase, known: Known, flags: EscalateFlags): Promise<number> {
  const { engine, recording, checkpoints } = found;
  const momentAt = momentOf(inputOf(known)) ?? engine.model.at;
  const momentT = checkpoints.tOf(momentAt) ?? engine.model.t - (engine.model.at - momentAt);
  const cut = await windowOf(found, momentT, known.request.windowMs ?? WINDOW_MS);
  if ('problem' in cut) return fail(cut.problem, EXIT.usage, flags);
  const { packet, window } = makePacket(known, cut, recording.header);
  const written = await writePacket({ packet, window, dir: flags.out ?? '.', version: engine.model.version });
  if (!written.ok) return fail(written.problem, written.cause === 'folder' ? EXIT.usage : EXIT.internal, flags);
  const { category, missing, fields, removed } = packet;
  const [path, doubts, caution] = [written.path, doubtsOf(known), cautionOf(inputOf(known))];
  if (flags.json === true) sayJson({ ok: true, path, category, missing, fields, removed, caution, doubts });
  else say(`packet written to ${safeText(path)}${missing.length === 0 ? '' : ` (missing: ${missing.join(', ')})`}`);
  for (const doubt of doubts) complain(doubt);
  return EXIT.healthy;
}

export async function escalate(file: string, flags: EscalateFlags): Promise<number> {
  const request = requestOf(flags);
  if ('problem' in request) return fail(request.problem, EXIT.usage, flags);
  keepHeapLean();
  const found = await recordedCase(file, flags.finding ?? null, request);
  if ('problem' in found) return fail(found.problem, EXIT.usage, flags);
  const outside = outsideOf(found, request);
  if (outside !== null) return fail(outside.problem, EXIT.usage, flags);
  const { finding, snapshot, responses, engine } = found;
  const keyId = engine.model.key?.keyId ?? null;
  const known = { finding, snapshot, responses, keyId, changes: changeRowsOf(engine), request };
  const isMissing = buildPacket(inputOf(known)).missing.length > 0;
  if (isMissing && flags.allowMissing !== true) return tellMissing(known, flags.json === true);
  return write(found, known, flags);
}
