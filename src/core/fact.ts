// What happened at the edge, as plain data: the closed union that is recorded, replayed and folded.
// A fact never holds a conclusion, a clock reading other than its own two stamps, or a secret (tokens appear as claims without signature).

/** The two WebSocket connections of the inspector, by Coinbase's own names for the hosts. */
export type ConnectionName = 'public' | 'user';

/** Everything that talks to the network. */
export type Talker = ConnectionName | 'rest';

/** Where a connection attempt stood when it failed. */
export type ConnectPhase = 'dns' | 'tcp' | 'tls' | 'upgrade' | 'request' | 'response';

/** How long the phases of an attempt took, milliseconds; a phase that did not happen (reused connection, IP literal, plain text) is absent. */
export interface Phases {
  dnsMs?: number;
  tcpMs?: number;
  tlsMs?: number;
  /** WebSocket upgrade, from request sent to 101. */
  upgradeMs?: number;
  /** REST: request sent to first byte of the answer. */
  firstByteMs?: number;
  totalMs?: number;
}

/** A token as evidence: header and claims of RFC 7519, signature removed. Times are seconds since the epoch, as in the claims. */
export interface TokenClaims {
  /** Number of the token in this session, from 1. */
  tokenId: number;
  alg: string;
  kid: string;
  sub: string;
  iss: string;
  nbf: number;
  exp: number;
  uri: string | null;
  /** Length of the signature that was cut off: known for tokens of a capture only. 64 is right for both algorithms (reference 2.2). */
  signatureBytes?: number;
}

/** A defect of a configured key or secret, found by looking at the string (reference part 2.6). */
export type KeyDefect =
  | 'literal-backslash-n'
  | 'double-escaped-newlines'
  | 'spaces-for-newlines'
  | 'one-line'
  | 'quotes-kept'
  | 'surrounding-space'
  | 'indented-lines'
  | 'body-only'
  | 'first-line-only'
  | 'truncated'
  | 'label-mismatch'
  | 'not-base64'
  | 'wrong-length'
  | 'public-key'
  | 'certificate'
  | 'encrypted-key'
  | 'empty'
  | 'legacy-key'
  | 'legacy-secret'
  | 'exchange-key'
  | 'missing-key-id'
  | 'missing-secret'
  | 'key-id-shape'
  | 'swapped'
  | 'wrong-curve'
  | 'rsa'
  | 'public-half-mismatch'
  | 'unreadable';

/** What inspection of the configured credentials found. Never the secret, only what is wrong with it. */
export interface KeyInspection {
  /** Where the credentials came from: `--key-file PATH`, `COINBASE_API_KEY`, … ; null when none were found. */
  source: string | null;
  /** Other places where credentials were found but not used. */
  alsoFound: string[];
  keyId: string | null;
  kind: 'none' | 'ecdsa' | 'ed25519' | 'legacy' | 'exchange' | 'other';
  /** JOSE algorithm that will sign, or null when the key cannot be used. */
  algorithm: 'ES256' | 'EdDSA' | null;
  /** Found, however repaired. */
  defects: KeyDefect[];
  /** True when the defects could be repaired in memory and the key works. */
  repaired: boolean;
  usable: boolean;
  /** The `.env` line to write instead, secret masked; null when nothing is to be corrected or nothing can be. */
  correctedLine: string | null;
  /** One sentence that says what is wrong, for people; empty when nothing is. */
  explanation: string;
}

/** Header names are lower case; values of authorization, cookie and the like are masked before the fact is made. */
export type Headers = Record<string, string>;

/** What the shell knows of why a socket ended, below the close code. */
export type CloseCause =
  | 'close-frame'
  | 'fin-without-close-frame'
  | 'reset'
  | 'tls-alert'
  | 'ping-timeout'
  | 'too-large'
  | 'invalid-utf8'
  | 'protocol-error'
  | 'asked'
  | 'unknown';

export type PollName = 'time' | 'key_permissions' | 'accounts' | 'orders' | 'fills' | 'products' | 'portfolio';

export type Permission = 'view' | 'trade' | 'transfer';

