// A packet and its window with tokens in place of ids: every text of them goes through one set of pseudonyms, so that joins still work.

import { REQUIRED } from '../core/packet-request.ts';
import type { Packet } from './packet.ts';
import { buildPacket, type PacketInput } from './packet.ts';
import { Pseudonyms } from './pseudonyms.ts';

export interface PacketWithWindow {
  packet: Packet;
  window: Buffer;
}

/** What the ticket needs stays: the API key id, the order id, the request with its tags. */
function keptOf(packet: Packet): string[] {
  const needed = new Set<string>([REQUIRED.key, REQUIRED.order, REQUIRED.product]);
  return packet.fields.flatMap(({ name, value }) => (needed.has(name) && value !== null ? [value] : []));
}

function replaced(packet: Packet, pseudonyms: Pseudonyms): Packet {
  const fields = JSON.parse(pseudonyms.apply(JSON.stringify(packet.fields))) as Packet['fields'];
  const json = JSON.parse(pseudonyms.apply(JSON.stringify(packet.json))) as Packet['json'];
  return {
    ...packet,
    title: pseudonyms.apply(packet.title),
    markdown: pseudonyms.apply(packet.markdown),
    fields,
    json,
  };
}

/** The packet of this input, and the encoded window, without ids of accounts, users, portfolios and other orders. */
export function pseudonymousPacket(input: PacketInput, window: Buffer): PacketWithWindow {
  const plain = buildPacket(input);
  const pseudonyms = new Pseudonyms(keptOf(plain));
  const text = window.toString('utf8');
  pseudonyms.learn(text);
  pseudonyms.learn(JSON.stringify(plain.json));
  const packet = buildPacket({ ...input, pseudonyms: pseudonyms.describe() });
  return { packet: replaced(packet, pseudonyms), window: Buffer.from(pseudonyms.apply(text)) };
}
