// Every code once: how severe, whose, which problem of the playbook it belongs to, what it means and what to do.
// README's table is checked against this file; a rule may sharpen severity and party, never invent a code.

import type { Escalation, Party, Severity } from '../core/finding.ts';

/** The playbook's problems, whose diagnostic steps stand under each finding. */
export type Problem = 'unauthorized' | 'forbidden' | 'closed' | 'throttled' | 'escalation' | 'network' | 'self';

export interface Entry {
  code: string;
  severity: Severity;
  party: Party;
  problem: Problem;
  /** When it is raised, in one line: README's table. */
  raisedWhen: string;
  fix: string[];
  escalation: { category: Escalation['category']; reason: string } | null;
}

type Row = [severity: Severity, party: Party, problem: Problem, raisedWhen: string, fix: string[]];

const ROWS: Record<string, Row> = {
  AUTH_NO_CREDENTIALS: [
    'info',
    'configuration',
    'unauthorized',
    'no key is configured: the user channel and private REST are off',
    [
      'create a CDP API key with View permission in the portal',
      'put it into `.env` or pass `--key-file the-downloaded.json`',
    ],
  ],
  AUTH_LEGACY_KEY: [
    'critical',
    'key',
    'unauthorized',
    'key or secret has the shape of a legacy or Exchange key, not of a CDP key',
    [
      'create a CDP API key (portal → API keys); its id looks like organizations/…/apiKeys/…',
      'remove legacy HMAC code: Advanced Trade takes JWTs only',
    ],
  ],
  AUTH_HMAC_MIXED: [
    'warning',
    'configuration',
    'unauthorized',
    'variables of the HMAC era (PASSPHRASE, CB_ACCESS_…) stand beside a CDP key',
    ['remove the HMAC-era variables and any code that signs with them', 'sign with JWTs only'],
  ],
  AUTH_SECRET_NEWLINES: [
    'warning',
    'configuration',
    'unauthorized',
    'the line breaks of the PEM are damaged; cbscope repaired them in memory, other programs will not',
    [
      'write the line shown below into `.env`, with the real secret in place of the dots',
      'or point every program to the downloaded key file',
    ],
  ],
  AUTH_SECRET_UNREADABLE: [
    'critical',
    'key',
    'unauthorized',
    'the secret is truncated, no private key, or not base64 of 32 or 64 bytes',
    [
      'copy the API key secret again from the portal, whole',
      'put a multi-line PEM in double quotes with \\n, or use `--key-file`',
    ],
  ],
  AUTH_KEY_TYPE: [
    'critical',
    'key',
    'unauthorized',
    'the secret is readable but of the wrong kind: other curve, RSA, public half',
    ['use the P-256 (ES256) or Ed25519 private key that belongs to this key id', 're-copy the secret from the portal'],
  ],
  AUTH_CLOCK_SKEW: [
    'warning',
    'configuration',
    'unauthorized',
    'the local clock is ahead by 1 s or behind by 30 s or more; critical beyond 30 s or when a token was refused for it',
    [
      'synchronise this machine’s clock: `timedatectl set-ntp true`, then `chronyc tracking` or `timedatectl timesync-status`',
      'in your own programs set `nbf` some seconds back from server time (GET /time)',
    ],
  ],
  AUTH_URI_MISMATCH: [
    'critical',
    'configuration',
    'unauthorized',
    'the `uri` of a refused token is not method + host + path of the request',
    ['build `uri` from the final request line: `GET host/path`, no scheme, no query string'],
  ],
  AUTH_REJECTED: [
    'critical',
    'key',
    'unauthorized',
    'fresh tokens are refused twice in a row though shape, secret, algorithm, clock and uri check out',
    [
      'portal → API keys: is the key there and enabled, and is this machine’s address on its allowlist?',
      'copy id and secret again, both from one download',
      'a new key may be held for up to 48 h before it works',
    ],
  ],
  AUTH_FLAKY: [
    'warning',
    'unknown',
    'unauthorized',
    'the same signed call was refused once and accepted within 60 s with the same key and clock',
    ['retry once with a fresh token before treating a 401 as final', 'slow down: a 401 can be a throttle in disguise'],
  ],
  SCOPE_VIEW: [
    'critical',
    'key',
    'forbidden',
    '403 for a missing scope, or the key lacks View',
    [
      'CDP Portal → Settings → API Keys: edit the key and enable View',
      'then make a fresh connection: permissions are read when a token is used',
    ],
  ],
  SCOPE_TRADE: [
    'warning',
    'key',
    'forbidden',
    'the key lacks Trade though `--needs` or a call asks for it',
    ['CDP Portal → Settings → API Keys: edit the key and enable Trade'],
  ],
  SCOPE_TRANSFER: [
    'warning',
    'key',
    'forbidden',
    'the key lacks Transfer though `--needs` or a call asks for it',
    ['CDP Portal → Settings → API Keys: edit the key and enable Transfer'],
  ],
  SCOPE_PORTFOLIO: [
    'warning',
    'key',
    'forbidden',
    'the key is bound to another portfolio than the one asked about',
    ['create a key in the portfolio you want to see: a CDP key is bound to one portfolio'],
  ],
  ACCESS_PENALTY: [
    'critical',
    'configuration',
    'throttled',
    '403 `Too many errors`: a penalty after a run of refused calls',
    [
      'stop all calls of every program behind this address for at least 60 s, then ramp up slowly',
      'back off exponentially on the first 429',
    ],
  ],
  EDGE_BLOCKED: [
    'critical',
    'network',
    'forbidden',
    'an HTML page of the edge answers with 403, or a challenge page with any status',
    ['try from another network address: the edge blocks this one, not the key', 'keep the `cf-ray` value for support'],
  ],
  WS_WRONG_HOST: [
    'critical',
    'configuration',
    'closed',
    'a channel on a host that does not carry it, or the host of another Coinbase API',
    [
      'market data: wss://advanced-trade-ws.coinbase.com (no key needed)',
      'user orders: wss://advanced-trade-ws-user.coinbase.com (JWT)',
    ],
  ],
  WS_BAD_CHANNEL: [
    'critical',
    'configuration',
    'closed',
    'a channel name outside the nine; the server answers “authentication failure”',
    [
      'correct the channel name: heartbeats ticker ticker_batch level2 market_trades candles status user futures_balance_summary',
    ],
  ],
  WS_AUTH_FAILURE: [
    'critical',
    'key',
    'closed',
    'a subscribe is refused as authentication failure with no better explanation',
    [
      'sign the WebSocket token without a `uri` claim, fresh for each subscribe',
      'check that the channel name is `user` and the host is the user host',
    ],
  ],
  WS_JWT_EXPIRED: [
    'critical',
    'configuration',
    'closed',
    'a subscribe with an expired token, or a close within 2 s of the token’s end',
    [
      'renew before expiry: send the subscribe again with a fresh token 20 s before `exp`, or reconnect',
      'make a new token for every message',
    ],
  ],
  WS_NO_SUBSCRIPTION: [
    'critical',
    'configuration',
    'closed',
    'closed 4–7 s after opening with nothing subscribed',
    ['send the first subscribe in the open handler: the server gives five seconds'],
  ],
  WS_IDLE_CLOSE: [
    'warning',
    'configuration',
    'closed',
    'closed after 60–90 s of silence without heartbeats',
    ['subscribe `heartbeats` on every connection'],
  ],
  WS_CLOSED_EARLY: [
    'critical',
    'unknown',
    'closed',
    'closed by the other side within 5 s of opening (1000 or 1006)',
    [
      'public market data needs no token: connect to the public URL',
      'for user orders check token, channel name `user` and host',
      'back off before the next attempt',
    ],
  ],
  WS_CLOSED_CLEAN: [
    'warning',
    'coinbase',
    'closed',
    'the server closed with 1000 though nobody asked',
    [
      'reconnect on 1000 too, with back-off and jitter: popular SDKs stop silently here',
      'resubscribe every channel after opening',
    ],
  ],
  WS_GOING_AWAY: [
    'info',
    'coinbase',
    'closed',
    'the server closed with 1001: it is going away (deploy or rotation)',
    ['reconnect on 1001 too: popular SDKs stop silently here', 'resubscribe every channel after opening'],
  ],
  WS_DROPPED: [
    'warning',
    'network',
    'closed',
    '1006: the connection ended without a close frame; the cause underneath is named',
    ['reconnect with capped exponential back-off and jitter, resubscribe, rebuild books from the snapshot'],
  ],
  WS_POLICY: [
    'warning',
    'configuration',
    'closed',
    'the server closed with 1008, policy violation',
    ['read the close reason; check what was sent just before it'],
  ],
  WS_TOO_BIG: [
    'warning',
    'tool',
    'closed',
    'a frame was larger than the reader allows (1009, or 1006 locally)',
    ['allow frames of at least 16 MB: a level2 snapshot has several', 'subscribe fewer level2 products on one socket'],
  ],
  WS_SERVER_FAULT: [
    'warning',
    'coinbase',
    'closed',
    'the server closed with 1011–1014',
    ['reconnect with back-off; if it goes on for minutes, look at the status page'],
  ],
  WS_RECONNECT_LOOP: [
    'critical',
    'network',
    'closed',
    'three or more unasked closes of one socket within 60 s',
    ['stop the loop: back off up to 30 s with jitter', 'look at what happens between opening and close, it repeats'],
  ],
  WS_UPGRADE_REFUSED: [
    'critical',
    'network',
    'closed',
    'an HTTP status instead of 101 on the upgrade',
    [
      '429: at most 8 new connections a second from one address; stagger them',
      '403: try from another network; 5xx: wait and look at the status page',
    ],
  ],
  WS_ERROR_FRAME: [
    'warning',
    'unknown',
    'closed',
    'an in-band error with no better explanation',
    ['read the message; the socket stays open and the other subscriptions go on'],
  ],
  WS_SUBSCRIPTION_IGNORED: [
    'warning',
    'configuration',
    'closed',
    'something asked for is missing in the acknowledgement',
    ['check the spelling of the product: unknown ids are dropped silently', 'see GET /market/products for the names'],
  ],
  WS_L2_LIMIT: [
    'critical',
    'configuration',
    'closed',
    'more than 30 level2 products on one socket',
    ['spread level2 over several connections, at most 30 products each'],
  ],
  WS_RATE_LIMITED: [
    'critical',
    'configuration',
    'throttled',
    'an in-band rate limit, or more than 8 messages a second sent',
    ['put all products of a channel into one subscribe message', 'pace messages: at most 8 a second'],
  ],
  FEED_SILENT: [
    'critical',
    'coinbase',
    'closed',
    'the socket is open and no frame came for 5 s though heartbeats are subscribed',
    [
      'end the socket and reconnect: an open socket without heartbeats is dead',
      'use a liveness timer of a few seconds on heartbeats, not on data',
    ],
  ],
  FEED_STALE: [
    'warning',
    'coinbase',
    'closed',
    'heartbeats arrive but a channel that should be busy is silent',
    ['resubscribe the channel, or reconnect', 'resubscribe every channel after each reconnect'],
  ],
  HEARTBEAT_LATE: [
    'warning',
    'coinbase',
    'closed',
    'a heartbeat is more than 2 s late while other frames flow',
    [
      'watch it: late beats with flowing data are a slow server or a busy link',
      'check that your reader does not block',
    ],
  ],
  HEARTBEAT_SKIPPED: [
    'warning',
    'coinbase',
    'closed',
    'the heartbeat counter jumped by more than 1 without a sequence gap',
    ['nothing to do for a single one: the server skipped it', 'if it repeats, compare with a second connection'],
  ],
  SEQUENCE_GAP: [
    'warning',
    'network',
    'closed',
    'sequence numbers of one connection jumped: frames are lost',
    [
      'treat every book of this connection as wrong: resubscribe for a new snapshot',
      'count one sequence per connection, not per product',
    ],
  ],
  SEQUENCE_REPEAT: [
    'warning',
    'network',
    'closed',
    'a sequence number came again or out of order',
    ['ignore frames whose number is not higher than the last'],
  ],
  FRAME_MALFORMED: [
    'warning',
    'coinbase',
    'closed',
    'a frame is not JSON, not the envelope, or holds control characters',
    ['skip the frame and go on; keep it for support'],
  ],
  RATE_LIMITED: [
    'critical',
    'configuration',
    'throttled',
    'REST answers 429',
    [
      'use WebSockets for updates instead of polling REST',
      'back off exponentially with jitter after a 429: 1 s, 2 s, 4 s …',
    ],
  ],
  RATE_POLLING: [
    'warning',
    'configuration',
    'throttled',
    'an endpoint is polled every 2 s or faster though a channel carries the same data',
    ['subscribe the channel instead of polling', 'poll at most every 10 s as a safety net'],
  ],
  RATE_HEADROOM_LOW: [
    'warning',
    'configuration',
    'throttled',
    'the limit is forecast within 30 s, or less than 20 % remains for 3 s',
    ['slow the busiest caller down now, before the 429', 'move updates to WebSocket channels'],
  ],
  RATE_RETRY_STORM: [
    'warning',
    'configuration',
    'throttled',
    'calls are repeated faster than exponential back-off allows',
    ['wait 1 s, 2 s, 4 s … with jitter between retries'],
  ],
  SERVER_ERRORS: [
    'critical',
    'coinbase',
    'escalation',
    'three 5xx answers within 60 s on standard endpoints',
    ['back off and keep the failed answers', 'look at status.coinbase.com', 'escalate with the packet (key e)'],
  ],
  ORDER_STUCK: [
    'critical',
    'coinbase',
    'escalation',
    'the fills, the user channel or the web page say done, REST still says open; or a queued state is older than 30 s',
    ['do not place the order again: it may be done', 'escalate with the packet (key e): it names the order'],
  ],
  BALANCE_MISMATCH: [
    'critical',
    'coinbase',
    'escalation',
    'accounts and portfolio breakdown, or the web page, disagree on a balance for two polls',
    ['do not size orders by this balance', 'escalate with the packet (key e): it holds both figures'],
  ],
  NET_DNS: [
    'critical',
    'network',
    'network',
    'a host name could not be resolved',
    ['check the resolver: `getent hosts HOST`', 'check VPN, proxy and /etc/resolv.conf'],
  ],
  NET_REFUSED: [
    'critical',
    'network',
    'network',
    'the connection was refused',
    ['check host and port of the URL', 'check firewall and proxy: something answers, and it says no'],
  ],
  NET_TIMEOUT: [
    'critical',
    'network',
    'network',
    'no answer in time while connecting, upgrading or waiting for a response',
    ['check firewall and route: packets go out and nothing comes back', 'try from another network'],
  ],
  NET_TLS: [
    'critical',
    'network',
    'network',
    'TLS failed: the certificate is not trusted, expired or for another name',
    ['a company proxy? pass its CA with `--ca-file`', 'check the system clock and the CA certificates'],
  ],
  NET_RESET: [
    'critical',
    'network',
    'network',
    'the connection was reset while connecting or waiting',
    ['check firewalls and proxies that cut connections', 'try from another network'],
  ],
  SELF_LAGGING: [
    'info',
    'tool',
    'self',
    'this tool’s own loop was late by more than 500 ms twice in 10 s',
    ['close other work on this machine', 'lateness seen meanwhile is ours and blamed on nobody'],
  ],
  SELF_SLEPT: [
    'info',
    'tool',
    'self',
    'this machine slept or the program was stopped',
    ['nothing: connections are made anew'],
  ],
  CLOCK_JUMPED: [
    'info',
    'tool',
    'self',
    'only the wall clock moved',
    ['check what sets the clock: NTP steps it only when it was far off'],
  ],
  RECORDING_STOPPED: [
    'warning',
    'tool',
    'self',
    'the recording stopped: disk full, file gone or cap reached',
    ['free space or name another file, then press r'],
  ],
};

const ESCALATIONS: Record<string, { category: Escalation['category']; reason: string }> = {
  SERVER_ERRORS: { category: '5xx', reason: 'persistent internal server errors on a standard endpoint' },
  ORDER_STUCK: {
    category: 'matching',
    reason: 'an order is stuck although it is done: a matching engine synchronisation issue',
  },
  BALANCE_MISMATCH: { category: 'balance', reason: 'the API reports a balance that differs: a potential ledger delay' },
};

export const CATALOGUE: Readonly<Record<string, Entry>> = Object.fromEntries(
  Object.entries(ROWS).map(([code, [severity, party, problem, raisedWhen, fix]]) => [
    code,
    { code, severity, party, problem, raisedWhen, fix, escalation: ESCALATIONS[code] ?? null },
  ]),
);

/** Heading of the playbook's problem, as its document names it. */
export const PROBLEM_TITLES: Readonly<Record<Problem, string>> = {
  unauthorized: '401 Unauthorized',
  forbidden: '403 Forbidden – Invalid Scope',
  closed: 'WebSocket connection closes (1000/1006)',
  throttled: 'Rate Limit Exceeded (429)',
  escalation: 'When to escalate to T2',
  network: 'The network on the way',
  self: 'This tool itself',
};
