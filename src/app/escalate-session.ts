// Writes an escalation packet from what an engine knows: the same for the screen's key and for a recording.

import type { TrackedFinding } from '../core/finding.ts';
import type { Outcome } from '../engine/controls.ts';
import type { Engine } from '../engine/engine.ts';
import type { EscalationInput } from '../engine/session.ts';
import type { Packet, PacketInput } from '../escalation/packet.ts';
import { buildPacket } from '../escalation/packet.ts';
import { writePacket } from '../escalation/write.ts';
import { leadingFinding } from '../playbook/verdict.ts';
import { encodeHeader } from '../recording/codec.ts';

/** What the user said about the packet, on the command line or in the dialog. */
export type PacketRequest = Pick<PacketInput, 'category' | 'orderId' | 'productId' | 'at' | 'note' | 'uiShows'>;

/** The finding with this key or code, open or over; without one, the one that weighs most. */
export function findingFor(engine: Engine, wanted: string | null): TrackedFinding | null {
  const { book } = engine;
  if (wanted === null)
    return (
      leadingFinding(book) ??
      [...book.history.values()].findLast((entry) => entry.finding.escalate !== null)?.finding ??
      null
    );
  const all = [...book.open.values(), ...[...book.history.values()].map((entry) => entry.finding)];
  return all.find((finding) => finding.key === wanted) ?? all.find((finding) => finding.code === wanted) ?? null;
}

function responsesOf(engine: Engine): PacketInput['responses'] {
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

export function packetFrom(
  input: Omit<EscalationInput, 'window' | 'header'>,
  finding: TrackedFinding | null,
  request: PacketRequest,
): Packet {
  const { engine, snapshot } = input;
  return buildPacket({
    finding,
    snapshot,
    responses: responsesOf(engine),
    keyId: engine.model.key?.keyId ?? null,
    windowRows: snapshot.timeline,
    version: snapshot.version,
    ...request,
  });
}

/** The screen's `E`: writes at once with what is known, missing fields named. */
export async function escalateFrom(input: EscalationInput, directory: string): Promise<Outcome> {
  const finding = findingFor(input.engine, input.findingKey);
  const packet = packetFrom(input, finding, {});
  const window = Buffer.concat([encodeHeader(input.header), input.window]);
  const written = await writePacket({ packet, window, dir: directory, version: input.snapshot.version });
  if (!written.ok) return { ok: false, message: written.problem };
  const missing =
    packet.missing.length === 0 ? 'all required fields are filled' : `still missing: ${packet.missing.join(', ')}`;
  return {
    ok: true,
    message: `packet written to ${written.path} (${missing})`,
    path: written.path,
    markdown: packet.markdown,
  };
}