/** What the run was asked to do. No secret is in it. */
export interface Settings {
  products: string[];
  channels: string[];
  publicUrl: string;
  userUrl: string;
  restUrl: string;
  /** Seconds between polls, 0 = off. */
  polls: Record<PollName, number>;
  needs: Permission[];
  uiShows: string | null;
  user: boolean;
  rest: boolean;
  heartbeats: boolean;
  signPublic: boolean;
  reauth: 'resubscribe' | 'reconnect' | 'never';
  deflate: boolean;
}

export interface SettingOrigin {
  name: string;
  value: string;
  /** `flag`, `environment`, `.env` (with path) or `default`. */
  origin: string;
}

export interface ProbeResult {
  /** Such as `dns`, `tcp`, `tls`, `GET /time`, `GET /key_permissions`, `public socket`. */
  name: string;
  target: string;
  result: 'pass' | 'fail' | 'skipped';
  /** The figure or error that decided it. */
  detail: string;
  tookMs: number | null;
}

/** One channel of a socket that was open when a file begins. `…T` monotonic ms. */
export interface ResumedChannel {
  channel: string;
  productIds: string[];
  signed: boolean;
  askedT: number;
  acknowledgedT: number | null;
  acknowledged: string[] | null;
  firstDataT: number | null;
  lastDataT: number | null;
  /** The longest wait between two data frames; absent in files of earlier versions. */
  longestGapMs?: number;
  frames: number;
}

/** One socket as it stood when a file begins in the middle of a session. `…T` monotonic ms. */
export interface ResumedSocket {
  connection: ConnectionName;
  state: 'off' | 'waiting' | 'connecting' | 'open' | 'closed';
  note: string;
  url: string;
  host: string;
  attempt: number;
  openedT: number | null;
  lastSequence: number | null;
  lastFrameT: number | null;
  lastPongT: number | null;
  heartbeatCounter: number | null;
  /** The server's uptime at that beat, seconds with their fraction; absent in files of earlier versions. */
  heartbeatUptimeS?: number | null;
  heartbeatT: number | null;
  channels: ResumedChannel[];
  /** The newest token that went out on it. */
  token: TokenClaims | null;
}

/** How late this tool itself was, so that its own lateness is not blamed on others. `…T` monotonic ms, `…At` epoch ms. */
export interface ResumedSelf {
  lastTickT: number | null;
  slept: { t: number; at: number; forMs: number } | null;
  late: { t: number; at: number; lagMs: number } | null;
}

