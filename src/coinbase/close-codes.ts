// WebSocket close codes: the registered name and what the code means on this feed (reference 3.11, RFC 6455 section 7.4).

export interface CloseCode {
  name: string;
  /** One or two plain sentences for people. */
  meaning: string;
}

const CODES: Readonly<Record<number, CloseCode>> = {
  1000: {
    name: 'Normal Closure',
    meaning:
      'The other side says it is done. Unasked, it is the server that ended the session; popular SDKs (coinbase-advanced-py) take it for success and stop without reconnecting.',
  },
  1001: {
    name: 'Going Away',
    meaning:
      'The server is going away (a deploy or rotation). Reconnect; popular SDKs (coinbase-advanced-py, Python websockets) take it for success and stop silently.',
  },
  1002: {
    name: 'Protocol Error',
    meaning: 'One side broke the WebSocket framing rules; a proxy in between is a usual cause.',
  },
  1003: {
    name: 'Unsupported Data',
    meaning: 'A kind of data was sent that the other side does not take; this feed is text JSON only.',
  },
  1004: { name: 'Reserved', meaning: 'A reserved code without a meaning.' },
  1005: { name: 'No Status Received', meaning: 'A close frame came without a code: a close without a stated reason.' },
  1006: {
    name: 'Abnormal Closure',
    meaning:
      'No close frame at all: the connection was cut (network, idle kill, load balancer reset). The code is made on this side; the cause underneath decides.',
  },
  1007: { name: 'Invalid Frame Payload Data', meaning: 'A text message was not valid UTF-8.' },
  1008: {
    name: 'Policy Violation',
    meaning: 'The server refused what was sent by a rule of its own; the reason text says which, when there is one.',
  },
  1009: {
    name: 'Message Too Big',
    meaning:
      'A message passed the receiver’s size limit. On this feed the client raises it: a level2 snapshot is about 4.6 MB, and many clients allow 1 or 4 MB.',
  },
  1010: { name: 'Mandatory Extension', meaning: 'The client wanted an extension that the server did not agree to.' },
  1011: {
    name: 'Internal Error',
    meaning:
      'An unexpected condition ended it. Sent by a server: its fault. Raised by a client library: a keepalive ping timed out because the reader was too slow.',
  },
  1012: { name: 'Service Restart', meaning: 'The server restarts; reconnect after a random delay.' },
  1013: { name: 'Try Again Later', meaning: 'The server is overloaded; reconnect later and back off.' },
  1014: { name: 'Bad Gateway', meaning: 'A gateway in between got an invalid answer from the server behind it.' },
  1015: {
    name: 'TLS Handshake',
    meaning: 'TLS failed before the WebSocket could open; certificates or an intercepting proxy.',
  },
};

function ofRange(code: number): CloseCode {
  if (code >= 3000 && code <= 3999) {
    return {
      name: 'Registered by a library',
      meaning: 'A code of a library or framework; other Coinbase products use such codes, this feed is not known to.',
    };
  }
  if (code >= 4000 && code <= 4999) {
    return {
      name: 'Private use',
      meaning: 'A private code of the other side; no meaning is documented for this feed.',
    };
  }
  return { name: 'Unknown', meaning: 'Not a registered close code.' };
}

/** Name and meaning of a close code; total, an unregistered number included. */
export function closeCode(code: number): CloseCode {
  return Object.hasOwn(CODES, code) ? (CODES[code] ?? ofRange(code)) : ofRange(code);
}
