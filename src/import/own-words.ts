// What our own export says beside the forms of other tools, in the field `_cbscope`: which of the two sockets an entry is, and who closed
// it. A HAR has no place for either, and an upgrade that came to nothing has no frames to tell them from.

import { fieldOf, recordOf } from '../coinbase/json-value.ts';
import type { CloseCause, ConnectionName, FactBody } from '../core/fact.ts';
import type { HarEntry } from './har-entry.ts';

type ClosedBy = Extract<FactBody, { fact: 'socket.closed' }>['by'];

export interface OwnWords {
  connection: ConnectionName | null;
  by: ClosedBy | null;
  cause: CloseCause | null;
}

const CONNECTIONS: readonly ConnectionName[] = ['public', 'user'];
const PARTIES: readonly ClosedBy[] = ['server', 'client', 'network'];
const CAUSES: readonly CloseCause[] = [
  'close-frame',
  'fin-without-close-frame',
  'reset',
  'tls-alert',
  'ping-timeout',
  'too-large',
  'invalid-utf8',
  'protocol-error',
  'asked',
  'unknown',
];

/** Every word null where the field is missing or says something else. */
export function ownWordsOf({ raw }: HarEntry): OwnWords {
  const words = recordOf(fieldOf(raw, '_cbscope')) ?? {};
  const oneOf = <Word>(name: string, known: readonly Word[]): Word | null =>
    known.find((word) => word === fieldOf(words, name)) ?? null;
  return { connection: oneOf('connection', CONNECTIONS), by: oneOf('by', PARTIES), cause: oneOf('cause', CAUSES) };
}