export type FactBody =
  | {
      fact: 'session.started';
      version: string;
      mode: 'live' | 'demo';
      settings: Settings;
      origins: SettingOrigin[];
      /** Names (never values) of HMAC-era variables found in the environment or env file. */
      hmacVariables: string[];
      /** Hosts that are not loopback but would be spoken to in plain text; they are opened unsigned. */
      plainTextHosts: string[];
      platform: string;
      /** What captured the traffic, when it is another program's and was imported; absent when it is our own. */
      capture?: string;
    }
  | { fact: 'session.ended'; reason: string }
  | { fact: 'key.inspected'; inspection: KeyInspection }
  | { fact: 'socket.connecting'; connection: ConnectionName; url: string; host: string; attempt: number }
  | {
      fact: 'socket.opened';
      connection: ConnectionName;
      host: string;
      address: string;
      phases: Phases;
      extensions: string;
      tls: string | null;
      headers: Headers;
    }
  | {
      fact: 'frame.received';
      connection: ConnectionName;
      /** The payload, UTF-8 for a text frame. Held by reference: nobody writes into it. */
      bytes: Uint8Array;
      binary: boolean;
      /** True when the envelope scan proved it one plain JSON text without secret; then it is recorded verbatim. */
      plain: boolean;
    }
  | {
      fact: 'frame.sent';
      connection: ConnectionName;
      /** The text as sent, with any token's signature removed. */
      text: string;
      token: TokenClaims | null;
    }
  | { fact: 'ping.sent'; connection: ConnectionName }
  | { fact: 'pong.received'; connection: ConnectionName; roundTripMs: number }
  | {
      fact: 'socket.closed';
      connection: ConnectionName;
      /** RFC 6455 code as this side saw it. */
      code: number;
      reason: string;
      /** A close frame arrived from the other side. */
      clean: boolean;
      by: 'server' | 'client' | 'network';
      cause: CloseCause;
      /** Node's or ws's error code, when one was raised. */
      errorCode: string | null;
      detail: string;
    }
  | {
      fact: 'upgrade.refused';
      connection: ConnectionName;
      host: string;
      status: number;
      headers: Headers;
      /** First 2 kB of the body, redacted. */
      bodyStart: string;
      phases: Phases;
    }
  | {
      fact: 'connect.failed';
      connection: ConnectionName;
      host: string;
      phase: ConnectPhase;
      errorCode: string;
      /** All codes of an AggregateError, one for each address tried. */
      errorCodes: string[];
      message: string;
      tookMs: number;
    }
  | {
      fact: 'request.sent';
      requestId: number;
      endpoint: string;
      /** Our own requests are GET, always; the others are met in captures of other programs. */
      method: 'GET' | 'POST' | 'PUT' | 'DELETE';
      url: string;
      signed: boolean;
      bucket: 'rest-public' | 'rest-private';
      token: TokenClaims | null;
      why: 'poll' | 'page' | 'clock' | 'probe' | 'retry' | 'asked';
    }
  | {
      fact: 'response.arrived';
      requestId: number;
      endpoint: string;
      status: number;
      headers: Headers;
      /** Whole body as text up to 4 MiB, redacted; `truncated` says whether more came. */
      body: string;
      truncated: boolean;
      sizeBytes: number;
      phases: Phases;
      /** The wall clock half way between sending and the first byte, epoch ms: what `/time` and `date` are compared with. */
      midpointAt: number;
      /** False when a kept-alive connection served it. */
      freshConnection: boolean;
    }
  | {
      fact: 'request.failed';
      requestId: number;
      endpoint: string;
      host: string;
      phase: ConnectPhase;
      errorCode: string;
      errorCodes: string[];
      message: string;
      tookMs: number;
    }
  | { fact: 'token.made'; purpose: Talker; token: TokenClaims; clock: 'server' | 'local' }
  | { fact: 'token.failed'; purpose: Talker; message: string }
  | { fact: 'retry.scheduled'; connection: ConnectionName; attempt: number; delayMs: number; reason: string }
  | { fact: 'rest.paused'; untilT: number; reason: string }
  | { fact: 'probes.finished'; reason: string; results: ProbeResult[] }
  | {
      fact: 'loop.measured';
      /** Longest delay of our event loop in the last second, ms. */
      lagMs: number;
      /** Facts waiting for the recording's writer. */
      queue: number;
      dropped: number;
      heapBytes: number;
      rssBytes: number;
      screensPerSecond: number;
    }
  | { fact: 'clock.jumped'; byMs: number }
  | { fact: 'machine.slept'; forMs: number }
  | { fact: 'recording.started'; file: string }
  | {
      fact: 'recording.stopped';
      file: string;
      reason: 'asked' | 'disk-full' | 'file-gone' | 'cap' | 'error';
      detail: string;
      sizeBytes: number;
    }
  /** A file begins here, in the middle of a session: what was known then, so that nothing before it is missed. */
  | {
      fact: 'session.resumed';
      note: string;
      sockets: ResumedSocket[];
      /** Local minus server, ms; null before it was measured. */
      clock: { offsetMs: number; uncertaintyMs: number } | null;
      uiShows: string | null;
      /** Keys of the findings that were open. */
      openFindings: string[];
      /** Absent in older files. */
      self?: ResumedSelf;
    }
  /** A capture says nothing more of this socket, and not how it ended: its silence from here on proves nothing. */
  | { fact: 'capture.ended'; connection: ConnectionName }
  | { fact: 'user.asked'; action: string; detail: string }
  | { fact: 'tick' };

export interface Stamp {
  /** Position in the session, from 1, without holes. */
  seq: number;
  /** Wall clock, epoch milliseconds (whole). */
  at: number;
  /** Monotonic milliseconds since the session started, rounded to 0.001; all durations use it. */
  t: number;
}

export type Fact = Stamp & FactBody;
export type FactName = FactBody['fact'];
export type FactOf<Name extends FactName> = Stamp & Extract<FactBody, { fact: Name }>;
