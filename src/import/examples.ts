// Small captures of other programs, one for each trouble that only such a program earns: for the demo, the drill and the tests.
// Composed by hand; every key, token and signature in them is invented.

import badChannel from './examples/bad-channel.json' with { type: 'json' };
import clockAhead from './examples/clock-ahead.json' with { type: 'json' };
import derSignature from './examples/der-signature.json' with { type: 'json' };
import exchangeHost from './examples/exchange-host.json' with { type: 'json' };
import healthy from './examples/healthy.json' with { type: 'json' };
import hmacMixed from './examples/hmac-mixed.json' with { type: 'json' };
import idleClose from './examples/idle-close.json' with { type: 'json' };
import keyRefused from './examples/key-refused.json' with { type: 'json' };
import legacyKey from './examples/legacy-key.json' with { type: 'json' };
import level2Limit from './examples/level2-limit.json' with { type: 'json' };
import nothingSubscribed from './examples/nothing-subscribed.json' with { type: 'json' };
import polling from './examples/polling.json' with { type: 'json' };
import retryStorm from './examples/retry-storm.json' with { type: 'json' };
import scopeTrade from './examples/scope-trade.json' with { type: 'json' };
import tickerOnUserHost from './examples/ticker-on-user-host.json' with { type: 'json' };
import tokenReused from './examples/token-reused.json' with { type: 'json' };
import tokensHidden from './examples/tokens-hidden.json' with { type: 'json' };
import twoKeys from './examples/two-keys.json' with { type: 'json' };
import uriQuery from './examples/uri-query.json' with { type: 'json' };
import uriScheme from './examples/uri-scheme.json' with { type: 'json' };
import userUnsigned from './examples/user-unsigned.json' with { type: 'json' };

export interface HarExample {
  /** Kebab-case, begins with `har-`. */
  name: string;
  /** The finding it is about; null where nothing is wrong. */
  code: string | null;
  /** One sentence. */
  title: string;
  /** The parsed capture. */
  har: unknown;
}

/** Every bundled capture, in the order in which they are listed to people. */
export const HAR_EXAMPLES: readonly HarExample[] = [
  {
    name: 'har-healthy',
    code: null,
    title: 'A well-behaved program: sockets fed, calls answered, everything signed afresh.',
    har: healthy,
  },
  {
    name: 'har-uri-query',
    code: 'AUTH_URI_MISMATCH',
    title: 'The query string was signed into the uri of every token.',
    har: uriQuery,
  },
  {
    name: 'har-uri-scheme',
    code: 'AUTH_URI_MISMATCH',
    title: 'The uri of the tokens carries a scheme and lacks the path’s beginning.',
    har: uriScheme,
  },
  {
    name: 'har-der-signature',
    code: 'AUTH_KEY_TYPE',
    title: 'Tokens are signed in the DER form, 71 bytes where 64 are expected.',
    har: derSignature,
  },
  {
    name: 'har-two-keys',
    code: 'AUTH_KEY_TYPE',
    title: 'kid and sub of the tokens name two different keys.',
    har: twoKeys,
  },
  {
    name: 'har-key-refused',
    code: 'AUTH_REJECTED',
    title: 'Fresh, well-made tokens are refused again and again.',
    har: keyRefused,
  },
  {
    name: 'har-tokens-hidden',
    code: 'AUTH_REJECTED',
    title: 'A sanitised export: the calls are refused, their tokens are not in it.',
    har: tokensHidden,
  },
  {
    name: 'har-clock-ahead',
    code: 'AUTH_CLOCK_SKEW',
    title: 'The machine’s clock is five seconds ahead, so its tokens begin in the server’s future.',
    har: clockAhead,
  },
  {
    name: 'har-scope-trade',
    code: 'SCOPE_TRADE',
    title: 'Orders are refused for a missing scope while everything else works.',
    har: scopeTrade,
  },
  {
    name: 'har-hmac-mixed',
    code: 'AUTH_HMAC_MIXED',
    title: 'A CDP key used with the signing of the HMAC era.',
    har: hmacMixed,
  },
  {
    name: 'har-legacy-key',
    code: 'AUTH_LEGACY_KEY',
    title: 'A legacy key of sixteen characters, signed with HMAC.',
    har: legacyKey,
  },
  {
    name: 'har-token-reused',
    code: 'WS_JWT_EXPIRED',
    title: 'One token is kept and sent again after its 120 seconds.',
    har: tokenReused,
  },
  {
    name: 'har-user-unsigned',
    code: 'WS_AUTH_FAILURE',
    title: 'The user channel is subscribed without a token.',
    har: userUnsigned,
  },
  {
    name: 'har-nothing-subscribed',
    code: 'WS_NO_SUBSCRIPTION',
    title: 'The socket is opened, nothing is subscribed, and it is closed after five seconds.',
    har: nothingSubscribed,
  },
  {
    name: 'har-idle-close',
    code: 'WS_IDLE_CLOSE',
    title: 'A quiet channel without heartbeats is closed after 75 seconds.',
    har: idleClose,
  },
  {
    name: 'har-exchange-host',
    code: 'WS_WRONG_HOST',
    title: 'The feed of Coinbase Exchange is used for Advanced Trade.',
    har: exchangeHost,
  },
  {
    name: 'har-ticker-on-user-host',
    code: 'WS_WRONG_HOST',
    title: 'Market channels are asked for on the user host.',
    har: tickerOnUserHost,
  },
  {
    name: 'har-bad-channel',
    code: 'WS_BAD_CHANNEL',
    title: 'A channel name of another feed; the server speaks of authentication.',
    har: badChannel,
  },
  {
    name: 'har-level2-limit',
    code: 'WS_L2_LIMIT',
    title: 'Thirty-six level2 products on one socket, in two messages.',
    har: level2Limit,
  },
  {
    name: 'har-polling',
    code: 'RATE_POLLING',
    title: 'A product is asked for every second though the ticker channel carries it.',
    har: polling,
  },
  {
    name: 'har-retry-storm',
    code: 'RATE_RETRY_STORM',
    title: 'Refused with 429, the call is repeated five times a second.',
    har: retryStorm,
  },
];

/** The bytes of an example, as if read from a file. */
export function bytesOfExample(example: HarExample): Uint8Array {
  return Buffer.from(JSON.stringify(example.har));
}
