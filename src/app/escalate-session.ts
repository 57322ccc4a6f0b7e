// Makes an escalation packet of what is known: the same for the screen's keys, for a replay and for a recording.

import type { TrackedFinding } from '../core/finding.ts';
import type { PacketRequest } from '../core/packet-request.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { TimelineRow } from '../core/timeline.ts';
import type { Outcome } from '../engine/controls.ts';
import type { Engine } from '../engine/engine.ts';
import type { EscalationInput } from '../engine/session.ts';
import { tellChange } from '../engine/timeline-row.ts';
import { candidatesOf, cautionOf } from '../escalation/candidates.ts';
import { caseOf } from '../escalation/case.ts';
import { removedText } from '../escalation/markdown.ts';
import type { Packet, PacketInput, PacketResponse } from '../escalation/packet.ts';
import { buildPacket, momentOf } from '../escalation/packet.ts';
import { soughtBy } from '../escalation/proof.ts';
import { pseudonymousPacket } from '../escalation/pseudonymous.ts';
import { writePacket } from '../escalation/write.ts';
import { leadingFinding } from '../playbook/verdict.ts';
import { encodeHeader } from '../recording/codec.ts';
import type { RecordingHeader } from '../recording/format.ts';
import { redactLines } from '../recording/redact-lines.ts';
import { countStandIns } from '../recording/stand-ins.ts';
import type { Window } from '../recording/window.ts';
import { registerTypedKeys } from './known-secrets.ts';
import { windowFacts } from './window-facts.ts';

/** Findings whose beginning and end may stand in a packet. */
const FINDINGS_MAX = 200;
/** ± this much around the moment, unless asked otherwise. */
export const WINDOW_MS = 60_000;

/** Everything a packet is made of but its window. */
export interface Known {
  finding: TrackedFinding | null;
  snapshot: Snapshot;
  /** Failed ones, newest last. */
  responses: PacketResponse[];
  keyId: string | null;
  /** When findings were raised and cleared: no fact tells it. */
  changes: TimelineRow[];
  request: PacketRequest;
}

/** The finding with this key or code, open or over; without one, the one that what was asked names, or the one that weighs most. */
export function findingFor(engine: Engine, wanted: string | null, asked: PacketRequest = {}): TrackedFinding | null {
  const { book } = engine;
  const past = [...book.history.values()].map((entry) => entry.finding);
  const all = [...book.open.values(), ...past];
  if (wanted === null) {
    const named = all.find(({ subject }) => asked.orderId !== undefined && subject.orderId === asked.orderId);
    const fitting = all.find(({ escalate }) => asked.category !== undefined && escalate?.category === asked.category);
    return named ?? fitting ?? leadingFinding(book) ?? past.findLast(({ escalate }) => escalate !== null) ?? null;
  }
  return all.find((finding) => finding.key === wanted) ?? all.find((finding) => finding.code === wanted) ?? null;
}

/** The failed answers that an engine still holds. */
export function responsesOf(engine: Engine): PacketResponse[] {
  return engine.model.rest.errors.map((kept) => ({
    seq: kept.seq,
    at: kept.at,
    endpoint: kept.endpoint,
    method: 'GET',
    url: kept.url,
    status: kept.status ?? 0,
    headers: kept.headers,
    body: kept.body,
  }));
}

/** The newest findings' beginnings and ends as rows, bounded. */
export function changeRowsOf({ book }: Engine): TimelineRow[] {
  const all = [...book.history.values()].slice(-FINDINGS_MAX).map(({ finding }) => finding);
  return all.flatMap((finding) => {
    const { firstAt, firstT, clearedAt, clearedT } = finding;
    const raised = tellChange({ status: 'raised', at: firstAt, t: firstT, finding }, 0).row;
    if (clearedAt === null || clearedT === null) return [raised];
    return [raised, tellChange({ status: 'cleared', at: clearedAt, t: clearedT, finding }, 0).row];
  });
}

