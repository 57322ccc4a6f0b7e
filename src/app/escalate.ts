// `cbscope escalate`: the packet of a recording, without a screen.

import type { EscalateFlags } from '../cli/program.ts';
import { readChoice } from '../cli/values.ts';
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

export async function escalate(file: string, flags: EscalateFlags): Promise<number> {
  const request = requestOf(flags);
  const folded = 'problem' in request ? request : await foldRecording(file);
  if ('problem' in request || 'problem' in folded) {
    complain('problem' in request ? request.problem : 'problem' in folded ? folded.problem : '');
    return 2;
  }
  const { engine } = folded;
  const finding = findingFor(engine, flags.finding ?? null);
  if (flags.finding !== undefined && finding === null) {
    const codes = [...new Set([...engine.book.history.values()].map((entry) => entry.finding.code))];
    complain(
      `--finding ${JSON.stringify(flags.finding)} was not raised in this recording; expected one of ${codes.join(', ') || 'none: it raised nothing'}`,
    );
    return 2;
  }
  const packet = packetFrom(
    { engine, snapshot: takeSnapshot(engine, 'replay'), findingKey: finding?.key ?? null },
    finding,
    request,
  );
  if (packet.missing.length > 0 && flags.allowMissing !== true) {
    if (flags.json === true) sayJson({ ok: false, missing: packet.missing, fields: packet.fields });
    complain(`the packet lacks ${packet.missing.join(', ')}; give them as flags, or pass --allow-missing`);
    return 2;
  }
  const t = finding?.firstT ?? engine.model.t;
  const window = await windowOf(file, t - WINDOW_MS, (finding?.lastT ?? t) + WINDOW_MS);
  if ('problem' in window) {
    complain(window.problem);
    return 2;
  }
  const lines = Buffer.concat([encodeHeader(headerOf(window.header)), window.lines]);
  const written = await writePacket({ packet, window: lines, dir: flags.out ?? '.', version: engine.model.version });
  if (!written.ok) {
    complain(written.problem);
    return 1;
  }
  if (flags.json === true)
    sayJson({
      ok: true,
      path: written.path,
      category: packet.category,
      missing: packet.missing,
      fields: packet.fields,
    });
  else
    say(
      `packet written to ${written.path}${packet.missing.length === 0 ? '' : ` (missing: ${packet.missing.join(', ')})`}`,
    );
  return 0;
}
