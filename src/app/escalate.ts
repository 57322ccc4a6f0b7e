// `cbscope escalate`: the packet of a recording, without a screen.

import { readFileSync } from 'node:fs';
import { safeText } from '../base/text.ts';
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

function atOf(text: string): number | Problem {
  const at = Date.parse(text);
  const problem = `--at ${JSON.stringify(text)} is not a time; expected RFC 3339 such as 2026-11-22T20:14:06Z`;
  return Number.isNaN(at) ? { problem } : at;
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

function fail(problem: string, code: number): number {
  complain(problem);
  return code;
}

function tellMissing(known: Known, isJson: boolean): number {
  const { missing, fields } = buildPacket(inputOf(known));
  if (isJson) sayJson({ ok: false, missing, fields });
  const lacking = fields.filter(({ name }) => missing.includes(name));
  for (const { name, how } of lacking) complain(`${name}: ${how ?? 'ask the customer'}`);
  return fail(`the packet lacks ${missing.join(', ')}; give what is missing, or pass --allow-missing`, 2);
}

async function write(found: RecordedCase, known: Known, flags: EscalateFlags): Promise<number> {
  const { engine, recording, checkpoints } = found;
  const momentAt = momentOf(inputOf(known)) ?? engine.model.at;
  const momentT = checkpoints.tOf(momentAt) ?? engine.model.t - (engine.model.at - momentAt);
  const cut = await windowOf(found, momentT, known.request.windowMs ?? WINDOW_MS);
  if ('problem' in cut) return fail(cut.problem, 2);
  const { packet, window } = makePacket(known, cut, recording.header);
  const written = await writePacket({ packet, window, dir: flags.out ?? '.', version: engine.model.version });
  if (!written.ok) return fail(written.problem, 1);
  const { category, missing, fields, removed } = packet;
  const caution = cautionOf(inputOf(known));
  if (flags.json === true) {
    sayJson({ ok: true, path: written.path, category, missing, fields, removed, caution });
    return 0;
  }
  say(`packet written to ${written.path}${missing.length === 0 ? '' : ` (missing: ${missing.join(', ')})`}`);
  if (caution !== null) complain(caution);
  return 0;
}

export async function escalate(file: string, flags: EscalateFlags): Promise<number> {
  const request = requestOf(flags);
  if ('problem' in request) return fail(request.problem, 2);
  keepHeapLean();
  const found = await recordedCase(file, flags.finding ?? null);
  if ('problem' in found) return fail(found.problem, 2);
  const outside = outsideOf(found, request);
  if (outside !== null) return fail(outside.problem, 2);
  const { finding, snapshot, responses, engine } = found;
  const keyId = engine.model.key?.keyId ?? null;
  const known = { finding, snapshot, responses, keyId, changes: changeRowsOf(engine), request };
  const isMissing = buildPacket(inputOf(known)).missing.length > 0;
  if (isMissing && flags.allowMissing !== true) return tellMissing(known, flags.json === true);
  return write(found, known, flags);
}
