// Names the cause underneath a socket's end from what was seen of it, where the close code alone says little. Pure.

import type { CloseCause } from '../core/fact.ts';

/** What was noticed of an open socket by the time it was gone. */
export interface EndSigns {
  /** RFC 6455 code as `ws` reports it; 1006 when no close frame came. */
  code: number;
  /** We asked for the end while nothing was wrong. */
  asked: boolean;
  /** We ended it because neither frames nor pongs came. */
  pingTimeout: boolean;
  /** The other side finished its direction of the TCP stream. */
  finSeen: boolean;
  /** Error code of the TCP or TLS socket. */
  socketErrorCode: string | null;
  /** Error code that `ws` raised about a frame. */
  frameErrorCode: string | null;
}

const RESET_CODES = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ENETRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
]);
const NO_CLOSE_FRAME = 1006;

function frameCause(code: string): CloseCause {
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'too-large';
  return code === 'WS_ERR_INVALID_UTF8' ? 'invalid-utf8' : 'protocol-error';
}

export function closeCause(signs: EndSigns): CloseCause {
  if (signs.pingTimeout) return 'ping-timeout';
  if (signs.frameErrorCode !== null) return frameCause(signs.frameErrorCode);
  if (signs.asked) return 'asked';
  if (signs.code !== NO_CLOSE_FRAME) return 'close-frame';
  const code = signs.socketErrorCode;
  if (code !== null && /^(ERR_SSL_|EPROTO$)/.test(code)) return 'tls-alert';
  if (signs.finSeen) return 'fin-without-close-frame';
  if (code !== null && RESET_CODES.has(code)) return 'reset';
  return 'unknown';
}

/** Who ended it: we when asked to, the other side by a close frame, else the network in between. */
export function closedBy(signs: EndSigns): 'server' | 'client' | 'network' {
  if (signs.pingTimeout) return 'network';
  if (signs.asked) return 'client';
  return signs.code === NO_CLOSE_FRAME ? 'network' : 'server';
}
