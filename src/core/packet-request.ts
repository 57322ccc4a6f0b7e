// What is asked of an escalation packet, and what it would be: the words between the dialog and whoever writes packets. Types and names only.

import type { Escalation } from './finding.ts';

/** What the user said about the packet, on the command line or in the dialog. What is absent is taken from what was seen. */
export interface PacketRequest {
  category?: Escalation['category'];
  keyId?: string;
  orderId?: string;
  productId?: string;
  /** Request timestamp, epoch ms. */
  at?: number;
  /** Sequence number of the failed answer that it is about. */
  responseSeq?: number;
  /** An error body from elsewhere, as it was pasted. */
  body?: string;
  /** What the web page shows, as the user typed it. */
  uiShows?: string;
  note?: string;
  /** Ids of accounts, users, portfolios and other orders become tokens. */
  pseudonymise?: boolean;
  /** ± this much of the recording around the moment, ms; a minute unless told. */
  windowMs?: number;
}

/** One value that a field may take. */
export interface PacketCandidate {
  /** What choosing it asks for. */
  request: PacketRequest;
  /** One line for the eyes. */
  label: string;
}

/** Names of the five things that T2 asks for (playbook, escalation guide). */
export const REQUIRED = {
  key: 'API key id',
  order: 'Order id',
  product: 'Product id',
  timestamp: 'Request timestamp (UTC)',
  response: 'Full error response',
} as const;

/** One required field: a value; or `none`, why it does not apply; or neither, then `how` says where to get it. */
export interface PacketField {
  name: string;
  value: string | null;
  none?: string;
  how?: string;
}

/** The packet as it would be written now. Nothing of it is on the disk. */
export interface PacketPreview {
  category: Escalation['category'];
  fields: PacketField[];
  /** Names of required fields with neither a value nor a reason. */
  missing: string[];
  markdown: string;
  /** `3 token signatures, 1 cookie`, or that nothing has to go. */
  removed: string;
  candidates: { order: PacketCandidate[]; product: PacketCandidate[]; at: PacketCandidate[]; body: PacketCandidate[] };
  /** Why the playbook lets T1 settle this; null when it is a case for T2. */
  caution: string | null;
}
