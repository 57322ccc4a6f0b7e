// What the facts of a window tell a packet: rows for the eyes, requests with what came of them, and the newest words of each source on what
// contradicts. One walk over the encoded lines; frames are decoded only where they matter.

import type { Fact } from '../core/fact.ts';
import type { TimelineRow } from '../core/snapshot.ts';
import { factRow } from '../engine/timeline-row.ts';
import { pathOf } from '../escalation/fields.ts';
import type { PacketCall } from '../escalation/packet.ts';
import { type Proof, proofIn, type Sought } from '../escalation/proof.ts';
import { decodeLine, isProblem, LINE_END } from '../recording/codec.ts';
import { stampOf } from '../recording/line-stamp.ts';

/** What is looked for in a window. */
export interface WindowQuestion {
  /** Epoch ms. */
  momentAt: number;
  /** Facts that prove the finding, by sequence number. */
  proving: ReadonlySet<number>;
  sought: Sought | null;
}

export interface WindowFacts {
  rows: TimelineRow[];
  calls: PacketCall[];
  proofs: Proof[];
}

/** Frames this close to the moment may be among the rows that are shown. */
const NEAR_MS = 1_000;
const LINE_START_BYTES = 160;
const PUBLIC_FRAME = '"fact":"frame.received","connection":"public"';

const UNLISTED = new Set<Fact['fact']>([
  'tick',
  'loop.measured',
  'ping.sent',
  'pong.received',
  'token.made',
  'session.resumed',
]);

/** Requests by number, until their answer comes. */
type Asked = Map<number, Pick<PacketCall, 'method' | 'url'>>;

function callOf(fact: Fact, asked: Asked): PacketCall | null {
  if (fact.fact === 'request.sent') asked.set(fact.requestId, { method: fact.method, url: fact.url });
  if (fact.fact !== 'response.arrived' && fact.fact !== 'request.failed') return null;
  const { seq, at, endpoint, requestId } = fact;
  const status = fact.fact === 'response.arrived' ? fact.status : 0;
  const { method, url } = asked.get(requestId) ?? { method: 'GET', url: `/${endpoint}` };
  asked.delete(requestId);
  return { seq, at, endpoint, status, method, url };
}

function textOf(fact: Fact): string {
  if (fact.fact === 'response.arrived') return fact.body;
  return fact.fact === 'frame.received' ? Buffer.from(fact.bytes).toString('utf8') : '';
}

function proofOf(fact: Fact, sought: Sought, call: PacketCall | null): Proof | null {
  const found = proofIn(textOf(fact), sought);
  if (found === null) return null;
  const from = call === null ? 'its socket' : `${call.method} ${pathOf(call.url)}`;
  return { ...found, from, at: fact.at, seq: fact.seq };
}

/** Walks whole lines, each with its newline. */
export function windowFacts(lines: Buffer, { momentAt, proving, sought }: WindowQuestion): WindowFacts {
  const rows: TimelineRow[] = [];
  const calls: PacketCall[] = [];
  const proofs = new Map<Proof['source'], Proof>();
  const asked: Asked = new Map();
  for (let start = 0, end = lines.indexOf(LINE_END); end >= 0; start = end + 1, end = lines.indexOf(LINE_END, start)) {
    const line = lines.subarray(start, end);
    const stamp = stampOf(line);
    if (stamp === null) continue;
    const isTold = Math.abs(stamp.at - momentAt) < NEAR_MS || proving.has(stamp.seq);
    if (!isTold && line.toString('latin1', 0, LINE_START_BYTES).includes(PUBLIC_FRAME)) continue;
    const fact = decodeLine(line);
    if (isProblem(fact)) continue;
    const isFrame = fact.fact === 'frame.received';
    if ((isTold || !isFrame) && !UNLISTED.has(fact.fact)) rows.push(factRow(fact));
    const call = callOf(fact, asked);
    if (call !== null) calls.push(call);
    const proof = sought === null ? null : proofOf(fact, sought, call);
    if (proof !== null) proofs.set(proof.source, proof);
  }
  return { rows, calls, proofs: [...proofs.values()].sort((a, b) => a.at - b.at) };
}