/** What is known, as the input of a packet: before its window is cut. */
export function inputOf({ finding, snapshot, responses, keyId, changes, request }: Known): PacketInput {
  const { pseudonymise: _, windowMs: __, ...said } = request;
  const { version } = snapshot;
  return {
    finding,
    snapshot,
    responses,
    windowRows: changes,
    version,
    ...said,
    keyId: request.keyId ?? keyId,
  };
}

/** What the window tells, and the finding changes that only the timeline does. */
function withWindow(input: PacketInput, window: Window): PacketInput {
  const found = caseOf(input);
  const momentAt = found.moment ?? input.snapshot.at;
  const proving = new Set(input.finding?.facts);
  const { rows, calls, proofs } = windowFacts(window.lines, { momentAt, proving, sought: soughtBy(found) });
  const { fromAt, toAt, cutBefore, cutAfter } = window;
  return {
    ...input,
    windowRows: [...rows, ...input.windowRows].sort((a, b) => a.t - b.t),
    calls,
    proofs,
    window: { fromAt, toAt, cutBefore, cutAfter },
    removed: countStandIns(window.lines.toString('latin1')),
  };
}

export interface MadePacket {
  packet: Packet;
  /** With its header. */
  window: Buffer;
}

/** The packet with its window, as it is to be written. */
export function makePacket(known: Known, cut: Window, header: RecordingHeader): MadePacket {
  const window = { ...cut, lines: redactLines(cut.lines) };
  const input = withWindow(inputOf(known), window);
  const lines = Buffer.concat([encodeHeader({ ...header, partial: true }), window.lines]);
  if (known.request.pseudonymise === true) return pseudonymousPacket(input, lines);
  return { packet: buildPacket(input), window: lines };
}

function knownTo(input: EscalationInput): Known {
  const { engine, snapshot, findingKey, request } = input;
  registerTypedKeys(Object.values(request).map(String));
  const finding = findingFor(engine, findingKey);
  const keyId = engine.model.key?.keyId ?? null;
  return { finding, snapshot, responses: responsesOf(engine), keyId, changes: changeRowsOf(engine), request };
}

async function madeFrom(input: EscalationInput): Promise<(MadePacket & { known: Known }) | { problem: string }> {
  const known = knownTo(input);
  const moment = momentOf(inputOf(known)) ?? input.snapshot.at;
  const window = await input.cut(moment, input.request.windowMs ?? WINDOW_MS);
  return 'problem' in window ? window : { ...makePacket(known, window, input.header), known };
}

/** The packet as it would be written now: for the dialog. Nothing is written. */
export async function previewFrom(input: EscalationInput): Promise<Outcome> {
  const made = await madeFrom(input);
  if ('problem' in made) return { ok: false, message: made.problem };
  const { packet, known } = made;
  const { category, fields, missing, markdown, removed } = packet;
  const seen = inputOf(known);
  const preview = {
    category,
    fields,
    missing,
    markdown,
    removed: removedText(removed),
    candidates: candidatesOf(seen),
    caution: cautionOf(seen),
  };
  return { ok: true, message: '', preview };
}

/** Writes the packet with what is known; missing fields are named. */
export async function escalateFrom(input: EscalationInput, directory: string): Promise<Outcome> {
  const made = await madeFrom(input);
  if ('problem' in made) return { ok: false, message: made.problem };
  const { packet, window, known } = made;
  const written = await writePacket({ packet, window, dir: directory, version: input.snapshot.version });
  if (!written.ok) return { ok: false, message: written.problem };
  const missing =
    packet.missing.length === 0 ? 'all required fields are filled' : `still missing: ${packet.missing.join(', ')}`;
  return {
    ok: true,
    message: [`packet written to ${written.path} (${missing})`, cautionOf(inputOf(known)) ?? '']
      .join('. ')
      .replace(/\. $/, ''),
    path: written.path,
    markdown: packet.markdown,
  };
}
