// One story for every way a code can be raised: what happens, what must be said of it, and how it ends. Data for codes.test.ts.
// A story marks its first observable sign; what it says must be said within three seconds of it.

import type { Talker } from '../../src/core/fact.ts';
import type { Party, Severity } from '../../src/core/finding.ts';
import {
  BODIES,
  errorFrame,
  fill,
  GOOD_KEY,
  NO_KEY,
  ORDER_ID,
  restOrder,
  userEvents,
  userOrder,
  WALLETS,
} from '../support/facts.ts';
import type { Story } from '../support/story.ts';

export interface CodeStory {
  code: string;
  what: string;
  severity: Severity;
  party: Party;
  connection?: Talker | null;
  /** How the session starts; healthy, both sockets up, when absent. */
  begins?: (story: Story) => void;
  happens: (story: Story) => void;
  /** Other critical codes that are true as well. */
  beside?: string[];
  /** What ends it; absent when it lasts as long as the session. */
  heals?: (story: Story) => void;
}

const HTML_403 = '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>';
const HTML_502 = '<html><head><title>502 Bad Gateway</title></head></html>';
const json = { 'content-type': 'application/json' };
const html = { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare', 'cf-ray': '8e5f0a1b2c3d4e5f-FRA' };
const text = { 'content-type': 'text/plain; charset=utf-8' };
const unauthorized = { status: 401, headers: text, body: 'Unauthorized' };
const noScope = {
  status: 403,
  headers: json,
  body: '{"error":"unknown","error_details":"Missing required scopes","message":"Missing required scopes"}',
};
const tooManyErrors = { status: 403, headers: text, body: 'Too many errors' };
const bare429 = { status: 429, headers: text, body: '' };

const asIs = (): void => undefined;
const seconds = (count: number) => (story: Story) => story.advance(count * 1_000);

/** Refused, the clock measured anew, a fresh token refused again: what the program does on a 401. */
function refusedTwice(story: Story, endpoint = 'accounts'): void {
  story.polls.permissions = false;
  story.sign();
  story.answers(endpoint, unauthorized);
  story.answers('time', { why: 'clock' });
  story.advance(1_000);
  story.answers(endpoint, { ...unauthorized, why: 'retry' });
  story.answers('time', { why: 'clock' });
  story.advance(1_000);
}

function subscribeRefusedTwice(story: Story): void {
  story.sign();
  story.asks('user', 'user', { token: story.token(null), answer: 'authentication failure' });
  story.answers('time', { why: 'clock' });
  story.advance(1_000);
  story.asks('user', 'user', { token: story.token(null), answer: 'authentication failure' });
  story.answers('time', { why: 'clock' });
  story.advance(1_000);
}

function told(story: Story, name: 'public' | 'user', how: Parameters<Story['closes']>[1]): void {
  story.sign();
  story.closes(name, how);
  story.advance(1_000);
}

const bySever = { by: 'server', clean: true, cause: 'close-frame' } as const;

function returns(name: 'public' | 'user', afterSeconds = 12) {
  return (story: Story): void => {
    story.reopens(name);
    story.advance(afterSeconds * 1_000);
  };
}

/** A socket opens, is asked nothing further, and ends `ageMs` after opening. */
function opensAndEnds(story: Story, ageMs: number, how: Parameters<Story['closes']>[1], subscribes = true): void {
  story.closes('user', { by: 'client', cause: 'asked', code: 1000, clean: true });
  story.opens('user');
  if (subscribes) story.asks('user', 'heartbeats');
  story.advance(ageMs - (subscribes ? 30 : 0));
  story.sign();
  story.closes('user', how);
  story.advance(1_000);
}

function silentSince(story: Story, name: 'public' | 'user', pongs: boolean): void {
  story.sockets[name].flows.beats = false;
  story.sockets[name].flows.data = false;
  story.sockets[name].flows.pongs = pongs;
  story.advance(5_000);
  story.sign();
  story.advance(4_000);
}

function flowsAgain(name: 'public' | 'user', afterSeconds = 3) {
  return (story: Story): void => {
    story.sockets[name].flows = { beats: true, data: true, pongs: true };
    story.advance(afterSeconds * 1_000);
  };
}

/** REST polls of the one order, ten seconds apart. */
function pollsOrder(story: Story, status: string, times: number): void {
  for (let poll = 0; poll < times; poll += 1) {
    story.answers('orders', { body: BODIES.orders([restOrder(status)]) });
    story.advance(10_000 - 60);
  }
}

function accountsAndBreakdown(story: Story, hold: string): void {
  story.answers('accounts', {
    body: BODIES.accounts([{ currency: 'BTC', available: '0.7', hold }, ...WALLETS.slice(1)]),
  });
  story.answers('portfolio');
}

const reached = (story: Story): void => {
  story.reopens('public');
  story.advance(2_000);
};

export const CODE_STORIES: CodeStory[] = [
  {
    code: 'AUTH_NO_CREDENTIALS',
    what: 'no key at all',
    severity: 'info',
    party: 'configuration',
    begins: (story) => story.begin({}, NO_KEY),
    happens: asIs,
  },
  ...(['legacy', 'exchange'] as const).map((kind): CodeStory => {
    const defects = [kind === 'legacy' ? ('legacy-key' as const) : ('exchange-key' as const)];
    const key = { ...GOOD_KEY, kind, algorithm: null, usable: false, defects, explanation: `a ${kind} key` };
    const begins = (story: Story): void => void story.begin({}, key);
    return { code: 'AUTH_LEGACY_KEY', what: kind, severity: 'critical', party: 'key', begins, happens: asIs };
  }),
  {
    code: 'AUTH_HMAC_MIXED',
    what: 'variables of the HMAC era beside a CDP key',
    severity: 'warning',
    party: 'configuration',
    begins: (story) => story.begin({}, GOOD_KEY, { hmacVariables: ['CB_ACCESS_PASSPHRASE'] }),
    happens: asIs,
  },
  {
    code: 'AUTH_SECRET_NEWLINES',
    what: 'literal \\n, repaired in memory',
    severity: 'warning',
    party: 'configuration',
    begins: (story) =>
      story.begin({}, { ...GOOD_KEY, repaired: true, defects: ['literal-backslash-n'], correctedLine: 'X="…"' }),
    happens: asIs,
  },
  {
    code: 'AUTH_SECRET_UNREADABLE',
    what: 'only the first line of the PEM was read',
    severity: 'critical',
    party: 'key',
    begins: (story) =>
      story.begin(
        {},
        {
          ...GOOD_KEY,
          algorithm: null,
          usable: false,
          kind: 'other',
          defects: ['first-line-only'],
          explanation: 'Only its first line was read.',
        },
      ),
    happens: asIs,
  },
  {
    code: 'AUTH_KEY_TYPE',
    what: 'an RSA key',
    severity: 'critical',
    party: 'key',
    begins: (story) =>
      story.begin(
        {},
        {
          ...GOOD_KEY,
          algorithm: null,
          usable: false,
          kind: 'other',
          defects: ['rsa'],
          explanation: 'It is an RSA key.',
        },
      ),
    happens: asIs,
  },
  {
    code: 'AUTH_CLOCK_SKEW',
    what: 'five seconds ahead, nothing refused',
    severity: 'warning',
    party: 'configuration',
    happens: (story) => {
      story.clockAheadMs = 5_000;
      story.sign();
      story.answers('time');
    },
    heals: (story) => {
      story.clockAheadMs = 0;
      story.answers('time');
    },
  },
  {
    code: 'AUTH_CLOCK_SKEW',
    what: 'forty-five seconds behind',
    severity: 'critical',
    party: 'configuration',
    happens: (story) => {
      story.clockAheadMs = -45_000;
      story.sign();
      story.answers('time');
    },
    heals: (story) => {
      story.clockAheadMs = 0;
      story.answers('time');
    },
  },
  {
    code: 'AUTH_CLOCK_SKEW',
    what: 'a token of the local clock refused, the clock then found ahead',
    severity: 'critical',
    party: 'configuration',
    begins: (story) => {
      story.clockAheadMs = 8_000;
      story.polls = { time: false, permissions: false };
      story.begin();
    },
    happens: (story) => {
      story.sign();
      const local = story.token('GET api.coinbase.com/api/v3/brokerage/accounts', story.serverMs + 8_000, 'rest');
      story.answers('accounts', { ...unauthorized, token: local });
      story.advance(500);
      story.answers('time', { why: 'clock' });
    },
    heals: (story) => {
      story.clockAheadMs = 0;
      story.answers('time');
    },
  },
  {
    code: 'AUTH_URI_MISMATCH',
    what: 'the query stands in the uri claim',
    severity: 'critical',
    party: 'configuration',
    connection: 'rest',
    happens: (story) => {
      const uri = 'GET api.coinbase.com/api/v3/brokerage/accounts?limit=250';
      story.sign();
      story.answers('accounts', { ...unauthorized, token: story.token(uri, story.serverMs, 'rest') });
    },
    heals: seconds(61),
  },
  {
    code: 'AUTH_REJECTED',
    what: 'REST refuses fresh tokens twice, everything else checks out',
    severity: 'critical',
    party: 'key',
    connection: 'rest',
    happens: (story) => refusedTwice(story),
    heals: (story) => {
      story.answers('accounts');
      story.advance(1_000);
    },
  },
  {
    code: 'AUTH_FLAKY',
    what: 'one 401, then the same call succeeds',
    severity: 'warning',
    party: 'unknown',
    connection: 'rest',
    happens: (story) => {
      story.answers('accounts', unauthorized);
      story.answers('time', { why: 'clock' });
      story.advance(1_000);
      story.sign();
      story.answers('accounts', { why: 'retry' });
      story.advance(1_000);
    },
    heals: seconds(62),
  },
  {
    code: 'SCOPE_VIEW',
    what: 'the key lacks View',
    severity: 'critical',
    party: 'key',
    connection: 'rest',
    happens: (story) => {
      story.polls.permissions = false;
      story.sign();
      story.answers('key_permissions', { body: BODIES.permissions({ can_view: false, can_trade: true }) });
      story.advance(1_000);
    },
    heals: (story) => {
      story.answers('key_permissions');
      story.advance(1_000);
    },
  },
  {
    code: 'SCOPE_VIEW',
    what: '403 missing scope',
    severity: 'critical',
    party: 'key',
    connection: 'rest',
    happens: (story) => {
      story.sign();
      story.answers('accounts', noScope);
    },
    heals: (story) => {
      story.answers('accounts');
      story.advance(1_000);
    },
  },
  ...(['trade', 'transfer'] as const).map(
    (need): CodeStory => ({
      code: `SCOPE_${need.toUpperCase()}`,
      what: `--needs ${need}, the key lacks it`,
      severity: 'warning',
      party: 'key',
      connection: 'rest',
      begins: (story) => {
        story.polls.permissions = false;
        story.begin({ needs: ['view', need] });
      },
      happens: (story) => {
        story.sign();
        story.answers('key_permissions');
        story.advance(1_000);
      },
      heals: (story) => {
        story.answers('key_permissions', { body: BODIES.permissions({ can_trade: true, can_transfer: true }) });
        story.advance(1_000);
      },
    }),
  ),
  {
    code: 'SCOPE_TRANSFER',
    what: 'View is there, the portfolio answers 403',
    severity: 'warning',
    party: 'key',
    connection: 'rest',
    happens: (story) => {
      story.sign();
      story.answers('portfolio', noScope);
    },
    heals: (story) => {
      story.answers('portfolio');
      story.advance(1_000);
    },
  },
  {
    code: 'SCOPE_PORTFOLIO',
    what: 'the accounts belong to another portfolio than the key',
    severity: 'warning',
    party: 'key',
    connection: 'rest',
    happens: (story) => {
      story.polls.permissions = false;
      story.answers('accounts');
      story.sign();
      const other = { portfolio_uuid: '11111111-2222-4333-8444-555555555555' };
      story.answers('key_permissions', { body: BODIES.permissions(other) });
      story.advance(1_000);
    },
    heals: (story) => {
      story.answers('key_permissions');
      story.advance(1_000);
    },
  },
  {
    code: 'ACCESS_PENALTY',
    what: '429s, then 403 Too many errors',
    severity: 'critical',
    party: 'configuration',
    connection: 'rest',
    beside: ['RATE_LIMITED'],
    happens: (story) => {
      story.polls = { time: false, permissions: false };
      for (let times = 0; times < 3; times += 1) story.answers('accounts', bare429);
      story.sign();
      story.answers('accounts', tooManyErrors);
    },
    heals: (story) => {
      story.advance(61_000);
      story.answers('accounts');
      story.advance(1_000);
    },
  },
  {
    code: 'EDGE_BLOCKED',
    what: 'REST answers 403 with a page of the edge',
    severity: 'critical',
    party: 'network',
    connection: 'rest',
    happens: (story) => {
      story.sign();
      story.answers('accounts', { status: 403, headers: html, body: HTML_403 });
    },
    heals: (story) => {
      story.answers('accounts');
      story.advance(1_000);
    },
  },
  {
    code: 'EDGE_BLOCKED',
    what: 'a challenge page with 503',
    severity: 'critical',
    party: 'network',
    connection: 'rest',
    happens: (story) => {
      story.sign();
      const headers = { ...html, 'cf-mitigated': 'challenge' };
      story.answers('time', { status: 503, headers, body: '<html><title>Just a moment...</title></html>' });
    },
    heals: (story) => {
      story.answers('time');
      story.advance(1_000);
    },
  },
  {
    code: 'EDGE_BLOCKED',
    what: 'the upgrade is answered by a 403 page',
    severity: 'critical',
    party: 'network',
    connection: 'public',
    begins: (story) => story.begin(),
    happens: (story) => {
      story.sign();
      story.refuses('public', 403, HTML_403, html);
    },
    heals: reached,
  },
  {
    code: 'WS_WRONG_HOST',
    what: 'the host of Coinbase Exchange',
    severity: 'critical',
    party: 'configuration',
    connection: 'public',
    begins: (story) => story.begin({ publicUrl: 'wss://ws-feed.exchange.coinbase.com' }),
    happens: (story) => {
      story.sign();
      story.advance(1_000);
    },
  },
  {
    code: 'WS_WRONG_HOST',
    what: '“Failed to subscribe” with a reason',
    severity: 'critical',
    party: 'configuration',
    connection: 'public',
    begins: (story) => story.begin({ publicUrl: 'wss://proxy.example' }),
    happens: (story) => {
      story.opens('public');
      story.asks('public', 'ticker', { answer: 'silence' });
      story.sign();
      story.receives('public', errorFrame('Failed to subscribe', 'No channels provided'));
    },
  },
  {
    code: 'WS_WRONG_HOST',
    what: 'market data asked of a host that refuses it without a token',
    severity: 'critical',
    party: 'configuration',
    connection: 'public',
    begins: (story) => story.begin({ publicUrl: 'ws://127.0.0.1:9444' }),
    happens: (story) => {
      story.opens('public');
      story.asks('public', 'heartbeats');
      story.sign();
      story.asks('public', 'ticker', { products: ['BTC-USD'], answer: 'authentication failure' });
      story.advance(1_000);
    },
    heals: (story) => {
      story.closes('public', { by: 'client', cause: 'asked', code: 1000, clean: true });
      story.reopens('public');
      story.advance(2_000);
    },
  },
  {
    code: 'WS_BAD_CHANNEL',
    what: 'tickers, refused as an authentication failure',
    severity: 'critical',
    party: 'configuration',
    connection: 'public',
    happens: (story) => {
      story.sign();
      story.asks('public', 'tickers', { products: ['BTC-USD'], answer: 'authentication failure' });
    },
  },
  {
    code: 'WS_BAD_CHANNEL',
    what: 'an unknown name that nobody answers',
    severity: 'critical',
    party: 'configuration',
    connection: 'public',
    happens: (story) => {
      story.sign();
      story.asks('public', 'level3', { products: ['BTC-USD'], answer: 'silence' });
      story.advance(3_000);
    },
  },
  {
    code: 'WS_AUTH_FAILURE',
    what: 'the user socket refuses twice, REST accepts the same key',
    severity: 'critical',
    party: 'key',
    connection: 'user',
    happens: subscribeRefusedTwice,
    heals: (story) => {
      story.asks('user', 'user', { token: story.token(null) });
      story.advance(1_000);
    },
  },
  {
    code: 'WS_JWT_EXPIRED',
    what: 'closed at the end of its token, never renewed',
    severity: 'critical',
    party: 'configuration',
    connection: 'user',
    begins: (story) => story.up({ reauth: 'never' }),
    happens: (story) => {
      const left = (story.engine.model.connections.user.token?.exp ?? 0) * 1_000 - story.serverMs;
      story.advance(left + 300);
      story.sign();
      story.closes('user', { cause: 'fin-without-close-frame' });
    },
    heals: returns('user', 32),
  },
  {
    code: 'WS_JWT_EXPIRED',
    what: 'closed as a policy at the end of its token',
    severity: 'critical',
    party: 'configuration',
    connection: 'user',
    begins: (story) => story.up({ reauth: 'never' }),
    happens: (story) => {
      const left = (story.engine.model.connections.user.token?.exp ?? 0) * 1_000 - story.serverMs;
      story.advance(left + 300);
      story.sign();
      story.closes('user', { ...bySever, code: 1008, reason: 'token expired' });
    },
    heals: returns('user', 32),
  },
  {
    code: 'WS_JWT_EXPIRED',
    what: 'a subscribe with a token that is over is refused, the clock is right',
    severity: 'critical',
    party: 'configuration',
    connection: 'user',
    happens: (story) => {
      const old = story.token(null, story.serverMs - 200_000);
      story.sign();
      story.asks('user', 'user', { token: old, answer: 'authentication failure' });
      story.advance(500);
      story.answers('time', { why: 'clock' });
      story.advance(1_000);
    },
    heals: (story) => {
      story.asks('user', 'user', { token: story.token(null) });
      story.advance(1_000);
    },
  },
  {
    code: 'WS_NO_SUBSCRIPTION',
    what: 'five seconds open, nothing asked',
    severity: 'critical',
    party: 'configuration',
    connection: 'user',
    happens: (story) => opensAndEnds(story, 5_200, { by: 'server', cause: 'fin-without-close-frame' }, false),
    heals: returns('user', 32),
  },
  {
    code: 'WS_IDLE_CLOSE',
    what: 'seventy seconds of silence without heartbeats',
    severity: 'warning',
    party: 'configuration',
    connection: 'user',
    begins: (story) => {
      story.begin({ heartbeats: false });
      story.opens('user');
      story.asks('user', 'user', { token: story.token(null) });
    },
    happens: (story) => {
      story.advance(72_000);
      story.sign();
      story.closes('user', { cause: 'fin-without-close-frame' });
    },
    heals: returns('user'),
  },
  ...(
    [
      ['1000', { ...bySever, code: 1000 }],
      ['1006', { code: 1006, cause: 'reset', errorCode: 'ECONNRESET' }],
    ] as const
  ).map(
    ([code, how]): CodeStory => ({
      code: 'WS_CLOSED_EARLY',
      what: `${code} after two seconds`,
      severity: 'critical',
      party: 'unknown',
      connection: 'user',
      happens: (story) => opensAndEnds(story, 2_000, how),
      heals: returns('user'),
    }),
  ),
  {
    code: 'WS_CLOSED_CLEAN',
    what: '1000 by the server after a while',
    severity: 'warning',
    party: 'coinbase',
    connection: 'public',
    happens: (story) => told(story, 'public', { ...bySever, code: 1000 }),
    heals: returns('public'),
  },
  {
    code: 'WS_GOING_AWAY',
    what: '1001 by the server',
    severity: 'info',
    party: 'coinbase',
    connection: 'public',
    happens: (story) => told(story, 'public', { ...bySever, code: 1001 }),
    heals: returns('public'),
  },
  ...(['reset', 'fin-without-close-frame', 'tls-alert', 'unknown'] as const).map(
    (cause): CodeStory => ({
      code: 'WS_DROPPED',
      what: `1006, ${cause}`,
      severity: 'warning',
      party: 'network',
      connection: 'public',
      happens: (story) => told(story, 'public', { cause }),
      heals: returns('public'),
    }),
  ),
  {
    code: 'WS_DROPPED',
    what: '1006, the other side broke the framing',
    severity: 'warning',
    party: 'coinbase',
    connection: 'public',
    happens: (story) => told(story, 'public', { cause: 'protocol-error', errorCode: 'WS_ERR_INVALID_OPCODE' }),
    heals: returns('public'),
  },
  {
    code: 'WS_POLICY',
    what: '1008',
    severity: 'warning',
    party: 'configuration',
    connection: 'user',
    happens: (story) => told(story, 'user', { ...bySever, code: 1008, reason: 'slow consumer' }),
    heals: returns('user', 32),
  },
  {
    code: 'WS_TOO_BIG',
    what: 'our own size limit, seen as 1006',
    severity: 'warning',
    party: 'tool',
    connection: 'public',
    happens: (story) =>
      told(story, 'public', { cause: 'too-large', by: 'client', errorCode: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' }),
    heals: returns('public'),
  },
  {
    code: 'WS_TOO_BIG',
    what: '1009 sent by the server',
    severity: 'warning',
    party: 'tool',
    connection: 'public',
    happens: (story) => told(story, 'public', { ...bySever, code: 1009 }),
    heals: returns('public'),
  },
  ...[1011, 1012, 1013, 1014].map(
    (code): CodeStory => ({
      code: 'WS_SERVER_FAULT',
      what: String(code),
      severity: 'warning',
      party: 'coinbase',
      connection: 'public',
      happens: (story) => told(story, 'public', { ...bySever, code }),
      heals: returns('public'),
    }),
  ),
  {
    code: 'WS_RECONNECT_LOOP',
    what: 'three resets within a minute',
    severity: 'critical',
    party: 'network',
    connection: 'public',
    happens: (story) => {
      for (let times = 0; times < 2; times += 1) {
        story.closes('public');
        story.advance(2_000);
        story.reopens('public');
        story.advance(8_000);
      }
      story.sign();
      story.closes('public');
      story.advance(500);
    },
    heals: returns('public', 62),
  },
  {
    code: 'WS_RECONNECT_LOOP',
    what: 'three clean closes by the server within a minute',
    severity: 'critical',
    party: 'coinbase',
    connection: 'user',
    happens: (story) => {
      for (let times = 0; times < 2; times += 1) {
        story.closes('user', { ...bySever, code: 1000 });
        story.advance(2_000);
        story.reopens('user');
        story.advance(8_000);
      }
      story.sign();
      story.closes('user', { ...bySever, code: 1000 });
      story.advance(500);
    },
    heals: returns('user', 62),
  },
  ...(
    [
      [401, 'key', '', {}],
      [403, 'key', 'Forbidden', text],
      [429, 'configuration', '', { 'retry-after': '5' }],
      [429, 'configuration', '<html><title>Coinbase</title></html>', html],
      [503, 'coinbase', HTML_502, html],
    ] as const
  ).map(
    ([status, party, body, headers]): CodeStory => ({
      code: 'WS_UPGRADE_REFUSED',
      what: `${status}${body === '' ? '' : ` ${body.slice(0, 9)}`}`,
      severity: 'critical',
      party,
      connection: 'public',
      begins: (story) => story.begin(),
      happens: (story) => {
        story.sign();
        story.refuses('public', status, body, headers);
      },
      heals: reached,
    }),
  ),
  {
    code: 'WS_ERROR_FRAME',
    what: '“failure to subscribe”, whose trigger nobody knows',
    severity: 'warning',
    party: 'unknown',
    connection: 'public',
    happens: (story) => {
      story.sign();
      story.receives('public', errorFrame('failure to subscribe'));
    },
    heals: seconds(22),
  },
  {
    code: 'WS_SUBSCRIPTION_IGNORED',
    what: 'an unknown product is left out of the acknowledgement',
    severity: 'warning',
    party: 'configuration',
    connection: 'public',
    happens: (story) => {
      story.asks('public', 'market_trades', { products: ['BTC-USD', 'BTC-UDS'], answer: 'silence' });
      story.sign();
      story.sockets.public.channels['market_trades'] = ['BTC-USD'];
      story.frame('public', 'subscriptions', [{ subscriptions: story.sockets.public.channels }]);
      story.advance(1_000);
    },
    heals: (story) => {
      story.asks('public', 'market_trades', { products: ['BTC-USD'] });
      story.advance(1_000);
    },
  },
  {
    code: 'WS_L2_LIMIT',
    what: 'thirty-one products, answered by the server',
    severity: 'critical',
    party: 'configuration',
    connection: 'public',
    happens: (story) => {
      const products = Array.from({ length: 31 }, (_, index) => `P${index}-USD`);
      story.sign();
      story.asks('public', 'level2', { products, answer: 'too many L2 streams requested in a single session' });
    },
    heals: (story) => {
      story.closes('public', { by: 'client', cause: 'asked', code: 1000, clean: true });
      story.reopens('public');
      story.advance(1_000);
    },
  },
  {
    code: 'WS_RATE_LIMITED',
    what: 'the server says so',
    severity: 'critical',
    party: 'configuration',
    connection: 'public',
    happens: (story) => {
      story.sign();
      story.receives('public', errorFrame('rate limit exceeded'));
    },
    heals: seconds(12),
  },
  {
    code: 'WS_RATE_LIMITED',
    what: 'our own messages, more than eight a second',
    severity: 'critical',
    party: 'configuration',
    connection: 'public',
    happens: (story) => {
      story.advance(500);
      story.sign();
      for (let times = 0; times < 10; times += 1) story.asks('public', 'ticker', { products: ['BTC-USD', 'ETH-USD'] });
      story.advance(1_000);
    },
    heals: seconds(12),
  },
  {
    code: 'FEED_SILENT',
    what: 'no frame, pongs still come',
    severity: 'critical',
    party: 'coinbase',
    connection: 'user',
    happens: (story) => silentSince(story, 'user', true),
    heals: flowsAgain('user'),
  },
  {
    code: 'FEED_SILENT',
    what: 'neither frames nor pongs',
    severity: 'critical',
    party: 'network',
    connection: 'public',
    happens: (story) => silentSince(story, 'public', false),
    heals: flowsAgain('public'),
  },
  {
    code: 'FEED_STALE',
    what: 'heartbeats go on, the ticker stops',
    severity: 'warning',
    party: 'coinbase',
    connection: 'public',
    happens: (story) => {
      story.sockets.public.flows.data = false;
      story.advance(10_000);
      story.sign();
      story.advance(3_000);
    },
    heals: flowsAgain('public'),
  },
  {
    code: 'HEARTBEAT_LATE',
    what: 'the ticker flows, the beat does not come',
    severity: 'warning',
    party: 'coinbase',
    connection: 'public',
    happens: (story) => {
      story.sockets.public.flows.beats = false;
      story.advance(3_000);
      story.sign();
      story.advance(2_000);
    },
    heals: (story) => {
      story.sockets.public.counter += 1;
      story.sockets.public.flows.beats = true;
      story.advance(12_000);
    },
  },
  {
    code: 'HEARTBEAT_SKIPPED',
    what: 'the counter jumps, the sequence does not',
    severity: 'warning',
    party: 'coinbase',
    connection: 'public',
    happens: (story) => {
      story.sockets.public.counter += 1;
      story.sign();
      story.advance(2_000);
    },
    heals: seconds(12),
  },
  {
    code: 'SEQUENCE_GAP',
    what: 'three frames lost',
    severity: 'warning',
    party: 'network',
    connection: 'public',
    happens: (story) => {
      story.sockets.public.sequence += 3;
      story.sign();
      story.advance(2_000);
    },
    heals: seconds(12),
  },
  {
    code: 'SEQUENCE_REPEAT',
    what: 'a frame comes twice',
    severity: 'warning',
    party: 'network',
    connection: 'user',
    happens: (story) => {
      story.sockets.user.sequence -= 1;
      story.sign();
      story.advance(2_000);
    },
    heals: seconds(12),
  },
  ...(
    [
      ['not JSON', '{"channel":"ticker",'],
      ['no envelope', '{"hello":1}'],
      [
        'control characters',
        '{"channel":"ticker","timestamp":"2026-11-20T14:30:00Z","sequence_num":1,"events":["\\u001b[2J"]}',
      ],
    ] as const
  ).map(
    ([what, frame]): CodeStory => ({
      code: 'FRAME_MALFORMED',
      what,
      severity: 'warning',
      party: 'coinbase',
      connection: 'user',
      happens: (story) => {
        story.sign();
        story.receives('user', frame.replace('"sequence_num":1', `"sequence_num":${story.sockets.user.sequence}`));
        if (what === 'control characters') story.sockets.user.sequence += 1;
        story.advance(1_000);
      },
      heals: seconds(12),
    }),
  ),
  {
    code: 'FRAME_MALFORMED',
    what: 'a binary frame',
    severity: 'warning',
    party: 'coinbase',
    connection: 'public',
    happens: (story) => {
      story.sign();
      story.receives('public', new Uint8Array([0, 159, 146, 150]), true);
      story.advance(1_000);
    },
    heals: seconds(12),
  },
  ...(
    [
      ['JSON', json, '{"errors":[{"id":"rate_limit_exceeded","message":"Too many requests"}]}'],
      ['a page', html, '<html>\n<head><title>Coinbase</title></head></html>'],
      ['an empty body', text, ''],
    ] as const
  ).map(
    ([what, headers, body]): CodeStory => ({
      code: 'RATE_LIMITED',
      what,
      severity: 'critical',
      party: 'configuration',
      connection: 'rest',
      happens: (story) => {
        story.polls = { time: false, permissions: false };
        story.sign();
        story.answers('accounts', { status: 429, headers, body });
      },
      heals: (story) => {
        story.advance(11_000);
        story.answers('accounts');
        story.advance(1_000);
      },
    }),
  ),
  {
    code: 'RATE_POLLING',
    what: 'orders every second though the user channel carries them',
    severity: 'warning',
    party: 'configuration',
    connection: 'rest',
    begins: (story) =>
      story.begin({
        polls: { time: 10, key_permissions: 60, accounts: 30, orders: 1, fills: 30, products: 60, portfolio: 60 },
      }),
    happens: (story) => {
      story.sign();
      story.answers('orders');
      story.advance(1_000);
    },
  },
  {
    code: 'RATE_HEADROOM_LOW',
    what: 'remaining falls towards nothing',
    severity: 'warning',
    party: 'configuration',
    connection: 'rest',
    happens: (story) => {
      const left = (remaining: number) => ({ 'x-ratelimit-limit': '30', 'x-ratelimit-remaining': String(remaining) });
      for (const remaining of [29, 25, 21, 17, 13]) {
        story.answers('accounts', { headers: left(remaining) });
        story.advance(940);
      }
      story.sign();
      story.answers('accounts', { headers: left(9) });
      story.advance(1_000);
    },
    heals: seconds(12),
  },
  {
    code: 'RATE_HEADROOM_LOW',
    what: 'less than a fifth remains for three seconds',
    severity: 'warning',
    party: 'configuration',
    connection: 'rest',
    happens: (story) => {
      const headers = { 'x-ratelimit-limit': '30', 'x-ratelimit-remaining': '4' };
      for (let times = 0; times < 3; times += 1) {
        story.answers('accounts', { headers });
        story.advance(940);
      }
      story.sign();
      story.answers('accounts', { headers });
      story.advance(2_000);
    },
    heals: (story) => {
      story.answers('accounts', { headers: { 'x-ratelimit-limit': '30', 'x-ratelimit-remaining': '29' } });
      story.advance(1_000);
    },
  },
  {
    code: 'SERVER_ERRORS',
    what: 'three 500 within a minute while the rest works',
    severity: 'critical',
    party: 'coinbase',
    connection: 'rest',
    happens: (story) => {
      const failing = { status: 500, headers: json, body: '{"error":"INTERNAL","message":"internal server error"}' };
      story.answers('accounts', failing);
      story.advance(1_000);
      story.answers('accounts', failing);
      story.advance(2_000);
      story.sign();
      story.answers('accounts', failing);
    },
    heals: (story) => {
      story.answers('accounts');
      story.advance(1_000);
    },
  },
  {
    code: 'SERVER_ERRORS',
    what: 'three 502 pages of the edge',
    severity: 'critical',
    party: 'coinbase',
    connection: 'rest',
    happens: (story) => {
      for (let times = 0; times < 3; times += 1) {
        if (times === 2) story.sign();
        story.answers('portfolio', { status: 502, headers: html, body: HTML_502 });
        story.advance(2_000);
      }
    },
    heals: (story) => {
      story.answers('portfolio');
      story.advance(1_000);
    },
  },
  {
    code: 'ORDER_STUCK',
    what: 'the user channel says filled, REST says open for two polls and ten seconds',
    severity: 'critical',
    party: 'coinbase',
    connection: 'rest',
    happens: (story) => {
      story.frame('user', 'user', userEvents([userOrder('OPEN')]));
      story.frame('user', 'user', userEvents([userOrder('FILLED')]));
      story.advance(4_000);
      pollsOrder(story, 'OPEN', 1);
      story.answers('orders', { body: BODIES.orders([restOrder('OPEN')]) });
      story.sign();
      story.advance(2_000);
    },
    heals: (story) => {
      story.answers('orders', { body: BODIES.orders([restOrder('FILLED')]) });
      story.advance(1_000);
    },
  },
  {
    code: 'ORDER_STUCK',
    what: 'the fills add up, REST says open',
    severity: 'critical',
    party: 'coinbase',
    connection: 'rest',
    happens: (story) => {
      story.answers('fills', {
        body: BODIES.fills([fill('0.004', { trade_id: 'a' }), fill('0.006', { trade_id: 'b' })]),
      });
      pollsOrder(story, 'OPEN', 1);
      story.answers('orders', { body: BODIES.orders([restOrder('OPEN')]) });
      story.sign();
      story.advance(2_000);
    },
    heals: (story) => {
      story.answers('orders', { body: BODIES.orders([restOrder('FILLED')]) });
      story.advance(1_000);
    },
  },
  {
    code: 'ORDER_STUCK',
    what: 'CANCEL_QUEUED for more than thirty seconds',
    severity: 'critical',
    party: 'coinbase',
    connection: 'rest',
    happens: (story) => {
      pollsOrder(story, 'CANCEL_QUEUED', 3);
      story.sign();
      story.advance(2_000);
    },
    heals: (story) => {
      story.answers('orders', { body: BODIES.orders([restOrder('CANCELLED')]) });
      story.advance(1_000);
    },
  },
  {
    code: 'ORDER_STUCK',
    what: 'the web page says filled, REST says open',
    severity: 'critical',
    party: 'coinbase',
    connection: 'rest',
    begins: (story) => story.up({ uiShows: `${ORDER_ID} FILLED` }),
    happens: (story) => {
      story.sign();
      pollsOrder(story, 'OPEN', 1);
    },
    heals: (story) => {
      story.answers('orders', { body: BODIES.orders([restOrder('FILLED')]) });
      story.advance(1_000);
    },
  },
  {
    code: 'BALANCE_MISMATCH',
    what: 'accounts and breakdown differ in two comparisons',
    severity: 'critical',
    party: 'coinbase',
    connection: 'rest',
    happens: (story) => {
      accountsAndBreakdown(story, '0.06');
      story.advance(30_000);
      story.sign();
      accountsAndBreakdown(story, '0.06');
      story.advance(1_000);
    },
    heals: (story) => {
      accountsAndBreakdown(story, '0.05');
      story.advance(1_000);
    },
  },
  {
    code: 'BALANCE_MISMATCH',
    what: 'the web page shows more than the accounts',
    severity: 'critical',
    party: 'coinbase',
    connection: 'rest',
    happens: (story) => {
      story.answers('accounts');
      story.advance(30_000);
      story.answers('accounts');
      story.sign();
      story.tell({ fact: 'user.asked', action: 'ui-shows', detail: 'BTC 0.95' });
    },
    heals: (story) => {
      story.tell({ fact: 'user.asked', action: 'ui-shows', detail: 'BTC 0.75' });
    },
  },
  ...(
    [
      ['NET_DNS', 'dns', 'ENOTFOUND', []],
      ['NET_DNS', 'dns', 'EAI_AGAIN', []],
      ['NET_REFUSED', 'tcp', 'ECONNREFUSED', []],
      ['NET_REFUSED', 'tcp', 'AggregateError', ['ECONNREFUSED', 'ECONNREFUSED']],
      ['NET_TIMEOUT', 'tcp', 'ETIMEDOUT', []],
      ['NET_TIMEOUT', 'upgrade', 'DEADLINE', []],
      ['NET_TLS', 'tls', 'SELF_SIGNED_CERT_IN_CHAIN', []],
      ['NET_TLS', 'tls', 'CERT_HAS_EXPIRED', []],
      ['NET_TLS', 'tls', 'ERR_TLS_CERT_ALTNAME_INVALID', []],
      ['NET_RESET', 'tls', 'ECONNRESET', []],
      ['NET_RESET', 'upgrade', 'HPE_INVALID_CONSTANT', []],
      ['NET_RESET', 'upgrade', 'Error', []],
    ] as [string, 'dns' | 'tcp' | 'tls' | 'upgrade', string, string[]][]
  ).map(
    ([code, phase, errorCode, codes]): CodeStory => ({
      code,
      what: `socket: ${errorCode}`,
      severity: 'critical',
      party: 'network',
      connection: 'public',
      begins: (story) => story.begin(),
      happens: (story) => {
        story.sign();
        story.cannotConnect('public', phase, errorCode, codes);
      },
      heals: reached,
    }),
  ),
  ...(
    [
      ['NET_DNS', 'dns', 'ENOTFOUND'],
      ['NET_REFUSED', 'tcp', 'ECONNREFUSED'],
      ['NET_TIMEOUT', 'response', 'UND_ERR_HEADERS_TIMEOUT'],
      ['NET_TLS', 'tls', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
      ['NET_RESET', 'response', 'UND_ERR_SOCKET'],
      ['NET_RESET', 'response', 'HPE_INVALID_CONSTANT'],
    ] as [string, 'dns' | 'tcp' | 'tls' | 'response', string][]
  ).map(
    ([code, phase, errorCode]): CodeStory => ({
      code,
      what: `REST: ${errorCode}`,
      severity: 'critical',
      party: 'network',
      connection: 'rest',
      happens: (story) => {
        story.sign();
        story.fails('accounts', errorCode, phase);
      },
      heals: (story) => {
        story.answers('time');
        story.advance(1_000);
      },
    }),
  ),
  {
    code: 'SELF_LAGGING',
    what: 'our loop late twice in ten seconds',
    severity: 'info',
    party: 'tool',
    happens: (story) => {
      story.lagMs = 900;
      story.advance(1_000);
      story.sign();
      story.advance(1_000);
    },
    heals: (story) => {
      story.lagMs = 3;
      story.advance(13_000);
    },
  },
  {
    code: 'SELF_SLEPT',
    what: 'the machine slept for two minutes',
    severity: 'info',
    party: 'tool',
    happens: (story) => {
      story.sign();
      story.tell({ fact: 'machine.slept', forMs: 120_000 });
    },
    heals: seconds(31),
  },
  {
    code: 'CLOCK_JUMPED',
    what: 'only the wall clock moved',
    severity: 'info',
    party: 'tool',
    happens: (story) => {
      story.clockAheadMs = -900;
      story.sign();
      story.tell({ fact: 'clock.jumped', byMs: -900 });
    },
    heals: seconds(31),
  },
  ...(['disk-full', 'file-gone', 'cap', 'error'] as const).map(
    (reason): CodeStory => ({
      code: 'RECORDING_STOPPED',
      what: reason,
      severity: 'warning',
      party: 'tool',
      happens: (story) => {
        story.tell({ fact: 'recording.started', file: 'a.ndjson' });
        story.sign();
        story.tell({ fact: 'recording.stopped', file: 'a.ndjson', reason, detail: 'ENOSPC', sizeBytes: 1_000 });
      },
      heals: (story) => story.tell({ fact: 'recording.started', file: 'b.ndjson' }),
    }),
  ),
];
