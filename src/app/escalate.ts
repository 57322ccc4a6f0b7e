// `cbscope escalate`: the packet of a recording, without a screen.

import type { EscalateFlags } from '../cli/program.ts';
import { readChoice } from '../cli/values.ts';
import type { TrackedFinding } from '../core/finding.ts';
import type { Engine } from '../engine/engine.ts';
import { takeSnapshot } from '../engine/snapshot.ts';
import { writePacket } from '../escalation/write.ts';
import { encodeHeader } from '../recording/codec.ts';
import type { PacketRequest } from './escalate-session.ts';
import { findingFor, packetFrom } from './escalate-session.ts';
import { complain, say, sayJson } from './output.ts';
import { headerOf, windowOf } from './recording-window.ts';
import { foldRecording } from './report.ts';

const CATEGORIES = ['matching', 'balance', '5xx', 'other'] as const;
const WINDOW_MS = 60_000;

function requestOf(flags: EscalateFlags): PacketRequest | { problem: string } {
  const category = flags.category === undefined ? null : readChoice('--category', flags.category, CATEGORIES);
  if (category !== null && 'problem' in category) return category;
  const at = flags.at === undefined ? null : Date.parse(flags.at);
  if (at !== null && Number.isNaN(at))
    return {
      problem: `--at ${JSON.stringify(flags.at)} is not a time; expected RFC 3339 such as 2026-11-22T20:14:06Z`,
    };
  return {
    ...(category === null ? {} : { category: category.value }),
    ...(flags.orderId === undefined ? {} : { orderId: flags.orderId }),
    ...(flags.productId === undefined ? {} : { productId: flags.productId }),
    ...(at === null ? {} : { at }),
    ...(flags.note === undefined ? {} : { note: flags.note }),
    ...(flags.uiShows === undefined ? {} : { uiShows: flags.uiShows }),
  };
}

interface Case {
  engine: Engine;
  finding: TrackedFinding | null;
}

/** The recording as it stood when the finding was last seen: what contradicted then may agree by its end. */
async function caseAt(file: string, wanted: string | null): Promise<Case | { problem: string }> {
  const whole = await foldRecording(file);
  if ('problem' in whole) return whole;
  const finding = findingFor(whole.engine, wanted);
  if (finding === null && wanted !== null) {
    const codes = [...new Set([...whole.engine.book.history.values()].map((entry) => entry.finding.code))];
    const expected = codes.length === 0 ? 'none: it raised nothing' : `one of ${codes.join(', ')}`;
    return { problem: `--finding ${JSON.stringify(wanted)} was not raised in this recording; expected ${expected}` };
  }
  if (finding === null) return { engine: whole.engine, finding };
  const then = await foldRecording(file, finding.lastT);
  if ('problem' in then) return then;
  return { engine: then.engine, finding: findingFor(then.engine, finding.key) ?? finding };
}

function fail(problem: string, code: number): number {
  complain(problem);
  return code;
}

export async function escalate(file: string, flags: EscalateFlags): Promise<number> {
  const request = requestOf(flags);
  if ('problem' in request) return fail(request.problem, 2);
  const found = await caseAt(file, flags.finding ?? null);
  if ('problem' in found) return fail(found.problem, 2);
  const { engine, finding } = found;
  const snapshot = takeSnapshot(engine, 'replay');
  const packet = packetFrom({ engine, snapshot, findingKey: finding?.key ?? null }, finding, request);
  if (packet.missing.length > 0 && flags.allowMissing !== true) {
    if (flags.json === true) sayJson({ ok: false, missing: packet.missing, fields: packet.fields });
    return fail(`the packet lacks ${packet.missing.join(', ')}; give them as flags, or pass --allow-missing`, 2);
  }
  const fromT = finding?.firstT ?? engine.model.t;
  const window = await windowOf(file, fromT - WINDOW_MS, (finding?.lastT ?? fromT) + WINDOW_MS);
  if ('problem' in window) return fail(window.problem, 2);
  const lines = Buffer.concat([encodeHeader(headerOf(window.header)), window.lines]);
  const written = await writePacket({ packet, window: lines, dir: flags.out ?? '.', version: engine.model.version });
  if (!written.ok) return fail(written.problem, 1);
  const { category, missing, fields } = packet;
  if (flags.json === true) sayJson({ ok: true, path: written.path, category, missing, fields });
  else say(`packet written to ${written.path}${missing.length === 0 ? '' : ` (missing: ${missing.join(', ')})`}`);
  return 0;
}
